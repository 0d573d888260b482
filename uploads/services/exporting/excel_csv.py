"""CSV for people who open it in a spreadsheet; how its rows are printed, ``database/exporting/printing.py`` says."""

import csv
import io
from collections.abc import Sequence

from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.printing import AsExcelCsv
from uploads.services.exporting.formula_guard import safe_cell


class ExcelCsvEncoder:
    """For people: a BOM, semicolons, decimal commas, labels above, no formulas."""

    def __init__(self, columns: Sequence[ExportColumn]) -> None:
        self._columns = columns
        self.printing = AsExcelCsv(columns=columns)

    def begin(self) -> bytes:
        line = io.StringIO()
        labels = [safe_cell(column.label or column.name) for column in self._columns]
        csv.writer(line, lineterminator="\n", delimiter=";").writerow(labels)
        return f"\ufeff{line.getvalue()}".encode()

    def piece(self, printed: bytes) -> bytes:
        return printed

    def end(self) -> bytes:
        return b""
