"""What Stata's ``list`` prints: columns parted by spaces within a frame."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

LIST = """
     +---------------------------+
     | make          price   mpg |
     |---------------------------|
  1. | AMC Concord   4,099    22 |
  2. | AMC Pacer     4,749     . |
     |---------------------------|
  3. | Audi 5000     9,690    17 |
     +---------------------------+
"""


def test_columns_between_the_bars_are_cut(tmp_path: Path) -> None:
    found = look(tmp_path, LIST)
    assert labels(found) == ["", "make", "price", "mpg"]
    assert rows(found)[1:] == [("2", "AMC Pacer", "4,749", "."), ("3", "Audi 5000", "9,690", "17")]
    assert (found.counts.rejected, NoteKind.PROGRAM_FORM in kinds(found)) == (0, True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "+-----+-----+\n| a   | b   |\n|-----+-----|\n| 1   | 2   |\n| 3   | 4   |\n+-----+-----+\n",
            ["a", "b"],
            id="bars between",
        ),
        pytest.param("+-------+\n| a bc  |\n+-------+\n| 1 2   |\n| 3 4   |\n+-------+\n", ["a bc"], id="no numbers"),
    ],
)
def test_neighbours_are_no_lists_of_stata(tmp_path: Path, text: str, names: list[str]) -> None:
    found = look(tmp_path, text)
    assert (labels(found), NoteKind.PROGRAM_FORM in kinds(found)) == (names, False)
