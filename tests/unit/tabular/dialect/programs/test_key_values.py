"""Logs of names with their values: the names are the columns."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

LOG = (
    'time=10:00:00 level=info msg="it started" dur=12\n'
    'time=10:00:01 level=warn msg="a \\"b\\""\ntime=10:00:02 level=info n=3\n'
)


def test_each_name_is_a_column(tmp_path: Path) -> None:
    found = look(tmp_path, LOG)
    assert labels(found) == ["time", "level", "msg", "dur", "n"]
    assert rows(found) == [
        ("10:00:00", "info", "it started", "12", None),
        ("10:00:01", "warn", 'a "b"', None, None),
        ("10:00:02", "info", None, None, "3"),
    ]
    assert (found.dialect.header_row, NoteKind.HEADER_MISSING in kinds(found)) == (None, False)


def test_a_line_of_something_else_is_rejected(tmp_path: Path) -> None:
    found = look(tmp_path, LOG * 20 + "panic: out of memory\n" + LOG)
    assert (found.counts.loaded, found.counts.rejected) == (63, 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a=1\nb=2\nc=3\n", id="one in a line"),
        pytest.param("a=1,b=2\na=2,b=3\na=3,b=4\n", id="commas"),
        pytest.param("a=1 b=2\nb=1 a=2\nc=1 b=2\n", id="other first names"),
        pytest.param("x a=1 b=2\nx a=2 b=3\nx a=3 b=4\n", id="a word before them"),
        pytest.param("a=1 a=2\na=2 a=3\na=3 a=4\n", id="a name twice"),
    ],
)
def test_neighbours_are_no_such_logs(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))


def test_lines_are_read_as_they_stand_where_a_delimiter_is_named(tmp_path: Path) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, LOG, delimiter=" "))
