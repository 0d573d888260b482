"""Conditions on columns as SQL."""

from collections.abc import Sequence
from typing import LiteralString

from psycopg import sql

from uploads.database.reading.terms import SORTED_LETTERS, Condition, Filter, Operator
from uploads.tabular.table import ColumnType

_COMPARISONS: dict[Operator, LiteralString] = {
    Operator.EXACT: "=",
    Operator.NE: "IS DISTINCT FROM",
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
}
_PATTERNS: dict[Operator, LiteralString] = {
    # Letter by letter, whatever the collation of the column: one that takes different texts for equal has no ILIKE.
    Operator.CONTAINS: '{} COLLATE "C" LIKE {}',
    Operator.STARTSWITH: '{} COLLATE "C" LIKE {}',
    Operator.ICONTAINS: '{} COLLATE "pg_c_utf8" ILIKE {}',
}


def all_of(conditions: Sequence[Condition]) -> sql.Composable:
    """``true AND …``: every condition at once."""
    parts: list[sql.Composable] = [sql.SQL("true")]
    for each in conditions:
        if isinstance(each, Filter):
            parts.append(condition_sql(each))
        else:
            parts += [_any_of(word) for word in each.words]
    return sql.SQL(" AND ").join(parts)


def _any_of(filters: Sequence[Filter]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" OR ").join([sql.SQL("false"), *map(condition_sql, filters)]))


def condition_sql(each: Filter) -> sql.Composable:
    """One condition, about the columns of a table that the statement calls ``t``."""
    left = each.field.sorted_by if _is_by_first_letters(each) else each.field.expression
    values = [each.field.literal(value) for value in each.values]
    match each.operator:
        case Operator.ISNULL:
            return sql.SQL("{} IS NULL" if each.values[0] else "{} IS NOT NULL").format(left)
        case Operator.RANGE:
            return sql.SQL("{} BETWEEN {} AND {}").format(left, *values)
        case Operator.IN:
            return sql.SQL("{} IN ({})").format(left, sql.SQL(", ").join(values))
        case Operator.CONTAINS | Operator.ICONTAINS | Operator.STARTSWITH:
            return _like(each, left)
    return sql.SQL("{} {} {}").format(left, sql.SQL(_COMPARISONS[each.operator]), values[0])


def _like(each: Filter, left: sql.Composable) -> sql.Composable:
    """Where there is an index to search in, in small letters, as the index has them: ILIKE compares these too. Whoever
    tells capitals apart has them compared after that."""
    pattern = sql.Literal(_pattern(each))
    plain = sql.SQL(_PATTERNS[each.operator]).format(left, pattern)
    if not each.field.is_searchable:
        return plain
    small = sql.SQL("{} LIKE {}").format(each.field.searched_in(left), each.field.searched_in(pattern))
    return small if each.operator is Operator.ICONTAINS else sql.SQL("({} AND {})").format(small, plain)


def _is_by_first_letters(each: Filter) -> bool:
    """Whether the index of a text serves, which has its first letters: they are all of one that equals a shorter value.

    Without an index a statement is not told so, for then the planner knows nothing of how often they occur.
    """
    if not each.field.is_indexed or each.field.type is not ColumnType.TEXT:
        return False
    return each.operator in (Operator.EXACT, Operator.IN) and all(len(str(v)) < SORTED_LETTERS for v in each.values)


def _pattern(each: Filter) -> str:
    plain = str(each.values[0]).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{'' if each.operator is Operator.STARTSWITH else '%'}{plain}%"
