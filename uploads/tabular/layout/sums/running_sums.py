"""Whether the first row of a long table is the total of all below it, added up chunk by chunk.

Asked only of a row that says it is a total; what is added up is thrown away at once where the first chunk has more.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk
from uploads.tabular.layout.sums.column_sums import number_of
from uploads.tabular.layout.totals import looks_like_total

_TIMES = (1, 2)
"""Where subtotals stand among the rows these add up to twice the total."""
_EXACT = pa.decimal128(38, 15)
_MOST = 1e20
"""Sums beyond it may not be exact any more."""
_DASHES = pa.array(["", "-", "--", "—", "–", ".", "..", "…"], pa.string())
_PLAIN = r"^[-+]?(\d+(\.\d*)?|\.\d+)$"
_GROUPED = r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$"
_COMMA = r"^[-+]?\d+,\d+$"
_POINTS = r"^[-+]?\d{1,3}(\.\d{3})+(,\d+)?$"


class RunningSums:
    """Adds up the columns in which the row has a number; a column that cannot be summed is given up."""

    def __init__(self, row: Sequence[str]) -> None:
        numbers = {position: number_of(cell) for position, cell in enumerate(row)}
        self._numbers = sum(1 for number in numbers.values() if number is not None)
        self._wanted = {position: number for position, number in numbers.items() if number}
        self._sums = dict.fromkeys(self._wanted, Decimal())
        self._filled = dict.fromkeys(self._wanted, 0)

    @property
    def is_hopeless(self) -> bool:
        """Whether too few columns are left."""
        return len(self._sums) * 2 <= self._numbers

    @property
    def is_total(self) -> bool:
        """Whether most numbers of the row are sums; the others are means and rates, which nobody adds up."""
        found = sum(
            1
            for position, total in self._sums.items()
            if self._filled[position] > 1 and any(total == self._wanted[position] * times for times in _TIMES)
        )
        return found * 2 > self._numbers

    def add(self, columns: Sequence[pa.Array]) -> None:
        """Some more rows below the first."""
        for position in list(self._sums):
            values = _numbers_of(columns[position])
            if values is None or not self._take(position, values):
                del self._sums[position]

    def _take(self, position: int, values: pa.Array) -> bool:
        if not len(values):
            return True
        total, wanted = pc.sum(values).as_py(), self._wanted[position]
        is_first = not self._filled[position]
        self._sums[position] += total
        self._filled[position] += pc.sum(pc.not_equal(values, pa.scalar(Decimal(), _EXACT))).as_py()
        if is_first and pc.min(values).as_py() >= 0 and total > wanted * max(_TIMES):
            return False  # below stand more of them
        return abs(self._sums[position]) < _MOST


def may_be_total(first: TextChunk) -> bool:
    """Whether the first row says that it sums others up, and there may be more of them than in this chunk."""
    return len(first.rows) > 1 and looks_like_total([column[0].as_py() for column in first.cells])


def total_on_top(first: TextChunk, more: Iterator[TextChunk]) -> int | None:
    """The line of the first row where it sums up all others; ``more`` are read no further than they have to be."""
    sums = RunningSums([column[0].as_py() for column in first.cells])
    sums.add([column.slice(1) for column in first.cells])
    while not sums.is_hopeless:
        chunk = next(more, None)
        if chunk is None:
            return int(first.rows[0].as_py()) if sums.is_total else None
        sums.add(chunk.cells)
    return None


def _numbers_of(column: pa.Array) -> pa.Array | None:
    """The numbers of a column without blanks and dashes; ``None``: something else stands in it, or too many digits."""
    cells = pc.utf8_trim_whitespace(column)
    cells = cells.filter(pc.invert(pc.is_in(cells, value_set=_DASHES)))
    try:
        plain = pc.match_substring_regex(cells, _PLAIN)
        if not pc.all(plain, min_count=0).as_py():
            cells = _without_marks(cells, plain)
        return None if cells is None else cells.cast(_EXACT)
    except pa.ArrowInvalid:
        return None


def _without_marks(cells: pa.Array, plain: pa.Array) -> pa.Array | None:
    """Each cell with a point as its only mark; ``None``: one of them is no number."""
    grouped = pc.match_substring_regex(cells, _GROUPED)
    comma = pc.and_(pc.match_substring_regex(cells, _COMMA), pc.invert(grouped))
    points = pc.and_(pc.match_substring_regex(cells, _POINTS), pc.invert(plain))
    if not pc.all(pc.or_(pc.or_(plain, grouped), pc.or_(comma, points))).as_py():
        return None
    without = pc.replace_substring(cells, ",", "")
    pointed = pc.replace_substring(cells, ",", ".")
    unmarked = pc.replace_substring(pc.replace_substring(cells, ".", ""), ",", ".")
    return pc.case_when(pc.make_struct(grouped, comma, points), without, pointed, unmarked, cells)
