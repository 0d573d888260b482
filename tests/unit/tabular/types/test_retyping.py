"""Stored values take other types by way of the text that stood in the file."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column, ColumnType, Format
from uploads.tabular.types.candidates import candidate_of
from uploads.tabular.types.conversion import render
from uploads.tabular.types.retyping import Ambiguous, Retyping, casts_exactly, needs_survey, text_of

T = ColumnType


def column(type_: ColumnType, **how: Any) -> Column:
    evidence = Evidence.of(EvidenceKind.SENTENCE, text=f"{type_}: so it is.")
    return Column(label="Price", name="price", type=type_, format=Format(**how), evidence=evidence)


def settled(old: Column, new: ColumnType, *stored: str | None, words: tuple[str, ...] = ()) -> Retyping:
    retyping = Retyping((old,), {"price": new}, words)
    rows = pa.array(range(2, len(stored) + 2), pa.int64())
    if retyping.surveyed:
        retyping.observe(rows, [pa.array(stored, pa.string())])
    retyping.choose_formats(*retyping.shown())
    return retyping


@pytest.mark.parametrize(
    ("old", "stored", "text"),
    [
        (column(T.BOOLEAN, true="Yes", false="No"), ["t", "f", None], ["Yes", "No", ""]),
        (column(T.BIGINT, thousands=","), ["1234567", "-5"], ["1,234,567", "-5"]),
        (column(T.NUMERIC, decimal=",", thousands="."), ["1234.50"], ["1.234,50"]),
        (column(T.DOUBLE, pattern="r"), ["1e-05", "2"], ["1e-05", "2.0"]),
        (column(T.DATE, pattern="%d.%m.%y"), ["2024-02-29"], ["29.02.24"]),
        (column(T.TIMESTAMP, pattern="%Y-%m-%d %H:%M:%S%-f"), ["2024-02-29 10:00:00.5"], ["2024-02-29 10:00:00.5"]),
        (column(T.TIMESTAMPTZ, pattern="%Y-%m-%dT%H:%M+02:00"), ["2024-02-29 10:00:00+00"], ["2024-02-29T12:00+02:00"]),
        (
            column(T.TIMESTAMPTZ, pattern="%Y-%m-%d %H:%M:%S GMT+2"),
            ["2024-02-29 10:00:00+00"],
            ["2024-02-29 12:00:00 GMT+2"],
        ),
        (column(T.TEXT), [" a ", None], [" a ", ""]),
    ],
)
def test_what_postgresql_prints_becomes_what_stood_in_the_file(
    old: Column, stored: list[str | None], text: list[str]
) -> None:
    assert text_of(old, pa.array(stored, pa.string())).to_pylist() == text


@pytest.mark.parametrize(
    ("old", "new", "exact"),
    [
        (column(T.BIGINT), T.NUMERIC, True),
        (column(T.BIGINT, thousands=","), T.NUMERIC, True),
        (column(T.DATE, pattern="%d/%m/%Y"), T.TIMESTAMP, True),
        (column(T.BIGINT), T.TEXT, True),
        (column(T.BIGINT, thousands=","), T.TEXT, False),
        (column(T.NUMERIC, decimal=","), T.TEXT, False),
        (column(T.DATE, pattern="%Y-%m-%d"), T.TEXT, True),
        (column(T.DATE, pattern="%d/%m/%Y"), T.TEXT, False),
        (column(T.BOOLEAN, true="true", false="false"), T.TEXT, False),
        (column(T.TEXT), T.BIGINT, False),
        (column(T.NUMERIC), T.DOUBLE, False),
    ],
)
def test_casts_are_left_to_postgresql_only_where_they_print_the_same(
    old: Column, new: ColumnType, *, exact: bool
) -> None:
    assert casts_exactly(old, new) is exact


def test_widening_needs_no_look_at_the_values() -> None:
    assert not needs_survey(column(T.BIGINT), T.NUMERIC)
    assert not needs_survey(column(T.DATE), T.TEXT)
    assert needs_survey(column(T.TEXT), T.DATE)
    assert needs_survey(column(T.NUMERIC), T.BIGINT)


def test_words_are_empty_on_the_way_to_numbers() -> None:
    retyping = settled(column(T.TEXT), T.NUMERIC, "1,5", "C", None, words=("C",))
    stored = {"price": pa.array(["1,5", "C", None], pa.string())}
    converted = retyping.convert(stored)
    assert converted.values["price"].to_pylist() == ["1.5", None, None]
    assert converted.misfits == ()
    assert retyping.new[0].format == Format(decimal=",")


def test_value_that_does_not_fit_is_a_reject_with_its_place() -> None:
    retyping = settled(column(T.TEXT), T.BIGINT, "1", "x", "3")
    assert not retyping.fits
    [reject] = retyping.convert({"price": pa.array(["1", "x", "3"], pa.string())}).misfits
    assert (reject.row, reject.column, reason_in_words(reject.reason)) == (1, "Price", '"x" is not a whole number')
    assert retyping.as_in_file({"price": pa.array(["1", "x", "3"], pa.string())}, [1]) == [("x",)]


@pytest.mark.parametrize("value", ["01/02/2024", "1.234"])
def test_values_that_can_be_read_in_two_ways_are_not_guessed(value: str) -> None:
    with pytest.raises(Ambiguous):
        settled(column(T.TEXT), T.DATE if "/" in value else T.NUMERIC, value)


def test_evidence_keeps_what_the_file_has_shown_however_often_it_is_changed() -> None:
    once = settled(column(T.BIGINT), T.NUMERIC).new[0]
    twice = settled(once, T.TEXT).new[0]
    assert evidence_in_words(twice.evidence) == "text: changed from numeric by hand. Before: bigint: so it is."


@given(st.dates(dt.date(1, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%-d %b %Y", "%B %d, %Y"]))
def test_dates_in_a_column_of_dates_with_times_print_as_in_their_file(day: dt.date, pattern: str) -> None:
    text = render(column(T.DATE, pattern=pattern), pa.array([day], pa.date32()))
    candidate = candidate_of(T.TIMESTAMP, Format(pattern=pattern))
    assert candidate.mask(text).to_pylist() == [True]
    moments = candidate.parse(text)
    assert moments.to_pylist() == [dt.datetime.combine(day, dt.time())]
    assert candidate.render(moments).equals(text)
