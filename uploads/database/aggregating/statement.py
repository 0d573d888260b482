"""An aggregate as one statement, so that all its figures are of one moment.

``sums`` reads the rows once and has a line for each combination of values; what is most frequent, and what becomes of
all else, is found among its lines. That is as quick as the bare GROUP BY. For the number of different values and for
the median the measured value is one of the grouped columns (``count(DISTINCT)`` sorts the rows: 12 s where this takes
1.3), and a median is the value in the middle of the counts, so exact where ``percentile_cont`` computes in doubles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from uploads.database.aggregating.terms import (
    SHOWN_LETTERS,
    ByBins,
    ByPeriod,
    ByValue,
    Function,
    Grouping,
    Measure,
    Period,
)
from uploads.database.reading.conditions import all_of
from uploads.database.reading.terms import Condition, Field
from uploads.tabular.table import ColumnType

NAN_BIN = -1
_UNITS: dict[Period, LiteralString] = {
    Period.DAY: "day",
    Period.WEEK: "week",
    Period.MONTH: "month",
    Period.QUARTER: "quarter",
    Period.YEAR: "year",
}
_BY_VALUES = (Function.DISTINCT, Function.MEDIAN)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """What the statement calls one grouping: its key, whether that is everything else, its place among the most
    frequent, and the list of these."""

    key: sql.Identifier
    rest: sql.Identifier
    rank: sql.Identifier
    top: sql.Identifier

    @property
    def columns(self) -> tuple[sql.Identifier, ...]:
        return self.key, self.rest, self.rank


_NAMES = tuple(
    _Names(
        key=sql.Identifier(f"key_{number}"),
        rest=sql.Identifier(f"rest_{number}"),
        rank=sql.Identifier(f"rank_{number}"),
        top=sql.Identifier(f"top_{number}"),
    )
    for number in (1, 2)
)
type Edges = Sequence[sql.Composable]
"""Of a grouping by ranges, as SQL in the type that is compared; of any other none."""


def aggregate_sql(
    *,
    table: sql.Composable,
    filters: Sequence[Condition],
    groupings: Sequence[Grouping],
    edges: Sequence[Edges],
    measure: Measure,
    limit: int,
) -> sql.Composable:
    """Lines of: for each grouping whether it is everything else, and its key; rows; figure; how many groups and rows
    there are in all."""
    every = list(zip(_NAMES, groupings, strict=False))
    parts = [
        sql.SQL("sums AS MATERIALIZED ({})").format(_sums(table, filters, groupings, edges, measure)),
        *(_top(names, each) for names, each in every if isinstance(each, ByValue)),
        sql.SQL("named AS ({})").format(_named(every, measure)),
    ]
    columns = [column for names, _ in every for column in names.columns]
    if measure.function is Function.DISTINCT:
        parts.append(sql.SQL("told AS ({})").format(_merged(columns)))
    elif measure.function is Function.MEDIAN:
        parts.append(sql.SQL("told AS ({})").format(_counted_up(columns)))
    return sql.SQL(
        "WITH {parts} SELECT {shown}coalesce(sum(n), 0)::bigint, {figure}, count(*) OVER (),"
        " coalesce(sum(sum(n)) OVER (), 0)::bigint FROM {source}{grouped}{ordered} LIMIT {limit}"
    ).format(
        parts=sql.SQL(", ").join(parts),
        shown=sql.SQL("").join(sql.SQL("{}, {}, ").format(names.rest, _shown(names, each)) for names, each in every),
        figure=_figure(measure),
        source=sql.Identifier("told" if measure.function in _BY_VALUES else "named"),
        grouped=_listed(" GROUP BY ", columns),
        ordered=_listed(" ORDER BY ", [term for names, _ in every for term in _order(names)]),
        limit=sql.Literal(limit),
    )


def bounds_sql(*, table: sql.Composable, filters: Sequence[Condition], field: Field) -> sql.Composable:
    """The least and the greatest number of a column, or the first and last date, infinite ones apart."""
    is_finite = "true" if field.type is ColumnType.BIGINT else "{column} > '-infinity' AND {column} < 'infinity'"
    return sql.SQL("SELECT min({column}), max({column}) FROM {table} AS t WHERE {filters} AND {is_finite}").format(
        column=field.expression,
        table=table,
        filters=all_of(filters),
        is_finite=sql.SQL(is_finite).format(column=field.expression),
    )


def key_sql(grouping: Grouping, edges: Edges) -> sql.Composable:
    """What is equal in all rows of a group."""
    column = grouping.field.expression
    match grouping:
        case ByValue():
            return column
        case ByPeriod(period=period, field=field):
            if field.type is ColumnType.DATE and period is Period.DAY:
                return column
            # to ``timestamp`` by name: of a date PostgreSQL makes one with a time zone, and that takes twice as long
            at_utc = sql.SQL("({} AT TIME ZONE 'UTC')" if field.type is ColumnType.TIMESTAMPTZ else "{}::timestamp")
            return sql.SQL("date_trunc({}, {})::date").format(sql.Literal(_UNITS[period]), at_utc.format(column))
        case ByBins(field=field):
            return _bin(column, field, edges)


def _bin(column: sql.Composable, field: Field, edges: Edges) -> sql.Composable:
    """The number of the range: 0 below the first edge, as many as there are edges from the last one on."""
    numbered: sql.Composable = sql.SQL(
        "width_bucket({}, ARRAY[{}])"
        if edges
        else "CASE WHEN {} IS NOT NULL THEN 0 END{}"  # no number has an end: all of them are infinite
    ).format(column, sql.SQL(", ").join(edges))
    if field.type is ColumnType.BIGINT:
        return numbered
    return sql.SQL("CASE WHEN {} = 'NaN' THEN {} ELSE {} END").format(column, sql.Literal(NAN_BIN), numbered)


def _sums(
    table: sql.Composable,
    filters: Sequence[Condition],
    groupings: Sequence[Grouping],
    edges: Sequence[Edges],
    measure: Measure,
) -> sql.Composable:
    selected: list[sql.Composable] = [
        sql.SQL("{} AS {}").format(key_sql(each, its_edges), names.key)
        for names, each, its_edges in zip(_NAMES, groupings, edges, strict=False)
    ]
    width = len(selected)
    field, function = measure.field, measure.function
    if field is not None and function in _BY_VALUES:
        selected.append(sql.SQL("{} AS x").format(field.expression))
        width += 1
    selected.append(sql.SQL("count(*) AS n"))
    if field is not None and function not in _BY_VALUES:
        selected += _partial(function, field)
    return sql.SQL("SELECT {} FROM {} AS t WHERE {}{}").format(
        sql.SQL(", ").join(selected),
        table,
        all_of(filters),
        _listed(" GROUP BY ", [sql.Literal(number) for number in range(1, width + 1)]),
    )


def _partial(function: Function, field: Field) -> list[sql.Composable]:
    column = field.expression
    number = sql.SQL("{}::double precision" if field.is_real else "{}").format(column)  # one of four bytes adds in four
    match function:
        case Function.SUM | Function.MEAN:
            return [sql.SQL("sum({}) AS s").format(number), sql.SQL("count({}) AS c").format(column)]
        case Function.MIN:
            return [sql.SQL("min({}) AS s").format(column)]
        case Function.MAX:
            return [sql.SQL("max({}) AS s").format(column)]
    return [sql.SQL("count({}) AS c").format(column)]


def _top(names: _Names, grouping: ByValue) -> sql.Composable:
    """The most frequent values, numbered in the order in which they are told: texts by how many rows they have."""
    is_text = grouping.field.type is ColumnType.TEXT
    return sql.SQL(
        "{top} AS (SELECT value, row_number() OVER (ORDER BY {order}) AS place FROM (SELECT {key} AS value, sum(n) AS n"
        " FROM sums WHERE {key} IS NOT NULL GROUP BY {key} ORDER BY sum(n) DESC, {ties} LIMIT {limit}) AS most)"
    ).format(
        top=names.top,
        order=sql.SQL('n DESC, value COLLATE "C"' if is_text else "value"),
        key=names.key,
        ties=sql.SQL('{} COLLATE "C"' if is_text else "{}").format(names.key),
        limit=sql.Literal(grouping.top),
    )


def _named(every: Sequence[tuple[_Names, Grouping]], measure: Measure) -> sql.Composable:
    """``sums`` with what is not among the most frequent values as everything else."""
    columns: list[sql.Composable] = [sql.SQL("sums.{}").format(sql.Identifier(name)) for name in _carried(measure)]
    joins: list[sql.Composable] = []
    for names, grouping in every:
        key, rest, rank = names.columns
        if isinstance(grouping, ByValue):
            columns.append(
                sql.SQL(
                    "{top}.value AS {key}, (sums.{key} IS NOT NULL AND {top}.value IS NULL) AS {rest},"
                    " {top}.place AS {rank}"
                ).format(top=names.top, key=key, rest=rest, rank=rank)
            )
            joins.append(sql.SQL(" LEFT JOIN {top} ON sums.{key} = {top}.value").format(top=names.top, key=key))
        else:
            columns.append(sql.SQL("sums.{}, false AS {}, 0 AS {}").format(key, rest, rank))
    return sql.SQL("SELECT {} FROM sums{}").format(sql.SQL(", ").join(columns), sql.SQL("").join(joins))


def _carried(measure: Measure) -> tuple[str, ...]:
    if measure.field is None:
        return ("n",)
    match measure.function:
        case Function.COUNT:
            return ("n", "c")
        case Function.SUM | Function.MEAN:
            return ("n", "s", "c")
        case Function.MIN | Function.MAX:
            return ("n", "s")
    return ("n", "x")


def _merged(columns: Sequence[sql.Composable]) -> sql.Composable:
    """A line for each value of each group: everything else has them several times."""
    listed = sql.SQL(", ").join([*columns, sql.Identifier("x")])
    return sql.SQL("SELECT {0}, sum(n) AS n FROM named GROUP BY {0}").format(listed)


def _counted_up(columns: Sequence[sql.Composable]) -> sql.Composable:
    """With each value how many of its group are no greater, and how many there are; blanks come last, and count not."""
    return sql.SQL(
        "SELECT *, sum(CASE WHEN x IS NULL THEN 0 ELSE n END) OVER ({by} ORDER BY x) AS upto,"
        " sum(CASE WHEN x IS NULL THEN 0 ELSE n END) OVER ({by}) AS of_all FROM named"
    ).format(by=_listed("PARTITION BY ", columns))


_LOWER = "min(x) FILTER (WHERE x IS NOT NULL AND 2 * upto >= of_all)"
_UPPER = "min(x) FILTER (WHERE x IS NOT NULL AND 2 * upto > of_all)"
_FIGURES: dict[Function, LiteralString] = {
    Function.COUNT: "coalesce(sum(c), 0)::bigint",
    Function.DISTINCT: "count(x)",
    Function.SUM: "sum(s)",
    Function.MEAN: "sum(s) / nullif(sum(c), 0)",
    Function.MEDIAN: f"({_LOWER} + {_UPPER}) / 2",
    Function.MIN: "min(s)",
    Function.MAX: "max(s)",
}
_EXACT: dict[Function, LiteralString] = {
    Function.MEAN: f"trim_scale({_FIGURES[Function.MEAN]})",
    Function.MEDIAN: f"trim_scale(({_LOWER}::numeric + {_UPPER}::numeric) * 0.5)",
}
"""Of whole and exact numbers; half a sum has one digit more, where a quotient has sixteen."""


def _figure(measure: Measure) -> sql.Composable:
    if measure.field is None:
        return sql.SQL("coalesce(sum(n), 0)::bigint")
    if measure.type is ColumnType.NUMERIC and measure.function in _EXACT:
        return sql.SQL(_EXACT[measure.function])
    return sql.SQL(_FIGURES[measure.function])


def _shown(names: _Names, grouping: Grouping) -> sql.Composable:
    if isinstance(grouping, ByValue) and grouping.field.type is ColumnType.TEXT:
        return sql.SQL("left({}, {})").format(names.key, sql.Literal(SHOWN_LETTERS))
    return names.key


def _order(names: _Names) -> list[sql.Composable]:
    """In the order of the values or by how frequent they are; then everything else, then what is blank."""
    return [sql.SQL("({} IS NULL)").format(names.key), sql.SQL("{} DESC").format(names.rest), names.rank, names.key]


def _listed(word: LiteralString, terms: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(word) + sql.SQL(", ").join(terms) if terms else sql.SQL("")
