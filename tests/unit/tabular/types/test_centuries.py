"""Years of two digits: decided where every program agrees on their century, else text with both readings offered."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from uploads.tabular.chunks import TextChunk
from uploads.tabular.evidence import EvidenceKind
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column, ColumnType, Format, Suggestion
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.retyping import Ambiguous, Retyping
from uploads.tabular.types.table_profile import TableProfile

T = ColumnType
BORN = ["13.02.45", "24.03.52", "30.04.61", "15.05.68"]


def chunk(values: list[str]) -> TextChunk:
    return TextChunk(rows=pa.array(range(2, len(values) + 2), pa.int64()), cells=(pa.array(values, pa.string()),))


def decide(values: list[str], **said: Any) -> Column:
    profile = TableProfile(["born"])
    profile.observe(chunk(values))
    return profile.decide(**said)[0]


def years(values: list[str], column: Column) -> list[int | None]:
    typed = convert(chunk(values), (column,))
    stored = typed.batch.column(1).to_pylist()
    assert render(column, typed.batch.column(1)).to_pylist() == values
    return [None if value is None else value.year for value in stored]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["13.02.24", "31.12.26"], [2024, 2026]),
        (["13.02.31", "31.12.39"], [2031, 2039]),
        (["13.02.98", "31.12.04"], [1998, 2004]),
        (["13.02.70", "31.12.29"], [1970, 2029]),
        (["13-Feb-98", "31-Dec-99"], [1998, 1999]),
        (["12/31/98", "1/1/05"], [1998, 2005]),
        (["13.02.24 10:00", "31.12.26 11:30"], [2024, 2026]),
    ],
)
def test_years_that_all_programs_read_alike_are_read_so(values: list[str], expected: list[int]) -> None:
    if values[0] == "12/31/98":
        values = ["12/31/98", "10/20/05"]
    column = decide(values)
    assert column.type in {T.DATE, T.TIMESTAMP}
    assert years(values, column) == expected
    assert f"of {column.format.first_year} to {column.format.last_year}" in evidence_in_words(column.evidence)


@pytest.mark.parametrize(
    ("values", "years_shown"),
    [
        (BORN, '45 in "13.02.45" may be 1945 or 2045'),
        (["13.02.24", "31.12.45"], '45 in "31.12.45" may be 1945 or 2045'),
        (["13.02.33", "31.12.75"], '33 in "13.02.33" may be 1933 or 2033'),
        (["13.02.40", "14.02.40"], '40 in "13.02.40" may be 1940 or 2040'),
        (["13.02.69", "31.12.70"], '69 in "13.02.69" may be 1969 or 2069'),
    ],
    ids=["birth dates", "due dates", "thirties and seventies", "forties", "border"],
)
def test_years_that_programs_read_in_two_ways_stay_text_and_both_are_offered(
    values: list[str], years_shown: str
) -> None:
    column = decide(values)
    assert column.type is T.TEXT
    assert column.evidence is not None
    assert column.evidence.kind is EvidenceKind.IN_DOUBT
    assert evidence_in_words(column.evidence) == f"text, because {years_shown}."
    assert column.alternatives == (
        Suggestion(null_words=(), type=T.DATE, first_year=1930),
        Suggestion(null_words=(), type=T.DATE, first_year=1970),
    )


def test_order_and_century_are_offered_together() -> None:
    assert {(each.day_first, each.first_year) for each in decide(["01.02.45", "03.04.52"]).alternatives} == {
        (True, 1930),
        (True, 1970),
        (False, 1930),
        (False, 1970),
    }
    assert decide(["01.02.45"], day_first=True).type is T.TEXT
    assert decide(["01.02.45"], first_year=1930).type is T.TEXT
    assert decide(["01.02.45"], first_year=1930, day_first=True).type is T.DATE


@pytest.mark.parametrize(
    ("first_year", "expected"),
    [(1930, [1945, 1952, 1961, 1968]), (1970, [2045, 2052, 2061, 2068]), (1860, [1945, 1952, 1861, 1868])],
)
def test_a_person_says_which_hundred_years(first_year: int, expected: list[int]) -> None:
    column = decide(BORN, first_year=first_year)
    assert years(BORN, column) == expected


def test_a_persons_word_goes_before_what_all_programs_say() -> None:
    assert years(["13.02.12"], decide(["13.02.12"], first_year=1900)) == [1912]


def test_value_far_down_that_is_of_either_century_makes_it_text() -> None:
    profile = TableProfile(["due"])
    profile.observe(chunk(["13.02.24"] * 500))
    assert profile.settled()
    column = profile.decide()[0]
    [reject] = convert(chunk(["31.12.45"]), (column,)).rejects
    assert reason_in_words(reject.reason) == '"31.12.45" is not a date written as DD.MM.YY, of 2000 to 2039'
    profile.observe(chunk(["31.12.45"]))
    assert profile.decide()[0].type is T.TEXT


@pytest.mark.parametrize(
    ("own", "values", "expected"),
    [
        (Format(pattern="%d.%m.%y", first_year=2000, last_year=2039), ["13.02.24", "31.12.45"], [2024]),
        (Format(pattern="%d.%m.%y", first_year=2000, last_year=2039), ["13.02.98"], [1998]),
        (Format(pattern="%d.%m.%y", first_year=1930, last_year=2029), BORN, [1945, 1952, 1961, 1968]),
        (Format(pattern="%d.%m.%y"), BORN, [2045, 2052, 2061, 2068]),
        (Format(pattern="%Y-%m-%d"), BORN, []),
        (Format(pattern="%Y-%m-%d"), ["13.02.24"], [2024]),
    ],
    ids=[
        "not of its years",
        "of other sure years",
        "chosen",
        "stored before there was a choice",
        "four digits",
        "sure",
    ],
)
def test_dataset_never_guesses_a_century_for_a_later_file(own: Format, values: list[str], expected: list[int]) -> None:
    planned = [Column(label="born", name="born", type=T.DATE, format=own)]
    column = decide(values, planned=planned)
    typed = convert(chunk(values), (column,))
    assert [value.year for value in typed.batch.column(1).to_pylist()] == expected
    assert len(typed.rejects) == len(values) - len(expected)


def test_column_of_text_becomes_dates_when_the_century_is_said() -> None:
    old = Column(label="born", name="born", type=T.TEXT)
    rows = pa.array(range(2, 6), pa.int64())

    def settled(first_year: int | None) -> Retyping:
        retyping = Retyping((old,), {"born": T.DATE}, ())
        retyping.observe(rows, [pa.array(BORN)])
        retyping.choose_formats(*retyping.shown(), first_year)
        return retyping

    with pytest.raises(Ambiguous):
        settled(None)
    found = settled(1930).convert({"born": pa.array(BORN)})
    assert not found.misfits
    assert found.values["born"].to_pylist()[0] == dt.date(1945, 2, 13)


@pytest.mark.parametrize("values", [["2045-02-13"], ["13.02.2045"], ["13 Feb 2045"]])
def test_years_of_four_digits_are_as_ever(values: list[str]) -> None:
    column = decide(values)
    assert (column.type, column.format.first_year) == (T.DATE, 0)
