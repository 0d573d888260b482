"""Names that are dates or numbers, and rows of values that only look like them."""

import pytest

from uploads.tabular.layout.series_header import is_series_header
from uploads.tabular.layout.sheet_header import find_header

HEADERS = [
    [["item", "2024-01-01", "2024-02-01", "2024-03-01"], ["a", "1", "2", "3"], ["b", "4", "5", "6"]],
    [["", "1/22/20", "1/23/20"], ["Oslo", "0", "2"], ["Rome", "1", "1"]],
    [["item", "2024-01", "2024-02"], ["a", "1.5", "2"], ["b", "", "6"]],
    [["Konto", "11.2023", "12.2023", "01.2024"], ["Miete", "100", "100", "90"], ["Strom", "20.5", "21", "8"]],
    [["question", "1", "2", "3", "4", "5"], ["Q1", "10", "20", "30", "5", "1"], ["Q2", "11", "21", "31", "6", "2"]],
    [["", "0", "1", "2"], ["a", "7", "1", "9"], ["b", "0.5", "3", "9"]],
]
VALUES = [
    # dates above dates
    [["a", "2024-01-01", "2024-02-01"], ["b", "2024-01-02", "2024-02-03"], ["c", "2024-01-05", "2024-02-03"]],
    # a row that is written like those below it
    [["Q0", "1", "2", "3"], ["Q1", "10", "20", "30"], ["Q2", "11", "21", "31"]],
    # no scale from 0 or 1 on
    [["a", "5", "6", "7"], ["b", "1", "9", "3"], ["c", "2", "2", "2"]],
    # two numbers are none
    [["a", "1", "2"], ["b", "7", "9"], ["c", "3", "3"]],
    # every row is one
    [["a", "1", "2", "3"], ["b", "1", "2", "3"], ["c", "4", "5", "6"]],
    # no word at all
    [["1", "2", "3"], ["7", "8", "1"], ["4", "5", "6"]],
]


@pytest.mark.parametrize("rows", HEADERS)
def test_series_names_its_columns(rows: list[list[str]]) -> None:
    assert is_series_header(rows[0], rows[1:])
    assert find_header(rows).header == 0


@pytest.mark.parametrize("rows", VALUES)
def test_row_of_values_is_no_series(rows: list[list[str]]) -> None:
    assert not is_series_header(rows[0], rows[1:])
    assert find_header(rows).header is None
