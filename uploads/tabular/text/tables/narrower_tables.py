"""Finds another table below or within that of a text: records of another width under a header of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.layout.header_evidence import count_votes, judge_header
from uploads.tabular.reasons import RejectCode
from uploads.tabular.table import Reject
from uploads.tabular.text.careful_parser import Record, parse_records

WIDTH_CODES = (RejectCode.TOO_FEW_CELLS, RejectCode.TOO_MANY_CELLS)
_LEAST_RECORDS = 3
"""A header and two rows; less is a note or a fault."""
_LONG = 20
"""So many records of one width under a header of their own are no faults of the table above."""
_LOOKED_AT = 50
"""Records of the other table that its header is compared with."""
_TITLES = 10
"""Blank records and titles between two tables that are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherTable:
    """Lines that belong to another table."""

    first_line: int
    last_line: int
    records: int
    blank: int
    is_as_wide: bool = False
    """As wide as the table that it stands with: all others of that width have been told from it."""

    @property
    def lines(self) -> int:
        return self.last_line - self.first_line + 1

    @property
    def line_breaks(self) -> int:
        """Line breaks inside its cells."""
        return self.lines - self.records


@dataclass(kw_only=True, slots=True)
class Aside:
    """Another table, as long as its records come."""

    first_line: int
    is_as_wide: bool
    """As wide as the table that is read: only another header ends it. Else a row of that one's width does."""
    records: int = 0
    blank: int = 0
    tail: list[Reject | None] = field(default_factory=list)
    """Blank records and titles since the last other record."""

    def add_rows(self, count: int) -> None:
        self.records += count
        self.tail.clear()

    def add(self, item: Reject | None) -> None:
        """Count a record that is no row of the table; ``None`` for a blank one."""
        self.records += 1
        self.blank += item is None
        if item is not None and not is_title(item):
            self.tail.clear()
            return
        self.tail.append(item)
        del self.tail[:-_TITLES]

    def give_back(self, count: int) -> None:
        """Let go of the last so many of ``tail``: they belong to the next table."""
        self.records -= count
        self.blank -= self.tail[len(self.tail) - count :].count(None)

    def ended(self, next_line: int) -> OtherTable:
        """All of it, when the line is known that follows."""
        return OtherTable(
            first_line=self.first_line,
            last_line=next_line - 1,
            records=self.records,
            blank=self.blank,
            is_as_wide=self.is_as_wide,
        )


def is_title(item: Reject) -> bool:
    """A record of one cell where rows have several."""
    return item.reason.is_single_cell


def titles_above(tail: Sequence[Reject | None]) -> int:
    """How many of the last records in ``tail`` stand between two tables and belong to the lower one.

    Those below the first blank record, from a title on; what stands right below the rows is a note on them. A title
    without a blank record above belongs to the table below.
    """
    begin = len(tail)
    while begin > max(0, len(tail) - _TITLES) and ((item := tail[begin - 1]) is None or is_title(item)):
        begin -= 1
    between = tail[begin:]
    if None not in between:
        return min(len(between), 1)
    below = between[between.index(None) :]
    top = next((i for i, item in enumerate(below) if item is not None), len(below))
    return len(below) - top


class TableSeeker:
    """Looks for the beginning of another table among records that are not as wide as the table."""

    def __init__(self, *, grammar: CsvDialect, labels: Sequence[str]) -> None:
        self._grammar = grammar
        self._labels = {label.casefold() for label in labels if label}

    def find(self, tail: Sequence[Reject | None]) -> int | None:
        """Where in ``tail`` another table begins; ``None`` stands for a blank record in it.

        Its header holds words above numbers or dates, and either stands below a blank record, with at most a title
        between, or shares most of its names with the table above, or many records of its width follow. Anything less
        sure stays a row that was rejected.
        """
        for start, count in _runs(tail):
            rows = [
                self._cells(reject) for reject in tail[start : start + min(count, _LOOKED_AT)] if reject is not None
            ]
            width = len(rows[0])
            if width < 2 or any(len(row) != width for row in rows):
                continue
            header = rows[0]
            body = [row for row in rows[1:] if row != header]  # it may stand once more
            top = _below_blank(tail, start)
            if top is None and not self._shares_names(header) and (count < _LONG or not all(header)):
                continue
            if len(set(header)) == width and judge_header(header, body).is_header and count_votes(header, body) > 0:
                return start if top is None else top
        return None

    def _shares_names(self, header: Sequence[str]) -> bool:
        return sum(cell.casefold() in self._labels for cell in header) * 2 > len(header)

    def _cells(self, reject: Reject) -> list[str]:
        record = next(parse_records(reject.raw, self._grammar, width=None, final=True))
        return [cell.strip() for cell in record.cells]


def _runs(tail: Sequence[Reject | None]) -> list[tuple[int, int]]:
    """Where records of one and the same other width stand together: begin and count."""
    runs = []
    start = 0
    while start < len(tail):
        first = tail[start]
        end = start + 1
        if first is not None and first.code in WIDTH_CODES and first.raw:
            while end < len(tail) and (other := tail[end]) is not None and other.reason == first.reason:
                end += 1
            if end - start >= _LEAST_RECORDS:
                runs.append((start, end - start))
        start = end
    return runs


def _below_blank(tail: Sequence[Reject | None], start: int) -> int | None:
    """The record below the last blank one, if nothing but titles of one cell stands between it and ``start``."""
    top = start
    while top and (above := tail[top - 1]) is not None:
        if not is_title(above):
            return None
        top -= 1
    return top or None


def planned_tables(
    records: Sequence[Record], borders: Sequence[int], *, first_line: int, lines: int, said: Sequence[int] = ()
) -> tuple[OtherTable, ...]:
    """Tables that begin in the records ``borders``, and in the lines that a person ``said``; the last goes on to the
    end of the text, which has ``lines``."""
    begins = [first_line + sum(record.lines for record in records[:border]) for border in borders]
    begins = sorted({*begins, *said})
    if not begins:
        return ()
    # Of the last, and of those that end with it, only lines are known: none of them is read here.
    return tuple(
        OtherTable(first_line=begin, last_line=end - 1, records=end - begin, blank=0)
        for begin, end in pairwise([*begins, first_line + lines])
    )
