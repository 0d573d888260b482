"""Logs whose directives name the columns, and texts that begin with comments of another kind."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

TOP = "#Software: IIS 8.5\n#Version: 1.0\n#Fields: date c-ip cs-method time-taken\n"
ROWS = "2024-01-01 10.0.0.1 GET 15\n2024-01-02 10.0.0.2 POST 3\n"


def test_a_directive_names_the_columns(tmp_path: Path) -> None:
    found = look(tmp_path, TOP + ROWS, "u_ex240101.log")
    assert labels(found) == ["date", "c-ip", "cs-method", "time-taken"]
    assert rows(found) == [("2024-01-01", "10.0.0.1", "GET", "15"), ("2024-01-02", "10.0.0.2", "POST", "3")]
    assert (NoteKind.WEB_LOG in kinds(found), NoteKind.DELIMITER in kinds(found)) == (True, False)


def test_directives_of_a_server_that_began_anew_are_no_rows(tmp_path: Path) -> None:
    found = look(tmp_path, TOP + ROWS + TOP + ROWS)
    assert (found.counts.loaded, found.counts.rejected) == (4, 0)


def test_names_stand_with_spaces_above_rows_with_tabs(tmp_path: Path) -> None:
    found = look(tmp_path, TOP + ROWS.replace(" ", "\t").replace("GET", "GET /a b"))
    assert [row[2] for row in rows(found)] == ["GET /a b", "POST"]


@pytest.mark.parametrize(
    "text",
    [
        "# Fields: a b\na,b\n1,2\n3,4\n",
        "a,b\n#Fields: x y\n1,2\n3,4\n",
        "#Fields: date c-ip cs-method\n2024-01-01 10.0.0.1\n",
    ],
    ids=["a comment", "a cell", "fewer cells than names"],
)
def test_neighbours_are_no_logs(tmp_path: Path, text: str) -> None:
    assert NoteKind.WEB_LOG not in kinds(look(tmp_path, text))


def test_lines_stay_as_they_are_where_the_delimiter_is_given(tmp_path: Path) -> None:
    assert NoteKind.WEB_LOG not in kinds(look(tmp_path, TOP + ROWS, delimiter=" "))
