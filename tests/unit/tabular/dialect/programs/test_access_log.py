"""Logs of web servers: the time is one cell, and a moment."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, look, rows
from uploads.tabular.dialect.commented_lines import find_commented
from uploads.tabular.dialect.programs.access_log import find_access_log
from uploads.tabular.dialect.programs.exposition import find_exposition
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import ColumnType

LINE = '10.0.0.{n} - ann [10/Oct/2000:13:55:{n} -0700] "GET /{n} HTTP/1.0" 200 23{n} "-" "curl \\"x\\" {n}"\n'
LOG = "".join(LINE.format(n=n) for n in range(10, 16))


def test_the_time_of_a_request_is_one_cell(tmp_path: Path) -> None:
    found = look(tmp_path, LOG)
    assert rows(found)[0] == (
        *("10.0.0.10", "-", "ann", "2000-10-10 20:55:10+00:00", "GET /10 HTTP/1.0"),
        *("200", "2310", "-", 'curl "x" 10'),
    )
    assert found.columns[3].type is ColumnType.TIMESTAMPTZ
    assert (found.counts.loaded, found.counts.rejected) == (6, 0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LOG.replace("[", "(").replace("]", ")"), id="other brackets"),
        pytest.param(LOG.replace(" -0700]", "]"), id="no zone"),
        pytest.param("a [10/Oct/2000:13:55:36 -0700] b\nc d e\n", id="no request"),
    ],
)
def test_neighbours_are_no_logs_of_web_servers(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))


@pytest.mark.parametrize("find", [find_access_log, find_exposition, find_commented])
def test_halves_of_characters_are_no_end_of_reading(find: Callable[[str], object]) -> None:
    """As where bytes of no encoding are read as UTF-16."""
    find("# HELP \ud83d of it\nup 1\nup 2\n")
    find("# \ud83d b\nx 1\ny 2\n")
    find(LINE.format(n=1).replace("ann", "\ud83d") * 3)
