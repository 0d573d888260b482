"""Marks inside a text: of byte order, of its end, holes, and line ends inside cells."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, look, rows
from uploads.tabular.notes import NoteKind


def test_byte_order_marks_inside_are_left_out_and_the_second_header_is_counted(tmp_path: Path) -> None:
    found = look(tmp_path, "\ufeffid;amount\n1;1,5\n2;2,5\n\ufeffid;amount\n3;3,5\n")
    assert [str(column.type) for column in found.columns] == ["bigint", "numeric"]
    assert (found.counts.loaded, found.account.header) == (3, 2)
    assert NoteKind.MARKS_INSIDE in kinds(found)


def test_byte_order_marks_inside_a_utf16_text_are_left_out(tmp_path: Path) -> None:
    found = look(tmp_path, "\ufeffid\tn\r\n1\tx\r\n\ufeffid\tn\r\n2\ty\r\n".encode("utf-16-le"))
    assert (found.counts.loaded, found.account.header, found.dialect.line_end) == (2, 2, "CRLF")


def test_marks_before_a_cell_are_left_out_and_those_inside_words_kept(tmp_path: Path) -> None:
    found = look(tmp_path, '\ufeff"id";"name"\n"1";"\ufeffann"\n"2";\ufeffbob\n"3";"c\ufeffy"\n')
    assert [row[1] for row in rows(found)] == ["ann", "bob", "c\ufeffy"]


def test_a_mark_that_became_letters_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    found = look(tmp_path, "ï»¿id;name\n1;ann\n2;ï»¿bob\n")
    assert (found.columns[0].label, NoteKind.MARKS_INSIDE in kinds(found)) == ("id", True)


@pytest.mark.parametrize("text", ["id;ï»¿x\n1;ann\n2;bob\n", "ï;name\n1;ann\n2;bob\n"])
def test_other_letters_of_that_kind_are_names(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, text)
    assert ("ï" in "".join(column.label for column in found.columns), NoteKind.MARKS_INSIDE in kinds(found)) == (
        True,
        False,
    )


def test_one_mark_at_the_beginning_is_no_mark_inside(tmp_path: Path) -> None:
    assert NoteKind.MARKS_INSIDE not in kinds(look(tmp_path, "\ufeffid;amount\n1;1,5\n"))


@pytest.mark.parametrize("mark", ["\x1a", "\x1a\x1a\x1a", "\\.\n", "\\.\r\n", "\0\0\0\0"])
def test_an_end_mark_on_a_line_of_its_own_is_no_row(tmp_path: Path, mark: str) -> None:
    found = look(tmp_path, "id\tname\n" + "1\tsome text\n" * 9 + mark)
    assert (found.counts.loaded, found.counts.rejected, found.account.footer) == (9, 0, 1)
    assert NoteKind.END_MARK in kinds(found)


def test_an_end_mark_behind_the_last_row_is_none_of_its_text(tmp_path: Path) -> None:
    found = look(tmp_path, "id;n\n1;x\n2;y\x1a")
    assert rows(found) == [("1", "x"), ("2", "y")]
    assert found.account.footer == 0


@pytest.mark.parametrize("text", ["id;n\n1;\x1ax\n2;y\n", "id;n\n1;\\.\n2;\\.", "id;n\n\\.;x\n2;y\n"])
def test_the_same_characters_elsewhere_are_values(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, text)
    assert found.counts.loaded == 2
    assert NoteKind.END_MARK not in kinds(found)


def test_a_hole_of_nuls_rejects_one_row(tmp_path: Path) -> None:
    text = "ts,v\n" + "".join(f"2026-05-01,{n}\n" for n in range(50)) + "\0" * 2_000 + "\n2026-05-02,1\n"
    found = look(tmp_path, text)
    assert (found.counts.loaded, found.counts.rejected) == (51, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("cell", ['"a\nb"', "x"])
def test_line_ends_inside_cells_are_no_line_ends(tmp_path: Path, cell: str, encoding: str) -> None:
    found = look(tmp_path, f"n,note\r\n1,{cell}\r\n2,c\r\n".encode(encoding))
    assert found.dialect.line_end == "CRLF"
    assert NoteKind.LINE_ENDS not in kinds(found)


def test_a_line_end_of_another_kind_behind_the_head_is_told(tmp_path: Path) -> None:
    text = "n,note\r\n" + "1,a long text of many words\r\n" * 20_000 + "2,c\n3,d\r\n"
    found = look(tmp_path, text)
    assert found.dialect.line_end == "mixed"
    assert NoteKind.LINE_ENDS in kinds(found)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_records_that_end_with_the_separator_of_ascii_are_rows(tmp_path: Path, end: str) -> None:
    found = look(tmp_path, f"id\x1fname\x1fn\x1e1\x1fann\x1f1.5\x1e2\x1fbob\x1f2.5\x1e{end}")
    assert (found.dialect.header_row, [row[1:] for row in rows(found)]) == (1, [("ann", "1.5"), ("bob", "2.5")])
    assert NoteKind.RECORD_SEPARATORS in kinds(found)


@pytest.mark.parametrize(
    "text",
    [
        "id\x1fname\n1\x1fa\x1eb\n2\x1fc\n",
        "id;name\x1e1;a\x1e2;b\n3;c\n",
        "id\x1fname\n1\x1fa\n2\x1fb\x1ec\n",
        "id\x1fname\x1e\n1\x1fa\x1e\n2\x1fb\x1e\n",
    ],
)
def test_a_record_separator_beside_line_ends_is_a_letter_of_a_cell(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, text)
    assert NoteKind.RECORD_SEPARATORS not in kinds(found)


@pytest.mark.parametrize(
    ("last", "footer"),
    [
        ("Notes", 1),
        ("Sources", 1),
        ("Anmerkungen:", 1),
        ("EOF", 1),
        ("<EOF>", 1),
        ("END", 1),
        ("%E", 1),
        ("Bend", 0),
        ("END;7", 0),
    ],
)
def test_a_mark_alone_that_ends_the_file_is_no_row(tmp_path: Path, last: str, footer: int) -> None:
    found = look(tmp_path, f"id;name;n\n1;ann;2\n2;bob;3\n{last}\n")
    assert (found.account.footer, found.counts.rejected) == (footer, 1 - footer)
