"""Values as cells of a sheet of a workbook (SpreadsheetML), printed by PostgreSQL.

What Excel would change stays text: numbers of more than 15 digits, dates before March 1900 (it takes 1900 for a leap
year) and beyond 9999, moments with parts of a millisecond. Texts are inline strings, which are never formulas.
"""

from collections.abc import Callable, Mapping
from typing import LiteralString

from psycopg import sql

from uploads.database.exporting.columns import ExportColumn
from uploads.tabular.table import ColumnType

STYLE_DATE, STYLE_TIME, STYLE_HEADER = 1, 2, 3
FIRST_STYLE_OF_SCALES = 4
"""A style for each number of places behind the point, from one on."""
_MOST = 10**15 - 1
_ODD_LETTERS = [*range(1, 9), *range(0x0B, 0x20), 0xFFFE, 0xFFFF]
"""XML has none of these; a carriage return it has, and reads as a line feed."""
_ODD: LiteralString = r"[\u0001-\u0008\u000B-\u001F\uFFFE\uFFFF]|_x[0-9A-Fa-f]{4}_"


def cell_xml(column: ExportColumn, *, style: int = 0) -> sql.Composable:
    """Of one column; never NULL. ``style``: of decimal numbers."""
    if column.type is ColumnType.NUMERIC:
        return _numeric(column, style)
    return _CELLS[column.type](column)


def text_xml(text: sql.Composable) -> sql.Composable:
    """A text in XML, with what XML cannot have in Excel's way: ``_x0001_``."""
    plain = sql.SQL("replace(replace(replace({}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')")
    odd: sql.Composable = sql.SQL(r"regexp_replace({}, '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\1', 'g')").format(text)
    for letter in _ODD_LETTERS:
        odd = sql.SQL("replace({}, chr({}), {})").format(odd, sql.Literal(letter), sql.Literal(f"_x{letter:04X}_"))
    return sql.SQL("CASE WHEN {} ~ {} THEN {} ELSE {} END").format(
        text, sql.Literal(_ODD), plain.format(odd), plain.format(text)
    )


def _inline(text: sql.Composable) -> sql.Composable:
    return sql.SQL("""'<c t="inlineStr"><is><t xml:space="preserve">' || {} || '</t></is></c>'""").format(text)


def _number(value: sql.Composable, *, style: int = 0) -> sql.Composable:
    head = f'<c s="{style}"><v>' if style else "<c><v>"
    return sql.SQL("{} || {} || '</v></c>'").format(sql.Literal(head), value)


def _text(column: ExportColumn) -> sql.Composable:
    return sql.SQL("coalesce({}, '<c/>')").format(_inline(text_xml(column.stored)))


def _boolean(column: ExportColumn) -> sql.Composable:
    return sql.SQL(
        """CASE WHEN {0} THEN '<c t="b"><v>1</v></c>' WHEN NOT {0} THEN '<c t="b"><v>0</v></c>' ELSE '<c/>' END"""
    ).format(column.stored)


def _either(column: ExportColumn, condition: sql.Composable, cell: sql.Composable) -> sql.Composable:
    """The cell where the condition is met, else a text; the value is not NULL there."""
    return sql.SQL("CASE WHEN {} IS NULL THEN '<c/>' WHEN {} THEN {} ELSE {} END").format(
        column.stored, condition, cell, _inline(sql.SQL("({})::text").format(column.plain))
    )


def _bigint(column: ExportColumn) -> sql.Composable:
    condition = sql.SQL("{} BETWEEN {} AND {}").format(column.stored, sql.Literal(-_MOST), sql.Literal(_MOST))
    return _either(column, condition, _number(column.stored))


def _numeric(column: ExportColumn, style: int) -> sql.Composable:
    condition = sql.SQL(
        "{0} BETWEEN {1} AND {2} AND length({0}::text) <= 15 + ({0} < 0)::int + (scale({0}) > 0)::int"
    ).format(column.stored, sql.Literal(-_MOST), sql.Literal(_MOST))
    return _either(column, condition, _number(column.stored, style=style))


def _double(column: ExportColumn) -> sql.Composable:
    condition = sql.SQL("{} NOT IN ('NaN', 'Infinity', '-Infinity')").format(column.stored)
    return _either(column, condition, _number(column.stored))


def _date(column: ExportColumn) -> sql.Composable:
    condition = sql.SQL("{} BETWEEN '1900-03-01' AND '9999-12-31'").format(column.stored)
    days = sql.SQL("({} - date '1899-12-30')").format(column.stored)
    return _either(column, condition, _number(days, style=STYLE_DATE))


def _moment(column: ExportColumn) -> sql.Composable:
    value = column.stored
    if column.type is ColumnType.TIMESTAMPTZ:
        value = sql.SQL("timezone('UTC', {})").format(value)
    condition = sql.SQL("{0} >= '1900-03-01' AND {0} < '10000-01-01' AND {0} = date_trunc('milliseconds', {0})").format(
        value
    )
    days = sql.SQL("(extract(epoch FROM {})::float8 / 86400 + 25569)").format(value)
    return _either(column, condition, _number(days, style=STYLE_TIME))


_CELLS: Mapping[ColumnType, Callable[[ExportColumn], sql.Composable]] = {
    ColumnType.TEXT: _text,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.BIGINT: _bigint,
    ColumnType.DOUBLE: _double,
    ColumnType.DATE: _date,
    ColumnType.TIMESTAMP: _moment,
    ColumnType.TIMESTAMPTZ: _moment,
}
