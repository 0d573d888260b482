"""One query of a person's: looked at, run under limits, and its rows one after the other."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from uploads.database.querying.allowed_names import QueryColumn, parse_query
from uploads.database.querying.faults import Fault, FaultKind, QueryGaveWay, QueryRefused, QueryTooSlow, refused
from uploads.database.querying.published import Readable
from uploads.database.querying.roles import QueryRole
from uploads.database.querying.session import Session, query_session
from uploads.database.reading.giving_way import watching
from uploads.tabular.table import ColumnType

logger = logging.getLogger(__name__)

MOST_CELL = 100_000
"""Letters of a value; where there are many columns, fewer."""
ROW_LETTERS = 4_000_000
_TYPES = {
    16: ColumnType.BOOLEAN,
    20: ColumnType.BIGINT,
    21: ColumnType.BIGINT,
    23: ColumnType.BIGINT,
    700: ColumnType.DOUBLE,
    701: ColumnType.DOUBLE,
    1082: ColumnType.DATE,
    1114: ColumnType.TIMESTAMP,
    1184: ColumnType.TIMESTAMPTZ,
    1700: ColumnType.NUMERIC,
}
"""By PostgreSQL's numbers of its types, which never change; whatever else there is comes as the text that it prints."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultColumn:
    """``name`` is unique in its result: the second ``count`` is ``count_2``."""

    name: str
    type: ColumnType


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Rows as they come; a value is true or false, a number, or what PostgreSQL prints."""

    columns: tuple[ResultColumn, ...]
    rows: Iterator[Sequence[Any]]
    most_rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Of one query."""

    seconds: float
    rows: Callable[[int], int]
    """Of a result with so many columns."""


@contextmanager
def answered(
    text: str, *, role: QueryRole, readable: Readable, password: str, limits: Limits, is_over: Callable[[], bool]
) -> Iterator[Answer]:
    """At most one row more than ``limits.rows`` says; ends when ``is_over`` says that nobody wants it any more.

    Raises ``QueryRefused``, ``QueryTooSlow``, ``QueryGaveWay`` and what ``query_session`` raises, the rows too.
    """
    with watched_session(role, password=password, limits=limits, is_over=is_over) as (session, stopped):
        with stopped.told(text, limits, before=0):
            columns = parse_query(session, text, readable=readable)
        named = name_columns(columns)
        most = limits.rows(len(columns))
        begin, end = statement_around(columns, most + 1)
        rows = session.cursor().stream(f"{begin}{text}{end}".encode())
        told = stopped.told(text, limits, before=len(begin), is_parsed=True)
        yield Answer(columns=named, rows=_checked(rows, named, told), most_rows=most)


@contextmanager
def watched_session(
    role: QueryRole, *, password: str, limits: Limits, is_over: Callable[[], bool]
) -> Iterator[tuple[Session, "Stopped"]]:
    """A session for one query, which is ended when ``is_over`` says so, or somebody waits for what it reads."""
    stopped = Stopped()
    with (
        query_session(role, password=password, seconds=limits.seconds) as session,
        watching(session.info.backend_pid, end=lambda: stopped.stop(session), to=is_over),
    ):
        yield session, stopped


@dataclass(slots=True)
class Stopped:
    """Whether we ended the query, and not its time."""

    by_us: threading.Event

    def __init__(self) -> None:
        self.by_us = threading.Event()

    def stop(self, session: Session) -> None:
        self.by_us.set()
        try:
            session.cancel_safe(timeout=2)
        except psycopg.Error as error:  # it is asked again in a moment, and its time is limited in any case
            logger.warning("a query is to end and does not: %s", error)

    @contextmanager
    def told(self, text: str, limits: Limits, *, before: int, is_parsed: bool = False) -> Iterator[None]:
        try:
            yield
        except (psycopg.errors.QueryCanceled, psycopg.errors.TransactionTimeout) as error:
            if self.by_us.is_set():
                raise _gave_way() from error
            unit = "second" if limits.seconds == 1 else "seconds"
            raise QueryTooSlow(
                f"The query takes longer than the {limits.seconds:g} {unit} that one may take.",
                hint="Add a WHERE or LIMIT, or ask for fewer groups.",
            ) from error
        except psycopg.errors.LockNotAvailable as error:
            raise _gave_way() from error
        except psycopg.Error as error:
            raise refused(error, text, before=before, is_parsed=is_parsed) from error


def _gave_way() -> QueryGaveWay:
    return QueryGaveWay("A file was switched on or off while the query read its dataset.", hint="Run it again.")


def name_columns(columns: Sequence[QueryColumn]) -> tuple[ResultColumn, ...]:
    """The names that PostgreSQL gives, each once; one without a name is called by its place."""
    taken: set[str] = set()
    named = []
    for place, column in enumerate(columns, start=1):
        plain = f"column_{place}" if column.name in {"", "?column?"} else column.name
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        named.append(ResultColumn(name=name, type=_TYPES.get(column.type_oid, ColumnType.TEXT)))
    return tuple(named)


def statement_around(columns: Sequence[QueryColumn], most: int) -> tuple[str, str]:
    """The query stands in parentheses: what is no SELECT is refused there by the grammar itself, and names that come
    twice are none of our statement's. A value is cut where it would be more than we hold in memory."""
    letters = letters_of(columns)
    names = [f"c{place}" for place in range(1, len(columns) + 1)]
    values = ", ".join(_value(name, column.type_oid, letters) for name, column in zip(names, columns, strict=True))
    begin = f"SELECT {values} FROM (\n"  # noqa: S608 - of names of ours
    return begin, f"\n) AS q ({', '.join(names)}) LIMIT {most}"


def letters_of(columns: Sequence[object]) -> int:
    return min(MOST_CELL, ROW_LETTERS // max(1, len(columns)))


def _value(name: str, type_oid: int, letters: int) -> str:
    type_ = _TYPES.get(type_oid)
    if type_ is ColumnType.BIGINT:
        return f"q.{name}::bigint"
    if type_ is ColumnType.DOUBLE:  # a real 0.1 is 0.1, and not 0.10000000149011612
        return f"q.{name}::text::double precision"
    if type_ in {ColumnType.BOOLEAN, ColumnType.NUMERIC}:
        return f"q.{name}"
    return f"left(q.{name}::text, {letters + 1})"


def _checked(rows: Iterator[Sequence[Any]], columns: Sequence[ResultColumn], told: Any) -> Iterator[Sequence[Any]]:
    letters = letters_of(columns)
    with told:
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                if isinstance(value, str) and len(value) > letters:
                    raise QueryRefused(Fault(kind=FaultKind.LONG_CELL, name=column.name, limit=letters))
            yield row
