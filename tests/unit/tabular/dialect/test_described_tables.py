"""What psql prints of tables with ``\\d``: their columns, and below them what else it tells."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

NAMES = " Column |  Type   | Default \n--------+---------+---------\n"
ORDERS = f'          Table "public.orders"\n{NAMES} id     | integer | \n total  | numeric | 0\n'
BELOW = (
    'Indexes:\n    "orders_pkey" PRIMARY KEY, btree (id)\n    "i" btree (total)\n'
    'Foreign-key constraints:\n    "l" FOREIGN KEY (id) REFERENCES customers(id)\nReferenced by:\n    TABLE "lines"\n'
)
LINES = f'          Table "public.lines"\n{NAMES} n      | integer | \n'


def test_what_is_told_below_the_columns_is_no_row(tmp_path: Path) -> None:
    found = look(tmp_path, ORDERS + BELOW + "\n")
    assert labels(found) == ["Column", "Type", "Default"]
    assert rows(found) == [("id", "integer", None), ("total", "numeric", "0")]
    assert (found.counts.rejected, found.account.preamble) == (0, 1)
    [told] = [note.figures["told"] for note in found.notes if note.kind is NoteKind.PRINTED_TABLE]
    assert told == len(BELOW.splitlines())


def test_each_table_described_is_one(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text(ORDERS + BELOW + "\n" + LINES + "\n")
    found = list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=5))
    assert [(one.counts.loaded, one.counts.rejected) for one in found] == [(2, 0), (1, 0)]


@pytest.mark.parametrize("below", ["Sums:\nof all orders\n", "Prices of shops are those of the last day.\n"])
def test_other_lines_below_are_notes(tmp_path: Path, below: str) -> None:
    """A word with a colon alone in its line is one too, as it tells of the next."""
    found = look(tmp_path, ORDERS + below)
    assert (found.counts.loaded, found.counts.rejected, found.account.footer) == (2, 0, len(below.splitlines()))


def test_an_indented_row_is_one(tmp_path: Path) -> None:
    found = look(tmp_path, " name   | n\n--------+---\n by:    | 1\n     x  | 2\n")
    assert (rows(found), NoteKind.PRINTED_TABLE in kinds(found)) == ([("by:", "1"), ("x", "2")], True)
