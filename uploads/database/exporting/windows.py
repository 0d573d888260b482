"""Rows of a table in windows, each a short statement of its own: whoever switches a file waits for no more than one.

One COPY of all rows would hold back every DETACH for its whole length, which a slow reader makes as long as it likes.
Between windows nothing is held: no lock, no snapshot, no transaction.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from uploads.database.exporting.copying import TooManyBytes, copy_out
from uploads.database.exporting.laid_order import Stretch
from uploads.database.exporting.printing import Printing
from uploads.database.rows import OFFSET_BITS, place_of_number
from uploads.database.statements import execute
from uploads.tabular.errors import UploaderError

WINDOW_SECONDS = 10
"""How long one window may take; it is made for ``AIM_SECONDS``."""
LOCK_SECONDS = 5
FIRST_ROWS, MOST_ROWS = 16_000, 500_000
FIRST_BLOCKS, MOST_BLOCKS = 64, 8_192
MOST_STRETCHES = 200
"""Read by one statement."""
AIM_SECONDS = 0.4
"""Who switches a file waits for no longer than that, and is asked to try again after a second."""
AIM_BYTES = 4 * 2**20

_READ_ONLY = sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_NO_LIMITS = sql.SQL("SET LOCAL statement_timeout = DEFAULT; SET LOCAL lock_timeout = DEFAULT")
_PLAINLY = sql.SQL(
    "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1;"
    " SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0;"
    " SET LOCAL work_mem = '32MB'; SET LOCAL jit = off"
)
"""Rows of a window are sorted in memory: with the 4 MB of the server's own setting they go through a file. Of places
the planner expects far more rows than they have, and would compile the expressions for them."""


class ExportTooSlow(UploaderError):
    """A statement of an export takes longer than it may."""

    code = "export_too_slow"


class RowsChanged(UploaderError):
    """The rows changed while they were exported: what was sent is not all of one state."""

    code = "rows_changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Rows of one table that follow each other by a number: that of the row, or of the place where it lies."""

    table: sql.Composable
    condition: sql.Composable
    """About the table ``t``."""
    by_place: bool
    last: int
    """The highest number."""
    check: Callable[[], None]
    """Raises ``RowsChanged``; asked in the transaction of each window, when the table is locked."""
    is_locked: bool = True
    """Others may change the table: it is not the session's own."""
    stretches: Sequence[Stretch] = ()
    """All places of the table, in the order of the numbers, where that is known: nothing has to be sorted then."""


@dataclass(slots=True)
class Pace:
    """How many rows the next window has: as many as take ``AIM_SECONDS``, and fit into memory."""

    width: int
    most: int

    @classmethod
    def of(cls, span: Span) -> "Pace":
        if span.by_place:
            return cls(FIRST_BLOCKS << OFFSET_BITS, MOST_BLOCKS << OFFSET_BITS)
        return cls(FIRST_ROWS, MOST_ROWS)

    def narrow(self) -> bool:
        """False where it is as narrow as it can be."""
        if self.width <= 1:
            return False
        self.width = max(1, self.width // 4)
        return True

    def adapt(self, *, seconds: float, size: int) -> None:
        load = max(seconds / AIM_SECONDS, size / AIM_BYTES, 0.25)
        self.width = max(1, min(self.most, int(self.width / load) if load > 1 else int(self.width * min(2, 1 / load))))


def print_rows(
    span: Span, printing: Printing, *, on_rows: Callable[[int], None] = lambda rows: None
) -> Iterator[bytes]:
    """The rows of a span in order as COPY prints them, some MiB at a time; never an empty piece.

    ``on_rows`` is told how many rows each piece has, before it comes.
    """
    options = sql.SQL(printing.options)
    if span.stretches:
        return (printed for printed in _print_stretches(span, printing, on_rows) if printed)

    def act(rows: sql.Composable, *, is_narrowest: bool) -> tuple[bytes, int]:
        printed, count = copy_out(printing.query(rows), options, is_bounded=not is_narrowest)
        on_rows(count)
        return printed, len(printed)

    return (printed for printed in _windows(span, act, is_ordered=True) if printed)


def _print_stretches(span: Span, printing: Printing, on_rows: Callable[[int], None]) -> Iterator[bytes]:
    """Of each place as it lies; PostgreSQL appends the rows of one stretch to those of the one before."""
    pace, options, query_of = Pace(FIRST_BLOCKS, MOST_BLOCKS), sql.SQL(printing.options), _query_of(span, printing)
    waiting = list(reversed(span.stretches))
    while waiting:
        taken, left = _taken(waiting, pace.width)
        query = query_of(taken)
        began = time.monotonic()
        try:
            with window(span):
                printed, count = copy_out(query, options, is_bounded=pace.width > 1)
        except TooManyBytes:
            pace.narrow()
            continue
        pace.adapt(seconds=time.monotonic() - began, size=len(printed))
        waiting = left
        on_rows(count)
        yield printed


def _taken(waiting: Sequence[Stretch], width: int) -> tuple[list[Stretch], list[Stretch]]:
    """Stretches of so many blocks from the last on, and those that wait then; a long one is cut between two blocks."""
    taken: list[Stretch] = []
    left = list(waiting)
    while left and width > 0 and len(taken) < MOST_STRETCHES:
        start, end = left.pop()
        cut = min(end, ((start >> OFFSET_BITS) + width) << OFFSET_BITS)
        taken.append((start, cut))
        if cut < end:
            left.append((cut, end))
        width -= max(1, (cut >> OFFSET_BITS) - (start >> OFFSET_BITS))
    return taken, left


def _query_of(span: Span, printing: Printing) -> Callable[[Sequence[Stretch]], sql.Composable]:
    """Of some stretches, by one plan for all: one for each took an eighth of the time of an export. Its text is put
    together once, for windows are many, and they have many columns."""
    rows = sql.SQL("FROM {} AS t WHERE {} AND t.ctid >= place.start AND t.ctid < place.behind OFFSET 0").format(
        span.table, span.condition
    )
    connection.ensure_connection()
    printed = sql.SQL(printing.query(rows).as_string(connection.connection))
    whole = sql.SQL("SELECT printed.* FROM (VALUES {}) AS place (start, behind) CROSS JOIN LATERAL ({}) AS printed")

    def query(stretches: Sequence[Stretch]) -> sql.Composable:
        places = [(place_of_number(start), place_of_number(behind)) for start, behind in stretches]
        listed = ", ".join(f"('{start}'::tid, '{behind}'::tid)" for start, behind in places)
        return whole.format(sql.SQL(listed), printed)  # of numbers, and what was quoted

    return query


def measure_rows(span: Span, figures: sql.Composable) -> Iterator[tuple[Any, ...]]:
    """``SELECT figures`` of each window: aggregates, one row each."""

    def act(rows: sql.Composable, *, is_narrowest: bool) -> tuple[tuple[Any, ...], int]:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT {} {}").format(figures, rows), None)
            [found] = cursor.fetchall()
        return found, 0

    return _windows(span, act, is_ordered=False)


def copy_rows_to(span: Span, *, into: sql.Composable, values: sql.Composable) -> Iterator[None]:
    """``INSERT INTO into SELECT values``, a window each; ``into`` is a temporary table of this session."""

    def act(rows: sql.Composable, *, is_narrowest: bool) -> tuple[None, int]:
        execute(sql.SQL("INSERT INTO {} SELECT {} {}").format(into, values, rows), None)
        return None, 0

    return _windows(span, act, is_ordered=False)


def _windows[T](span: Span, act: Callable[..., tuple[T, int]], *, is_ordered: bool) -> Iterator[T]:
    pace, after = Pace.of(span), 0
    while after < span.last:
        upto = min(after + pace.width, span.last)
        began = time.monotonic()
        try:
            with window(span):
                found, size = act(_rows(span, after, upto, is_ordered=is_ordered), is_narrowest=upto - after <= 1)
        except TooManyBytes:
            pace.narrow()
            continue
        pace.adapt(seconds=time.monotonic() - began, size=size)
        after = upto
        yield found


def _rows(span: Span, after: int, upto: int, *, is_ordered: bool) -> sql.Composable:
    """From ``FROM`` on."""
    number = sql.SQL("t.ctid" if span.by_place else 't."_row"')
    bounds = [
        sql.SQL("{}::tid").format(sql.Literal(place_of_number(each))) if span.by_place else sql.Literal(each)
        for each in (after, upto)
    ]
    return sql.SQL("FROM {} AS t WHERE {} AND {number} > {} AND {number} <= {}{order}").format(
        span.table,
        span.condition,
        *bounds,
        number=number,
        order=sql.SQL(" ORDER BY {}").format(number) if is_ordered else sql.SQL(""),
    )


@contextmanager
def window(span: Span) -> Iterator[None]:
    """A transaction that changes nothing: the table as it is in one moment, and not for long.

    Locked before the first question: a snapshot that is older than a change of the table would not know its rows.
    """
    is_inner = connection.in_atomic_block
    begin: list[sql.Composable] = [] if is_inner else [_READ_ONLY]
    begin += [_limits(WINDOW_SECONDS), _PLAINLY]
    if span.is_locked:
        begin.append(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(span.table))
    with explained(seconds=WINDOW_SECONDS), transaction.atomic():
        execute(sql.SQL("; ").join(begin), None)  # in one go: windows are many, and a busy server answers late
        span.check()
        yield
        if is_inner:
            execute(_NO_LIMITS, None)


@contextmanager
def one_moment() -> Iterator[None]:
    """All questions of the context see the same state; within a transaction of the caller's, that one's."""
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        if not is_inner:
            execute(_READ_ONLY, None)
        yield


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Each statement of the context takes no longer; within the caller's transaction."""
    execute(_limits(seconds), None)
    yield
    execute(_NO_LIMITS, None)


def _limits(seconds: float) -> sql.Composable:
    return sql.SQL("SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}").format(
        sql.Literal(f"{seconds}s"), sql.Literal(f"{LOCK_SECONDS}s")
    )


def rows_changed() -> RowsChanged:
    return RowsChanged(
        "The rows changed while they were exported, and what was sent so far is of before.", hint="Export them again."
    )


@contextmanager
def explained(*, seconds: float) -> Iterator[None]:
    """In plain words what an export meets."""
    try:
        yield
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.QueryCanceled():
                raise ExportTooSlow(
                    f"Reading these rows takes longer than the {seconds:g} seconds that a step of an export may take.",
                    hint="Filter by something that fewer rows have, or remove the sort.",
                ) from error
            case psycopg.errors.LockNotAvailable() | psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedColumn():
                raise rows_changed() from error
        raise
