"""What ``ps``, ``top``, ``systemctl`` and ``ls -l`` print: the last cell is the rest of the line."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

PS = "USER   PID %CPU   VSZ   RSS TTY  COMMAND\nroot     1  0.0     0     0 ?    /sbin/init splash\n"
UNITS = "  UNIT         LOAD   ACTIVE SUB     DESCRIPTION\n  cron.service loaded active running Runs jobs\n"
FAILED = "● web.service  loaded failed failed  A web server\n"
LEGEND = "\nLOAD   = Reflects whether it was loaded.\n2 loaded units listed.\n"
ENTRIES = "drwxr-xr-x 2 ann staff 4096 Mar  1  2023 bin\n-rw-r--r--+ 1 ann staff 51200 Mar 12 09:12 a note.txt\n"


def test_numbers_that_touch_stay_apart_and_a_command_is_one_cell(tmp_path: Path) -> None:
    found = look(tmp_path, PS + "ann   1544  0.3 4567890 204800 pts/0 fox -id 3\n")
    assert labels(found) == ["USER", "PID", "%CPU", "VSZ", "RSS", "TTY", "COMMAND"]
    assert rows(found) == [
        ("root", "1", "0.0", "0", "0", "?", "/sbin/init splash"),
        ("ann", "1544", "0.3", "4567890", "204800", "pts/0", "fox -id 3"),
    ]


def test_what_top_tells_of_the_machine_stands_above(tmp_path: Path) -> None:
    names = "    PID USER      PR  NI S  %CPU     TIME+ COMMAND\n"
    found = look(
        tmp_path,
        "top - 10:00:01 up 5 days\n\n"
        + names
        + "   1544 ann 20 0 S 3.1 0:09.10 fox\n      1 root 20 0 S 0.0 0:09.10 init\n",
    )
    assert (labels(found)[-1], found.counts.loaded, found.account.preamble) == ("COMMAND", 2, 1)


def test_dots_and_the_legend_of_units_are_left_out(tmp_path: Path) -> None:
    found = look(tmp_path, UNITS + FAILED + LEGEND)
    assert rows(found) == [
        ("cron.service", "loaded", "active", "running", "Runs jobs"),
        ("web.service", "loaded", "failed", "failed", "A web server"),
    ]
    assert found.counts.rejected == 0


def test_names_of_files_stand_in_place_of_the_total(tmp_path: Path) -> None:
    found = look(tmp_path, "total 5068\n" + ENTRIES)
    assert labels(found) == ["mode", "links", "owner", "group", "size", "modified", "name"]
    assert [row[4:] for row in rows(found)] == [("4096", "Mar 1 2023", "bin"), ("51200", "Mar 12 09:12", "a note.txt")]


def test_files_without_a_total_are_rows_from_the_first_line_on(tmp_path: Path) -> None:
    found = look(tmp_path, ENTRIES)
    assert (found.counts.loaded, found.dialect.header_row) == (2, None)
    assert labels(found) == ["mode", "links", "owner", "group", "size", "modified", "name"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("USER,PID,TTY,COMMAND\nroot,1,?,init\nann,2,?,fox\n", id="commas"),
        pytest.param(
            "PID LSTART              TTY CMD\n  1 Fri Mar  1 10:00 2024 ?   init\n  2 Fri Mar  1 10:01 2024 ?   sh\n",
            id="five words of a start",
        ),
        pytest.param("UNIT LOAD ACTIVE SUB DESCRIPTION\na 1 2 3 x\nb 4 5 6 y\n", id="other units"),
        pytest.param("total 3\n2023-03-01 10:00 bin\n2023-03-02 11:00 lib\n", id="no modes"),
    ],
)
def test_neighbours_are_no_listings(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text))
