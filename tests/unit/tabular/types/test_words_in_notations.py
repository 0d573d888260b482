"""A column that mixes words for "no value" with a notation is offered both together, with the cells of each word."""

import pytest

from tests.unit.tabular.types.decided import chunk
from uploads.tabular.evidence import EvidenceKind
from uploads.tabular.table import Column, ColumnType, Suggestion
from uploads.tabular.types.table_profile import TableProfile

T = ColumnType


def read(*chunks: list[str]) -> Column:
    profile = TableProfile(["c"])
    for values in chunks:
        profile.observe(chunk(values))
    (column,) = profile.decide()
    return column


@pytest.mark.parametrize(
    ("values", "words", "cells", "type_"),
    [
        (["$5", "-", "$7", "$1,250", "-"], ("-",), (2,), T.NUMERIC),
        (["-", "$5", "n/a", "$7", "$12.50", "-"], ("-", "n/a"), (2, 1), T.NUMERIC),
        (["5 %", "k.A.", "7 %", "12 %"], ("k.A.",), (1,), T.BIGINT),
        (["n/a", "+5", "8", "(7)"], ("n/a",), (1,), T.BIGINT),
    ],
)
def test_word_beside_a_notation_is_offered_as_empty_with_it(
    values: list[str], words: tuple[str, ...], cells: tuple[int, ...], type_: ColumnType
) -> None:
    column = read(values)

    assert (column.type, column.suggestion) == (T.TEXT, None)
    offer = column.alternatives[0]
    assert (offer.null_words, offer.word_cells, offer.type, offer.rejects) == (words, cells, type_, False)


def test_word_beside_groups_in_doubt_is_offered_with_either_mark() -> None:
    column = read(["15", "-", "2,040", "3,100", "-"])

    assert column.alternatives == (
        Suggestion(null_words=("-",), type=T.BIGINT, decimal=".", example="2,040", read_as="2040"),
        Suggestion(null_words=("-",), type=T.NUMERIC, decimal=",", example="2,040", read_as="2.040"),
    )
    assert [way.word_cells for way in column.alternatives] == [(2,), (2,)]


@pytest.mark.parametrize("values", [["-", "2,040", "15", "n/a"], ["15", "-", "n/a", "2,040"]])
def test_value_that_shows_the_mark_is_found_where_the_sample_left_it_out(values: list[str]) -> None:
    ways = read(values * 40).alternatives

    assert [(way.example, way.read_as) for way in ways] == [("2,040", "2040"), ("2,040", "2.040")]


def test_word_beside_dates_in_doubt_is_offered_with_either_order() -> None:
    ways = read(["01/02/2024", "-", "03/04/2024"]).alternatives

    assert [(way.null_words, way.day_first) for way in ways] == [(("-",), True), (("-",), False)]


def test_word_that_is_a_value_has_its_row_rejected() -> None:
    (way,) = read([*["$5", "$6", "$7"] * 9, "-", "Berlin"]).alternatives

    assert (way.null_words, way.rejects, way.example) == (("-",), True, "Berlin")


def test_words_of_later_chunks_are_counted() -> None:
    (way,) = read(["$5", "$7"], ["n/a", "$8"], ["n/a", "$9"]).alternatives

    assert (way.null_words, way.word_cells) == (("n/a",), (2,))


@pytest.mark.parametrize(
    ("chunks", "words", "cells"),
    [
        ([["ja", "nein"] * 30 + ["-"], ["ja", "nein"] * 9 + ["n/a", "-"]], ("-", "n/a"), (2, 1)),
        ([["7", "<=5", "9", "<3"] * 9, ["<3", "8"] * 9], ("<3", "<=5"), (18, 9)),
        ([["7", "<=5", "-"] * 9, ["-", "8", "<=5"] * 9], ("-", "<=5"), (18, 18)),
    ],
)
def test_words_of_yes_and_no_and_of_figures_kept_back_are_counted_too(
    chunks: list[list[str]], words: tuple[str, ...], cells: tuple[int, ...]
) -> None:
    (way,) = read(*chunks).alternatives

    assert (way.null_words, way.word_cells) == (words, cells)


def test_words_beside_yes_and_no_are_read_as_empty_where_the_sample_left_them_out() -> None:
    (way,) = read(["ja", "nein", "nein", "ja", "ja"] * 60 + ["ja", "n/a", "ja"]).alternatives

    assert (way.null_words, way.word_cells, way.rejects) == (("n/a",), (1,), False)


def test_evidence_names_the_word_and_a_value() -> None:
    evidence = read(["$5", "-", "$7"]).evidence

    assert evidence is not None
    assert evidence.kind is EvidenceKind.STRANGER
    assert evidence.figures["suggested"]["null_words"] == ["-"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["$5", "$7", "$1,250.00"], ()),  # the notation alone
        (["A-1", "-", "B-2", "C-3"], None),  # codes
        (["-", "n/a", "Anna 5", "Bert 7"], None),
        (["<=5", "7", "<=5", "9"], ("<=5",)),  # figures that are kept back, as before
    ],
)
def test_neighbours_are_offered_what_they_were(values: list[str], words: tuple[str, ...] | None) -> None:
    ways = read(values).alternatives

    assert [way.null_words for way in ways] == ([] if words is None else [words])


def test_word_alone_is_counted_too() -> None:
    suggestion = read(["5", "-", "n/a", "7", "-"]).suggestion

    assert suggestion is not None
    assert (suggestion.null_words, suggestion.word_cells) == (("-", "n/a"), (2, 1))
