"""Bars in the header show where the cells of rows without bars begin: tables of IPAC."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.rows.test_named_values import read
from uploads.tabular.dialect.columns.barred_columns import find_barred

REMARKS = "\\catalog='Spitzer'\n\\ two sources\n"
NAMES = "|  ra   |  dec  | name       |\n"
MORE = "| double| double| char       |\n|  deg  |  deg  |            |\n"
ROWS = "  10.25  -41.30  M 31 north \n 120.5    17.02  J12+34     \n   3.75    0.01  null       \n"


@pytest.mark.parametrize("more", ["", MORE], ids=["names alone", "types and units"])
@pytest.mark.parametrize("remarks", ["", REMARKS], ids=["", "remarks"])
def test_rows_are_cut_below_the_bars(tmp_path: Path, remarks: str, more: str) -> None:
    top = remarks.count("\n")
    first = top + 2 + more.count("\n")
    assert read(tmp_path, remarks + NAMES + more + ROWS) == [(top + 1, [first, first + 1, first + 2], top, 0)]


def test_units_are_said() -> None:
    form = find_barred(NAMES + MORE + ROWS)
    assert form is not None
    assert form.note.figures == {"columns": 3, "more": 2, "units": ["ra: deg", "dec: deg"]}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n", id="rows between bars"),
        pytest.param(NAMES + "  10.25  -41.30  M 31\n 120.5 17.02345   J12\n", id="a value below a bar"),
        pytest.param("| a | b |\n| 1 | 2 |\n| 3 | 4 |\nAll in euros of 2024\n", id="rows between bars and a remark"),
        pytest.param("|a|b\n1|2\n", id="no bar at the end"),
        pytest.param("\\section{x}\nSome text | more\n", id="no header"),
    ],
)
def test_neighbours_are_cut_otherwise(text: str) -> None:
    assert find_barred(text) is None


def test_line_with_other_bars_further_down_is_a_row_that_does_not_fit() -> None:
    """Only what stands in the places of the header is the header once more."""
    form = find_barred(NAMES + MORE + ROWS)
    assert form is not None
    cut = form.start()
    assert cut((NAMES + MORE).encode(), final=False) == b"ra|dec|name\n\n\n"
    assert cut(b"| a | b |\n", final=False) == b'"| a | b |"\n'
    assert cut(NAMES.encode(), final=True) == b"\n"
