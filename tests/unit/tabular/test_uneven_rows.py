"""What becomes of rows of other lengths: they are filled, their rest is collected, or broken lines are joined.

Lines that a person wants left out are told of beside each of them.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.test_one_table import tables_of, text
from uploads.tabular.chunks import counted
from uploads.tabular.sentences.notes import sentences_of
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
        ("7", "Gus", "A", "B,1,C"),
    ]
    assert rejects == []
    assert notes[-1] == (
        "As you asked, 5 rows of other lengths were fitted: short ones have empty last cells, long ones the rest in "
        "the last column."
    )


def test_short_rows_are_filled_and_long_ones_stay_rejects(tmp_path: Path) -> None:
    labels, rows, rejects, notes = rows_of(text(tmp_path, RAGGED), uneven_rows="fill")
    assert labels == ("id", "name", "h1", "h2")
    assert [cells[0] for cells in rows] == ["1", "2", "5", "6"]
    assert rejects == [4, 5, 9]
    assert notes[-1] == "As you asked, 2 rows with too few cells were filled with empty ones."


@pytest.mark.parametrize("how", ["fill", "collect"])
def test_blank_cells_beyond_the_last_name_are_nothing_to_collect_and_no_fault(tmp_path: Path, how: str) -> None:
    path = text(tmp_path, "id;who;\n1;Ann;\n2;Bo;;;\n3;Cy; ;\n4\n5;Di\n")
    _, rows, rejects, _ = rows_of(path, uneven_rows=how)
    assert ([cells[:2] for cells in rows], rejects) == (
        [("1", "Ann"), ("2", "Bo"), ("3", "Cy"), ("4", ""), ("5", "Di")],
        [],
    )


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


def test_first_row_of_several_cells_names_the_columns_and_what_is_left_out_does_not(tmp_path: Path) -> None:
    path = text(tmp_path, "Votes\nas of May;x\nid;name;h1\n1;Ann\nSum;;;9\n2;Bo;A;B\n3;Cy;A\n")
    labels, rows, _, _ = rows_of(path, uneven_rows="collect", skip_rows="2", skip_words=("Sum",))
    assert (labels, rows) == (("id", "name", "h1"), [("1", "Ann", ""), ("2", "Bo", "A;B"), ("3", "Cy", "A")])


def test_data_begin_where_a_person_says_in_rows_of_all_lengths_too(tmp_path: Path) -> None:
    path = text(tmp_path, "id;name;h1\n-;text;unit;more\n1;Ann\n2;Bo;A;B\n")
    labels, rows, _, _ = rows_of(path, uneven_rows="collect", data_row=3)
    assert (labels, rows) == (("id", "name", "h1"), [("1", "Ann", ""), ("2", "Bo", "A;B")])


@pytest.mark.parametrize("chunk_rows", [1, 50_000])
def test_rows_are_left_out_and_told_of_among_those_that_are_fitted(tmp_path: Path, chunk_rows: int) -> None:
    lines = [f"{i},n{i}" + ",x" * (i % 5) if i % 7 else f'Total,"{i}"' for i in range(4_000)]
    path = text(tmp_path, "id,name,last\n" + "\n".join(lines) + "\n")
    said = {"skip_words": ("total",), "skip_rows": "3", "chunk_rows": chunk_rows, "delimiter": ","}
    _, rows, rejects, notes = rows_of(path, uneven_rows="collect", **said)
    assert rejects == []
    assert rows == [(f"{i}", f"n{i}", ",".join("x" * (i % 5))) for i in range(4_000) if i % 7 and i != 1]
    assert notes[-1].startswith("573 rows left out as asked: lines 2, 3, 9, ")
    _, filled, rejects, notes = rows_of(path, uneven_rows="fill", **said)
    assert [cells[0] for cells in filled] == [f"{i}" for i in range(4_000) if i % 7 and i != 1 and i % 5 < 2]
    assert rejects == [i + 2 for i in range(4_000) if i % 7 and i % 5 > 1]
    assert notes[-1].startswith("573 rows left out as asked")


def test_lines_that_are_joined_are_told_of_beside_those_left_out(tmp_path: Path) -> None:
    path = text(tmp_path, "id;text;n\n1;a;1\nSum;;6\n2;two\nlines;2\n3;c;3\nSum;;5\n4;d;4\n")
    _, rows, rejects, _ = rows_of(path, uneven_rows="join", delimiter=";", skip_words=("Sum",))
    assert (rows, rejects) == ([("1", "a", "1"), ("2", "two\nlines", "2"), ("3", "c", "3"), ("4", "d", "4")], [])


FORMS = {
    "wrapped in quotes": ('"a,b,c"\n"1,""x, y"",5"\n"Total,,5"\n"2,z,6"\n"3,w,7"\n', [2, 4, 5]),
    "a printed table": ("+---+---+\n| a | b |\n+---+---+\n| 1 | x |\n| Total | y |\n| 2 | z |\n+---+---+\n", [4, 6]),
    "marks inside": ("\ufeffa;b\n1;x\n\ufeffTotal;y\n2;z\n3;w\n", [2, 4, 5]),
    "a delimiter of two characters": ("a||b\n1||x\nTotal||y\n2||z\n3||w\n", [2, 4, 5]),
    "a mark at the end": ("a\tb\n1\tx\nTotal\ty\n2\tz\n\\.\n", [2, 4]),
    "last cells that all rows leave out": ("a;b;c\n1;x\nTotal;y\n2;z\n3;w\nTotal;;5\n", [2, 4, 5]),
}


@pytest.mark.parametrize("name", FORMS)
def test_rows_are_left_out_whatever_form_their_lines_have(tmp_path: Path, name: str) -> None:
    content, kept = FORMS[name]
    [table] = tables_of(text(tmp_path, content), ReadOptions(skip_words=("Total",)))
    chunks = list(table.chunks())
    assert [row for chunk in chunks for row in chunk.rows.to_pylist()] == kept
    assert [reject for chunk in chunks for reject in chunk.rejects] == []
    assert table.account.left_out == content.count("Total")


def test_rows_are_left_out_of_a_text_in_two_encodings(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    german = "id;Käufer;Straße\n1;Jürgen Groß;Hauptstraße\n2;Änne Müller;Königsweg\n3;Götz Böhm;Mühlgasse\n"
    french = "4;Hélène Lefèvre;Rue de l'Élysée\nÀ compléter;;\n5;André Côté;Allée des Chênes\n6;Zoé Forêt;Rue Zoë\n"
    path.write_bytes(german.encode() + french.encode("cp1252"))
    _, rows, rejects, notes = rows_of(path, skip_words=("À compléter",), skip_rows="3, 8")
    assert [cells[:2] for cells in rows] == [
        ("1", "Jürgen Groß"),
        ("3", "Götz Böhm"),
        ("4", "Hélène Lefèvre"),
        ("5", "André Côté"),
    ]
    assert rejects == []
    assert notes[-1] == "3 rows left out as asked: lines 3, 6, 8."
