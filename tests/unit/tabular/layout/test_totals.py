"""Rows that sum others up: told by their words and their numbers, and never offered as words for nothing."""

import pytest

from uploads.tabular.layout.totals import count_totals, counts_twice, is_total_word


@pytest.mark.parametrize(
    "word",
    [
        *("Total", "GRAND TOTAL:", "Subtotal", "Gesamtergebnis", "Zwischensumme", "Total général", "Sous-total"),
        *("Suma końcowa", "Razem", "Итого", "Общий итог", "总计", "小計", "총합계", "Genel Toplam", "Celkový součet"),
        *("Összesen", "Yhteensä", "Totalsumma", "Eindtotaal", "Totale complessivo", "Σύνολο", "المجموع", 'סה"כ'),
        *("Total: Account", "Total - Campaigns", "Summa", "Summa summarum", "Importe total", "جمع کل", "Samtals"),
        *("Total \\1", "Total \\12\\", "Insgesamt 1)", "Total (2)", "Total [3]", "Somme¹", "Total 1/", "Total *"),
    ],
)
def test_word_for_a_sum_is_known_in_many_languages(word: str) -> None:
    assert is_total_word(word)


@pytest.mark.parametrize(
    "word",
    ["Totally", "Totalenergies", "Somme-Leuze", "Razemberg", "Total 2023", "Total (2023)", "Sum 3", "", "Northern"],
)
def test_other_words_are_none(word: str) -> None:
    assert not is_total_word(word)


ROWS = [["a", "x", "1", "1.1%"], ["b", "y", "2", "2.1%"], ["c", "z", "3", "3.1%"]]


def test_dashes_where_there_is_no_sum_are_blank() -> None:
    assert count_totals([*ROWS, ["Total: Account", " --", "6", "2.1%"]], whole=True) == 1


def test_row_of_a_firm_called_so_stays_a_row() -> None:
    assert count_totals([*ROWS, ["Total", "Paris", "7", "4.1%"]], whole=True) == 0


def test_total_over_subtotals_is_half_of_all_rows() -> None:
    rows = [["North", "10"], ["Books", "4"], ["Toys", "6"], ["South", "1"], ["Books", "1"]]

    assert count_totals([*rows, ["Grand Total", "11"]], whole=True) == 1
    assert counts_twice(["Grand Total", "11"], rows)


def test_plain_total_counts_nothing_twice() -> None:
    rows = [["North", "10"], ["South", "1"]]

    assert count_totals([*rows, ["Total", "11"]], whole=True) == 1
    assert not counts_twice(["Total", "11"], rows)


def test_number_that_is_no_sum_is_a_row() -> None:
    assert count_totals([["North", "10"], ["South", "1"], ["Total", "12"]], whole=True) == 0


LAPS = [["1", "5:12", "12", "70"], ["2", "5:08", "8", "72"], ["3", "5:02", "5", "71"]]


@pytest.mark.parametrize(
    ("last", "totals"),
    [
        pytest.param(["Summary", "17:54", "25", "249"], 1, id="a word below numbers"),
        pytest.param(["Average:", "5:07", "8", "71"], 1, id="means"),
        pytest.param(["Final", "17:54", "25", "249"], 0, id="another word"),
        pytest.param(["4", "5:07", "8", "71"], 0, id="a number"),
        pytest.param(["Summary", "", "", ""], 0, id="no number"),
    ],
)
def test_word_for_a_mean_or_a_sum_below_a_column_of_numbers_is_none_of_its_rows(last: list[str], totals: int) -> None:
    assert count_totals([*LAPS, last], whole=False) == totals


@pytest.mark.parametrize("word", ["Average", "Summary", "Media"])
def test_word_for_a_mean_beside_names_is_a_row(word: str) -> None:
    assert count_totals([*ROWS, [word, "", "6", "2.1%"]], whole=True) == 0


ADS = [["Brand", "100", "1000", "10.00%"], ["Generic", "200", "4000", "5.00%"]]


@pytest.mark.parametrize(
    ("rows", "totals"),
    [
        pytest.param([["Total: Account", "300", "5000", "6.00%"]], 1, id="a share beside two sums"),
        pytest.param([["Total: A", "300", "5000", "6.00%"], ["Total: B", "300", "5000", "6.00%"]], 2, id="two of them"),
        pytest.param([["Total: Account", "300", "5001", "6.00%"]], 0, id="one is no sum"),
        pytest.param([["Total: Account", "300", "Paris", "6.00%"]], 0, id="a word"),
    ],
)
def test_shares_beside_the_sums_of_a_total_do_not_matter(rows: list[list[str]], totals: int) -> None:
    assert count_totals([*ADS, *rows], whole=True) == totals
