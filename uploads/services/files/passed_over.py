"""How much of a text was taken for titles, notes and totals: where that is much, somebody has to look at it first.

Sheets are another matter: a third of many a published table is titles and remarks, each in a row of one cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from uploads.services.options.catalogue import OPTIONS
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import FileFormat, LineAccount, RowCounts

_SHARE = 0.2
"""Of the lines that are not blank."""
_LEAST = 10
"""Fewer are the title and the remarks of a small table, unless they look like rows."""


def is_much_passed_over(*, passed: int, lines: int, may_be_rows: bool) -> bool:
    """``passed`` of so many lines that are not blank are neither header, loaded nor rejected."""
    return (passed >= _LEAST or may_be_rows) and passed > _SHARE * lines


def may_be_rows(notes: Iterable[Note]) -> bool:
    """Whether lines around a table look like another one, by its notes: its receipt asks about them."""
    return any(note.kind is NoteKind.ROWS_AMONG_NOTES for note in notes)


def lines_of_comments(notes: Iterable[Note]) -> int:
    """Lines above a table that begin with a comment mark, by its notes: no one takes them for rows."""
    above = (note for note in notes if note.kind is NoteKind.PREAMBLE)
    return sum(note.figures.get("comments", 0) for note in above)  # older loads have none


@dataclass(frozen=True, kw_only=True, slots=True)
class PassedOver:
    """Lines of a file's texts that were taken for titles and notes, and all that are not blank."""

    passed: int = 0
    lines: int = 0
    may_be_rows: bool = False

    def plus(self, account: LineAccount, counts: RowCounts, *, format_: FileFormat, notes: Iterable[Note]) -> Self:
        """With those of one table more."""
        if format_ is not FileFormat.CSV:
            return self
        notes = tuple(notes)
        passed = account.preamble + account.footer - lines_of_comments(notes)
        lines = passed + account.header + counts.loaded + counts.rejected
        return type(self)(
            passed=self.passed + passed,
            lines=self.lines + lines,
            may_be_rows=self.may_be_rows or may_be_rows(notes),
        )


def much_passed_over(over: PassedOver, *, arguments: Mapping[str, Any]) -> str:
    """Why the file does not become active by itself; empty where little was passed over, or a person said what.

    ``arguments``: how it was read, of ``ReadOptions``.
    """
    said = {*arguments, *chain.from_iterable(arguments.get("by_source", {}).values())}
    if any(option.places_rows and name in said for name, option in OPTIONS.items()):
        return ""
    if not is_much_passed_over(passed=over.passed, lines=over.lines, may_be_rows=over.may_be_rows):
        return ""
    return f"loaded, but not activated: {over.passed:,} of {over.lines:,} lines were taken for titles or notes"
