"""Columns of a sheet turned into text at once read as they do cell by cell."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uploads.tabular.workbook.sheet.cells import DateKind, column_text, float_text


def seconds_text(moment: dt.datetime) -> str:
    text = moment.isoformat(" ")
    return text.rstrip("0") if moment.microsecond else text


WHOLE_SECONDS = st.datetimes().map(lambda moment: moment.replace(microsecond=0))
WHOLE_FLOATS = st.integers(-(10**17), 10**17).map(float)
COLUMNS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], str], DateKind]] = {
    "numbers": (st.floats(allow_nan=False, allow_infinity=False), float_text, DateKind.NONE),
    "whole numbers": (WHOLE_FLOATS, float_text, DateKind.NONE),
    "booleans": (st.booleans(), lambda value: "TRUE" if value else "FALSE", DateKind.NONE),
    "dates": (st.dates(), dt.date.isoformat, DateKind.DATES),
    "moments": (WHOLE_SECONDS, seconds_text, DateKind.MOMENTS),
    "texts": (st.text(), str, DateKind.NONE),
}


@pytest.mark.parametrize("what", COLUMNS)
@given(data=st.data())
def test_column_of_one_type_reads_as_its_cells_one_by_one(what: str, data: st.DataObject) -> None:
    values, text, kind = COLUMNS[what]
    cells = data.draw(st.lists(st.one_of(values, st.just("")), min_size=1, max_size=40))
    texts, found = column_text(cells)
    assert texts.to_pylist() == [cell if type(cell) is str else text(cell) for cell in cells]
    assert found is (DateKind.NONE if all(type(cell) is str for cell in cells) else kind)


NUMBERS = st.one_of(st.floats(allow_nan=False), st.integers(-(2**62), 2**62))


@given(
    st.one_of(
        st.lists(st.one_of(NUMBERS, st.text(), st.booleans()), min_size=1, max_size=40),
        st.lists(st.one_of(NUMBERS, st.just("")), min_size=1, max_size=40),
    )
)
@example([0.0, "", False])
@example([12.0, " ", ""])
@example([0.1 + 0.2, 7, "n/a"])
@example([0.5, 2**53 + 1])
def test_column_of_several_types_loses_no_cell(cells: Sequence[float | str | bool]) -> None:
    printed = {float: float_text, int: str, str: str, bool: lambda value: "TRUE" if value else "FALSE"}
    texts, _ = column_text(cells)
    assert texts.null_count == 0
    assert texts.to_pylist() == [printed[type(cell)](cell) for cell in cells]  # type: ignore[operator]


DAY, MOMENT = dt.date(2024, 1, 2), dt.datetime(2024, 1, 3, 6, 30)  # noqa: DTZ001 (cells have no zone)


@pytest.mark.parametrize(
    ("cells", "texts", "kind"),
    [
        ([DAY, MOMENT, ""], ["2024-01-02 00:00:00", "2024-01-03 06:30:00", ""], DateKind.MOMENTS),
        ([DAY, MOMENT, "n/a"], ["2024-01-02 00:00:00", "2024-01-03 06:30:00", "n/a"], DateKind.NONE),
        ([DAY, MOMENT, dt.time(7)], ["2024-01-02", "2024-01-03 06:30:00", "07:00:00"], DateKind.ODD),
        ([DAY, "", "n/a"], ["2024-01-02", "", "n/a"], DateKind.NONE),
        ([DAY, ""], ["2024-01-02", ""], DateKind.DATES),
    ],
)
def test_date_beside_moments_is_a_midnight_also_among_blanks_and_words(
    cells: list[dt.date | dt.time | str], texts: list[str], kind: DateKind
) -> None:
    found, found_kind = column_text(cells)

    assert (found.to_pylist(), found_kind) == (texts, kind)
