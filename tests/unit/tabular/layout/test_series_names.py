"""Numbers in equal steps beside a name are an axis above figures; a row of values is none."""

import pytest

from uploads.tabular.layout.series_names import are_series_names


def cells(*lines: str) -> list[list[str]]:
    return [line.split(",") for line in lines]


BODY = cells("100,1.01,1.02,1.05", "1000,1.11,1.14,1.16", "10000,1.21,1.24,1.29")


@pytest.mark.parametrize("names", ["freq_hz,-20,0,20", "depth,0.5,1.0,1.5", "ms,100,200,300"])
def test_axis_beside_a_name_is_a_header(names: str) -> None:
    assert are_series_names(names.split(","), BODY)


@pytest.mark.parametrize("names", ["Crop,1990.0,1991.0,1992.0", ",1990,1991.0,1992.0"])
def test_years_as_pandas_writes_them_are_years(names: str) -> None:
    assert are_series_names(names.split(","), cells("Corn,75.2,68.9,59.5", "Soy,61.6,58.3,57.2"))


@pytest.mark.parametrize("first", ["Crop,1990.5,1991.5,1992.5", "Corn,1990.0,1991.0,1992.0"])
def test_figures_as_large_as_years_are_none(first: str) -> None:
    assert not are_series_names(first.split(","), cells("Soy,1993.0,1994.0,1995.0", "Rye,1996.0,1997.0,1998.0"))


@pytest.mark.parametrize(
    ("first", "body"),
    [
        pytest.param("freq_hz,-20,0,25", BODY, id="steps that differ"),
        pytest.param("freq_hz,20,0,-20", BODY, id="downwards"),
        pytest.param("1,-20,0,20", BODY, id="no name"),
        pytest.param("x,y,0,20", BODY, id="too few numbers"),
        pytest.param("Ann,10,20,30", cells("Bob,1,2,5", "Cid,4,5,9", "Dan,7,8,8"), id="a name above names"),
        pytest.param("n,10,20,30", cells("1,11,21,31", "2,12,22,32", "3,13,23,33"), id="rows of equal steps too"),
        pytest.param("n,10,20,30", cells("1,30,7,4", "2,12,9,32", "3,13,8,33"), id="its numbers come again"),
    ],
)
def test_other_rows_of_numbers_are_none(first: str, body: list[list[str]]) -> None:
    assert not are_series_names(first.split(","), body)
