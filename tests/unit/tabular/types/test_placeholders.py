"""Words that nobody writes for "no value" are never offered to be read as empty."""

import pytest

from tests.unit.tabular.types.decided import chunk
from uploads.tabular.table import ColumnType, Suggestion
from uploads.tabular.types.offers.placeholders import may_mean_nothing
from uploads.tabular.types.table_profile import TableProfile


def suggested(values: list[str]) -> Suggestion | None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    return profile.decide()[0].suggestion


@pytest.mark.parametrize(
    "word",
    [
        "n/a",
        "N.A.",
        "-",
        "k. A.",
        "(k.A.)",
        "s/d",
        "н/д",
        "0000-00-00",
        "***",
        "x",
        "[c]",
        "unknown",
        "不明",
        "#DIV/0!",
    ],
)
def test_word_for_no_value_may_be_read_as_empty_beside_others(word: str) -> None:
    assert may_mean_nothing(word, words={word, "other"})


@pytest.mark.parametrize("word", ["DATES", "Hospitality", "Berlin", "Total", "how fast"])
def test_heading_or_name_is_a_value(word: str) -> None:
    assert not may_mean_nothing(word, words={word})


def test_short_word_stands_for_nothing_only_where_it_is_alone() -> None:
    assert may_mean_nothing("hid", words={"hid"})
    assert not may_mean_nothing("hid", words={"hid", "own"})


def test_rows_with_words_that_are_values_are_offered_to_be_rejected() -> None:
    dates = [f"2024-01-{day}" for day in range(10, 30)]
    assert suggested([*dates, "Hospitality", "-", "DATES"]) == Suggestion(
        null_words=("-",), type=ColumnType.DATE, rejects=True, example="Hospitality"
    )


def test_words_that_stand_in_many_rows_make_a_column_of_text() -> None:
    numbers = [str(number) for number in range(100)]
    assert suggested([*numbers, *["Berlin"] * 9]) == Suggestion(
        null_words=(), type=ColumnType.BIGINT, rejects=True, example="Berlin"
    )
    assert suggested([*numbers, *["Berlin"] * 10]) is None
    assert suggested([*numbers * 4, *["Berlin"] * 10]) is not None
