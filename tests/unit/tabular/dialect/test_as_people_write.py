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


MANY = range(1, 9)


def test_byte_order_marks_inside_are_left_out_and_the_second_header_is_counted(tmp_path: Path) -> None:
    found = look(tmp_path, "\ufeffid;amount\n1;1,5\n2;2,5\n\ufeffid;amount\n3;3,5\n")
    assert [str(column.type) for column in found.columns] == ["bigint", "numeric"]
    assert (found.counts.loaded, found.account.header) == (3, 2)
    assert NoteKind.MARKS_INSIDE in kinds(found)


def test_byte_order_marks_inside_a_utf16_text_are_left_out(tmp_path: Path) -> None:
    found = look(tmp_path, "\ufeffid\tn\r\n1\tx\r\n\ufeffid\tn\r\n2\ty\r\n".encode("utf-16-le"))
    assert (found.counts.loaded, found.account.header, found.dialect.line_end) == (2, 2, "CRLF")


def test_one_mark_at_the_beginning_is_no_mark_inside(tmp_path: Path) -> None:
    assert NoteKind.MARKS_INSIDE not in kinds(look(tmp_path, "\ufeffid;amount\n1;1,5\n"))


def test_rows_that_stand_in_quotes_as_a_whole_are_unwrapped(tmp_path: Path) -> None:
    found = look(tmp_path, '"n,text,day"\r\n"1,""a, b"",2024-01-01"\r\n"2,c,2024-01-02"\r\n')
    assert labels(found) == ["n", "text", "day"]
    assert rows(found) == [("1", "a, b", "2024-01-01"), ("2", "c", "2024-01-02")]
    assert NoteKind.LINES_IN_QUOTES in kinds(found)


def test_two_columns_that_stand_in_quotes_as_a_whole_are_unwrapped(tmp_path: Path) -> None:
    found = look(tmp_path, '"id,name"\n"1,""Doe, Jan"""\n"2,""Roe, Kim"""\n')
    assert labels(found) == ["id", "name"]
    assert rows(found) == [("1", "Doe, Jan"), ("2", "Roe, Kim")]


@pytest.mark.parametrize(
    "text",
    [
        '"name"\n"Doe, Jan"\n"Roe, Kim"\n',
        '"name, first"\n"Doe, Jan"\n"Roe, Kim"\n',
        '"price"\n"1,50"\n"2,25"\n',
        '"people"\n"1,204,000"\n"3,112,500"\n',
        '"note"\n"a; b"\n"c; d"\n"e"\n',
    ],
)
def test_one_column_in_quotes_stays_one(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, text)
    assert len(found.columns) == 1
    assert NoteKind.LINES_IN_QUOTES not in kinds(found)


def test_whole_lines_in_quotes_stay_so_where_the_quote_is_given(tmp_path: Path) -> None:
    assert len(look(tmp_path, '"a;b;c"\n"1;2;3"\n"4;5;6"\n', quote='"').columns) == 1


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


PSQL = " id | name | n \n----+------+---\n  1 | Ann  | 5\n  2 |      | 7\n(2 rows)\n"
MYSQL = (
    "+----+------+---+\n| id | name | n |\n+----+------+---+\n|  1 | Ann  | 5 |\n|  2 |      | 7 |\n+----+------+---+\n"
)
MARKDOWN = "| id | name | n |\n|---:|------|:-:|\n| 1 | Ann | 5 |\n| 2 |  | 7 |\n"
BOXES = (
    "┌────┬──────┬───┐\n│ id │ name │ n │\n├────┼──────┼───┤\n│  1 │ Ann  │ 5 │\n│  2 │      │ 7 │\n└────┴──────┴───┘\n"
)
SAP = (
    "A list\n"
    "----------------\n"
    "| id | name | n |\n----------------\n|  1 | Ann  | 5 |\n|  2 |      | 7 |\n----------------\n"
)


@pytest.mark.parametrize("text", [PSQL, MYSQL, MARKDOWN, BOXES, SAP], ids=["psql", "mysql", "markdown", "boxes", "sap"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_printed_table_has_neither_rules_nor_padding(tmp_path: Path, text: str, end: str) -> None:
    found = look(tmp_path, text.replace("\n", end))
    assert labels(found) == ["id", "name", "n"]
    assert rows(found) == [("1", "Ann", "5"), ("2", None, "7")]
    assert found.counts.rejected == 0
    assert NoteKind.PRINTED_TABLE in kinds(found)


@pytest.mark.parametrize("end", ["(2 rows)", "(2 Zeilen)", "(2 rows affected)", "2 rows in set (0.00 sec)"])
def test_the_count_of_rows_below_two_columns_is_none_of_them(tmp_path: Path, end: str) -> None:
    found = look(tmp_path, f" id | name\n----+------\n  1 | Ann\n  2 | Bob\n{end}\n")
    assert rows(found) == [("1", "Ann"), ("2", "Bob")]
    assert found.counts.rejected == 0


def test_a_row_that_was_cut_off_is_no_count_of_rows(tmp_path: Path) -> None:
    found = look(tmp_path, "id;name\n1;Ann\n2;Bob\n(3)\n")
    assert (found.counts.loaded, found.counts.rejected) == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "a|b\nx | y\n---|---\nz |w\n",
        "a | b\n1 | x\n2 | y\n3 | z\n",
        "a;b\n---;---\n1;| x |\n",
    ],
)
def test_bars_and_dashes_in_cells_draw_no_table(tmp_path: Path, text: str) -> None:
    assert NoteKind.PRINTED_TABLE not in kinds(look(tmp_path, text))


def test_a_printed_table_is_read_as_it_stands_where_the_delimiter_is_given(tmp_path: Path) -> None:
    found = look(tmp_path, MARKDOWN, delimiter="|")
    assert found.counts.loaded + found.counts.rejected == 3


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


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        pytest.param("".join(f"{n}::Part {n}: on::10:3{n}\n" for n in range(5)), "\t", id="colons in cells"),
        pytest.param("".join(f"{n}~~a~b~~{n}\n" for n in range(5)), "\t", id="tildes in cells"),
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


@pytest.mark.parametrize(("opening", "closing"), [("þ", "þ"), ("“", "”"), ("«", "»")])
def test_letters_that_quote_all_cells_are_quotes(tmp_path: Path, opening: str, closing: str) -> None:
    lines = [["id", "text"], ["1", 'say "a\x14b"'], ["2", "c"]]
    text = "".join("\x14".join(f"{opening}{cell}{closing}" for cell in line) + "\r\n" for line in lines)
    found = look(tmp_path, text)
    assert labels(found) == ["id", "text"]
    assert rows(found) == [("1", 'say "a\x14b"'), ("2", "c")]


def test_words_that_begin_with_a_letter_are_not_quoted_by_it(tmp_path: Path) -> None:
    found = look(tmp_path, "þa;bþ\nþc;dþ\nþe;fþ\n", header_row="none")
    assert rows(found)[0] == ("þa", "bþ")


def test_two_apostrophes_are_an_empty_cell_beside_names_in_quotes(tmp_path: Path) -> None:
    found = look(tmp_path, 'n\t"a b"\n' + "".join(f"{n}\t{n}.5\n" for n in MANY) + "9\t''\n9\t''\n")
    assert [str(column.type) for column in found.columns] == ["bigint", "numeric"]
    assert NoteKind.EMPTY_APOSTROPHES in kinds(found)


def test_texts_written_as_formulas_are_read_without_the_sign(tmp_path: Path) -> None:
    found = look(tmp_path, 'sku,n\n="00001",1\n="0,002",2\n')
    assert rows(found) == [("00001", "1"), ("0,002", "2")]


def test_formulas_are_texts(tmp_path: Path) -> None:
    found = look(tmp_path, 'sku,n\n="a"&"b",1\n="00001",2\n')
    assert NoteKind.FORMULA_TEXTS not in kinds(found)


@pytest.mark.parametrize("quote", ["none", "'", "%", "þ"])
def test_the_quote_can_be_given(tmp_path: Path, quote: str) -> None:
    mark = "" if quote == "none" else quote
    text = "a,b\n" + "".join(f'{n},{mark}"x{mark}\n' for n in MANY)
    assert rows(look(tmp_path, text, quote=quote))[0] == ("1", '"x')


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


def test_spaces_behind_the_last_quote_are_no_part_of_its_cell(tmp_path: Path) -> None:
    found = look(tmp_path, '"day","text","no"\n01/17/2017,"A, B","1903"  \n02/18/2017,"=TEXT(0,0)","" \t\n')
    assert (labels(found), found.counts.loaded) == (["day", "text", "no"], 2)
    assert rows(found) == [("2017-01-17", "A, B", "1903"), ("2017-02-18", "=TEXT(0,0)", None)]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('a,b\n1,"so ""he"" \nsaid"\n2,"x"\n', 'so "he" \nsaid'),
        ('a,b\n1,2" \n2,"x"\n3,"y"\n4,"z"\n', '2" '),
    ],
    ids=["inside a cell of two lines", "behind an inch"],
)
def test_spaces_behind_other_quotes_are_values(tmp_path: Path, text: str, cell: str) -> None:
    assert rows(look(tmp_path, text))[0][1] == cell


def test_quotes_behind_digits_are_seconds_and_inches(tmp_path: Path) -> None:
    found = look(tmp_path, "site,lat,lon\nA,52°31'12\"N,13°24'18\"E\nB,48°8'6\"N,11°34'30\"E\n")
    assert rows(found)[0] == ("A", "52°31'12\"N", "13°24'18\"E")
    assert found.counts.rejected == 0


@pytest.mark.parametrize("cell", ['say "a,b"', '5"a,b"'], ids=["behind a word", "one of two"])
def test_other_quotes_around_a_delimiter_leave_doubt(tmp_path: Path, cell: str) -> None:
    found = look(tmp_path, f"id,a,b\n1,x,y\n2,{cell}\n3,z,w\n")
    assert [reject.code for reject in found.rejects] == ["stray_quote"]
