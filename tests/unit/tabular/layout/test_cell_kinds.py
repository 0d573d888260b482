"""What kind of thing a cell holds: figures with decimals are figures, and only months are months."""

import pytest

from uploads.tabular.layout.cell_kinds import Kind, kind_in, kinds_of


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


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param(("x", "11.2023", "12.2023", "01.2024"), Kind.PERIOD, id="months that follow each other"),
        pytest.param(("x", "10.2051", "11.1021", "12.2521"), Kind.NUMBER, id="figures"),
        pytest.param(("x", "11.2023", "01.2024", "02.2024"), Kind.NUMBER, id="a month is missing"),
        pytest.param(("x", "11.2023", "12.2023"), Kind.NUMBER, id="two alone"),
    ],
)
def test_months_with_a_point_are_periods_in_their_order(row: tuple[str, ...], kind: Kind) -> None:
    assert set(kinds_of([row])[0, 1:].tolist()) == {kind}


@pytest.mark.parametrize(
    ("names", "first", "kind"),
    [
        pytest.param(("second", "Volt", "Volt"), "0.1", Kind.WORD, id="names alike above figures"),
        pytest.param(("second", "Volt", "Ampere"), "0.1", Kind.NUMBER, id="other names"),
        pytest.param(("x", "good", "good"), "y", Kind.NUMBER, id="a row that begins as those below"),
        pytest.param(("0.0", "Volt", "Volt"), "0.1", Kind.NUMBER, id="a row of values"),
    ],
)
def test_numbers_above_names_that_are_alike_are_names(names: tuple[str, ...], first: str, kind: Kind) -> None:
    rows = [("x-axis", "1", "2"), names, (first, "0.5", "0.6"), (first, "0.7", "0.8")]
    assert set(kinds_of(rows)[0, 1:].tolist()) == {kind}
