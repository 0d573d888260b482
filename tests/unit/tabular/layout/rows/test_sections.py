"""Sections below names in brackets hold settings or a table each, as instruments write them."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.rows.test_named_values import read
from uploads.tabular.layout.rows.sections import find_sections
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions

SETTINGS = "[Header]\nName\tLabSolutions\nVersion\t5.97\nDate\t2024/03/05\n\n"
PEAKS = "[Peak Table]\n# of Peaks\t2\nPeak#\tTime\tName\n1\t2.1\tCaffeine\n2\t3.2\tTheine\n\n"
SPARSE = "[Peak Table]\n# of Peaks\t3\nPeak#\tTime\tName\n1\t2.1\tCaffeine\n2\t\t\n3\t4.0\tTheine\n\n"
TRACE = "[Chromatogram]\nInterval\t500\nUnits\tmAU\nTime\tIntensity\n0.0\t12\n0.5\t-7\n1.0\t40\n"


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        pytest.param(SETTINGS + PEAKS + TRACE, [(8, [9, 10], 6, 0), (15, [16, 17, 18], 3, 0)], id="two tables"),
        pytest.param(SPARSE + TRACE, [(3, [4, 5, 6], 2, 0), (11, [12, 13, 14], 3, 0)], id="a row of a name alone"),
        pytest.param(SETTINGS + PEAKS, [(8, [9, 10], 6, 0)], id="settings and one table"),
        pytest.param(PEAKS + SETTINGS + TRACE, [(3, [4, 5], 2, 0), (15, [16, 17, 18], 7, 0)], id="settings between"),
    ],
)
def test_each_section_with_a_table_is_one(tmp_path: Path, text: str, tables: list[object]) -> None:
    assert read(tmp_path, text) == tables


def test_rows_padded_to_one_width_are_told_apart_too(tmp_path: Path) -> None:
    text = "[Header],,\nVersion,4,\nName,Run 12,\n,,\n[Data],,\nSample,Well,Index\nS1,A1,ACGT\nS2,B1,TTGA\n"
    assert read(tmp_path, text) == [(6, [7, 8], 4, 0)]


def test_who_wants_one_table_gets_one(tmp_path: Path) -> None:
    text = "[A]\ncode,price,day\n1,2,3\n4,5,6\n[B]\nname,size,kind\n7,8,9\n"
    assert len(read(tmp_path, text)) == 2
    path, options = tmp_path / "a.txt", ReadOptions(one_table=True)
    assert len(list(open_tables(path, name="a.txt", options=options, limits=Limits()))) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("kind;tags\nx;[a]\ny;[b]\n", id="brackets in cells"),
        pytest.param("[a];1\n[b];2\n[c];3\n", id="brackets in rows"),
        pytest.param("Title\n[USD]\nyear;sum\n2023;4\n2024;5\n", id="a unit below a title"),
        pytest.param("[Header]\nName;x\nVersion;4\n", id="settings alone"),
    ],
)
def test_neighbours_are_no_sections(text: str) -> None:
    assert not find_sections([tuple(line.split(";")) for line in text.splitlines()])
