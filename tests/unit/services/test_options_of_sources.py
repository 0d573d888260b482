"""Rows said of one sheet or member alone, as spreadsheets write it."""

from typing import Any

import pytest

from uploads.services.options.applied import reading_arguments
from uploads.services.options.catalogue import OPTIONS, option_words, parse_option, parse_options
from uploads.services.options.of_sources import said_too, value_at
from uploads.services.options.remembered import DatasetDefaults
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ReadOptions


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("header_row", "Sheet2!3", "Sheet2!3"),
        ("header_row", " Sheet2 ! 3 ; None", "none, Sheet2!3"),
        ("header_row", "'Q1, 2024'!2", "'Q1, 2024'!2"),
        ("header_row", "'Bob''s!'!2, My sheet!4", "'Bob''s!'!2, 'My sheet'!4"),
        ("header_row", "'a.xlsx/Übersicht'!none", "a.xlsx/Übersicht!none"),
        ("data_row", "jan.csv!4", "jan.csv!4"),
        ("skip_rows", "Sheet2!12, Sheet2!40-45, 3;Sheet2!13", "3, Sheet2!12-13, Sheet2!40-45"),
        ("encoding", "jan.csv!cp1252", "jan.csv!cp1252"),
    ],
)
def test_value_of_one_sheet_is_kept_as_spreadsheets_write_it(name: str, text: str, kept: str) -> None:
    assert parse_option(name, text) == kept
    assert parse_option(name, kept) == kept


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("header_row", "3, 4"),
        ("header_row", "Sheet2!3, Sheet2!4"),
        ("header_row", "Sheet2!"),
        ("header_row", "!3"),
        ("header_row", "a!b!3"),
        ("header_row", "'Sheet2!3"),
        ("data_row", "Sheet2!none"),
        ("skip_rows", "Sheet2!x"),
        ("encoding", "jan.csv!klingon"),
        ("header_row", f"{'x' * 2_000}!3"),
    ],
)
def test_value_of_no_sheet_or_of_no_row_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadOption):
        parse_option(name, text)


def test_a_mark_in_other_options_is_theirs() -> None:
    assert parse_options({"delimiter": "!", "sheet": "Wow!2", "skip_words": "Total!"}) == {
        "delimiter": "!",
        "sheet": "Wow!2",
        "skip_words": ["Total!"],
    }


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("header_row", 3, {"": 3, "Sheet2": 3}),
        ("header_row", "2, Sheet2!none", {"": 2, "Sheet1": 2, "Sheet2": "none"}),
        ("header_row", "Sheet2!3", {"": None, "Sheet1": None, "Sheet2": 3}),
        ("header_row", "a.xlsx!3, a.xlsx/S2!4", {"a.xlsx/S1": 3, "a.xlsx/S2": 4, "b.xlsx/S1": None}),
        ("skip_rows", "3, Sheet2!7-9", {"": "3", "Sheet1": "3", "Sheet2": "3, 7-9"}),
    ],
)
def test_what_holds_for_one_sheet(name: str, value: Any, at: dict[str, Any]) -> None:
    assert {origin: value_at(OPTIONS[name], value, origin or None) for origin in at} == at


def test_a_sheet_is_said_beside_what_was_said_of_others() -> None:
    header, rows = OPTIONS["header_row"], OPTIONS["skip_rows"]
    assert said_too(header, None, origin="B", value=3) == "B!3"
    assert said_too(header, 2, origin="B", value=3) == "2, B!3"
    assert said_too(header, "A!1, B!2", origin="B", value="none") == "A!1, B!none"
    assert said_too(rows, "3, A!4", origin="My B", value="5, 7-8") == "3, A!4, 'My B'!5, 'My B'!7-8"


def test_words_name_the_sheet() -> None:
    assert option_words("header_row", "2, 'My B'!none") == "header row 2, no header row in “My B”"
    assert option_words("skip_rows", "B!3, B!7-8") == "rows 3, 7-8 left out in “B”"


def test_reader_is_told_of_each_sheet() -> None:
    said = {"header_row": "2, B!3", "skip_rows": "9, z.xlsx/C!4", "delimiter": "!"}
    arguments = reading_arguments(options=said, defaults=DatasetDefaults())
    options = ReadOptions(**arguments)
    assert (options.header_row, options.skip_rows, options.delimiter) == (2, "9", "!")
    assert (options.at("A").header_row, options.at("B").header_row, options.at("B").skip_rows) == (2, 3, "9")
    assert options.within("z.xlsx").at("C").skip_rows == "4, 9"
    assert options.within("y.xlsx").by_source == {}
