"""The workbooks that are loaded: mixed columns, a tenth of the cells empty, from a fixed seed.

The .xlsx is written as XML in blocks of columns, for openpyxl takes minutes for 10 million cells, this 5 seconds.
"""

import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tests.bench.data import AREAS, INDUSTRIES, SEED, WORDS, Table

BLOCK = 50_000
XLS_ROWS = 65_536
XLSX_ROWS = 1_048_576
"""What the formats can hold, the header included."""
FILLED = 0.9
FIRST_DAY = date(1982, 1, 1)
PHRASES = [f"{first} {second} {third}" for first in WORDS for second in WORDS for third in WORDS[:4]]
KINDS = ("shared", "whole", "decimal", "date", "boolean", "inline", "whole", "decimal")
TYPES = {
    "shared": "text",
    "inline": "text",
    "whole": "bigint",
    "decimal": "numeric",
    "date": "date",
    "boolean": "boolean",
}
OPENINGS = {
    "shared": '" t="s"><v>',
    "inline": '" t="inlineStr"><is><t>',
    "whole": '"><v>',
    "decimal": '"><v>',
    "date": '" s="1"><v>',
    "boolean": '" t="b"><v>',
}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xlsx(folder: Path, rows: int, columns: int) -> Table:
    """``rows`` rows below a header, with shared and inline texts, as spreadsheet programs write them."""
    table = _table(folder / f"sheet-{rows}-{columns}.xlsx", rows, columns)
    if not table.path.exists():
        with zipfile.ZipFile(table.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, text in _parts().items():
                package.writestr(name, XML + text)
            with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                span = f'<dimension ref="A1:{_letter(columns - 1)}{rows + 1}"/>'
                sheet.write(f'{XML}<worksheet xmlns="{MAIN}">{span}<sheetData>{_header(table.names)}'.encode())
                for start in range(0, rows, BLOCK):
                    sheet.write(_block(start, min(BLOCK, rows - start), columns))
                sheet.write(b"</sheetData></worksheet>")
    return table


def xls(folder: Path, rows: int, columns: int) -> Table:
    """The same kinds of columns in the format of before 2007."""
    import xlwt  # only this file needs it

    table = _table(folder / f"sheet-{rows}-{columns}.xls", rows, columns)
    if not table.path.exists():
        rng = np.random.default_rng(SEED)
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("Data")
        as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
        for column, name in enumerate(table.names):
            sheet.write(0, column, name)
            values = _xls_values(rng, _kind(column), rows)
            style = as_date if _kind(column) == "date" else xlwt.Style.default_style
            for row, filled in enumerate((rng.random(rows) < FILLED).tolist()):
                if filled:
                    sheet.write(row + 1, column, values[row], style)
        book.save(str(table.path))
    return table


def _table(path: Path, rows: int, columns: int) -> Table:
    kinds = [_kind(column) for column in range(columns)]
    names = tuple(f"{kind}_{column}" for column, kind in enumerate(kinds))
    return Table(path, names, tuple(TYPES[kind] for kind in kinds), rows)


def _kind(column: int) -> str:
    return KINDS[column % len(KINDS)]


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _header(names: tuple[str, ...]) -> str:
    cells = (f'<c r="{_letter(column)}1" t="inlineStr"><is><t>{name}</t></is></c>' for column, name in enumerate(names))
    return f'<row r="1">{"".join(cells)}</row>'


def _block(start: int, count: int, columns: int) -> bytes:
    """The XML of ``count`` rows: each column's cells are joined as one array, then the columns to rows."""
    rng = np.random.default_rng((SEED, start))
    numbers = pa.array(np.arange(start + 2, start + 2 + count)).cast(pa.string())
    cells = []
    for column in range(columns):
        kind = _kind(column)
        opening, closing = OPENINGS[kind], "</t></is></c>" if kind == "inline" else "</v></c>"
        cell = _joined(f'<c r="{_letter(column)}', numbers, opening, _values(rng, kind, count), closing)
        cells.append(pc.if_else(pa.array(rng.random(count) < FILLED), cell, ""))
    rows = _joined('<row r="', numbers, '">', *cells, "</row>")
    offsets, content = rows.buffers()[1:]
    first, last = np.frombuffer(offsets, np.int32)[[0, count]]
    return bytes(content[first:last])


def _joined(*pieces: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*pieces, "")


def _values(rng: np.random.Generator, kind: str, count: int) -> pa.Array:
    match kind:
        case "shared":
            return pa.array(rng.integers(len(PHRASES), size=count)).cast(pa.string())
        case "inline":
            return pa.array(AREAS).take(pa.array(rng.integers(len(AREAS), size=count)))
        case "whole":
            return pa.array(rng.integers(-1_000_000, 100_000_000, count)).cast(pa.string())
        case "decimal":
            return pa.array(rng.integers(-10_000_000, 1_000_000_000, count) / 100).cast(pa.string())
        case "date":
            return pa.array(rng.integers(30_000, 46_000, count)).cast(pa.string())
        case _:
            return pa.array(rng.integers(0, 2, count)).cast(pa.string())


def _xls_values(rng: np.random.Generator, kind: str, count: int) -> Sequence[Any]:
    match kind:
        case "shared":
            return [PHRASES[index] for index in rng.integers(len(PHRASES), size=count)]
        case "inline":
            return [INDUSTRIES[index] for index in rng.integers(len(INDUSTRIES), size=count)]
        case "whole":
            return [int(number) for number in rng.integers(-1_000_000, 100_000_000, count)]
        case "decimal":
            return [float(cents) / 100 for cents in rng.integers(-10_000_000, 1_000_000_000, count)]
        case "date":
            return [FIRST_DAY + timedelta(days=int(days)) for days in rng.integers(16_000, size=count)]
        case _:
            return [bool(bit) for bit in rng.integers(0, 2, count)]


def _parts() -> dict[str, str]:
    """All of the package but the sheet."""
    texts = "".join(f"<si><t>{phrase}</t></si>" for phrase in PHRASES)
    counts = f'count="{len(PHRASES)}" uniqueCount="{len(PHRASES)}"'
    types = (
        ("/xl/workbook.xml", "sheet.main"),
        ("/xl/worksheets/sheet1.xml", "worksheet"),
        ("/xl/styles.xml", "styles"),
        ("/xl/sharedStrings.xml", "sharedStrings"),
    )
    overrides = "".join(f'<Override PartName="{name}" ContentType="{OFFICE}.{kind}+xml"/>' for name, kind in types)
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
        ),
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relations(
            "worksheet", "worksheets/sheet1.xml", "styles", "styles.xml", "sharedStrings", "sharedStrings.xml"
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            f'<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
            f'<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
            f'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            f'<cellXfs count="2"><xf xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs>'
            f'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" {counts}>{texts}</sst>',
    }


def _relations(*kinds_and_targets: str) -> str:
    pairs = list(pairwise(kinds_and_targets))[::2]
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
