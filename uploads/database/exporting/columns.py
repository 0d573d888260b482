"""The columns of an export, and how PostgreSQL prints their values for each format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from uploads.tabular.table import ColumnType

_LARGEST_EXACT = 2**53 - 1
"""JavaScript rounds whole numbers beyond this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportColumn:
    """A column of the rows that are read; statements call their table ``t``."""

    name: str
    type: ColumnType
    label: str = ""
    description: str = ""
    is_as_text: bool = False
    """In the database it has a type that is none of ours, and is read as PostgreSQL prints it."""

    @property
    def stored(self) -> sql.Composable:
        return sql.SQL("t.{}::text" if self.is_as_text else "t.{}").format(sql.Identifier(self.name))

    @property
    def plain(self) -> sql.Composable:
        """As text exactly: numbers with all their digits, dates and times ISO 8601, moments in UTC with a ``Z``."""
        return _PLAIN.get(self.type, _as_it_is)(self.stored)

    @property
    def typed(self) -> sql.Composable:
        """As PostgreSQL prints it, and true and false as words."""
        return _text(self.stored) if self.type is ColumnType.BOOLEAN else self.stored

    @property
    def json(self) -> sql.Composable:
        """A value that JSON has the same of, as the API shows it."""
        return _JSON.get(self.type, _as_it_is)(self.stored)

    @property
    def for_excel(self) -> sql.Composable:
        """As people read it where the decimal mark is a comma; a text that would be a formula begins with a ``'``."""
        return _EXCEL.get(self.type, _as_it_is)(self.stored)

    def renamed(self, expression: sql.Composable) -> sql.Composable:
        return sql.SQL("{} AS {}").format(expression, sql.Identifier(self.name))


def _as_it_is(value: sql.Composable) -> sql.Composable:
    return value


def _text(value: sql.Composable) -> sql.Composable:
    return sql.SQL("{}::text").format(value)


def _iso(value: sql.Composable) -> sql.Composable:
    """``2024-02-29T12:30:00``; years before Christ keep their ``BC``. A regular expression would take five times as
    long as all else that is done with the value, and to look for ``BC`` in each as long again as for the blank."""
    return sql.SQL(
        "CASE WHEN {0} >= '0001-01-02' THEN replace({0}::text, ' ', 'T')"
        " ELSE replace(replace({0}::text, ' ', 'T'), 'TBC', ' BC') END"
    ).format(value)


def _iso_utc(value: sql.Composable) -> sql.Composable:
    return sql.SQL("replace({}, '+00', 'Z')").format(_iso(value))


def _exact_integer(value: sql.Composable) -> sql.Composable:
    return sql.SQL("CASE WHEN {0} BETWEEN {1} AND {2} THEN to_json({0}) ELSE to_json({0}::text) END").format(
        value, sql.Literal(-_LARGEST_EXACT), sql.Literal(_LARGEST_EXACT)
    )


type _Printer = Callable[[sql.Composable], sql.Composable]
_PLAIN: Mapping[ColumnType, _Printer] = {
    ColumnType.BOOLEAN: _text,
    ColumnType.TIMESTAMP: _iso,
    ColumnType.TIMESTAMPTZ: _iso_utc,
}
_JSON: Mapping[ColumnType, _Printer] = {
    ColumnType.BIGINT: _exact_integer,
    ColumnType.NUMERIC: _text,
    ColumnType.DATE: _text,
    ColumnType.TIMESTAMP: _iso,
    ColumnType.TIMESTAMPTZ: _iso_utc,
}


def _with_comma(value: sql.Composable) -> sql.Composable:
    return sql.SQL("replace({}::text, '.', ',')").format(value)


def _no_formula(value: sql.Composable) -> sql.Composable:
    """As ``uploads.services.exporting.formula_guard`` does it."""
    return sql.SQL(
        r"CASE WHEN {0} ~ '^[=+\-@\t\r\n＝＋－＠]' AND {0} !~ '^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$'"
        " THEN chr(39) || {0} ELSE {0} END"
    ).format(value)


_EXCEL: Mapping[ColumnType, _Printer] = {
    ColumnType.BOOLEAN: _text,
    ColumnType.NUMERIC: _with_comma,
    ColumnType.DOUBLE: _with_comma,
    ColumnType.TEXT: _no_formula,
}


def comma_separated(expressions: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(expressions)
