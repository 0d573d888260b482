"""Tables of Markdown with text around them, and bars that draw no table of it."""

from pathlib import Path

import pytest

from uploads.tabular.dialect.printed_table import find_printed, markdown_begun
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions

REPORT = """# Results

Some words.

| Model | Score |
|:------|------:|
| a \\| b | 0.5 |
| c       |     |

## Sizes

Name | Width | Height
--- | --- | ---
k1 | 2 | 3
k2 | 4 | 5
"""


def read(folder: Path, content: str) -> list[tuple[list[str], list[list[str]]]]:
    """Names and rows of each table."""
    path = folder / "a.md"
    path.write_text(content, encoding="utf-8")
    found = []
    for table in open_tables(path, name="a.md", options=ReadOptions(all_text=True), limits=Limits()):
        cells = [
            list(row) for chunk in table.chunks() for row in zip(*(c.to_pylist() for c in chunk.cells), strict=True)
        ]
        found.append((list(table.labels), cells))
    return found


def test_each_table_of_a_report_is_a_table_and_its_rules_are_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, REPORT) == [
        (["Model", "Score"], [["a | b", "0.5"], ["c", ""]]),
        (["Name", "Width", "Height"], [["k1", "2", "3"], ["k2", "4", "5"]]),
    ]
    assert markdown_begun(REPORT) == (9,)


def test_two_bars_around_each_name_are_those_of_jira(tmp_path: Path) -> None:
    [table] = read(tmp_path, "||Key||Points||\n|A-1|3|\n|A-2| |\n|A-3|5|\n")
    assert table == (["Key", "Points"], [["A-1", "3"], ["A-2", ""], ["A-3", "5"]])


@pytest.mark.parametrize(
    "text",
    ["a||b\n1||2\n3||4\n", "||a||b||\n||1||2||\n||3||45||\n"],
    ids=["two bars part cells", "two bars everywhere"],
)
def test_two_bars_elsewhere_are_not(text: str) -> None:
    assert find_printed(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a|b|c\n1|--|x\n2|y|z\n3|q|r\n", id="dashes for no value"),
        pytest.param("a|b\n--|--\n1|2\n|--|\n--|--\n3|4\n", id="a row of dashes"),
        pytest.param("a|b\n--|--\n1|2\n\nsee x|y|z\n3|4|5|6\n", id="bars elsewhere"),
    ],
)
def test_other_bars_are_left_as_they_are(text: str) -> None:
    form = find_printed(text)
    assert form is None or "|--" in form.of_text(text, errors="strict")


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("|id|name|n|\n|1|Anna|5|\n|20|Bert|\n|3|Carla|9|\n", None, []),
        ("|id|name|n|\n|1|Anna|5|\n|20||7|\n", ["id", "name", "n"], [["1", "Anna", "5"], ["20", "", "7"]]),
        ("| id | name |\n| 1 | Anna |\n| 20 | Bo |\n", ["id", "name"], [["1", "Anna"], ["20", "Bo"]]),
        ("|id| name|\n|1|Anna |\n|20|Bo|\n", None, []),
        ('|id|name|\n|1|"a|b"|\n|20|Bo|\n', None, []),
        ("id|name\n1|Anna\n20|Bo\n", None, []),
    ],
    ids=["one is shorter", "bare", "padded", "some padded", "quotes", "no frame"],
)
def test_bars_at_both_ends_of_each_row_end_no_cell(
    tmp_path: Path, text: str, names: list[str] | None, rows: list[list[str]]
) -> None:
    assert (find_printed(text) is None) == (names is None)
    if names is not None:
        assert read(tmp_path, text) == [(names, rows)]
