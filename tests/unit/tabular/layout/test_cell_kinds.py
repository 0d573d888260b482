"""What kind of thing a cell holds: figures with decimals are figures, and only months are months."""

import pytest

from uploads.tabular.layout.cell_kinds import Kind, kind_in


@pytest.mark.parametrize("cell", ["51.4", "0.9", "5123.7", "1990.55"])
def test_figure_with_decimals_is_a_number(cell: str) -> None:
    assert kind_in(cell) is Kind.NUMBER


@pytest.mark.parametrize("cell", ["2024.05", "12.05.2024", "12/05", "10:30", "2024-05"])
def test_day_month_or_time_is_a_date(cell: str) -> None:
    assert kind_in(cell) is Kind.DATE


@pytest.mark.parametrize("cell", ["Separated", "Marine", "Decimals", "Octane", "Novels"])
def test_word_that_begins_like_a_month_is_a_word(cell: str) -> None:
    assert kind_in(cell) is Kind.WORD


@pytest.mark.parametrize("cell", ["Sep", "Sept. 2009", "September", "Januar", "Mars 2009", "Q3"])
def test_month_is_a_period(cell: str) -> None:
    assert kind_in(cell) is Kind.PERIOD
