"""A workbook (XLSX) that is written while it is read: PostgreSQL prints the cells, this packs them.

Measured with 1,000,000 rows of ten columns: XlsxWriter in its constant memory 45 s, a Rust writer with bindings 7 s.
Both want a file that they can go back in, so nothing could be sent before the last row, and neither is needed for
sheets of plain cells.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from uploads.database.exporting.cells import FIRST_STYLE_OF_SCALES, STYLE_DATE, STYLE_HEADER, STYLE_TIME
from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.measuring import ValueFigures
from uploads.database.exporting.printing import AsSheetRows
from uploads.services.exporting.drain import Drain, DrainedZip
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ColumnType

MOST_ROWS = 1_048_576
"""Of a sheet, with its header."""
MOST_SHEET_BYTES = 1_500 * 2**20
"""Beyond 2 GiB a streamed zip needs an extension that Excel refuses; a further sheet begins before."""
MOST_PLACES = 30
"""That Excel shows behind a point."""
LONGEST_TEXT = 32_767
_ROW_END = b"</row>\n"
_WIDEST, _NARROWEST = 50, 10
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class CannotExport(UploaderError):
    """The format does not hold these values."""

    code = "cannot_export"


class WorkbookEncoder:
    """Sheets of as many rows as Excel has, each with labels above that stay in sight."""

    def __init__(self, columns: Sequence[ExportColumn], figures: ValueFigures) -> None:
        """Raises ``CannotExport``."""
        _check_texts(figures)
        self._columns = columns
        self._scales = _scales(columns, figures)
        every = sorted(set(self._scales.values()))
        self._style_scales = every
        styles = {name: FIRST_STYLE_OF_SCALES + every.index(scale) for name, scale in self._scales.items()}
        self.printing = AsSheetRows(columns=columns, styles=styles)
        self._drain = Drain()
        self._zip = DrainedZip(self._drain)
        self._sheets = 0
        self._rows = self._bytes = 0

    def begin(self) -> bytes:
        self._begin_sheet()
        return self._drain.take()

    def piece(self, printed: bytes) -> bytes:
        rows = printed.replace(b"\x01", b"")
        count = rows.count(_ROW_END)
        while self._rows + count > MOST_ROWS:
            fitting = MOST_ROWS - self._rows
            place = _end_of_rows(rows, fitting)
            self._write(rows[:place], fitting)
            rows, count = rows[place:], count - fitting
            self._end_sheet()
            self._begin_sheet()
        if self._bytes + len(rows) > MOST_SHEET_BYTES:
            self._end_sheet()
            self._begin_sheet()
        self._write(rows, count)
        return self._drain.take()

    def end(self) -> bytes:
        self._end_sheet()
        for name, text in _parts(self._sheets, self._style_scales).items():
            self._zip.writestr(name, _HEAD + text)
        self._zip.close()
        return self._drain.take()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._rows = self._bytes = 0
        self._sheet = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w")
        self._write(_sheet_head(self._columns).encode(), 1)

    def _write(self, rows: bytes, count: int) -> None:
        self._sheet.write(rows)
        self._rows += count
        self._bytes += len(rows)

    def _end_sheet(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()


def _check_texts(figures: ValueFigures) -> None:
    for name, letters in figures.long_texts.items():
        if letters > LONGEST_TEXT:
            raise CannotExport(
                f"The column {name} has a text of {letters:,} letters, and a cell of Excel holds {LONGEST_TEXT:,}.",
                hint="Take another format, or leave the column out.",
            )


def _end_of_rows(rows: bytes, count: int) -> int:
    """Behind the first ``count`` rows."""
    place = 0
    for _ in range(count):
        place = rows.index(_ROW_END, place) + len(_ROW_END)
    return place


def _scales(columns: Sequence[ExportColumn], figures: ValueFigures) -> dict[str, int]:
    """Places behind the point of columns of which all values have as many."""
    found = {}
    for column in columns:
        known = figures.numbers.get(column.name) if column.type is ColumnType.NUMERIC else None
        if known is not None and known.least_scale == known.most_scale and 0 < (known.most_scale or 0) <= MOST_PLACES:
            found[column.name] = known.most_scale or 0
    return found


def _sheet_head(columns: Sequence[ExportColumn]) -> str:
    labels = [_label(column) for column in columns]
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{max(_NARROWEST, min(_WIDEST, len(label) + 2))}" customWidth="1"/>'
        for number, label in enumerate(labels, start=1)
    )
    cells = "".join(
        f'<c t="inlineStr" s="{STYLE_HEADER}"><is><t xml:space="preserve">{_escaped(label)}</t></is></c>'
        for label in labels
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{cells}</row>\n"
    )


def _label(column: ExportColumn) -> str:
    label = column.label or column.name
    return f"{label} (UTC)" if column.type is ColumnType.TIMESTAMPTZ else label


def _escaped(text: str) -> str:
    return escape(
        "".join(letter if letter.isprintable() or letter in "\t\n" else "␀" for letter in text[:LONGEST_TEXT])
    )


def _parts(sheets: int, scales: Sequence[int]) -> dict[str, str]:
    """The small files of a workbook, by name."""
    numbers = range(1, sheets + 1)
    overrides = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    overrides += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers]
    listed = "".join(f'<Override PartName="{name}" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in overrides)
    named = "".join(f'<sheet name="Rows{"" if n == 1 else f" {n}"}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _styles(scales),
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/>{listed}</Types>',
    }


def _styles(scales: Sequence[int]) -> str:
    codes = {STYLE_DATE: "yyyy-mm-dd", STYLE_TIME: "yyyy-mm-dd hh:mm:ss"}
    codes |= {FIRST_STYLE_OF_SCALES + place: f"0.{'0' * scale}" for place, scale in enumerate(scales)}
    formats = "".join(f'<numFmt numFmtId="{163 + style}" formatCode="{code}"/>' for style, code in codes.items())
    cells = "".join(
        f'<xf numFmtId="{163 + style}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        if style in codes
        else f'<xf numFmtId="0" fontId="{int(style == STYLE_HEADER)}" fillId="0" borderId="0" xfId="0"/>'
        for style in range(FIRST_STYLE_OF_SCALES + len(scales))
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(codes)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{FIRST_STYLE_OF_SCALES + len(scales)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
