"""Records with a line for each value, and neighbours whose lines only look so."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.dialect.programs.vertical_records import find_vertical
from uploads.tabular.notes import NoteKind

STARS = "*" * 27
MYSQL = f"""mysql> table t\\G
{STARS} 1. row {STARS}
  id: 1
town: Rome
note: on | two
lines: of text

and more
{STARS} 2. row {STARS}
  id: 2
town: NULL
note:
2 rows in set (0.00 sec)
"""
PSQL = """-[ RECORD 1 ]-----
id   | 1
town | Rome
note | first +
     | second
-[ RECORD 2 ]-----
id   | 2
town |
note | "x" | y

"""
LISTS = "".join(f"Name     : p{n}\nHandles  : {n}\nPath     : C:\\long\n           way\n\n" for n in range(4))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_mysql_values_of_several_lines_stay_one_value(tmp_path: Path, end: str) -> None:
    found = look(tmp_path, MYSQL.replace("\n", end))
    assert labels(found) == ["id", "town", "note"]
    assert rows(found) == [("1", "Rome", f"on | two{end}lines: of text{end}{end}and more"), ("2", "NULL", None)]
    assert (found.account.preamble, found.counts.rejected, found.account.footer) == (1, 0, 1)
    assert NoteKind.VERTICAL_RECORDS in kinds(found)


def test_psql_values_go_on_below_a_blank_name(tmp_path: Path) -> None:
    found = look(tmp_path, PSQL)
    assert labels(found) == ["id", "town", "note"]
    assert rows(found) == [("1", "Rome", "first\nsecond"), ("2", None, '"x" | y')]
    assert [row[0] for row in found.head] == [2, 6]


def test_boxes_of_psql_are_read_alike(tmp_path: Path) -> None:
    boxes = PSQL.replace("-[", "─[").replace("---", "───").replace(" | ", " │ ").replace("town |", "town │")
    assert rows(look(tmp_path, boxes))[1] == ("2", None, '"x" │ y')


def test_blank_lines_part_lists_of_names_and_values(tmp_path: Path) -> None:
    found = look(tmp_path, LISTS)
    assert labels(found) == ["Name", "Handles", "Path"]
    assert rows(found)[3] == ("p3", "3", "C:\\long\nway")


def test_a_record_of_other_names_is_rejected_line_by_line(tmp_path: Path) -> None:
    sound = "".join(f"{STARS} {n}. row {STARS}\nid: {n}\nab: x{n}\n" for n in range(1, 30))
    found = look(tmp_path, f"{sound}{STARS} 30. row {STARS}\nid: 30\n{sound}")
    assert (found.counts.loaded, found.counts.rejected) == (58, 2)


def test_one_record_is_told_by_what_stands_above_it(tmp_path: Path) -> None:
    assert rows(look(tmp_path, "-[ RECORD 1 ]\nid   | 1\ntown | Rome\n")) == [("1", "Rome")]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_any_pieces_of_a_text_make_the_same_lines(size: int) -> None:
    form = find_vertical(MYSQL)
    assert form is not None
    lines = MYSQL.encode().splitlines(keepends=True)
    whole = form.start()(MYSQL.encode(), final=True)
    turn = form.start()
    pieces = [turn(b"".join(lines[at : at + size]), final=False) for at in range(0, len(lines), size)]
    assert b"".join([*pieces, turn(b"", final=True)]) == whole
    assert whole.count(b"\n") == MYSQL.count("\n")


def test_who_names_the_delimiter_gets_each_line_as_a_row(tmp_path: Path) -> None:
    assert NoteKind.VERTICAL_RECORDS not in kinds(look(tmp_path, PSQL, delimiter="|"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id: 1\ntown: Rome\n\nid: 2\ntown: Bath\n", id="two lists may be notes"),
        pytest.param("id: 1\nrow: 2\n\nid: 1\nrow: 2\n\nid: 1\nother: 2\n\nid: 1\nlast: 2\n", id="other names each"),
        pytest.param("Unit: cm\nSite: A\n\na b\n1 2\n3 4\n", id="a paragraph above a table"),
        pytest.param("at: 1\nat: 2\n\nat: 3\nat: 4\n\nat: 5\nat: 6\n", id="one name"),
        pytest.param("*** 1. row ***\nid: 1\n", id="a title"),
    ],
)
def test_neighbours_are_no_such_records(text: str) -> None:
    assert find_vertical(text) is None


def test_a_value_that_never_ends_is_not_kept_in_memory() -> None:
    text = f"{STARS} 1. row {STARS}\nid: 1\nab: x\n"
    form = find_vertical(text)
    assert form is not None
    turn = form.start()
    turn(text.encode(), final=False)
    given = [turn(b"a line\n", final=False) for _ in range(2_000)]
    assert sum(map(bool, given)) == 1_000
