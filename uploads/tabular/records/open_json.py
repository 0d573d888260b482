"""Opens a text of JSON as a table: its columns are the names in all records, in the order in which they come."""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from uploads.tabular.encoding.transcoding import encodable, printable
from uploads.tabular.errors import LimitExceeded
from uploads.tabular.files.streams import ByteSource
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.place import TablePlace
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.records.found_record import Found
from uploads.tabular.records.json_records import JsonSource
from uploads.tabular.records.json_shapes import JsonShape
from uploads.tabular.records.json_text import NotNumber, Number, cell_text
from uploads.tabular.records.json_wrapper import Path
from uploads.tabular.records.record_batches import batches_of
from uploads.tabular.records.record_table import Block, RecordTable, Schema, chunk_rows_of
from uploads.tabular.table import ColumnType, Limits, ReadOptions, Reject

_OF_LINES = re.compile(r"\.(?:jsonl|ndjson)(?:\.[a-z0-9]+)?$", re.IGNORECASE)
_KIND_OF_MAP = "type"
_NAMED = 5
"""Values beside the list that are named."""
_MOST_LISTS = 50
"""Each is read by itself, through all of the text."""
_FLOAT_DIGITS = 15
"""Significant digits that every floating-point number keeps."""
_MOST_NAMES = 4
"""So many times the columns that a table can have are looked at, before a file is refused."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII)
"""JSON has no dates: a text is one only in the form of RFC 3339, and only where all of a column are."""


def open_json_lists(source: ByteSource, *, file: str, options: ReadOptions, limits: Limits) -> Iterator[RecordTable]:
    """Open the text, and then each further list of records in the object around the first one."""
    first, lists = _open(source, file=file, options=options, limits=limits)
    yield first
    for path in lists[1:]:
        yield _open(source, file=file, options=options, limits=limits, path=path)[0]


def open_json(
    source: ByteSource, *, file: str, options: ReadOptions, limits: Limits, is_member: bool = False
) -> RecordTable:
    """Read the whole text once for its columns, and open it. Raises ``NotATable`` for what is no list of records.

    ``file``: its name; a single object is a record where that says that there is one in each line. A member of an
    archive that is one object rather tells about the tables beside it.
    """
    return _open(source, file=file, options=options, limits=limits, is_member=is_member)[0]


def _open(
    source: ByteSource,
    *,
    file: str,
    options: ReadOptions,
    limits: Limits,
    is_member: bool = False,
    path: Path | None = None,
) -> tuple[RecordTable, Sequence[Path]]:
    """The table, and all lists of its object that are read, it among them."""
    is_single = _OF_LINES.search(file) is not None
    found = JsonSource(source, options, limits, wrapped=not is_member, single=is_single, path=path)
    columns = _survey(found, source.name, limits)
    lists = _lists_read(found, options)
    labels = tuple(columns)
    floats = frozenset(label for label, kinds in columns.items() if kinds.stated is ColumnType.DOUBLE)
    rows = chunk_rows_of(len(labels), options.chunk_rows)
    counts_nan = any(kinds.not_numbers for kinds in columns.values())

    def blocks() -> Iterator[Block]:
        for some in batches_of(found.records(), rows=rows):
            block = _block([_with_floats(item, floats) for item in some] if floats else some, labels)
            yield replace(block, not_numbers=_count_nan(some)) if counts_nan else block

    schema = Schema(
        labels=tuple(map(printable, labels)),
        stated=tuple(kinds.stated for kinds in columns.values()),
        lines=found.lines,
        encoding=found.encoding.codec,
        notes=(*found.encoding.notes, *_on_wrapper(found, lists)),
    )
    place = (
        TablePlace(sheet=printable(found.list_name), has_others=True) if len(lists) > 1 and found.list_name else None
    )
    table = RecordTable(name=source.name, kind=found.kind, schema=schema, blocks=blocks, limits=limits, place=place)
    return table, lists


def _lists_read(found: JsonSource, options: ReadOptions) -> Sequence[Path]:
    """The lists in the object that become tables: only its own where a person wants one table, or where there are so
    many that their names rather are values."""
    if found.wrapper is None or found.path is None:
        return ()
    lists = found.wrapper.lists
    return (found.path,) if options.one_table or len(lists) > _MOST_LISTS else lists


def _on_wrapper(found: JsonSource, lists: Sequence[Path]) -> tuple[Note, ...]:
    is_map = found.shape is JsonShape.FEATURES
    shape = () if found.shape is None else (Note.of(NoteKind.JSON_SHAPE, shape=found.shape.value),)
    if (shape and not is_map) or found.list_name is None or found.wrapper is None:
        return shape
    left_out = [name for name in found.wrapper.others(lists) if not (is_map and name == _KIND_OF_MAP)]
    if is_map and not left_out:
        return shape
    others = [printable(name) for name in left_out[:_NAMED]]
    more = len(left_out) - len(others)
    return (
        *shape,
        Note.of(NoteKind.LIST_IN_OBJECT, name=printable(found.list_name), others=others, more=more),
    )


@dataclass(slots=True)
class _Kinds:
    """What values a name has in all records."""

    text: bool = False
    other: bool = False
    """Numbers and yes-or-no values, whose type their own text shows."""
    exponents: bool = False
    """Numbers such as ``1e-7``."""
    long: bool = False
    """Numbers of more digits than a floating-point number keeps."""
    not_numbers: bool = False
    nested: bool = False
    dates: bool = True

    def add(self, value: Any) -> None:
        if isinstance(value, NotNumber):
            self.not_numbers = True
        elif isinstance(value, Number | bool):
            self.other = True
            if isinstance(value, Number):
                self.exponents = self.exponents or "e" in value or "E" in value
                self.long = self.long or (len(value) > _FLOAT_DIGITS and sum(map(str.isdigit, value)) > _FLOAT_DIGITS)
        elif isinstance(value, str):
            self.text = True
            self.dates = self.dates and (not value or _DATE.fullmatch(value) is not None)
        elif value is not None:
            self.nested = True

    @property
    def stated(self) -> ColumnType | None:
        """A number in quotes is said to be text: ``"007"``."""
        if self.nested or (self.text and self.other):
            return ColumnType.TEXT
        if self.exponents and not self.long:
            return ColumnType.DOUBLE
        return ColumnType.TEXT if self.text and not self.dates else None


def _with_floats(item: Found, floats: Collection[str]) -> Found:
    """Numbers of columns with exponents as the one text that a floating-point number has: ``1e-7`` is ``1e-07``."""
    if item.record is None:
        return item
    written = {
        label: repr(float(value)) if label in floats and isinstance(value, Number) and _is_finite(value) else value
        for label, value in item.record.items()
    }
    return replace(item, record=written)


def _is_finite(number: str) -> bool:
    return math.isfinite(float(number))


def _survey(found: JsonSource, name: str, limits: Limits) -> dict[str, _Kinds]:
    columns: dict[str, _Kinds] = {}
    for item in found.records():
        for label, value in (item.record or {}).items():
            if value is None and label in columns:
                continue
            columns.setdefault(label, _Kinds()).add(value)
        if len(columns) > limits.columns * _MOST_NAMES:
            raise LimitExceeded(
                f"The records of {name} have more than {len(columns) - 1:,} different names; a table can have"
                f" {limits.columns:,} columns.",
                hint="Turn the table: one record for each value.",
            )
    return columns


def _count_nan(items: Sequence[Found]) -> int:
    return sum(isinstance(value, NotNumber) for item in items for value in (item.record or {}).values())


def _block(items: Sequence[Found], labels: Sequence[str]) -> Block:
    records = [(item.number, item.record) for item in items if item.record is not None]
    rejects = [item.fault for item in items if item.fault is not None]
    blank = len(items) - len(records) - len(rejects)
    try:
        cells = _cells(records, labels)
    except UnicodeEncodeError:
        bad = [(number, record) for number, record in records if not _is_sound(record)]
        rejects += [_undecodable(number, record) for number, record in bad]
        records = [(number, record) for number, record in records if _is_sound(record)]
        cells = _cells(records, labels)
    rows = [number for number, _ in records]
    return Block(rows=rows, cells=cells, rejects=tuple(rejects), blank=blank)


def _cells(records: Sequence[tuple[int, dict[str, Any]]], labels: Sequence[str]) -> list[pa.StringArray]:
    return [pa.array([cell_text(record.get(label)) for _, record in records], pa.string()) for label in labels]


def _is_sound(record: dict[str, Any]) -> bool:
    return all(encodable(cell_text(value)) for value in record.values())


def _undecodable(number: int, record: dict[str, Any]) -> Reject:
    return Reject(row=number, reason=Reason.of(RejectCode.UNDECODABLE), raw=printable(cell_text(record)))
