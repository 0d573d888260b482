"""A file looked at without a database: what its tables are, what became of their lines, and their first rows."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import UploaderError
from uploads.tabular.formats import FORMATS
from uploads.tabular.line_sum import LineSum
from uploads.tabular.notes import Note, delimiter_in_file, rules_told
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.single_pass import SinglePass
from uploads.tabular.table import Column, Dialect, Limits, LineAccount, ReadOptions, Reject, RowCounts, row_word_of
from uploads.tabular.type_events import TypesChanged
from uploads.tabular.types.choice import Shown
from uploads.tabular.types.joint import Siblings

REJECTS_SHOWN = 5
_CELL = 32
"""Characters of a value that are shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """One table of a file, read to its end."""

    source: str | None
    dialect: Dialect
    columns: tuple[Column, ...]
    notes: tuple[Note, ...]
    account: LineAccount
    counts: RowCounts
    rejects: tuple[Reject, ...]
    """The first of them."""
    head: tuple[tuple[Any, ...], ...]
    """The first rows as they are typed, behind their line or row number."""


def inspect_file(path: Path, *, options: ReadOptions, limits: Limits, head_rows: int) -> Iterator[Inspection]:
    """Read every table of a file, one after the other; raises ``FileError`` as ``open_tables`` does."""
    siblings = Siblings()
    for table in open_tables(path, name=path.name, options=options, limits=limits):
        found = _inspect_table(table, options, head_rows, siblings.of(table.place))
        siblings.add(table.place, found.columns)
        yield found


def _inspect_table(
    table: SourceTable, options: ReadOptions, head_rows: int, siblings: Mapping[str, Shown]
) -> Inspection:
    read = SinglePass(table, options=options, planned=None, siblings=siblings)
    try:
        for _ in read.rows():
            pass
    except TypesChanged:
        pass  # the whole table has other types than its beginning: they stand in ``read.columns`` now
    counts, rejects, head = RowCounts(), list[Reject](), list[tuple[Any, ...]]()
    for chunk, typed in read.rows_again():
        if typed is None:
            raise TypeError("rows were asked for as they are typed")
        batch = typed.batch
        rejected = len(chunk.rejects) + len(typed.rejects)
        counts = counts.plus(loaded=batch.num_rows, rejected=rejected, blank=chunk.blank)
        rejects = sorted((*rejects, *chunk.rejects, *typed.rejects), key=lambda reject: reject.row)[:REJECTS_SHOWN]
        shown = batch.slice(0, head_rows - len(head)).columns
        head += zip(*(column.to_pylist() for column in shown), strict=True)
    table.account.check(counts, name=table.source or "the file")
    return Inspection(
        source=table.source,
        dialect=table.dialect,
        columns=read.columns,
        notes=(*table.dialect.notes, *read.notes),
        account=table.account,
        counts=counts,
        rejects=tuple(rejects),
        head=tuple(head),
    )


def show_file(path: Path, *, as_json: bool, head_rows: int) -> int:
    """Print what is found; returns 0, or 1 for a file that cannot be read, whose reason goes to standard error."""
    found: list[Inspection] = []
    failure: UploaderError | None = None
    try:
        for table in inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=head_rows):
            found.append(table)
            if not as_json:
                sys.stdout.write("\n".join(_lines(table)) + "\n")
    except UploaderError as error:
        failure = error
        sys.stderr.write(f"{error.message} {error.hint}".rstrip() + "\n")
    if as_json:
        why = None if failure is None else {"code": failure.code, "message": failure.message, "hint": failure.hint}
        sys.stdout.write(json.dumps({"error": why, "tables": list(map(_as_json, found))}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 0 if failure is None else 1


def _as_json(table: Inspection) -> dict[str, Any]:
    """The keys of a load in ``load_file --json``, where there is the same."""
    return {
        "source": table.source,
        **asdict(replace(table.dialect, notes=())),
        "columns": [
            {
                "name": column.name,
                "label": column.label,
                "type": column.type,
                "description": column.description,
                "evidence": evidence_in_words(column.evidence),
            }
            for column in table.columns
        ],
        "notes": list(sentences_of(table.notes)),
        "note_details": [note.as_json() for note in table.notes],
        "rows": asdict(table.counts),
        **asdict(table.account),
        "rejects": [
            {**asdict(reject), "code": reject.code, "reason": reason_in_words(reject.reason)}
            for reject in table.rejects
        ],
        "head": [
            [value if isinstance(value, int | float | bool | None) else str(value) for value in row]
            for row in table.head
        ],
    }


def _lines(table: Inspection) -> Iterator[str]:
    dialect, counts, account = table.dialect, table.counts, table.account
    word = row_word_of(dialect.format)
    delimiter = delimiter_in_file(dialect.delimiter or "", table.notes)
    how = [dialect.format, dialect.encoding, delimiter and f"delimiter {delimiter!r}", dialect.line_end]
    header = "no header" if dialect.header_row is None else f"header in {word} {dialect.header_row:,}"
    if FORMATS[dialect.format].names_columns:
        header = ""
    yield f"{table.source or 'table'}: {', '.join(filter(None, [*how, header]))}"
    lines = LineSum(
        unit=word,
        preamble=account.preamble,
        header=account.header,
        blank_above=account.blank_above,
        loaded=counts.loaded,
        rejected=counts.rejected,
        blank=counts.blank,
        footer=account.footer,
        line_breaks=account.line_breaks,
        left_out=account.left_out,
        lines=account.lines,
        rules=rules_told(table.notes),
    )
    yield f"  {lines.sentence}"
    for column in table.columns:
        described = f" It means “{column.description}”." if column.description else ""
        yield f"  {column.name}: {evidence_in_words(column.evidence)}{described}"
    yield from (f"  note: {note}" for note in sentences_of(table.notes))
    yield from (f"  rejected, {word} {reject.row:,}: {reason_in_words(reject.reason)}" for reject in table.rejects)
    yield from (f"  {_cells(row)}" for row in table.head)


def _cells(row: Iterable[Any]) -> str:
    shown = ("" if value is None else str(value) for value in row)
    return " | ".join(text if len(text) <= _CELL else f"{text[: _CELL - 1]}…" for text in shown)
