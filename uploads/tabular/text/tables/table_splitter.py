"""Tells the records of a table from those of other tables in the same text, in the order of the source."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.table import Reject
from uploads.tabular.text.pending_rows import Piece
from uploads.tabular.text.tables.narrower_tables import Aside, OtherTable, TableSeeker, is_title, titles_above
from uploads.tabular.text.tables.table_borders import SHOWN_ROWS, Beginning, BorderSeeker, Row, rows_of

MOST_TITLES = 3
_MOST_EVENTS = 100


class OwnTable(Protocol):
    """The table that is read."""

    @property
    def tail(self) -> list[Reject | None]:
        """What followed the last sound row: rejects, and ``None`` for each blank record."""

    def keep(self, piece: Piece) -> None: ...

    def count(self, items: Sequence[Reject | None]) -> None:
        """Take records that stand among rows: no footer can be among them."""


@dataclass(kw_only=True, slots=True)
class Held:
    """Rows that may begin another table, until there are enough of them to tell."""

    above: int
    """Records of the tail above that would belong to it."""
    titled: bool
    titled_right: bool
    """Whether the last record above that is not blank is a title."""
    items: list[Piece | Reject | None] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    """The first rows, every cell stripped."""
    lines: list[int] = field(default_factory=list)
    """The lines in which they begin."""

    @property
    def is_enough(self) -> bool:
        return len(self.rows) > SHOWN_ROWS + MOST_TITLES or len(self.items) > _MOST_EVENTS

    @property
    def first_line(self) -> int:
        first = self.items[0]
        return int(first[0][0]) if isinstance(first, tuple) else 0

    def add(self, piece: Piece) -> None:
        self.items.append(piece)
        self.rows += rows_of([piece[1]], SHOWN_ROWS + MOST_TITLES + 1 - len(self.rows))
        self.lines += piece[0][: len(self.rows) - len(self.lines)].tolist()

    def ends_with(self, item: Reject | None) -> bool:
        """Whether nothing behind this record can tell more: its rows end with a blank record or a title."""
        return (item is None or is_title(item)) and any(filled(row) > 1 for row in self.rows)

    def beginning(self) -> Beginning:
        titles = next((i for i, row in enumerate(self.rows) if filled(row) > 1), 0)
        titles = min(titles, MOST_TITLES)
        return Beginning(
            header=self.rows[titles],
            body=self.rows[titles + 1 :][:SHOWN_ROWS],
            titled=self.titled or titles > 0,
            titled_right=titles > 0 or self.titled_right,
            titles=titles,
        )


class Sections:
    """Hands rows and faulty records on to the table that is read, or counts them aside as another one's."""

    def __init__(self, own: OwnTable, *, seeker: TableSeeker | None, borders: BorderSeeker | None) -> None:
        self._own = own
        self._seeker = seeker
        self._borders = borders
        self._aside: Aside | None = None
        self._held: Held | None = None
        self.others: list[OtherTable] = []
        """Other tables that stand below or within this one; their records are none of this table's."""

    @property
    def is_own(self) -> bool:
        """Whether nothing but this table's records is on its way."""
        return self._aside is None and self._held is None

    @property
    def is_held(self) -> bool:
        """Whether rows wait that may begin another table."""
        return self._held is not None

    @property
    def is_at_border(self) -> bool:
        """Whether the next row may begin another table, or what was held as such a beginning goes on."""
        if self._held is not None or (self._aside is not None and not self._aside.is_as_wide):
            return True
        tail = self._tail
        return bool(tail) and ((last := tail[-1]) is None or is_title(last))

    def add_rows(self, piece: Piece) -> None:
        if self._held is None:
            self.look_for_table()
            if self._borders is None or not self.is_at_border or not self._borders.may_begin(piece[1]):
                self._pass_on(piece)
                return
            tail = self._tail
            titled = any(item is not None and is_title(item) for item in tail[-MOST_TITLES:])
            last = next((item for item in reversed(tail) if item is not None), None)
            titled_right = last is not None and is_title(last)
            self._held = Held(above=titles_above(tail), titled=titled, titled_right=titled_right)
        self._held.add(piece)
        if self._held.is_enough:
            self._decide()

    def add(self, item: Reject | None) -> None:
        """Take a record that is no row; ``None`` for a blank one."""
        if self._held is not None and self._held.ends_with(item):
            self._decide()
        if self._held is not None:
            self._held.items.append(item)
        else:
            self._pass_on_fault(item)

    def add_among(self, items: Sequence[Reject | None]) -> None:
        """Take records that stand alone among the rows that came last."""
        if self.is_own:
            self._own.count(items)
            return
        for item in items:
            if self._held is not None:
                self._held.items.append(item)
            else:
                self._pass_on_fault(item)

    def resume(self, line: int) -> None:
        """The header of the table that is read stands here once more: its rows go on."""
        if self._held is not None:
            self._decide()
        self.look_for_table()
        if self._aside is not None and self._borders is not None:
            self._borders.begin(None, line=line)
        self._end_aside(line)
        self._own.count(self._own.tail)
        self._own.tail.clear()

    def look_for_table(self) -> None:
        """Set the records aside that a table of another width begins with; those that follow go the same way."""
        tail = self._own.tail
        if self._seeker is None or not self.is_own or (start := self._seeker.find(tail)) is None:
            return
        first = tail[start]
        if first is not None:
            self._aside = Aside(first_line=first.row, is_as_wide=False)
            for item in tail[start:]:
                self._aside.add(item)
            del tail[start:]

    def end(self, next_line: int) -> None:
        """The text has ended."""
        if self._held is not None:
            self._decide()
        self.look_for_table()
        self._end_aside(next_line)

    @property
    def _tail(self) -> list[Reject | None]:
        return self._own.tail if self._aside is None else self._aside.tail

    def _pass_on(self, piece: Piece) -> None:
        if self._borders is not None:
            self._borders.follow(piece[1])
        if self._aside is not None and self._aside.is_as_wide:
            self._aside.add_rows(len(piece[0]))
        else:
            self._end_aside(int(piece[0][0]))
            self._own.keep(piece)

    def _pass_on_fault(self, item: Reject | None) -> None:
        if self._aside is not None:
            self._aside.add(item)
        else:
            self._own.tail.append(item)

    def _decide(self) -> None:
        """Begin another table with the rows that were held, or hand them on."""
        held, self._held = self._held, None
        if held is None or self._borders is None:
            return
        found = held.beginning()
        if self._borders.is_border(found, line=held.first_line):
            self._begin_aside(held)
            self._borders.begin(found.header, line=held.first_line, skip=found.titles + 1)
        for item in held.items:
            if isinstance(item, tuple):
                self._pass_on(item)
            else:
                self._pass_on_fault(item)

    def _begin_aside(self, held: Held) -> None:
        tail = self._tail
        between = tail[len(tail) - held.above :]
        if self._aside is not None:
            self._aside.give_back(held.above)
        else:
            del tail[len(tail) - held.above :]
        first = between[0].row if between and between[0] is not None else held.first_line
        self._end_aside(first)
        self._aside = Aside(first_line=first, is_as_wide=True)
        for item in between:
            self._aside.add(item)

    def _end_aside(self, next_line: int) -> None:
        if self._aside is not None:
            self.others.append(self._aside.ended(next_line))
            self._aside = None
