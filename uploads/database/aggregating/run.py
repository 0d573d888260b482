"""Aggregates of a dataset's table, or of a table or view that is none of ours: within bounds of time, a few at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from django.db import DatabaseError
from psycopg import sql

from uploads.database.adopting.relation_rows import RelationTooSlow, looking, read_values, take_turn
from uploads.database.adopting.relations import Relation
from uploads.database.aggregating.edges import fitting, round_edges
from uploads.database.aggregating.statement import NAN_BIN, aggregate_sql, bounds_sql
from uploads.database.aggregating.terms import ByBins, ByPeriod, Group, Grouping, GroupKind, Groups, Key, Measure
from uploads.database.reading.sessions import ReadingTooSlow, deadline_in, session
from uploads.database.reading.terms import Condition, Field
from uploads.database.statements import qualified
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ColumnType

AGGREGATE_SECONDS = 20
"""How long one may take: the median of 5,000,000 rows in no order takes about eight."""
_BLANK = Key(kind=GroupKind.BLANK)
_REST = Key(kind=GroupKind.REST)


class FigureTooLarge(UploaderError):
    """A figure is beyond what its type can hold."""

    code = "figure_too_large"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where the rows are, and which of them."""

    table: str | Relation
    """The name of a dataset's own table, or what the dataset shows."""
    filters: Sequence[Condition] = ()
    seconds: float = AGGREGATE_SECONDS
    """That it may take."""

    @property
    def identifier(self) -> sql.Composable:
        return qualified(self.table) if isinstance(self.table, str) else self.table.identifier


def read_groups(source: Source, *, groupings: Sequence[Grouping], measure: Measure, limit: int) -> Groups:
    """The first ``limit`` groups, and how many there are.

    Raises ``ReadingTooSlow`` and ``RelationTooSlow`` where it takes too long, ``RelationsBusy``, ``FigureTooLarge``,
    and what ``looking`` raises.
    """
    with _reading(source):
        edges = [_edges(source, each) for each in groupings]
        lines = read_values(
            aggregate_sql(
                table=source.identifier,
                filters=source.filters,
                groupings=groupings,
                edges=[_literals(each, its_edges) for each, its_edges in zip(groupings, edges, strict=True)],
                measure=measure,
                limit=limit,
            )
        )
    return Groups(
        groups=_groups(lines, [_reader(each, its_edges) for each, its_edges in zip(groupings, edges, strict=True)]),
        total_groups=lines[0][-2] if lines else 0,
        total_rows=lines[0][-1] if lines else 0,
    )


def read_bounds(source: Source, field: Field) -> tuple[Any, Any] | None:
    """The least and the greatest value of a column of numbers or dates, of those that are finite; ``None``: there is
    none. Raises as ``read_groups`` does."""
    with _reading(source):
        return _bounds(source, field)


def _bounds(source: Source, field: Field) -> tuple[Any, Any] | None:
    [(least, greatest)] = read_values(bounds_sql(table=source.identifier, filters=source.filters, field=field))
    return None if least is None else (least, greatest)


@contextmanager
def _reading(source: Source) -> Iterator[None]:
    session_of_it, kind = (
        (looking(source.table, seconds=source.seconds, is_costly=True), RelationTooSlow)
        if isinstance(source.table, Relation)
        else (_own_session(source.seconds), ReadingTooSlow)
    )
    with session_of_it, _explained(kind, source.seconds):
        yield


@contextmanager
def _own_session(seconds: float) -> Iterator[None]:
    with session(until=deadline_in(seconds)):
        take_turn()
        yield


@contextmanager
def _explained(too_slow: type[UploaderError], seconds: float) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.QueryCanceled():
                raise too_slow(
                    f"This takes longer than the {seconds:.0f} seconds that it may take.",
                    hint="Filter the rows, or group by something with fewer values.",
                ) from error
            case psycopg.errors.NumericValueOutOfRange() | psycopg.errors.DatetimeFieldOverflow():
                raise FigureTooLarge(
                    "A figure is larger than PostgreSQL can hold.",
                    hint="Filter out the rows with such values, or ask for another measure.",
                ) from error
        raise


def _edges(source: Source, grouping: Grouping) -> list[Decimal]:
    if not isinstance(grouping, ByBins):
        return []
    bounds = _bounds(source, grouping.field)
    if bounds is None:
        return []
    least, greatest = (Decimal(str(each)) for each in bounds)
    is_whole = grouping.field.type is ColumnType.BIGINT
    return fitting(round_edges(least, greatest, bins=grouping.bins, whole=is_whole), grouping.field)


def _literals(grouping: Grouping, edges: Sequence[Decimal]) -> list[sql.Composable]:
    is_whole = grouping.field.type is ColumnType.BIGINT
    return [grouping.field.literal(int(edge) if is_whole else edge) for edge in edges]


def _reader(grouping: Grouping, edges: Sequence[Decimal]) -> Callable[[Any], Key]:
    """How a key is read that is not everything else; chosen once, for there may be thousands of groups."""
    if isinstance(grouping, ByBins):
        return lambda value: _bin(value, edges)
    kind = GroupKind.PERIOD if isinstance(grouping, ByPeriod) else GroupKind.VALUE
    return lambda value: _BLANK if value is None else Key(kind=kind, value=value)


def _bin(value: int | None, edges: Sequence[Decimal]) -> Key:
    if value is None:
        return _BLANK
    if value == NAN_BIN:
        return Key(kind=GroupKind.NAN)
    return Key(
        kind=GroupKind.BIN,
        start=edges[value - 1] if value else None,
        end=edges[value] if value < len(edges) else None,
    )


def _groups(lines: Iterable[Sequence[Any]], readers: Sequence[Callable[[Any], Key]]) -> list[Group]:
    if len(readers) == 1:  # without a loop within the loop
        [read] = readers
        return [
            Group(keys=(_REST if is_rest else read(value),), rows=rows, value=figure)
            for is_rest, value, rows, figure, _, _ in lines
        ]
    return [
        Group(
            keys=tuple(_REST if line[2 * at] else read(line[2 * at + 1]) for at, read in enumerate(readers)),
            rows=line[-4],
            value=line[-3],
        )
        for line in lines
    ]
