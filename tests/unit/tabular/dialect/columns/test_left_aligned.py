"""Columns of words that begin below their names, and lines that only look like them."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import labels, look, rows
from uploads.tabular.dialect.columns.fixed_columns import find_fixed

CONTAINERS = """\
CONTAINER ID   IMAGE         STATUS                  PORTS      NAMES
4c01db0b339c   postgres:16   Up 2 hours (healthy)    5432/tcp   shop db
a1b2c3d4e5f6   redis:7       Exited (0) 2 days ago              cache
"""
DISKS = """\
Filesystem     1K-blocks      Used Available Use% Mounted on
/dev/sda1       41152812  12345678  26697022  32% /
tmpfs            4019340         0   4019340   0% /sys/fs/cgroup
/dev/sdb1      103081248 101010101   2071147  99% /srv
"""


def test_words_and_blanks_below_their_names_are_columns(tmp_path: Path) -> None:
    table = look(tmp_path, CONTAINERS)

    assert labels(table) == ["CONTAINER ID", "IMAGE", "STATUS", "PORTS", "NAMES"]
    assert rows(table) == [
        ("4c01db0b339c", "postgres:16", "Up 2 hours (healthy)", "5432/tcp", "shop db"),
        ("a1b2c3d4e5f6", "redis:7", "Exited (0) 2 days ago", None, "cache"),
    ]


def test_name_of_two_words_above_cells_of_one_keeps_columns_apart(tmp_path: Path) -> None:
    table = look(tmp_path, DISKS)

    assert labels(table) == ["Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"]
    assert rows(table)[1] == ("tmpfs", "4019340", "0", "4019340", "0%", "/sys/fs/cgroup")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CONTAINERS.replace("cache", " cache"), id="a cell that begins elsewhere"),
        pytest.param(CONTAINERS.replace("(healthy)  ", "(healthy) on"), id="a cell that goes on to the next column"),
        pytest.param(CONTAINERS.replace("NAMES", "PORTS"), id="names that are alike"),
        pytest.param(CONTAINERS.replace("NAMES", "12345"), id="a value among the names"),
        pytest.param("\n".join(CONTAINERS.splitlines()[:2]), id="one row"),
        pytest.param("Notes    of the      meeting\nWe met.\nWe ate.\nWe left.\n", id="prose below a title set wide"),
    ],
)
def test_other_lines_are_no_such_columns(text: str) -> None:
    assert find_fixed(text) is None
