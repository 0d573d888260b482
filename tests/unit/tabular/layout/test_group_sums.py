"""Sums of groups are told by their numbers where all rows belong to groups; other tables have none."""

import pyarrow as pa
import pytest

from uploads.tabular.layout.sums.group_sums import group_sums
from uploads.tabular.layout.sums.reckoned_rows import subtotals

ROWS = ["a;1120;1,5", "b;80;2", "South together;1200;3,5", "c;7;14", "d;1033;9,5", "North together;1040;23,5"]


def columns(rows: list[str]) -> list[pa.Array]:
    return [pa.array(cells, pa.string()) for cells in zip(*(row.split(";") for row in rows), strict=True)]


def test_sums_of_groups_are_told_whatever_word_begins_them() -> None:
    assert group_sums(columns(ROWS)) == subtotals(columns(ROWS)) == [2, 5]
    assert group_sums(columns([*ROWS, "All;2240;27,0"])) == [2, 5, 6]
    assert group_sums(columns([f"{row};2026;x" for row in ROWS])) == [2, 5]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*ROWS, "e;1;1"], id="a row of no group"),
        pytest.param([row.replace("40;23,5", "40;24").replace("1200;3,5", "1200;3") for row in ROWS], id="one column"),
        pytest.param(ROWS[:3], id="one group"),
        pytest.param(["a;1;1", "b;1;1", "c;2;2", "d;1;1", "e;1;1", "f;2;2"], id="small numbers"),
        pytest.param(["a;0;0", "b;0;0", "c;0;0", "d;0;0", "e;0;0", "f;0;0"], id="zeros"),
        pytest.param(["a;1000;2", "b;1000;2", "c;5;5", "d;1000;2", "e;1000;2", "f;5;5"], id="rows that are alike"),
    ],
)
def test_other_rows_sum_nothing_up(rows: list[str]) -> None:
    assert group_sums(columns(rows)) == []
