"""What a view of rows is made of: columns, conditions on them, an order, a place in it.

Only these reach SQL. A name in them was looked up among the columns that there are, a value was read as the type of its
column; nothing that somebody typed becomes part of a statement in any other way.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import LiteralString

from psycopg import sql

from uploads.database.columns import TYPE_SQL
from uploads.tabular.table import ColumnType

SORTED_LETTERS = 200
"""Texts are sorted by so many letters: a place in the order has to fit into an address, and a key into an index, whose
rows PostgreSQL holds to some 2,700 bytes."""
_LARGEST_BIGINT = 2**63 - 1

type Value = bool | int | Decimal | float | date | datetime | str


class Operator(StrEnum):
    """How a column is compared; the values stand in addresses (Django's words for lookups) and are never renamed."""

    EXACT = "exact"
    NE = "ne"
    """The rest: rows that are equal, and those that are not, make all rows. So blanks are not equal."""
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    RANGE = "range"
    """Between two values, both included."""
    IN = "in"
    CONTAINS = "contains"
    ICONTAINS = "icontains"
    """Whether in capitals or not."""
    STARTSWITH = "startswith"
    ISNULL = "isnull"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A column that can be compared and sorted by."""

    name: str
    type: ColumnType
    is_as_text: bool = False
    """In the database it has a type that is none of ours, and is read as PostgreSQL prints it."""
    is_real: bool = False
    """Of four bytes, where 0.1 is another number than in eight."""
    is_indexed: bool = False
    """There is an index for readers on it, in the parts of its dataset."""
    is_searchable: bool = False
    """There is one to search in it."""

    @property
    def expression(self) -> sql.Composable:
        return sql.SQL("t.{}::text" if self.is_as_text else "t.{}").format(sql.Identifier(self.name))

    @property
    def sorted_by(self) -> sql.Composable:
        return self.sorted_in(self.expression)

    def sorted_in(self, column: sql.Composable) -> sql.Composable:
        """The key of its order, of an index as of a sort; ``column`` is what the statement calls it."""
        if self.type is ColumnType.TEXT:
            return sql.SQL("left({}, {})").format(column, sql.Literal(SORTED_LETTERS))
        return column

    @staticmethod
    def searched_in(text: sql.Composable) -> sql.Composable:
        """Small letters, in every language and whatever the collation of the column: by these an index knows a text."""
        return sql.SQL('lower({} COLLATE "pg_c_utf8")').format(text)

    @property
    def type_sql(self) -> LiteralString:
        return "real" if self.is_real else TYPE_SQL[self.type]

    def literal(self, value: Value) -> sql.Composable:
        """The value in the column's type; whole numbers beyond ``bigint``, and parts of them, as ``numeric``."""
        type_sql = self.type_sql
        if self.type is ColumnType.BIGINT and (not isinstance(value, int) or abs(value) > _LARGEST_BIGINT):
            type_sql = TYPE_SQL[ColumnType.NUMERIC]
        text = _as_sql_text(value)
        return sql.SQL("{}::{}").format(sql.Literal(text), sql.SQL(type_sql))


def _as_sql_text(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
    return str(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A condition on a column: one value; two for a range; several for ``in``; whether it is blank for ``isnull``."""

    field: Field
    operator: Operator
    values: tuple[Value, ...]
    texts: tuple[str, ...]
    """The values as they were given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What somebody looks for in whatever column: every word has to be found in one of them."""

    text: str
    """As it was given."""
    words: tuple[tuple[Filter, ...], ...]
    """For each word the conditions of which one has to be met; none where no column can have such a word."""


type Condition = Filter | Search


@dataclass(frozen=True, kw_only=True, slots=True)
class SortKey:
    """A column to sort by. Blanks come last, whatever the direction."""

    field: Field
    is_descending: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a row stands in a sorted view; texts are as PostgreSQL prints them."""

    sort: str
    """The order that it is a place in, as addresses write it."""
    values: tuple[str | None, ...]
    """Of the columns that are sorted by."""
    tie: tuple[str | None, ...]
    """What tells rows of equal values apart, and never changes; ``None`` only in a key that somebody stated."""
