"""Ways in which people and their programs write the cells of a text, and neighbours written in the usual way."""

from pathlib import Path
from typing import Any

import pytest

from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions


def look(tmp_path: Path, text: str | bytes, name: str = "t.csv", **options: Any) -> Inspection:
    """The only table of a text."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (found,) = inspect_file(path, options=ReadOptions(**options), limits=Limits(), head_rows=100)
    return found


def labels(found: Inspection) -> list[str]:
    return [column.label for column in found.columns]


def rows(found: Inspection) -> list[tuple[str | None, ...]]:
    return [tuple(None if cell is None else str(cell) for cell in row[1:]) for row in found.head]


def kinds(found: Inspection) -> set[NoteKind]:
    return {note.kind for note in found.notes}


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


def test_a_surplus_cell_of_white_space_is_none(tmp_path: Path) -> None:
    found = look(tmp_path, '"a";"b"\n"1";"x";"\n"\n"2";"y";" "\n')
    assert (found.counts.loaded, found.counts.rejected) == (2, 0)
    assert rows(found) == [("1", "x"), ("2", "y")]


def test_a_surplus_cell_with_a_value_is_a_column(tmp_path: Path) -> None:
    found = look(tmp_path, '"a";"b"\n"1";"x";" "\n"2";"y";"z"\n"3";"y";" "\n')
    assert (found.counts.loaded, len(found.columns)) == (3, 3)


def test_bars_around_cells_quote_them(tmp_path: Path) -> None:
    found = look(tmp_path, "".join(f"{n}, ok, |f({n}, 'x', 2)|\n" for n in range(5)), header_row="none")
    assert rows(found)[0] == ("0", "ok", "f(0, 'x', 2)")
    assert NoteKind.OTHER_QUOTE in kinds(found)


def test_a_quoting_bar_that_is_not_closed_rejects_its_row_alone(tmp_path: Path) -> None:
    text = "".join(f"{n}, ok, |f({n}, 'x', 2)|\n" for n in range(9)) + "9, ok, |f(9\n"
    found = look(tmp_path, text, header_row="none")
    assert (found.counts.loaded, found.counts.rejected) == (9, 1)


def test_bars_inside_cells_quote_nothing(tmp_path: Path) -> None:
    found = look(tmp_path, "".join(f"{n},a|b|{n},c\n" for n in range(5)), header_row="none")
    assert rows(found)[0] == ("0", "a|b|0", "c")


def test_names_in_quotes_are_read_without_them_where_empty_cells_are_apostrophes(tmp_path: Path) -> None:
    text = 'n\t"a b"\t"c d"\n' + "".join(f"{n}\t''\t''\n" for n in range(9))
    assert labels(look(tmp_path, text)) == ["n", "a b", "c d"]


def test_cells_in_apostrophes_are_still_read_without_them(tmp_path: Path) -> None:
    text = "n\t'a b'\t'c\td'\n" + "".join(f"{n}\t''\t'x\ty'\n" for n in range(9))
    assert rows(look(tmp_path, text))[0] == ("0", None, "x\ty")
