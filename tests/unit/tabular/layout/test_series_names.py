"""Numbers in equal steps beside a name are an axis above figures; a row of values is none."""

import pytest

from uploads.tabular.layout.header_evidence import header_notes, judge_header
from uploads.tabular.layout.series_names import are_series_names, is_sure_series


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


AREAS = [["North", "10", "20", "1990"], ["South", "1991", "5", "6"]]


@pytest.mark.parametrize(
    "first",
    [
        "area,1990,1991,1992",
        ",1990.0,2000.0,2010.0",
        "area,2010,2009,2008",
        "area,2024-01-01,2024-02-01,2024-03-01",
        "area,2008/1,2008/2,2008/3",
        "area,01.05.2026,02.05.2026,03.05.2026",
        "area,0:00,0:15,0:30",
    ],
)
def test_years_in_equal_steps_and_dates_are_names_beyond_doubt(first: str) -> None:
    assert is_sure_series(first.split(","), AREAS)
    assert judge_header(first.split(","), AREAS).why is not None
    assert (
        header_notes(judge_header(first.split(","), AREAS).why, unit="line", place=1, columns=4, is_header=True) == ()
    )


@pytest.mark.parametrize(
    ("first", "body"),
    [
        pytest.param(
            "area,1990,1991,1992", [*AREAS, ["West", "1993", "1994", "1995"]], id="a row below that is one too"
        ),
        pytest.param("area,1990,1991,1990", AREAS, id="a year twice"),
        pytest.param("area,1990,1991,1997", AREAS, id="steps that differ"),
        pytest.param("area,note,1990,1991", AREAS, id="two years"),
        pytest.param("1990,1991,1992,1993", AREAS, id="nothing beside them"),
        pytest.param("area,12.50,13.50,14.50", AREAS, id="decimals"),
        pytest.param("area,1990,1991,200", AREAS, id="beside a number"),
    ],
)
def test_other_rows_may_be_data(first: str, body: list[list[str]]) -> None:
    assert not is_sure_series(first.split(","), body)
