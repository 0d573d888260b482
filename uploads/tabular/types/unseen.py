"""What nobody sees in a cell: spaces at its ends, which make another value of it; and letters that were lost.

Numbers and dates are read without the spaces around them, so only texts are looked at. 10 ns a value.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk, TypedChunk
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Column, ColumnType

LOST = "\N{REPLACEMENT CHARACTER}"
_LOST_BYTES = LOST.encode()
_COLUMNS_NAMED = 3
_ROWS_NAMED = 5
_SPACE, _ASCII = 32, 128
_BEGIN_OF_SPACE = np.isin(np.arange(65_536), [0xC285, 0xC2A0, 0xE19A, 0xE280, 0xE281, 0xE380])
"""The first two bytes, in UTF-8, of white space beyond ASCII, and of little else."""
_END_OF_SPACE = np.isin(
    np.arange(65_536), [0xC285, 0xC2A0, 0x9A80, *range(0x8080, 0x808B), 0x80A8, 0x80A9, 0x80AF, 0x819F]
)
"""Its last two."""

_KINDS = {
    " ": "space",
    "\t": "tab",
    **dict.fromkeys("\n\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}", "line_break"),
    **dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "no_break_space"),
}

type _Mask = npt.NDArray[np.bool_]


class Unseen:
    """One pass over the rows of a table with these labels; ``unit``: what its source calls a row.

    ``is_letters_counted``: lost letters are told of elsewhere.
    """

    def __init__(self, labels: Sequence[str], *, unit: str, is_letters_counted: bool) -> None:
        self._unit = unit
        self._is_letters_counted = is_letters_counted
        self._spaces: dict[int, _Spaces] = {}
        self._lost = 0 if is_letters_counted else sum(label.count(LOST) for label in labels)
        self._first_lost: tuple[str, int] | None = None

    def observe(self, chunk: TextChunk, typed: TypedChunk | None, columns: Sequence[Column]) -> None:
        """Take in rows that are loaded: as they are ``typed``, or else as they stand in the ``chunk``."""
        rows = chunk.rows if typed is None else typed.batch.column(0)
        cells = chunk.cells if typed is None else typed.batch.columns[1:]
        for at, (column, values) in enumerate(zip(columns, cells, strict=True)):
            if column.type is not ColumnType.TEXT or not len(values):
                continue
            begins, ends = outer_spaces(values)
            if begins.any() or ends.any():
                name = column.label or column.name
                self._spaces.setdefault(at, _Spaces(name)).add(rows, values, begins, ends)
            if not self._is_letters_counted:
                self._count_lost(column, rows, values)

    @property
    def notes(self) -> Iterator[Note]:
        """On the columns in which something was found."""
        if self._lost:
            column, row = self._first_lost or (None, None)
            yield Note.of(NoteKind.LETTERS_LOST, count=self._lost, unit=self._unit, column=column, row=row)
        if self._spaces:
            found = [self._spaces[at] for at in sorted(self._spaces)]
            more = max(0, len(found) - _COLUMNS_NAMED)
            columns = [each.as_json() for each in found[:_COLUMNS_NAMED]]
            yield Note.of(NoteKind.OUTER_SPACES, unit=self._unit, columns=columns, more_columns=more)

    def _count_lost(self, column: Column, rows: pa.Int64Array, values: pa.StringArray) -> None:
        text = values.buffers()[2]
        if text is None or _LOST_BYTES not in text.to_pybytes():
            return
        counts = pc.fill_null(pc.count_substring(values, LOST), 0)
        lost = pc.sum(counts).as_py()
        if lost and self._first_lost is None:
            self._first_lost = (column.label or column.name, rows[pc.index(pc.greater(counts, 0), True)].as_py())
        self._lost += lost


@dataclass(slots=True)
class _Spaces:
    """The values of one column that begin or end with white space."""

    label: str
    begin: int = 0
    end: int = 0
    both: int = 0
    only: int = 0
    """Those that hold nothing else."""
    rows: list[int] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    """What the values in these rows begin and end with: ``space``, ``line_break``, ``tab``, ``no_break_space``."""

    def add(self, rows: pa.Int64Array, values: pa.StringArray, begins: _Mask, ends: _Mask) -> None:
        found = np.flatnonzero(begins | ends)
        only = np.zeros(len(values), dtype=bool)
        both = np.flatnonzero(begins & ends)
        only[both] = pc.equal(pc.utf8_trim_whitespace(values.take(pa.array(both))), "").to_numpy(zero_copy_only=False)
        self.only += int(only.sum())
        self.both += len(both) - int(only.sum())
        self.begin += int((begins & ~ends).sum())
        self.end += int((ends & ~begins).sum())
        some = pa.array(found[: _ROWS_NAMED - len(self.rows)])
        self.rows += rows.take(some).to_pylist()
        self.kinds.update(kind for value in values.take(some).to_pylist() for kind in _kinds_around(value))

    def as_json(self) -> dict[str, object]:
        return {
            "label": self.label,
            "begin": self.begin,
            "end": self.end,
            "both": self.both,
            "only": self.only,
            "rows": self.rows,
            "kinds": sorted(self.kinds),
        }


def _kinds_around(value: str) -> set[str]:
    begin, end = len(value) - len(value.lstrip()), len(value.rstrip())
    return {_KINDS.get(letter, "other") for letter in value[:begin] + value[end:]}


def outer_spaces(values: pa.StringArray) -> tuple[_Mask, _Mask]:
    """Of texts, which begin and which end with white space; a null does neither."""
    _, offsets, text = values.buffers()
    if text is None or not text.size:
        return np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    data = np.frombuffer(text, dtype=np.uint8)
    bounds = np.frombuffer(offsets, dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    starts, stops = bounds[:-1], bounds[1:]
    filled = stops > starts
    begins, ends = _may_be_space(data, starts, +1) & filled, _may_be_space(data, stops - 1, -1) & filled
    return _shortened(values, begins, pc.utf8_ltrim_whitespace), _shortened(values, ends, pc.utf8_rtrim_whitespace)


def _may_be_space(data: npt.NDArray[np.uint8], places: npt.NDArray[np.int32], towards: Literal[1, -1]) -> _Mask:
    """Whether white space may stand in each of some places of ``data``, by the byte there and the next one of its
    value, ``towards`` its end or its beginning."""
    octets = data[np.minimum(places, len(data) - 1)]
    may: _Mask = octets <= _SPACE
    if octets.max() >= _ASCII:
        beside = data[np.clip(places + towards, 0, len(data) - 1)].astype(np.uint16)
        may |= (
            _BEGIN_OF_SPACE[octets.astype(np.uint16) * 256 + beside]
            if towards > 0
            else _END_OF_SPACE[beside * 256 + octets]
        )
    return may


def _shortened(values: pa.StringArray, may: _Mask, trim: Callable[[pa.StringArray], pa.StringArray]) -> _Mask:
    """Which values trimming makes shorter, among those that ``may`` be."""
    if not may.any():
        return may
    places = np.flatnonzero(may)
    some = values.take(pa.array(places))
    changed = pc.fill_null(pc.not_equal(pc.binary_length(trim(some)), pc.binary_length(some)), False)
    may[places] = changed.to_numpy(zero_copy_only=False)
    return may
