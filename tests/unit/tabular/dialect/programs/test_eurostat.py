"""Eurostat's downloads: the key in the first column is several."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

NAMES = "freq,geo\\TIME_PERIOD\t2019 \t2020 \n"
ROWS = "A,AT\t1.0 \t2.0 p\nA,BE\t: \t3.5 \n"


def test_each_part_of_the_key_is_a_column(tmp_path: Path) -> None:
    found = look(tmp_path, NAMES + ROWS, "nama.tsv")
    assert labels(found) == ["freq", "geo\\TIME_PERIOD", "2019", "2020"]
    assert rows(found) == [("A", "AT", "1.0", "2.0 p"), ("A", "BE", ":", "3.5")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NAMES.replace("\\TIME_PERIOD", "") + ROWS, id="no name of the periods"),
        pytest.param(NAMES + ROWS + "A\t1\t2\n", id="a row without a key"),
        pytest.param("geo\\TIME_PERIOD\t2019\nAT\t1\nBE\t2\n", id="a key of one part"),
    ],
)
def test_neighbours_keep_their_first_column(tmp_path: Path, text: str) -> None:
    assert NoteKind.PROGRAM_FORM not in kinds(look(tmp_path, text, "nama.tsv"))
