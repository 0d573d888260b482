"""What quotes cells, lines and words: bars, apostrophes, letters of other alphabets, formulas."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import MANY, kinds, labels, look, rows
from uploads.tabular.notes import NoteKind


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


def test_texts_written_as_formulas_in_quotes_are_read_without_both(tmp_path: Path) -> None:
    found = look(tmp_path, 'n,sku\n1,"=""00001"""\n2,"=""0,002"""\n')
    assert rows(found) == [("1", "00001"), ("2", "0,002")]


@pytest.mark.parametrize(("cell", "is_text"), [('"=""a""&""b"""', True), ("=1+2", False), ('"x, y"', False)])
def test_a_formula_among_texts_in_quotes_leaves_all_as_they_stand(tmp_path: Path, cell: str, is_text: bool) -> None:
    found = look(tmp_path, f'n,sku\n1,"=""00001"""\n2,"=""00002"""\n3,{cell}\n')
    assert (NoteKind.FORMULA_TEXTS not in kinds(found)) == is_text


def test_formulas_are_texts(tmp_path: Path) -> None:
    found = look(tmp_path, 'sku,n\n="a"&"b",1\n="00001",2\n')
    assert NoteKind.FORMULA_TEXTS not in kinds(found)


@pytest.mark.parametrize("quote", ["none", "'", "%", "þ"])
def test_the_quote_can_be_given(tmp_path: Path, quote: str) -> None:
    mark = "" if quote == "none" else quote
    text = "a,b\n" + "".join(f'{n},{mark}"x{mark}\n' for n in MANY)
    assert rows(look(tmp_path, text, quote=quote))[0] == ("1", '"x')


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


@pytest.mark.parametrize("mark", ["^", "~"])
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("name", ["Ann", "Ann, Bo; Cy", 'Ann "Bo"', ""])
@pytest.mark.parametrize("names", [("id", "name"), ("id", "name", "city")])
def test_carets_and_tildes_around_all_cells_are_quotes(
    tmp_path: Path, mark: str, delimiter: str, name: str, names: tuple[str, ...]
) -> None:
    lines = [names, *((str(n), name if n > 3 else f"Ann {n}", f"Town {n}")[: len(names)] for n in range(30))]
    text = "".join(delimiter.join(f"{mark}{cell}{mark}" for cell in line) + "\n" for line in lines)
    found = look(tmp_path, text)
    assert (labels(found), found.dialect.delimiter, found.dialect.quotechar) == (list(names), delimiter, mark)
    assert (rows(found)[0], rows(found)[9]) == (lines[1], tuple(cell or None for cell in lines[10]))


@pytest.mark.parametrize("mark", ["^", "~"])
@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("id#name#city", ["id", "name", "city"]),
        ("id#|#name#|#city", ["id", "name", "city"]),
        ("#|#id#|#name#|#", ["id", "name"]),
        ("#id#name,city#", ["id", "name,city"]),
    ],
)
def test_carets_and_tildes_that_part_cells_are_no_quotes(
    tmp_path: Path, mark: str, line: str, names: list[str]
) -> None:
    body = "".join(line.replace("id", str(n)).replace("name", "Ann") + "\n" for n in range(9))
    found = look(tmp_path, f"{line}\n{body}".replace("#", mark))
    assert [label for label in labels(found) if label] == names
    assert found.dialect.quotechar == '"'


@pytest.mark.parametrize("text", ["n,f\n1,^x\n2,x^2^y\n3,^y\n", "n,f\n1,^x^\n2,x\n3,^y^\n"])
def test_carets_in_or_around_some_cells_are_letters(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, text)
    assert (labels(found), found.dialect.quotechar) == (["n", "f"], '"')


def test_a_given_delimiter_with_carets_parts_cells_that_look_quoted(tmp_path: Path) -> None:
    text = "^id^|^name^|^city^\n" + "".join(f"^{n}^|^Ann^|^Town^\n" for n in MANY)
    assert labels(look(tmp_path, text, delimiter="^|^")) == ["^id", "name", "city^"]
