"""“Fill short rows” and “collect the rest in the last column”: ways out for tables whose rows grow to the right."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.test_one_table import tables_of, text
from uploads.tabular.chunks import counted
from uploads.tabular.note_sentences import sentences_of
from uploads.tabular.table import ReadOptions, RowCounts

RAGGED = 'id,name,h1,h2\n1,Ann,A\n2,Bo,A,B\n3,Cy,A,B,C\n4,Di,A,B,C,D\n5,Ed\n\n6,Flo,"A,1",B\n7,Gus,A,"B,1",C\n'
"""A history of votes: each row as long as it has to be."""


def rows_of(path: Path, **said: Any) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[int], tuple[str, ...]]:
    [table] = tables_of(path, ReadOptions(**said))
    counts, rows, rejects = RowCounts(), list[tuple[int, tuple[str, ...]]](), list[int]()
    for chunk in table.chunks():
        counts = counted(counts, chunk)
        cells = zip(*(column.to_pylist() for column in chunk.cells), strict=True)
        rows += zip(chunk.rows.to_pylist(), cells, strict=True)
        rejects += [reject.row for reject in chunk.rejects]
    assert table.account.accounted(counts) == table.account.lines
    assert [row for row, _ in rows] == sorted(row for row, _ in rows)
    return table.labels, [cells for _, cells in rows], rejects, sentences_of(table.dialect.notes)


def test_rest_is_collected_in_the_last_column(tmp_path: Path) -> None:
    labels, rows, rejects, notes = rows_of(text(tmp_path, RAGGED), uneven_rows="collect")
    assert labels == ("id", "name", "h1", "h2")
    assert rows == [
        ("1", "Ann", "A", ""),
        ("2", "Bo", "A", "B"),
        ("3", "Cy", "A", "B,C"),
        ("4", "Di", "A", "B,C,D"),
        ("5", "Ed", "", ""),
        ("6", "Flo", "A,1", "B"),
        ("7", "Gus", "A", '"B,1",C'),
    ]
    assert rejects == []
    assert notes[-2:] == (
        "2 rows with too few cells are filled with blank ones, as asked.",
        "3 rows with too many cells have the rest in “h2”, as asked.",
    )


def test_short_rows_are_filled_and_long_ones_stay_rejects(tmp_path: Path) -> None:
    labels, rows, rejects, _ = rows_of(text(tmp_path, RAGGED), uneven_rows="fill")
    assert labels == ("id", "name", "h1", "h2")
    assert [cells[0] for cells in rows] == ["1", "2", "5", "6"]
    assert rejects == [4, 5, 9]


@pytest.mark.parametrize("chunk_rows", [1, 50_000])
def test_rows_stay_in_their_order_on_the_fast_path_too(tmp_path: Path, chunk_rows: int) -> None:
    lines = [f"{i},n{i}" + ",x" * (i % 5) for i in range(4_000)]
    path = text(tmp_path, "id,name,last\n" + "\n".join(lines) + "\n")
    _, rows, rejects, _ = rows_of(path, uneven_rows="collect", chunk_rows=chunk_rows)
    assert rejects == []
    assert rows == [(f"{i}", f"n{i}", ",".join("x" * (i % 5))) for i in range(4_000)]


def test_titles_stay_above_and_the_header_that_is_said_counts(tmp_path: Path) -> None:
    path = text(tmp_path, "Votes\n\nid;who\nid;name;h1\n1;Ann;A\n2;Bo\n3;Cy;A;B\n")
    labels, rows, _, _ = rows_of(path, uneven_rows="collect", header_row=4)
    assert (labels, rows) == (("id", "name", "h1"), [("1", "Ann", "A"), ("2", "Bo", ""), ("3", "Cy", "A;B")])


def test_nothing_changes_where_nobody_says_so_or_all_rows_are_alike(tmp_path: Path) -> None:
    even = text(tmp_path, "a;b\n1;2\n3;4\n")
    assert rows_of(even) == rows_of(even, uneven_rows="collect") == rows_of(even, uneven_rows="fill")
    short = text(tmp_path, "a;b;c\n1;2;3\n4;5\n6;7;8\n9;9;9\n")
    assert rows_of(short)[2] == [3]
