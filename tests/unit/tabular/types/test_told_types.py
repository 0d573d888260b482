"""What other columns, a dataset and a person decide where the values leave it open."""

from typing import Any

import pytest

from tests.unit.tabular.types.decided import T, chunk, decide, planned
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.table_profile import TableProfile


@pytest.mark.parametrize(
    ("values", "given", "type_", "format_"),
    [
        (["01/02/2023"], {"day_first": True}, T.DATE, Format(pattern="%d/%m/%Y")),
        (["01/02/2023"], {"day_first": False}, T.DATE, Format(pattern="%m/%d/%Y")),
        (["12/31/2023"], {"day_first": True}, T.DATE, Format(pattern="%m/%d/%Y")),
        (["1.234"], {"decimal": "."}, T.NUMERIC, Format()),
        (["1.234"], {"decimal": ","}, T.BIGINT, Format(decimal=",", thousands=".")),
    ],
)
def test_a_person_can_decide_what_the_values_leave_open(
    values: list[str], given: dict[str, object], type_: ColumnType, format_: Format
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide(**given)  # type: ignore[arg-type]
    assert (column.type, column.format) == (type_, format_)


def test_another_column_decides_the_order_of_day_and_month() -> None:
    ambiguous, clear = decide(["01/02/2023", "03/04/2023"], ["01/02/2023", "25/12/2023"])
    assert (ambiguous.type, ambiguous.format.pattern) == (T.DATE, "%d/%m/%Y")
    assert clear.format.pattern == "%d/%m/%Y"
    assert "day first as in other columns" in evidence_in_words(ambiguous.evidence)


def test_another_column_decides_the_decimal_mark() -> None:
    ambiguous, _ = decide(["1.234", "2.345"], ["1,5", "2,25"])
    assert (ambiguous.type, ambiguous.format) == (T.BIGINT, Format(decimal=",", thousands="."))


def test_two_columns_that_disagree_decide_nothing() -> None:
    ambiguous, _, _ = decide(["1.234"], ["1,5"], ["1.5"])
    assert ambiguous.type is T.TEXT
    question = 'text: Is "1.234" about 1.2, or 1234? Choose a decimal mark.'
    assert evidence_in_words(ambiguous.evidence) == question


@pytest.mark.parametrize("amounts", [["1.5", "2.25"], ["1,5", "2,25"]])
def test_decimal_mark_of_other_columns_says_nothing_about_dates(amounts: list[str]) -> None:
    ambiguous, _ = decide(["01/02/2023", "03/04/2023"], amounts)
    assert ambiguous.type is T.TEXT


def test_all_text_is_obeyed() -> None:
    profile = TableProfile(["n"])
    profile.observe(chunk(["1"]))
    assert profile.decide(all_text=True)[0].type is T.TEXT


@pytest.mark.parametrize(
    ("values", "type_", "format_", "chosen"),
    [
        (["01/02/2023"], T.DATE, Format(pattern="%d/%m/%Y"), Format(pattern="%d/%m/%Y")),
        (["1/2/2023"], T.DATE, Format(pattern="%d/%m/%Y"), Format(pattern="%-d/%-m/%Y")),
        (["2023-02-01"], T.DATE, Format(pattern="%d/%m/%Y"), Format(pattern="%Y-%m-%d")),
        (["1,5"], T.NUMERIC, Format(), Format(decimal=",")),
        (["1,234"], T.NUMERIC, Format(), Format(thousands=",")),
        (["1", "x", "2"], T.NUMERIC, Format(), Format()),
        (["x", "1,5", "2,5"], T.NUMERIC, Format(), Format(decimal=",")),
        (["yes"], T.BOOLEAN, Format(true="true", false="false"), Format(true="yes", false="no")),
        (["", ""], T.BIGINT, Format(), Format()),
    ],
)
def test_a_planned_type_holds_and_only_the_format_is_chosen(
    values: list[str], type_: ColumnType, format_: Format, chosen: Format
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide(planned=planned(type_, format_))
    assert column.type is type_
    assert column.format == chosen


@pytest.mark.parametrize(
    ("values", "given", "type_", "chosen"),
    [
        (["01/02/2023"], {"day_first": False}, T.DATE, Format(pattern="%m/%d/%Y")),
        (["1/2/2023"], {"day_first": False}, T.DATE, Format(pattern="%-m/%-d/%Y")),
        (["25/12/2023"], {"day_first": False}, T.DATE, Format(pattern="%d/%m/%Y")),
        (["2023-02-01"], {"day_first": False}, T.DATE, Format(pattern="%Y-%m-%d")),
        (["1.234"], {"decimal": ","}, T.NUMERIC, Format(decimal=",", thousands=".")),
        (["1.5"], {"decimal": ","}, T.NUMERIC, Format()),
        (["12"], {"decimal": ","}, T.BIGINT, Format()),
    ],
)
def test_in_a_planned_column_a_persons_word_goes_before_the_datasets_own_format(
    values: list[str], given: dict[str, Any], type_: ColumnType, chosen: Format
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    own = Format(pattern="%d/%m/%Y") if type_ is T.DATE else Format()
    (column,) = profile.decide(planned=planned(type_, own), **given)
    assert (column.type, column.format) == (type_, chosen)
