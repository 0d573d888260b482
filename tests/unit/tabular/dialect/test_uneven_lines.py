"""Rows that leave cells out, have too many, or were cut by line ends."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import MANY, kinds, labels, look, rows
from uploads.tabular.inspection import inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions


def test_a_surplus_cell_of_white_space_is_none(tmp_path: Path) -> None:
    found = look(tmp_path, '"a";"b"\n"1";"x";"\n"\n"2";"y";" "\n')
    assert (found.counts.loaded, found.counts.rejected) == (2, 0)
    assert rows(found) == [("1", "x"), ("2", "y")]


def test_a_surplus_cell_with_a_value_is_a_column(tmp_path: Path) -> None:
    found = look(tmp_path, '"a";"b"\n"1";"x";" "\n"2";"y";"z"\n"3";"y";" "\n')
    assert (found.counts.loaded, len(found.columns)) == (3, 3)


def test_last_cells_that_all_rows_leave_out_are_empty(tmp_path: Path) -> None:
    found = look(tmp_path, "id,n,ok,bad\n" + "".join(f"{n},x\n" for n in MANY))
    assert rows(found)[0] == ("1", "x", None, None)
    assert (found.counts.loaded, found.counts.rejected) == (8, 0)
    assert NoteKind.LAST_CELLS_MISSING in kinds(found)


def test_cells_that_some_rows_leave_out_are_missed(tmp_path: Path) -> None:
    found = look(tmp_path, "id,n,ok\n" + "".join(f"{n},x\n" for n in MANY) + "9,x,y\n8,x,z\n")
    assert NoteKind.LAST_CELLS_MISSING not in kinds(found)


def test_a_row_that_has_the_last_cells_after_all_is_rejected(tmp_path: Path) -> None:
    text = (
        "id,n,ok\n" + "".join(f"{n},some text to fill the head\n" for n in range(20_000)) + "1,x,y\n" + "2,x\n" * 20_000
    )
    found = look(tmp_path, text)
    assert (found.counts.loaded, found.counts.rejected) == (40_000, 1)


BROKEN = "day,who,place\n" + "".join(f"2024-01-0{n},Eva,\nBüropark {n}\n" for n in MANY)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_that_line_ends_cut_are_put_together(tmp_path: Path, end: str) -> None:
    found = look(tmp_path, BROKEN.replace("\n", end))
    assert rows(found)[0] == ("2024-01-01", "Eva", f"{end}Büropark 1")
    assert (found.counts.loaded, found.account.line_breaks) == (8, 8)
    assert NoteKind.LINES_JOINED in kinds(found)


def test_cut_rows_are_rejected_where_the_delimiter_is_given(tmp_path: Path) -> None:
    found = look(tmp_path, BROKEN, delimiter=",")
    assert found.counts.loaded == 8
    assert found.counts.rejected > 0
    assert NoteKind.LINES_JOINED not in kinds(found)


def test_few_cut_rows_are_put_together_where_that_is_asked(tmp_path: Path) -> None:
    text = "id;text;n\n" + "".join(f"{n};a b;{n}\n" for n in MANY) + '9;two\nlines;9\n10;"a\nb";1\n'
    asked = look(tmp_path, text, uneven_rows="join")
    assert (asked.counts.loaded, asked.counts.rejected, asked.account.line_breaks) == (10, 0, 2)
    assert rows(asked)[-2:] == [("9", "two\nlines", "9"), ("10", "a\nb", "1")]
    assert look(tmp_path, text).counts.rejected == 2


def test_a_narrower_table_below_is_not_put_together(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nname;age\nAnn;31\nBo;42\nCy;53\n")
    found = list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=9))
    assert [table.counts.loaded for table in found] == [2, 3]


def test_prose_with_commas_is_not_put_together(tmp_path: Path) -> None:
    text = "Dear all,\nthis is, as you see,\nno table, but\na letter.\n" * 4
    assert NoteKind.LINES_JOINED not in kinds(look(tmp_path, text))


RAGGED = "id,name,h\n" + "".join(f"{n},x{',y' * (n % 5)}\n" for n in range(1, 30))


def test_rows_of_all_lengths_are_fitted_where_that_is_asked(tmp_path: Path) -> None:
    found = look(tmp_path, RAGGED, uneven_rows="collect")
    assert labels(found) == ["id", "name", "h"]
    assert (found.counts.loaded, found.counts.rejected) == (29, 0)
    assert rows(found)[3:6] == [("4", "x", "y,y,y,y"), ("5", "x", None), ("6", "x", "y")]
    assert NoteKind.ROWS_FITTED in kinds(found)


UNCUT = "id,name,h1,h2\n" + "".join(f"{n},n{n}{',20GENR' * (n % 9)}\n" for n in range(1, 30))
"""Lines of 2 to 10 cells: nothing says that they are to be cut."""


def test_lines_of_any_number_of_cells_are_said_to_be_stored_whole_and_nothing_else_of_them(tmp_path: Path) -> None:
    found = look(tmp_path, UNCUT)
    assert (labels(found), found.counts.loaded) == (["id,name,h1,h2"], 29)
    assert [(note.kind, dict(note.figures)) for note in found.notes] == [
        (NoteKind.UNEVEN_LINES, {"delimiter": ",", "least": 2, "most": 10})
    ]


def test_lines_of_words_alone_below_a_header_of_one_cell_are_doubted_where_nothing_cuts_them(tmp_path: Path) -> None:
    assert NoteKind.HEADER_DOUBTED in kinds(look(tmp_path, "name\nAnn\nBo\nCy\nDee\nEve\n"))


@pytest.mark.parametrize("how", ["fill", "collect"])
def test_rows_that_are_fitted_to_the_header_leave_no_column_without_a_name(tmp_path: Path, how: str) -> None:
    found = look(tmp_path, UNCUT, delimiter=",", uneven_rows=how)
    assert labels(found) == ["id", "name", "h1", "h2"]
    assert kinds(found) & {NoteKind.NAMES_MISSING, NoteKind.ROW_NAMES} == set()
    assert NoteKind.ROWS_FITTED in kinds(found)


def test_rows_one_cell_longer_are_not_said_to_begin_with_row_names_where_they_are_fitted(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"r{n},{n},{n * 2}\n" for n in range(1, 9))
    assert NoteKind.ROW_NAMES in kinds(look(tmp_path, text))
    found = look(tmp_path, text, uneven_rows="collect")
    assert (labels(found), NoteKind.ROW_NAMES in kinds(found)) == (["a", "b"], False)


def test_rows_are_fitted_in_order_among_regular_ones_and_blank_ones(tmp_path: Path) -> None:
    text = 'id;a;b\n1;x;y\n2;x\n;;;\n3;x;y;z\n4;"p\nq";y\n5\n6;x;"a;b";c\n'
    found = look(tmp_path, text, uneven_rows="collect", delimiter=";")
    assert [row[0] for row in found.head] == [2, 3, 5, 6, 8, 9]
    assert rows(found)[-1] == ("6", "x", "a;b;c")
    assert found.counts.blank == 1


def test_rows_of_all_lengths_are_told_how_they_can_be_read(tmp_path: Path) -> None:
    found = look(tmp_path, RAGGED.replace("5,x\n", "5,x,\n"))
    assert found.counts.loaded + found.counts.rejected >= 29
    assert NoteKind.UNEVEN_LINES in kinds(found) or found.dialect.delimiter == ","
