"""A header whose first row names its blank corner is not asked about: without that row its first column has no name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tabular.questions.test_questions import asked_of, read, sheet, text
from uploads.tabular.table import ReadOptions

ROWS = "".join(f"Land {i},{i * 3},{i * 5},{i + 4}\n" for i in range(1, 9))
TITLE = "Prices of 2026\n\n"


@pytest.mark.parametrize("write", [text, sheet])
def test_the_row_that_names_the_corner_is_no_question(write: Callable[[Path, str], Path], tmp_path: Path) -> None:
    path = write(tmp_path, f"{TITLE}Country,Year,,\n,2002,2003,2004\n{ROWS}")
    [(table, rows)] = read(path, ReadOptions())
    assert (table.labels, rows[0]) == (("Country", "Year 2002", "Year 2003", "Year 2004"), 5)
    assert asked_of(path) == []


def test_a_header_whose_corner_has_a_name_begins_there(tmp_path: Path) -> None:
    path = text(tmp_path, f"{TITLE}Country,Year,,\nArea,2002,2003,2004\n{ROWS}")
    [(table, _)] = read(path, ReadOptions())
    assert table.labels[0] == "Area"
