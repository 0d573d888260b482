"""Which delimiter parts cells: by the file's name, of several characters, with spaces around, at the ends of lines."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import MANY, kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

COMMAS_IN_CELLS = "name, first\tcity, state\nDoe, Jan\tRome, GA\nRoe, Kim\tTroy, NY\nPoe, Lee\tBath, ME\n"


@pytest.mark.parametrize("name", ["t.tsv", "t.TAB"])
def test_a_tab_in_every_line_is_the_delimiter_where_the_file_is_named_so(tmp_path: Path, name: str) -> None:
    found = look(tmp_path, COMMAS_IN_CELLS, name)
    assert labels(found) == ["name, first", "city, state"]
    assert [note.figures["runner_up"] for note in found.notes if note.kind is NoteKind.DELIMITER] == [","]


def test_a_delimiter_that_makes_all_rows_alike_too_is_named(tmp_path: Path) -> None:
    found = look(tmp_path, COMMAS_IN_CELLS, "t.txt")
    assert [note.figures["runner_up"] for note in found.notes if note.kind is NoteKind.DELIMITER] == ["\t"]


def test_commas_are_found_in_a_file_that_is_only_named_after_tabs(tmp_path: Path) -> None:
    assert look(tmp_path, "a,b\n1,x\n2,y\t\n3,z\n", "t.tsv").dialect.delimiter == ","


def test_a_mark_at_the_end_of_each_line_is_no_delimiter(tmp_path: Path) -> None:
    found = look(tmp_path, "".join(f"{n}, x;\n" for n in MANY), header_row="none")
    assert rows(found)[0] == ("1", "x")
    assert NoteKind.LINES_END_WITH in kinds(found)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("name;\n" + "Doe, Jan;\n" * 5, ";"),
        ("price;\n" + "".join(f"{n},50;\n" for n in MANY), ";"),
        ("a,b;\n" + "".join(f"{n},5;7\n" for n in MANY), ";"),
    ],
)
def test_a_semicolon_before_each_line_end_can_be_the_delimiter(tmp_path: Path, text: str, delimiter: str) -> None:
    found = look(tmp_path, text)
    assert found.dialect.delimiter == delimiter
    assert NoteKind.LINES_END_WITH not in kinds(found)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param("".join(f"{n}::Part {n}: on::10:3{n}\n" for n in range(5)), "\t", id="colons in cells"),
        pytest.param("".join(f"{n}~~a~b~~{n}\n" for n in range(5)), "\t", id="tildes in cells"),
        pytest.param("".join(f"{n}~|~a~|~{'b|c' if n == 3 else 'd'}\n" for n in range(5)), "\t", id="a bar in a cell"),
        pytest.param("".join(f"{n}~|~a|b~|~{n}\n" for n in range(5)), "~", id="a bar in each line"),
        pytest.param("".join(f"a::{n}:b::{n},x{n},{n}\n" for n in range(5)), ":", id="a usual delimiter"),
        pytest.param("".join(f"a:::{n}::b:{n}\n" for n in range(5)), ":", id="blank cells"),
    ],
)
def test_single_marks_may_stand_in_cells_between_long_delimiters(tmp_path: Path, text: str, delimiter: str) -> None:
    assert look(tmp_path, text).dialect.delimiter == delimiter


@pytest.mark.parametrize("mark", ["::", "||", "|~|", "~|~", "##", "<|>", "@@"])
def test_a_delimiter_of_several_characters_is_found(tmp_path: Path, mark: str) -> None:
    lines = [["id", "name", "n"], ["1", "a;b, c", "2"], ["2", "", "3"], ["3", "x", "4"]]
    found = look(tmp_path, "".join(mark.join(line) + "\n" for line in lines))
    assert labels(found) == ["id", "name", "n"]
    assert rows(found) == [("1", "a;b, c", "2"), ("2", None, "3"), ("3", "x", "4")]
    assert [note.figures["delimiter"] for note in found.notes if note.kind is NoteKind.LONG_DELIMITER] == [mark]


def test_a_delimiter_of_several_characters_can_be_given(tmp_path: Path) -> None:
    found = look(tmp_path, 'a;;b\n1;;"x;;y"\n2;z;;w\n', delimiter=";;")
    assert rows(found) == [("1", "x;;y"), ("2;z", "w")]


@pytest.mark.parametrize(
    ("text", "delimiter", "width"),
    [
        ("a;b;c\n1;;2\n3;;4\n5;;6\n", ";", 3),
        ("a|b||d\n1|2||4\n3|4|x|5\n", "|", 4),
        ("a,b\nx::y,1\nz::w,2\nv::u,3\n", ",", 2),
    ],
)
def test_blank_cells_and_marks_in_cells_make_no_long_delimiter(
    tmp_path: Path, text: str, delimiter: str, width: int
) -> None:
    found = look(tmp_path, text)
    assert (found.dialect.delimiter, len(found.columns)) == (delimiter, width)
    assert NoteKind.LONG_DELIMITER not in kinds(found)


def test_spaces_around_a_rare_delimiter_are_padding(tmp_path: Path) -> None:
    found = look(tmp_path, "".join(f"   {n} # 'a {n}' # ' b, c'\n" for n in MANY), header_row="none")
    assert rows(found)[0] == ("1", "a 1", " b, c")


def test_a_rare_mark_between_words_parts_nothing(tmp_path: Path) -> None:
    found = look(tmp_path, "who;n\n" + "".join(f"R & D;{n}\n" for n in MANY))
    assert labels(found) == ["who", "n"]


@pytest.mark.parametrize(
    ("text", "cells", "around"),
    [
        pytest.param(
            "a ; b ; c\n1 ; x y ; 2\n2 ; y ; 3\n", [("1", "x y", "2"), ("2", "y", "3")], True, id="semicolons"
        ),
        pytest.param("a # b\n1 # x\n2 # y\n", [("1", "x"), ("2", "y")], True, id="a rare one, said once"),
        # Behind the delimiter alone they are its own, before it a cell's.
        pytest.param("a; b\n1; x\n2; y \n", [("1", "x"), ("2", "y ")], False, id="behind it alone"),
        pytest.param('a ; b\n1 ; "x "\n2 ; y\n', [("1", "x "), ("2", "y")], False, id="quotes"),
    ],
)
def test_spaces_on_both_sides_of_each_delimiter_are_no_part_of_cells(
    tmp_path: Path, text: str, cells: list[tuple[str, ...]], *, around: bool
) -> None:
    found = look(tmp_path, text)
    assert rows(found) == cells
    assert (NoteKind.SPACES_AROUND in kinds(found)) == around
    assert not {NoteKind.SPACES_AROUND, NoteKind.SPACED} <= kinds(found)
