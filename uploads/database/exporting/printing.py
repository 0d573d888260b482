"""What a window of rows is selected as, for COPY, by format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString, Protocol

from psycopg import sql

from uploads.database.exporting.cells import cell_xml
from uploads.database.exporting.columns import ExportColumn, comma_separated

CSV_OPTIONS: LiteralString = "FORMAT csv, ENCODING 'UTF8'"
ONE_TEXT_OPTIONS: LiteralString = r"FORMAT csv, ENCODING 'UTF8', DELIMITER E'\x02', QUOTE E'\x01'"
"""One text a row that has no control characters comes as it is: in COPY's own text form backslashes are doubled."""


class Printing(Protocol):
    """The form in which PostgreSQL prints rows."""

    @property
    def options(self) -> LiteralString:
        """Of COPY."""

    def query(self, rows: sql.Composable) -> sql.Composable:
        """``rows``: from ``FROM`` on, with the condition and the order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AsCsv:
    """Lines of CSV: nothing at all is NULL, ``""`` an empty text."""

    columns: Sequence[ExportColumn]

    @property
    def options(self) -> LiteralString:
        return CSV_OPTIONS

    def query(self, rows: sql.Composable) -> sql.Composable:
        return sql.SQL("SELECT {} {}").format(comma_separated([column.plain for column in self.columns]), rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class AsStored:
    """Lines of CSV with the values as PostgreSQL prints them."""

    columns: Sequence[ExportColumn]

    @property
    def options(self) -> LiteralString:
        return CSV_OPTIONS

    def query(self, rows: sql.Composable) -> sql.Composable:
        return sql.SQL("SELECT {} {}").format(comma_separated([column.stored for column in self.columns]), rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class AsExcelCsv:
    """Lines of CSV with semicolons, for people."""

    columns: Sequence[ExportColumn]

    @property
    def options(self) -> LiteralString:
        return f"{CSV_OPTIONS}, DELIMITER ';'"

    def query(self, rows: sql.Composable) -> sql.Composable:
        return sql.SQL("SELECT {} {}").format(comma_separated([column.for_excel for column in self.columns]), rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class AsJson:
    """An object a line, with the values that the API's pages have."""

    columns: Sequence[ExportColumn]

    @property
    def options(self) -> LiteralString:
        return ONE_TEXT_OPTIONS

    def query(self, rows: sql.Composable) -> sql.Composable:
        named = comma_separated([column.renamed(column.json) for column in self.columns])
        return sql.SQL("SELECT row_to_json(r)::text FROM (SELECT {} {}) AS r").format(named, rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class AsTyped:
    """Lines of CSV that Arrow reads into types of its own; what has none for the values at hand comes as text."""

    columns: Sequence[ExportColumn]
    as_text: frozenset[str]
    """Names of those that come as in ``AsCsv``."""

    @property
    def options(self) -> LiteralString:
        return CSV_OPTIONS

    def query(self, rows: sql.Composable) -> sql.Composable:
        values = [column.plain if column.name in self.as_text else column.typed for column in self.columns]
        return sql.SQL("SELECT {} {}").format(comma_separated(values), rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class AsSheetRows:
    """Rows of a sheet of a workbook, an element a line.

    A cell of several lines has COPY put quotes around, ``\\x01``, which stand for nothing else in it.
    """

    columns: Sequence[ExportColumn]
    styles: Mapping[str, int]
    """The number of the style of a column of decimals, by its name."""

    @property
    def options(self) -> LiteralString:
        return ONE_TEXT_OPTIONS

    def query(self, rows: sql.Composable) -> sql.Composable:
        cells = [cell_xml(column, style=self.styles.get(column.name, 0)) for column in self.columns]
        return sql.SQL("SELECT '<row>' || {} || '</row>' {}").format(sql.SQL(" || ").join(cells), rows)
