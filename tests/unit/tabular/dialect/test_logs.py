"""Logs: names that stand once more every few rows, and times whose colons part no cells."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.rows.test_named_values import read
from uploads.tabular.dialect.choice import choose_dialect

BANNER = "procs ---memory--- --io--\n"
NAMES = " r  b   free   bi   bo\n"
ROWS = [f" {i % 3}  0 {90000 + i:6d}  {i:3d} {7 * i:4d}\n" for i in range(20)]
LOG = "".join(f"Mar  5 00:{i:02d}:26 web01 cron[{i}]: {text}\n" for i, text in enumerate(["(root) run: x", "up"] * 6))


def test_names_that_stand_once_more_are_no_rows(tmp_path: Path) -> None:
    text = "".join(BANNER + NAMES + "".join(ROWS[at : at + 5]) for at in range(0, 20, 5))
    rows = [line for line in range(1, 29) if (line - 1) % 7 > 1]
    assert read(tmp_path, text) == [(2, rows, 1, 0)]


def test_words_that_stand_once_more_make_no_table_of_a_text() -> None:
    text = "to  be or not\nto  be or not\nto  sleep no more\nto  die\nto  be or not\n"
    assert choose_dialect(text).dialect.single_column


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param(LOG, None, id="times between spaces"),
        pytest.param("name:shell:home\nann:/bin/sh:/home/a\nbo:/bin/zsh:/home/b\n", ":", id="no times"),
        pytest.param("host: day: at\na: 2024-03-05: noon\nb: 2024-03-06: dusk\n", ":", id="days"),
    ],
)
def test_the_colons_of_times_part_no_cells(text: str, delimiter: str | None) -> None:
    found = choose_dialect(text).dialect
    assert (None if found.single_column else found.delimiter) == delimiter


def test_the_first_line_of_a_log_is_no_header(tmp_path: Path) -> None:
    assert read(tmp_path, LOG) == [(None, list(range(1, 13)), 0, 0)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Report of 2024-03-05 for the board\n" + "Alpha went up again in May\n" * 5, id="a title"),
        pytest.param("code\n" + "".join(f"AB{i:02d}\n" for i in range(9)), id="short values"),
        pytest.param(
            "names of the people here\n" + "".join(f"Ann Miller the {i}th of hers\n" for i in range(5)), id="words"
        ),
    ],
)
def test_a_line_unlike_those_below_it_is_still_a_header(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text)[0][0] == 1


ERROR = (
    '2024/03/15 06:25:{n} [error] 7#7: *5{n} open() "/a{n}" failed (2: No such file), client: 10.1.2.{n}, '
    'request: "GET /f HTTP/1.1", host: "e.org"'
)
REFERRER = ', referrer: "http://x.org/{n}"'


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param(
            "".join((ERROR + REFERRER * (n % 2) + "\n").format(n=n) for n in range(10, 20)),
            None,
            id="words in quotes, and commas",
        ),
        pytest.param("".join(f'10.0.0.{n} "GET /a" {200 + n} "-"\n' for n in range(8)), " ", id="cells in quotes"),
        pytest.param("".join(f'{n} "A"bc{n} {n}\n' for n in range(8)), " ", id="quotes are letters"),
    ],
)
def test_the_words_of_a_message_are_no_cells_though_some_stand_in_quotes(text: str, delimiter: str | None) -> None:
    found = choose_dialect(text).dialect
    assert (None if found.single_column else found.delimiter) == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param(
            "".join(f"06:25:{n + 10},123 - app - it ran{', twice' * (n % 2)}\n" for n in range(8)), None, id="log"
        ),
        pytest.param("".join(f"06:25:{n + 10},123\n" for n in range(8)), ",", id="a number"),
        pytest.param("".join(f"06:25:{n + 10},123 ms,{n}\n" for n in range(8)), ",", id="more commas"),
    ],
)
def test_thousandths_of_a_second_before_a_message_are_no_cell(text: str, delimiter: str | None) -> None:
    found = choose_dialect(text).dialect
    assert (None if found.single_column else found.delimiter) == delimiter
