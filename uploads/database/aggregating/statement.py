"""An aggregate as one statement, so that all its figures are of one moment.

``sums`` reads the rows once and has a line for each combination of values, as the bare GROUP BY has. Its most frequent
values get numbers, and numbers are what rows are grouped by from there on: 0 is everything else. What cannot be made of
such lines, the different values and the median, is counted from the rows themselves, read once more.

``count(DISTINCT)`` sorts all rows: 12 s where to group by the values too takes 1.3. ``percentile_cont`` computes in
doubles; the two values in the middle come as they are, by one sort, and half their sum is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from uploads.database.aggregating.ranked import Lines, ranked_sql
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
_OF_ROWS = (Function.DISTINCT, Function.MEDIAN)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """What the statement calls one grouping: its key, the list of its most frequent values, and what rows are grouped
    by: the key, or its number in that list."""

    key: sql.Identifier
    top: sql.Identifier
    code: sql.Identifier


_NAMES = tuple(
    _Names(
        key=sql.Identifier(f"key_{number}"), top=sql.Identifier(f"top_{number}"), code=sql.Identifier(f"code_{number}")
    )
    for number in (1, 2)
)
type _Named = Sequence[tuple[_Names, Grouping]]
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
    keys = [
        sql.SQL("{} AS {}").format(key_sql(each, its_edges), names.key)
        for (names, each), its_edges in zip(every, edges, strict=True)
    ]
    source = sql.SQL("{} AS t WHERE {}").format(table, all_of(filters))
    if len(every) == 1 and isinstance(groupings[0], ByValue) and measure.function not in _OF_ROWS:
        figure, rest = _figure_of_line(measure), _figure(measure)
        sums = _sums(source, keys, measure)
        lines = Lines(sums=sums, key=every[0][0].key, figure=figure, figure_of_rest=rest)
        return ranked_sql(lines, grouping=groupings[0], limit=limit)
    tops = [_top(names, each) for names, each in every if isinstance(each, ByValue)]
    parts: list[sql.Composable] = []
    if tops or measure.function not in _OF_ROWS:
        parts.append(_sums(source, keys, measure))
    parts += tops
    if measure.function in _OF_ROWS and measure.field is not None:
        parts.append(_rows(source, keys, measure.field))
    parts.append(_coded(every, measure))
    codes = [names.code for names, _ in every]
    if measure.function is Function.DISTINCT:
        parts.append(_each_value(codes))
    parts.append(_grouped(codes, measure))
    return sql.SQL(
        "WITH {parts} SELECT {shown}n, figure, count(*) OVER (), coalesce(sum(n) OVER (), 0)::bigint"
        " FROM grouped{joins}{ordered} LIMIT {limit}"
    ).format(
        parts=sql.SQL(", ").join(parts),
        shown=sql.SQL("").join(sql.SQL("{}, ").format(_shown(names, each)) for names, each in every),
        joins=sql.SQL("").join(
            sql.SQL(" LEFT JOIN {top} ON {top}.place = {code}").format(top=names.top, code=names.code)
            for names, each in every
            if isinstance(each, ByValue)
        ),
        ordered=_listed(" ORDER BY ", [term for names, each in every for term in _order(names, each)]),
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


def _sums(source: sql.Composable, keys: Sequence[sql.Composable], measure: Measure) -> sql.Composable:
    selected = [*keys, sql.SQL("count(*) AS n")]
    if measure.field is not None and measure.function not in _OF_ROWS:
        selected += _partial(measure.function, measure.field)
    return sql.SQL("sums AS MATERIALIZED (SELECT {} FROM {}{})").format(
        sql.SQL(", ").join(selected), source, _listed(" GROUP BY ", _numbers(keys))
    )


def _rows(source: sql.Composable, keys: Sequence[sql.Composable], field: Field) -> sql.Composable:
    return sql.SQL("rows AS NOT MATERIALIZED (SELECT {} FROM {})").format(
        sql.SQL(", ").join([*keys, sql.SQL("{} AS x").format(field.expression)]), source
    )


def _numbers(columns: Sequence[sql.Composable]) -> list[sql.Composable]:
    return [sql.Literal(number) for number in range(1, len(columns) + 1)]


def _partial(function: Function, field: Field) -> list[sql.Composable]:
    column = field.expression
    number = sql.SQL("{}::double precision" if field.is_real else "{}").format(column)  # one of four bytes adds in four
    match function:
        case Function.SUM:
            return [sql.SQL("sum({}) AS s").format(number)]
        case Function.MEAN:
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
        "{top} AS (SELECT value, (row_number() OVER (ORDER BY {order}))::integer AS place"
        " FROM (SELECT {key} AS value, sum(n) AS n FROM sums WHERE {key} IS NOT NULL GROUP BY {key}"
        " ORDER BY sum(n) DESC, {ties} LIMIT {limit}) AS most)"
    ).format(
        top=names.top,
        order=sql.SQL('n DESC, value COLLATE "C"' if is_text else "value"),
        key=names.key,
        ties=sql.SQL('{} COLLATE "C"' if is_text else "{}").format(names.key),
        limit=sql.Literal(grouping.top),
    )


def _coded(every: _Named, measure: Measure) -> sql.Composable:
    """Lines or rows with numbers in the place of values: NULL for a blank, 0 for everything else."""
    source = sql.Identifier("rows" if measure.function in _OF_ROWS else "sums")
    columns: list[sql.Composable] = [
        sql.SQL("{}.{}").format(source, sql.Identifier(each)) for each in _carried(measure)
    ]
    joins: list[sql.Composable] = []
    for names, grouping in every:
        parts = {"key": sql.SQL("{}.{}").format(source, names.key), "top": names.top, "code": names.code}
        if isinstance(grouping, ByValue):
            columns.append(
                sql.SQL("CASE WHEN {key} IS NOT NULL THEN coalesce({top}.place, 0) END AS {code}").format(**parts)
            )
            joins.append(sql.SQL(" LEFT JOIN {top} ON {key} = {top}.value").format(**parts))
        else:
            columns.append(sql.SQL("{key} AS {code}").format(**parts))
    return sql.SQL("coded AS (SELECT {} FROM {}{})").format(
        sql.SQL(", ").join(columns), source, sql.SQL("").join(joins)
    )


def _carried(measure: Measure) -> tuple[str, ...]:
    if measure.field is None:
        return ("n",)
    match measure.function:
        case Function.COUNT:
            return ("n", "c")
        case Function.SUM | Function.MIN | Function.MAX:
            return ("n", "s")
        case Function.MEAN:
            return ("n", "s", "c")
    return ("x",)


def _each_value(codes: Sequence[sql.Composable]) -> sql.Composable:
    """A line for each value of each group, with how many rows have it."""
    listed = sql.SQL(", ").join([*codes, sql.Identifier("x")])
    return sql.SQL("each_value AS (SELECT {0}, count(*) AS n FROM coded GROUP BY {0})").format(listed)


def _grouped(codes: Sequence[sql.Composable], measure: Measure) -> sql.Composable:
    selected = [
        *codes,
        sql.SQL("count(*) AS n" if measure.function is Function.MEDIAN else "coalesce(sum(n), 0)::bigint AS n"),
        sql.SQL("{} AS figure").format(_figure(measure)),
    ]
    return sql.SQL("grouped AS (SELECT {} FROM {}{})").format(
        sql.SQL(", ").join(selected),
        sql.Identifier("each_value" if measure.function is Function.DISTINCT else "coded"),
        _listed(" GROUP BY ", codes),
    )


_MIDDLE = "(percentile_disc(ARRAY[0.5, 0.5000000001]) WITHIN GROUP (ORDER BY x))[{}]"
"""Of an even number of values the two in the middle, of an odd one twice the same; of up to 10,000,000,000."""
_LOWER, _UPPER = _MIDDLE.format(1), _MIDDLE.format(2)
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


def _figure_of_line(measure: Measure) -> sql.Composable:
    """The same, of one line of ``sums``, in the same type."""
    if measure.field is None:
        return sql.Identifier("n")
    match measure.function:
        case Function.COUNT:
            return sql.Identifier("c")
        case Function.MEAN:
            return sql.SQL("trim_scale({})" if measure.type is ColumnType.NUMERIC else "{}").format(
                sql.SQL("s / nullif(c, 0)")
            )
    return sql.Identifier("s")


def _shown(names: _Names, grouping: Grouping) -> sql.Composable:
    """Whether it is everything else, and what the rows have in common."""
    if not isinstance(grouping, ByValue):
        return sql.SQL("false, {}").format(names.code)
    value = sql.SQL("{}.value").format(names.top)
    if grouping.field.type is ColumnType.TEXT:
        value = sql.SQL("left({}, {})").format(value, sql.Literal(SHOWN_LETTERS))
    return sql.SQL("coalesce({} = 0, false), {}").format(names.code, value)


def _order(names: _Names, grouping: Grouping) -> list[sql.Composable]:
    """In the order of the values or by how frequent they are; then everything else, then what is blank."""
    order: list[sql.Composable] = [sql.SQL("({} IS NULL)").format(names.code)]
    if isinstance(grouping, ByValue):
        order.append(sql.SQL("({} = 0)").format(names.code))
    return [*order, names.code]


def _listed(word: LiteralString, terms: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(word) + sql.SQL(", ").join(terms) if terms else sql.SQL("")
