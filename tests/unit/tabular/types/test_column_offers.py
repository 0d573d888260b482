"""What a column of text is suggested to be: with words read as empty, or in one of two ways."""

import pytest

from tests.unit.tabular.types.decided import T, chunk, decide, planned
from uploads.tabular.sentences.evidence import ALL_ARE, evidence_in_words
from uploads.tabular.table import ColumnType, Format, Suggestion
from uploads.tabular.types.table_profile import TableProfile


@pytest.mark.parametrize(
    ("values", "words", "type_"),
    [
        (["1", "2", "NA"], ("NA",), T.BIGINT),
        (["C", "1", "2.5", "S", "3"], ("C", "S"), T.NUMERIC),
        ([":", ":", "7", "8", "9"], (":",), T.BIGINT),
        (["2024-01-31", "n. d.", "2024-02-29", "x", "2024-03-01"], ("n. d.", "x"), T.DATE),
        (["NA", "NA", "NA", "5"], ("NA",), T.BIGINT),
        (["NA", "yes", "no"], ("NA",), T.BOOLEAN),
        (["yes", "no", "-"], ("-",), T.BOOLEAN),
    ],
)
def test_few_words_among_figures_are_suggested_as_empty(
    values: list[str], words: tuple[str, ...], type_: ColumnType
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide()
    assert column.suggestion == Suggestion(null_words=words, type=type_)
    assert f"read as empty, all are {ALL_ARE[type_]}." in evidence_in_words(column.evidence)


@pytest.mark.parametrize(
    "values",
    [
        ["Anna", "Bert", "Carla"],
        ["x", "x", "x", "5"],
        ["a", "b", "c", "d", "e", "f", *"1234567"],
        ["1", "2", "A7"],
        ["1", "2", "x", "12a"],
        ["1", "confidential until the end of next year"],
        ["yes", "no", "perhaps"],
        ["NA", "NA"],
    ],
)
def test_nothing_is_suggested_for_text(values: list[str]) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide()
    assert column.suggestion is None
    assert "read as empty" not in evidence_in_words(column.evidence)


@pytest.mark.parametrize(
    ("values", "alternatives"),
    [
        (
            ["01/02/2024", "03/04/2024"],
            (
                Suggestion(null_words=(), type=T.DATE, day_first=True),
                Suggestion(null_words=(), type=T.DATE, day_first=False),
            ),
        ),
        (
            ["1.234"],
            (
                Suggestion(null_words=(), type=T.NUMERIC, decimal="."),
                Suggestion(null_words=(), type=T.BIGINT, decimal=","),
            ),
        ),
        (["31/01/2024"], ()),
        (["1.5"], ()),
        (["abc"], ()),
    ],
)
def test_both_ways_to_read_a_column_are_suggested(values: list[str], alternatives: tuple[Suggestion, ...]) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    assert profile.decide()[0].alternatives == alternatives


def test_words_that_make_rows_rejects_of_a_dataset_are_suggested_too() -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(["1", "x", "2"]))
    (column,) = profile.decide(planned=planned(T.NUMERIC, Format()))
    assert column.suggestion == Suggestion(null_words=("x",), type=T.NUMERIC)


@pytest.mark.parametrize(
    ("decimals", "type_"),
    [
        pytest.param((1_801, 2_101), T.NUMERIC, id="decimals that no sample has"),
        pytest.param((), T.BIGINT, id="whole numbers alone"),
    ],
)
@pytest.mark.parametrize("stranger", [1_000, 2_900], ids=["above them", "below them"])
def test_type_under_which_fewest_rows_are_rejected_is_offered(
    decimals: tuple[int, ...], type_: ColumnType, stranger: int
) -> None:
    values = [f"{number}.5" if number in decimals else str(number) for number in range(3_000)]
    values[stranger] = "12x"
    (column,) = decide(values)
    [offer] = column.alternatives
    assert (column.type, offer.type, offer.rejects, offer.example) == (T.TEXT, type_, True, "12x")


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        (["maybe", "yes", "no", "no", "yes", "no"], ("yes", "no", "maybe")),
        (["yes", "no", "maybe", "no", "yes", "no"], ("yes", "no", "maybe")),
        (["vielleicht", "ja", "nein", "ja", "ja", "nein"], ("ja", "nein", "vielleicht")),
        (["maybe", "yes", "no", "no", "yes", "no", "maybe"], None),  # a third answer
        (["maybe", "never", "yes", "no", "no", "yes"], None),  # too many
        (["maybe", "left", "right", "left", "right", "left"], None),
    ],
)
def test_a_short_column_of_yes_and_no_is_offered_where_other_values_stand_there_once(
    values: list[str], offered: tuple[str, str, str] | None
) -> None:
    ways = decide(values)[0].alternatives
    found = [(way.true_word, way.false_word, way.example) for way in ways if way.type is ColumnType.BOOLEAN]
    assert found == ([] if offered is None else [offered])


def test_decimals_of_a_later_chunk_are_offered_too() -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(["12x" if number == 40 else str(number) for number in range(3_000)]))
    profile.observe(chunk(["0.5" if number == 1_001 else str(number) for number in range(3_000)], first=3_002))
    [offer] = profile.decide()[0].alternatives
    assert (offer.type, offer.rejects) == (T.NUMERIC, True)
