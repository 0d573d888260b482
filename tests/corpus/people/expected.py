"""What is expected of one file, and how a file differs from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uploads.tabular.errors import FileError
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Column, Limits, ReadOptions, Suggestion

_HEAD_ROWS = 100


@dataclass(frozen=True, kw_only=True)
class Table:
    """What is expected of one table; what is ``None`` is left open."""

    source: str | None = None
    """The name of its sheet or member."""
    header_row: int | None = None
    """The line or row of the header, from 1; 0: there is none."""
    labels: tuple[str, ...] | None = None
    """The names of the columns as the file writes them."""
    types: tuple[str, ...] | None = None
    delimiter: str | None = None
    line_end: str | None = None
    loaded: int | None = None
    rejected: int | None = None
    footer: int | None = None
    preamble: int | None = None
    says: tuple[NoteKind, ...] = ()
    """Kinds of notes that must be among the table's."""
    says_not: tuple[NoteKind, ...] = ()
    rows: Mapping[int, tuple[str | None, ...]] | None = None
    """Rows by their place among the loaded ones, from 0, as text."""
    column: tuple[str, tuple[str | None, ...]] | None = None
    """A column by its label, and its values from the first row on."""
    offers: tuple[tuple[str, str], ...] = ()
    """Ways out: columns by their labels, and the types that they must be offered to become."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file. ``tables`` are all that it holds, in order; ``refused`` the code of a file that is no table."""

    tables: tuple[Table, ...] = ()
    refused: str | None = None
    message: str | None = None
    """What must occur in the message or the hint of a file that is refused."""
    options: ReadOptions = field(default_factory=ReadOptions)
    """What a person says: a way out that the file's owner is promised."""
    missing: str | None = None
    """Why this is not so yet; the case fails as soon as it is."""


def difference(path: Path, case: Case) -> str | None:
    """What is not as expected, or ``None``."""
    try:
        found = list(inspect_file(path, options=case.options, limits=Limits(), head_rows=_HEAD_ROWS))
    except FileError as error:
        return _other_refusal(error, case)
    if case.refused is not None:
        return f"loaded as {len(found)} tables, expected {case.refused}"
    if len(found) != len(case.tables):
        return f"{len(found)} tables, expected {len(case.tables)}"
    for number, (is_, expected) in enumerate(zip(found, case.tables, strict=True), 1):
        wrong = [f"{what} {got!r}, expected {want!r}" for what, got, want in _compared(is_, expected) if got != want]
        if wrong:
            return f"table {number}: {'; '.join(wrong)}"
    return None


def _other_refusal(error: FileError, case: Case) -> str | None:
    words = f"{error.message} {error.hint}"
    if error.code != case.refused:
        return f"refused as {error.code}, expected {case.refused}: {words}"
    return None if (case.message or "") in words else f"{case.message!r} is not in {words!r}"


def _compared(found: Inspection, expected: Table) -> list[tuple[str, Any, Any]]:
    said = {note.kind for note in found.notes}
    rows = [tuple(None if cell is None else str(cell) for cell in row[1:]) for row in found.head]
    labels = tuple(column.label for column in found.columns)
    pairs: list[tuple[str, Any, Any]] = [
        ("source", found.source, expected.source),
        ("header row", found.dialect.header_row or 0, expected.header_row),
        ("labels", labels, expected.labels),
        ("types", tuple(column.type for column in found.columns), expected.types),
        ("delimiter", found.dialect.delimiter, expected.delimiter),
        ("line ends", found.dialect.line_end, expected.line_end),
        ("loaded", found.counts.loaded, expected.loaded),
        ("rejected", found.counts.rejected, expected.rejected),
        ("footer", found.account.footer, expected.footer),
        ("preamble", found.account.preamble, expected.preamble),
    ]
    pairs = [pair for pair in pairs if pair[2] is not None]
    pairs += [(f"says {kind.value}", kind in said, True) for kind in expected.says]
    pairs += [(f"says {kind.value}", kind in said, False) for kind in expected.says_not]
    offered = {(column.label, way.type.value) for column in found.columns for way in _ways_out(column)}
    pairs += [(f"offers {label} as {type_}", (label, type_) in offered, True) for label, type_ in expected.offers]
    pairs += [(f"row {at}", _at(rows, at), row) for at, row in (expected.rows or {}).items()]
    if expected.column is not None:
        label, values = expected.column
        if label in labels:
            at = labels.index(label)
            pairs.append((f"column {label!r}", tuple(row[at] for row in rows[: len(values)]), values))
        else:
            pairs.append((f"column {label!r} among", labels, label))
    return pairs


def _ways_out(column: Column) -> tuple[Suggestion, ...]:
    return (*column.alternatives, *filter(None, [column.suggestion]))


def _at(rows: Sequence[tuple[str | None, ...]], at: int) -> tuple[str | None, ...] | None:
    return rows[at] if at < len(rows) else None
