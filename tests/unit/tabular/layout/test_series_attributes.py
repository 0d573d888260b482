"""Lines below the names of time series that say what each is: its unit, its code, the day of its release."""

import pytest

from uploads.tabular.layout.said_rows import find_text_layout
from uploads.tabular.layout.surveys.survey_header import find_survey
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ReadOptions

YEARS = [f"{year}{part},{year - 1990}.5" for part in ("", " Q1", " JAN") for year in (1990, 1991, 1992)]
SERIES = ["Title,CPI index", "CDID,D7BT", "Unit,%", "Release date,21-02-2024", "Important notes,"]


def layout(*lines: str) -> TextLayout:
    rows = [line.split(",") for line in lines]
    return find_text_layout(rows, range(1, len(rows) + 1), options=ReadOptions(), elsewhere=())[0].layout


def test_lines_that_say_what_a_series_is_describe_its_column() -> None:
    found = layout("Published by the office,", *SERIES, *YEARS)

    assert (found.header, found.first, found.labels) == (1, 6, ("Title", "CPI index"))
    assert found.survey is not None
    assert found.survey.descriptions == ("", "CDID: D7BT; Unit: %; Release date: 21-02-2024")
    [sentence] = sentences_of([found.survey.note(unit="line", places=range(2, 7))])
    assert sentence.startswith("Lines 3 to 6 say what each series is: it is kept as the columns’ descriptions. ")


def test_corner_above_them_may_be_blank() -> None:
    found = layout(",Exports", *SERIES[1:], *YEARS)

    assert (found.header, found.first, found.labels) == (0, 5, ("", "Exports"))


def test_letters_beside_the_figures_say_how_good_they_are() -> None:
    insee = ["Libellé,Prix,Codes", "idBank,001,", "Dernière mise à jour,15/03/2024,", "Période,,"]
    found = layout(*insee, *(f"2024-{month:02d},11{month}.5,{'A' if month < 5 else 'P'}" for month in range(1, 7)))

    assert (found.first, found.survey and found.survey.descriptions[1:]) == (
        4,
        ("idBank: 001; Dernière mise à jour: 15/03/2024", ""),
    )


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            [*SERIES, *(f"{1990 + i},{letter}" for i, letter in enumerate("ABABAB"))], id="nothing but letters"
        ),
        pytest.param(["Region,North", "Measure,Sales", "Unit,EUR", *YEARS], id="a header of three rows"),
        pytest.param([*SERIES, "a,1", "b,2", "c,3", "d,4", "e,5"], id="rows that are no series of times"),
        pytest.param([*SERIES, *(f"{1990 + i},x" for i in range(6))], id="words beside times"),
        pytest.param(["Run,7", "Operator,Lee", "Date,2024-03-11", "Unit,s", "Year,Temp", *YEARS], id="settings"),
    ],
)
def test_other_headers_are_none_of_them(lines: list[str]) -> None:
    assert find_survey([line.split(",") for line in lines]) is None
