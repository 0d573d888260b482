"""What a sender says about a file, as strings or values."""

from typing import Any

import pytest

from uploads.services.options.catalogue import parse_options
from uploads.services.options.parsing import parse_flag
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ReadOptions


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"delimiter": "", "encoding": None, "sheet": ""}, {}),
        ({"delimiter": "tab"}, {"delimiter": "\t"}),
        ({"delimiter": ";", "encoding": " utf-8 "}, {"delimiter": ";", "encoding": "utf-8"}),
        ({"delimiter": "::"}, {"delimiter": "::"}),
        ({"delimiter": "\\x14"}, {"delimiter": "\x14"}),
        ({"quote": "þ"}, {"quote": "þ"}),
        ({"quote": "None"}, {"quote": "none"}),
        ({"uneven_rows": "Fill"}, {"uneven_rows": "fill"}),
        ({"header_row": "3"}, {"header_row": 3}),
        ({"header_row": 3}, {"header_row": 3}),
        ({"header_row": "None"}, {"header_row": "none"}),
        ({"sheet": "Übersicht 2"}, {"sheet": "Übersicht 2"}),
        ({"data_row": "4"}, {"data_row": 4}),
        ({"skip_rows": "40-45, 12;13"}, {"skip_rows": "12-13, 40-45"}),
        ({"skip_rows": 12}, {"skip_rows": "12"}),
        ({"skip_words": "Total, Sum*,,Total"}, {"skip_words": ["Total", "Sum*"]}),
        ({"all_text": "on"}, {"all_text": True}),
        ({"all_text": False}, {"all_text": False}),
        ({"one_table": "yes"}, {"one_table": True}),
        ({"decimal": "comma"}, {"decimal": ","}),
        ({"decimal": "."}, {"decimal": "."}),
        ({"day_first": "true"}, {"day_first": True}),
        ({"day_first": False}, {"day_first": False}),
        ({"day_first": ""}, {}),
        ({"null_words": " NA, n/a,,NA "}, {"null_words": ["NA", "n/a"]}),
        ({"null_words": ["NA", "-"]}, {"null_words": ["NA", "-"]}),
        ({"null_words": []}, {}),
    ],
)
def test_options_are_kept_as_the_reader_wants_them(given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert parse_options(given) == kept
    ReadOptions(**parse_options(given))
    assert parse_options(parse_options(given)) == kept


@pytest.mark.parametrize(
    "given",
    [
        {"colour": "red"},
        {"delimiter": "and"},
        {"delimiter": "||||||"},
        {"delimiter": '"'},
        {"quote": "a"},
        {"quote": '""'},
        {"uneven_rows": "drop"},
        {"encoding": "klingon"},
        {"encoding": "base64"},
        {"header_row": "0"},
        {"header_row": "-1"},
        {"header_row": "1.5"},
        {"header_row": "9" * 30},
        {"header_row": "two"},
        {"data_row": "none"},
        {"data_row": "0"},
        {"skip_rows": "5-2"},
        {"skip_rows": "Total"},
        {"skip_words": "x" * 41},
        {"sheet": "a\0b"},
        {"sheet": "x" * 300},
        {"all_text": "maybe"},
        {"one_table": "two"},
        {"decimal": ";"},
        {"day_first": "perhaps"},
        {"null_words": "x" * 41},
        {"null_words": ",".join(map(str, range(21)))},
    ],
)
def test_option_that_cannot_be_used_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadOption):
        parse_options(given)


@pytest.mark.parametrize(("text", "flag"), [("", None), (None, None), ("TRUE", True), (True, True), ("off", False)])
def test_flag_is_yes_no_or_unsaid(text: str | bool | None, flag: bool | None) -> None:
    assert parse_flag("activate", text) is flag
