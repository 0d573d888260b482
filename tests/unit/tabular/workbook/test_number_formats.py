"""What a number is as its format shows it, and whether the first reader sees the same."""

import html
from pathlib import Path

import pytest
import python_calamine as calamine

from tests.unit.tabular.workbook import packages
from uploads.tabular.workbook.formats.built_in import seen_as_date
from uploads.tabular.workbook.formats.number_format import number_format
from uploads.tabular.workbook.formats.shown import Odd, shown
from uploads.tabular.workbook.sheet.cells import column_text

SHOWN = {
    # ID and phone masks: text as shown.
    (2108, "00000"): "02108",
    (0, "00000"): "00000",
    (7, "00"): "07",
    (123456, "00000"): "123456",
    (12345678, "000\\-00\\-0000"): "012-34-5678",
    (5551234, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####"): "555-1234",
    (5551234567, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####"): "(555) 123-4567",
    (612345678, '0#" "##" "##" "##" "##'): "06 12 34 56 78",
    (42, '"INV-"00000'): "INV-00042",
    # A 0 or # in quotes is no place for a digit.
    (1234, '"INV2020-"000'): "INV2020-1234",
    (7, '"INV2020-"000'): "INV2020-007",
    (124, '"20"00'): "20124",
    (12345, "\\00000"): "012345",
    (7, '"#"000'): "#007",
    (12345678, "##\\.###\\.###"): "12.345.678",
    (12345, "##\\-##0"): "12-345",
    # Amounts stay numbers, whatever they look like.
    (12345678, "[>=10000000]##\\,##\\,##\\,##0;[>=100000]##\\,##\\,##0;##,##0"): "12345678",
    (123456, "[>=10000000]##\\,##\\,##\\,##0;[>=100000]##\\,##\\,##0;##,##0"): "123456",
    (1234567, "#\\.###\\.##0"): "1234567",
    (1234, "#\\.##0"): "1234",
    (1234.5, "00000"): "1234.5",
    (-5, "00000"): "-5",
    (1234567, "#,##0"): "1234567",
    (1234567, "# ##0"): "1234567",
    (1234567, "#\\ ###\\ ##0"): "1234567",
    (0.5, "000.0"): "0.5",
    (12, '0" kg"'): "12",
    (12, "0.00E+00"): "12",
    (0.125, "00%"): "0.125",
    (12, "[$€-407] 00"): "12",
    (0, '#,##0;-#,##0;"-"'): "0",
    (0, ";;;"): "0",
    (3.5, "# ??/??"): "3.5",
    (12, "General"): "12",
    (12, "@"): "12",
    # Dates and times, also where their section isn't the first.
    (45352, "dd.mm.yyyy"): "2024-03-01",
    (45352, '[=0]"";dd.mm.yyyy'): "2024-03-01",
    (0, '[=0]"";dd.mm.yyyy'): "",
    (0.25, '[=0]"-";hh:mm'): "06:00:00",
    (45352, "[<1]hh:mm;yyyy-mm-dd"): "2024-03-01",
    (0.25, "[<1]hh:mm;yyyy-mm-dd"): "06:00:00",
    (0, "dd.mm.yyyy;;"): "",
    (45352, "dd.mm.yyyy;@"): "2024-03-01",
    (45352.25, "yyyy-mm-dd hh:mm"): "2024-03-01 06:00:00",
    (45352, 'yyyy"年"m"月"d"日"'): "2024-03-01",
    (45352, "mmm"): "2024-03-01",
    (1, "yyyy-mm-dd"): "1900-01-01",
    (61, "yyyy-mm-dd"): "1900-03-01",
    (0.5, "mm:ss"): "12:00:00",
    (1.5, "[h]:mm"): "36:00:00",
    (45352.5, "hh:mm"): "2024-03-01 12:00:00",
}


@pytest.mark.parametrize(("number", "code"), SHOWN)
def test_number_is_read_as_its_format_shows_it(number: float, code: str) -> None:
    cell, odd = shown(number, number_format(code), is_1904=False)

    assert column_text([cell])[0].to_pylist() == [SHOWN[number, code]]
    assert odd is (Odd.HIDDEN if not SHOWN[number, code] else None)


@pytest.mark.parametrize(
    ("number", "code", "text", "odd"),
    [
        (0, "yyyy-mm-dd", "", Odd.ZERO_DATE),
        (1.0625, "hh:mm", "01:30:00", Odd.OVER_A_DAY),
        (-0.25, "hh:mm", "-6:00:00", Odd.NEGATIVE),
        (-1.5, "[h]:mm", "-36:00:00", Odd.NEGATIVE),
        (-3, "yyyy-mm-dd", "-3", Odd.NEGATIVE),
    ],
)
def test_what_is_odd_about_a_date_or_time_is_said(number: float, code: str, text: str, odd: Odd) -> None:
    cell, found = shown(number, number_format(code), is_1904=False)

    assert (column_text([cell])[0].to_pylist(), found) == ([text], odd)


@pytest.mark.parametrize(("code", "text"), [("[h]:mm", "-6:00:00"), ("hh:mm", "-6:00:00")])
def test_time_below_0_is_nothing_odd_in_the_system_of_1904(code: str, text: str) -> None:
    """Excel shows it there as it is."""
    cell, odd = shown(-0.25, number_format(code), is_1904=True)

    assert (column_text([cell])[0].to_pylist(), odd) == ([text], None)


def test_day_0_of_the_system_of_1904_is_a_day() -> None:
    cell, odd = shown(0, number_format("yyyy-mm-dd"), is_1904=True)

    assert (column_text([cell])[0].to_pylist(), odd) == (["1904-01-01"], None)


CODES = [
    *dict.fromkeys(code for _, code in SHOWN),
    *("h:mm AM/PM", "[hh]:mm:ss", "[$-409]d-mmm;@", "[Red]yyyy", '"Day "0', "\\d0", "_d0", "[mm]:ss", "[Blue]0", "[s]"),
    *("A0", "AM/PM", "0;yyyy", "e/m/d", "[$-F800]dddd", "[DBNum1]0", "Standard", "[>1]yyyy;0", "[h]", '#,##0 "DM"'),
    *("Std", "g/m", "[ENG][$-804]dd", "0.0 [$hrs]"),
]


def test_it_is_known_which_formats_the_first_reader_takes_for_dates(tmp_path: Path) -> None:
    """A new version of calamine that sees more, or less, must not be corrected where it is right."""
    numbers = [*((164 + place, code) for place, code in enumerate(CODES)), *((number, None) for number in range(82))]
    own = "".join(f'<numFmt numFmtId="{at}" formatCode="{html.escape(code)}"/>' for at, code in numbers if code)
    formats = "".join(f'<xf numFmtId="{at}"/>' for at, _ in numbers)
    styles = (
        f'{packages.DECLARATION}<styleSheet xmlns="{packages.MAIN}"><numFmts>{own}</numFmts>'
        f"<cellXfs>{formats}</cellXfs></styleSheet>"
    )
    cells = "".join(
        f'<row r="{at}"><c r="A{at}" s="{at - 1}"><v>45352.5</v></c></row>' for at in range(1, len(numbers) + 1)
    )
    links = packages.links(worksheet="worksheets/sheet1.xml", styles="styles.xml")
    path = packages.write_xlsx(
        tmp_path / "s.xlsx", cells, {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": links}
    )

    read = [row[0] for row in calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()]

    wrong = [
        (number, code, cell)
        for (number, code), cell in zip(numbers, read, strict=True)
        if (not isinstance(cell, float)) != seen_as_date(code, number)
    ]
    assert wrong == []
