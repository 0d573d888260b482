"""Two units that a column's number formats show are said, as two currencies are."""

import struct
from pathlib import Path

import pytest

from tests.unit.tabular.workbook import packages
from tests.unit.tabular.workbook.packages import biff, ods_text, ods_value, write_compound, write_ods, write_xlsx
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.formats.number_format import number_format


def said(path: Path) -> list[dict[str, object]]:
    (table,) = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=0)
    return [dict(note.figures) for note in table.dialect.notes if note.kind is NoteKind.UNITS]


def xlsx(path: Path, *codes: str) -> Path:
    """A second column of 5, 6, 7 …, each in one of the formats."""
    quoted = [code.replace('"', "&quot;") for code in codes]
    own = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(quoted))
    formats = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(codes)))
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c><c r="B{at}" s="{at - 2}"><v>{at + 3}</v></c></row>'
        for at in range(2, len(codes) + 2)
    )
    parts = {
        "xl/styles.xml": f'{packages.DECLARATION}<styleSheet xmlns="{packages.MAIN}"><numFmts>{own}</numFmts>'
        f'<cellXfs>{formats}<xf numFmtId="0"/></cellXfs></styleSheet>',
        "xl/_rels/workbook.xml.rels": packages.links(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
    }
    return write_xlsx(path / "u.xlsx", packages.HEADER + rows, parts)


@pytest.mark.parametrize(
    ("codes", "cells"),
    [
        (('0 "kg"', '0 "g"', '0 "kg"'), {"kg": 2, "g": 1}),
        (("0.0\\ \\k\\m", '0.0" mi"'), {"km": 1, "mi": 1}),
        (('0"°C"', '0"°F"'), {"°C": 1, "°F": 1}),
    ],
)
def test_two_units_in_a_column_are_said(tmp_path: Path, codes: tuple[str, ...], cells: dict[str, int]) -> None:
    assert said(xlsx(tmp_path, *codes)) == [{"column": "B", "cells": cells}]


@pytest.mark.parametrize(
    "codes",
    [
        ('0 "kg"', '0.0 "kg"'),
        ('0 "kg"', "0"),
        ('0 "day"', '0 "days"'),
        ('0.0,"K"', '0.0,,"M"'),
        ('[=1]0"st"', '[=2]0"nd"'),
        ("0%", "0.00%"),
        ("0.00E+00", "0"),
    ],
)
def test_one_unit_thousands_and_ordinal_numbers_are_not(tmp_path: Path, codes: tuple[str, ...]) -> None:
    assert said(xlsx(tmp_path, *codes)) == []


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ('#,##0.00" m²"', "m²"),
        ('General "kg"', "kg"),
        ('0 "kg";-0 "kg"', "kg"),
        ('"Nr. "0', ""),
        ('dd.mm.yyyy "Uhr"', ""),
        ('0 "€"', ""),
    ],
)
def test_unit_stands_behind_the_digits(code: str, unit: str) -> None:
    assert number_format(code).unit == unit


def ods_number(value: str, text: str) -> str:
    return ods_value("float", value).replace("<text:p>x<", f"<text:p>{text}<")


@pytest.mark.parametrize(
    ("texts", "cells"),
    [
        ((("5", "5 kg"), ("1500", "1,500 g"), ("5.25", "5 kg")), {"kg": 2, "g": 1}),
        ((("5", "5 kg"), ("7", "7 kg")), None),
        ((("1500", "1.5 K"), ("2500000", "2.5 M")), None),
        ((("100000", "1E+05"), ("5", "5")), None),
        ((("1e400", "5 kg"), ("INF", "7 g")), None),
    ],
)
def test_two_units_of_an_ods_are_said(
    tmp_path: Path, texts: tuple[tuple[str, str], ...], cells: dict[str, int] | None
) -> None:
    rows = [ods_value("float", "1") + ods_number(value, text) for value, text in texts]

    found = said(write_ods(tmp_path / "u.ods", ods_text("a") + ods_text("b"), *rows))

    assert found == ([] if cells is None else [{"column": "B", "cells": cells}])


def test_two_units_of_an_xls_are_said(tmp_path: Path) -> None:
    codes = ('0 "kg"', '0 "g"')
    formats = b"".join(
        biff(0x041E, struct.pack("<HH", 164 + at, len(code)) + b"\0" + code.encode()) for at, code in enumerate(codes)
    )
    styles = b"".join(biff(0x00E0, struct.pack("<HHH", 0, 164 + at, 0) + bytes(14)) for at in range(2))
    head = [packages.xls_text(0, at, name) for at, name in enumerate("ab")]
    cells = [
        biff(0x0203, struct.pack("<HHHd", row, column, style, 5 + row))
        for row in (1, 2)
        for column, style in ((0, 0), (1, row - 1))
    ]
    stream = packages.xls_stream([*head, *cells], globals_=formats + styles)

    found = said(write_compound(tmp_path / "u.xls", "Workbook", stream))

    assert found == [{"column": "B", "cells": {"kg": 1, "g": 1}}]
