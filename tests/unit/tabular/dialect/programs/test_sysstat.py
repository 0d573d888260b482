"""Reports of ``sar``: the time in a line of names is no name, and averages are no rows."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

BANNER = "Linux 5.15.0 (web01) \t03/15/2024 \t_x86_64_\t(4 CPU)\n\n"
NAMES = "12:00:01 AM     CPU     %user     %idle\n"
ROWS = "12:10:01 AM     all      1.25     98.11\n12:20:01 AM     all      1.30     98.01\n"
AVERAGE = "Average:        all      1.28     98.06\n"


def test_the_time_above_times_is_no_name(tmp_path: Path) -> None:
    found = look(tmp_path, BANNER + NAMES + ROWS + AVERAGE)
    assert labels(found) == ["time", "CPU", "%user", "%idle"]
    assert rows(found) == [("12:10:01 AM", "all", "1.25", "98.11"), ("12:20:01 AM", "all", "1.30", "98.01")]
    assert (NoteKind.SYSSTAT in kinds(found), NoteKind.DELIMITER in kinds(found)) == (True, False)


def test_names_once_more_and_a_restart_are_no_rows(tmp_path: Path) -> None:
    restart = "12:25:01 AM  LINUX RESTART\t(4 CPU)\n\n"
    found = look(tmp_path, BANNER + NAMES + ROWS + restart + NAMES.replace("12:00", "12:30") + ROWS)
    assert (found.counts.loaded, found.counts.rejected) == (4, 0)


def test_each_report_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "sar.txt"
    path.write_text(BANNER + NAMES + ROWS + AVERAGE + "\n12:00:01 AM    proc/s\n12:10:01 AM      3.15\n")
    found = list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=5))
    assert [(labels(one)[-1], one.counts.loaded, one.counts.rejected) for one in found] == [
        ("%idle", 2, 0),
        ("proc/s", 1, 0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NAMES + ROWS, id="no banner"),
        pytest.param(BANNER + "Device      tps\nsda        5.21\nsdb        0.11\n", id="no times"),
    ],
)
def test_neighbours_are_no_reports_of_sar(tmp_path: Path, text: str) -> None:
    assert NoteKind.SYSSTAT not in kinds(look(tmp_path, text))
