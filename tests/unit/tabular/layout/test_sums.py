"""Rows that sum others up without being the last of their table, or without a word that says so."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.tabular.layout.texts_opened import opened, rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.layout.sums.column_sums import is_sum, is_sum_by_arithmetic, is_total_above, number_of
from uploads.tabular.layout.sums.running_sums import RunningSums
from uploads.tabular.layout.sums.worded_sums import subtotals_note, worded_sums
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import ReadOptions

ROWS = "".join(f"x{n};{n};{n}.5\n" for n in range(1, 7))
"""Six rows that add up to 21 and 24.0."""


def read(folder: Path, text: str, **said: object) -> tuple[SourceTable, list[tuple[str, ...]], dict[NoteKind, Note]]:
    table = opened(folder, text, options=ReadOptions(**said))  # type: ignore[arg-type]
    rows = rows_of(list(table.chunks()))
    return table, rows, {note.kind: note for note in table.dialect.notes}


def test_total_right_below_the_header_is_none_of_the_rows(tmp_path: Path) -> None:
    table, rows, notes = read(tmp_path, f"name;n;m\nTotal;21;24.0\n{ROWS}")
    assert [row[0] for row in rows] == [f"x{n}" for n in range(1, 7)]
    assert (table.account.preamble, table.account.footer) == (1, 0)
    assert notes[NoteKind.LAST_TOTAL].figures == {
        "unit": "line",
        "place": 2,
        "text": "Total 21 24.0",
        "totals": 1,
        "words": [0],
    }


@pytest.mark.parametrize(
    "total", ["Total;22;24.0", "x;21;24.0", "Total;21;25.0;", "Total;;"], ids=["no sum", "no word", "faulty", "blank"]
)
def test_first_row_that_is_no_total_by_word_and_sum_is_a_row(tmp_path: Path, total: str) -> None:
    _, rows, notes = read(tmp_path, f"name;n;m\n{total}\n{ROWS}")
    assert NoteKind.LAST_TOTAL not in notes
    assert len(rows) == 6 + (total != "Total;21;25.0;")


def test_means_beside_the_sums_of_a_total_do_not_matter(tmp_path: Path) -> None:
    rows = "".join(f"x{n};{n};{n};0.5%\n" for n in range(1, 7))
    _, loaded, _ = read(tmp_path, f"name;n;m;rate\nTotal;21;21;0.5%\n{rows}")
    assert len(loaded) == 6


def test_one_table_keeps_the_total_and_says_nothing(tmp_path: Path) -> None:
    _, rows, notes = read(tmp_path, f"name;n;m\nTotal;21;24.0\n{ROWS};42;48.0\n", one_table=True)
    assert len(rows) == 8
    assert notes.keys().isdisjoint({NoteKind.LAST_TOTAL, NoteKind.SUBTOTALS, NoteKind.SUMS_WITHOUT_WORD})


def test_last_row_of_nothing_but_sums_is_loaded_and_said(tmp_path: Path) -> None:
    _, rows, notes = read(tmp_path, f"name;n;m\n{ROWS};21;24.0\n")
    assert rows[-1] == ("", "21", "24.0")
    note = notes[NoteKind.SUMS_WITHOUT_WORD]
    assert note.figures == {"unit": "line", "place": 8, "columns": 2, "rows": [8]}


@pytest.mark.parametrize(
    "last",
    [";21;25.0", "x7;21;24.0", ";21;", ";21;many"],
    ids=["one is no sum", "a name", "one column", "a word"],
)
def test_last_row_that_is_anything_else_is_not_said(tmp_path: Path, last: str) -> None:
    _, rows, notes = read(tmp_path, f"name;n;m\n{ROWS}{last}\n")
    assert len(rows) == 7
    assert NoteKind.SUMS_WITHOUT_WORD not in notes


def test_few_rows_or_noughts_are_no_evidence() -> None:
    def columns(*values: str) -> list[pa.Array]:
        return [pa.array(values, pa.string())] * 2

    assert is_sum_by_arithmetic(["10", "10"], columns("1", "2", "3", "4", "0"))
    assert not is_sum_by_arithmetic(["10", "10"], columns("1", "2", "3", "4"))
    assert not is_sum_by_arithmetic(["0", "0"], columns("0", "0", "0", "0", "0"))
    assert not is_sum_by_arithmetic(["5", "5"], columns("5", "0", "0", "0", "0"))
    assert not is_sum_by_arithmetic(["0.3", "0.3"], columns("0.1", "0.2", "0", "0", "0.000000000001"))


def test_sums_are_exact_in_any_notation_and_length() -> None:
    assert is_sum("0.3", pa.array(["0.1", "0.2"]))
    assert is_sum("1.234,50", pa.array(["1.000,25", "234,25", "–"]))
    assert is_sum("-1", pa.array(["5", "-6", ""]))
    assert is_sum("500", pa.array(["1"] * 500))
    assert is_sum("0", pa.array(["1"] * 60 + ["-60"])) is False, "told from the first rows alone"
    assert not is_sum("499", pa.array(["1"] * 500))
    assert not is_sum("3", pa.array(["1", "x", "2"]))
    assert not is_sum("nan", pa.array(["nan", "nan"]))
    assert number_of("1" * 400) is None


def test_subtotals_in_a_text_are_loaded_and_said_with_their_words(tmp_path: Path) -> None:
    text = "a;b;n\nN;x;1\nN;y;2\nN Total;;3\nS;x;4\nS;y;5\nS Total;;9\nS;z;5\n"
    _, rows, notes = read(tmp_path, text)
    assert len(rows) == 7
    assert notes[NoteKind.SUBTOTALS].figures == {
        "unit": "line",
        "places": [4, 7],
        "count": 2,
        "rows": [4, 7],
        "words": ["N Total", "S Total"],
        "is_begun_by": True,
        "is_all": True,
    }


def test_word_in_the_second_column_is_not_what_the_row_begins_with() -> None:
    columns = [pa.array(["N", "N", "N", "S", "S", "S"]), pa.array(["x", "y", "Subtotal", "x", "y", "Subtotal"])]
    found = worded_sums(np.arange(2, 8), columns)
    assert (found.rows, found.words, found.is_in_first) == ((4, 7), ("Subtotal",), False)
    blank_before = [pa.array(["N", "N", "", "S", "S", ""]), columns[1]]
    assert worded_sums(np.arange(2, 8), blank_before).is_in_first


def test_subtotals_of_small_groups_and_their_total_are_said_all() -> None:
    column = pa.array(["a", "b", "Subtotal", "c", "d", "Subtotal", "Total general"])
    assert worded_sums(np.arange(2, 9), [column]).rows == (4, 7, 8)


@pytest.mark.parametrize(
    "word",
    [
        *("Subtotal Norte", "Sous-total Île-de-France", "Zwischensumme Nord", "Итого по Москве", "東京小計"),
        *("Norte total", "Norte, total 1)", "Norte total\\2"),
    ],
)
def test_subtotal_that_names_its_group_is_said_in_any_order(word: str) -> None:
    labels = ["a", "b", word, "c", "d", "e"]
    assert worded_sums(np.arange(6), [pa.array(labels)]).rows == (2,)


@pytest.mark.parametrize(
    "word",
    ["Subtotalizar", "Zwischensummenkonto 4", "小計表", "Sousse total ville", "Всего понемногу", "Norte total 12"],
)
def test_words_that_only_resemble_a_subtotal_are_not_said(word: str) -> None:
    found = worded_sums(np.arange(6), [pa.array(["a", "b", word, "c", "d", "e"])])
    assert found.rows == ()


@pytest.mark.parametrize("words", [["Total", "M", "Total", "F"], ["Totally", "a", "b", "c"], []])
def test_kind_called_total_and_other_words_are_not_said(words: list[str]) -> None:
    column = pa.array(words, pa.string())
    assert subtotals_note("line", worded_sums(np.arange(len(words)), [column])) == []


def test_long_text_is_looked_at_where_it_begins(tmp_path: Path) -> None:
    text = "name;n\nTotal;3001\n" + "x;1\n" * 3_000
    _, rows, notes = read(tmp_path, text, chunk_rows=500)
    assert len(rows) == 3_001
    assert notes[NoteKind.SUBTOTALS].figures["is_all"] is False


LONG = 60_000
"""Rows: more than are held at once."""
SUMS = f"Total;{LONG * (LONG + 1) // 2};{LONG * (LONG + 1) // 2}.5"


def long_text(first: str, *, change: str = "") -> str:
    rows = [f"x{n};{n};{n}" for n in range(1, LONG)]
    return "\n".join(["name;n;m", first, *rows, change or f"x{LONG};{LONG};{LONG}.5", ""])


def test_total_above_more_rows_than_are_held_at_once_is_none_of_them(tmp_path: Path) -> None:
    table, rows, notes = read(tmp_path, long_text(SUMS))
    assert (len(rows), rows[0], rows[-1][0]) == (LONG, ("x1", "1", "1"), f"x{LONG}")
    assert (table.account.preamble, table.account.footer) == (1, 0)
    assert notes[NoteKind.LAST_TOTAL].figures == {
        "unit": "line",
        "place": 2,
        "text": SUMS.replace(";", " "),
        "totals": 1,
        "words": [0],
    }
    assert NoteKind.SUBTOTALS not in notes
    assert len(rows_of(list(table.chunks()))) == LONG  # in a second pass too


@pytest.mark.parametrize(
    ("first", "change"),
    [
        (SUMS, f"x{LONG};{LONG};{LONG}.6"),
        (SUMS.replace("Total", "x0"), ""),
        (SUMS, f"x{LONG};about {LONG};{LONG}.5"),
        ("Total;7;9", ""),
        ("Total;;", ""),
    ],
    ids=["one sum differs", "no word", "no number far below", "far too little", "no sums"],
)
def test_first_of_many_rows_that_is_no_total_by_word_and_sum_is_a_row(tmp_path: Path, first: str, change: str) -> None:
    _, rows, notes = read(tmp_path, long_text(first, change=change))
    assert NoteKind.LAST_TOTAL not in notes
    assert (len(rows), rows[0]) == (LONG + 1, tuple(first.split(";")))


def test_many_rows_that_are_one_table_keep_the_total(tmp_path: Path) -> None:
    assert len(read(tmp_path, long_text(SUMS), one_table=True)[1]) == LONG + 1


@pytest.mark.parametrize(
    ("row", "columns", "is_total"),
    [
        (["Total", "10", "20.5"], [["a", "b"], ["4", "6"], ["20", "0.5"]], True),
        (["Total", "1,234", "2,5"], [["a", "b"], ["1,000", "234"], ["2", "0,5"]], True),
        (["Total", "1.000.000,5"], [["a", "b"], ["1.000.000", "0,5"]], True),
        (["Total", "20"], [["a", "b", "Total"], ["4", "6", "10"]], True),
        (["Total", "10"], [["a", "b"], ["4", "-"]], False),
        (["Total", "10"], [["a", "b"], ["10", "0"]], False),
        (["Total", "100000"], [["a", "b"], ["1e5", "0"]], False),
        (["Total", "10", "3"], [["a", "b"], ["4", "6"], ["1.5", "2"]], False),
        (["Total", "10", "5%", "3"], [["a", "b"], ["4", "6"], ["5%", "5%"], ["1", "2"]], True),
    ],
)
def test_running_sums_are_those_of_the_columns(row: list[str], columns: list[list[str]], is_total: bool) -> None:
    arrays = [pa.array(column, pa.string()) for column in columns]
    whole, in_pieces = RunningSums(row), RunningSums(row)
    whole.add(arrays)
    for place in range(len(columns[0])):
        in_pieces.add([array.slice(place, 1) for array in arrays])
    assert (whole.is_total, in_pieces.is_total) == (is_total, is_total)
    assert is_total == is_total_above(row, arrays)


def words_of(*columns: list[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    found = worded_sums(np.arange(1, len(columns[0]) + 1), [pa.array(column) for column in columns])
    return found.rows, found.words


def test_word_in_a_column_further_right_says_it_where_all_on_its_left_is_blank() -> None:
    kinds = ["day", "day", "day", ""]
    assert words_of(kinds, ["1", "2", "3", ""], ["Ann", "Bob", "Cal", "Subtotal"]) == ((4,), ("Subtotal",))
    assert words_of(kinds, ["1", "2", "3", "4"], ["Ann", "Bob", "Cal", "Subtotal"]) == ((), ())


def test_total_of_a_group_that_is_named_above_is_a_sum() -> None:
    assert words_of(["Savings", "", "", "Total Savings", "Loans", "", "Total Loans "]) == (
        (4, 7),
        ("Total Savings", "Total Loans"),
    )


def test_name_that_begins_with_total_is_none() -> None:
    assert words_of(["Total Energies", "Savings", "Shell", "BP"]) == ((), ())


@pytest.mark.parametrize(
    ("last", "said"),
    [
        pytest.param(";Klassenschnitt;2,33;66,67", (2, True), id="means under a word that is not known"),
        pytest.param(";Kontrolle;7;200", (2, False), id="sums under a word that is not known"),
        pytest.param(";;;200", None, id="three digits alone"),
        pytest.param(";Klassenschnitt;2,34;66,67", None, id="one of two is no mean"),
        pytest.param("4;Di;2,33;66,67", None, id="nothing is blank that all others fill"),
        pytest.param(";Di;2;67", None, id="means of one and two digits"),
    ],
)
def test_sums_and_means_in_the_last_row_are_said(tmp_path: Path, last: str, said: tuple[int, bool] | None) -> None:
    _, rows, notes = read(tmp_path, f"no;name;n;m\n1;Ann;1;40\n2;Bo;2;60\n3;Cy;4;100\n{last}\n")
    found = notes.get(NoteKind.SUMS_WITHOUT_WORD)
    assert len(rows) == 4
    assert (None if found is None else (found.figures["columns"], found.figures.get("is_mean", False))) == said


ABOVE = "land;town;n\nNorth;;30\n;a;10\n;b;20\nSouth;;50\n;c;20\n;d;30\n"
GROUPS = "no;what;n;m\n1;a;10;1,5\n2;b;20;2\n;Staff;30;3,5\n3;c;5;1\n4;d;7;2,5\n;House;12;3,5\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(GROUPS, [4, 7], id="two groups"),
        pytest.param(f"{GROUPS};In toto;42;7\n", [4, 7, 8], id="and the sum of both"),
        pytest.param(GROUPS.replace("12;3,5", "12;3,6").replace("12;", "13;"), None, id="one is none"),
        pytest.param(GROUPS.replace("\n;", "\n9;"), None, id="no column is blank there"),
        pytest.param(GROUPS + ";e;1;1\n", None, id="a blank row that is none"),
        pytest.param(ABOVE, [2, 5], id="above their groups"),
        pytest.param(ABOVE.replace(";50", ";51"), None, id="above, and one is none"),
        pytest.param(ABOVE.replace("0", ""), None, id="above, of few digits"),
    ],
)
def test_sums_of_groups_are_said_whatever_word_stands_there(tmp_path: Path, text: str, said: list[int] | None) -> None:
    _, rows, notes = read(tmp_path, text)
    found = notes.get(NoteKind.SUBTOTALS)
    assert len(rows) == text.count("\n") - 1
    assert (None if found is None else found.figures["rows"]) == said


@pytest.mark.parametrize(
    ("first", "said"),
    [
        pytest.param("Land;21;24.0", 2, id="sums of all below"),
        pytest.param("Land;22;24.0", None, id="one of two is no sum"),
        pytest.param("Land;21;", None, id="two digits alone"),
    ],
)
def test_first_row_that_holds_the_sums_of_all_others_is_said(tmp_path: Path, first: str, said: int | None) -> None:
    _, rows, notes = read(tmp_path, f"name;n;m\n{first}\n{ROWS}")
    found = notes.get(NoteKind.SUMS_WITHOUT_WORD)
    assert len(rows) == 7
    assert (found and (found.figures["columns"], found.figures["is_first"], found.figures["rows"])) == (
        said and (said, True, [2])
    )


@pytest.mark.parametrize(
    ("first", "said"),
    [
        pytest.param(",1000,500", True, id="no page"),
        pytest.param("/z,1000,500", False, id="a page"),
        pytest.param(",1000,501", False, id="no sum"),
    ],
)
def test_few_rows_are_enough_below_sums_that_name_nothing(tmp_path: Path, first: str, said: bool) -> None:
    _, rows, notes = read(tmp_path, f"path,views,users\n{first}\n/,600,300\n/a,300,150\n/b,100,50\n")
    assert (len(rows), NoteKind.SUMS_WITHOUT_WORD in notes) == (4, said)


def test_a_total_of_what_stands_behind_a_colon_is_a_subtotal_among_rows(tmp_path: Path) -> None:
    text = "what;n\na;1\nb;2\nTotal: Books;3\nc;4\nd;5\nTotal: Toys;9\ne;7\nf;8\n"
    _, _, notes = read(tmp_path, text)
    assert notes[NoteKind.SUBTOTALS].figures["rows"] == [4, 7]


CUBE = "industry;size;value\n" + "".join(
    f"{industry};{size};{value}\n"
    for industry, sizes in (
        ("total", "abc"),
        *((name, ("total", *"abc")) for name in ("Farms", "Mines", "Shops", "Trade")),
    )
    for value, size in enumerate(sizes)
)
"""Each industry and their total, by each size and, but for the total of all, in total."""


def test_totals_that_are_levels_of_several_columns_are_no_sums_of_rows(tmp_path: Path) -> None:
    _, rows, notes = read(tmp_path, CUBE)
    assert len(rows) == 19
    assert NoteKind.SUBTOTALS not in notes
    assert notes[NoteKind.TOTAL_LEVELS].figures == {
        "word": "total",
        "columns": [["industry", 3], ["size", 4]],
        "is_all": True,
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a;b;n\nN;x;1\nN;y;2\nN;Total;3\nS;x;4\nS;y;6\nS;Total;10\nTotal;Total;13\n", id="of groups"),
        pytest.param("a;b;n\nN;x;1\nN;y;2\nTotal;;3\nS;x;4\nS;y;6\nTotal;;10\nW;z;1\n", id="in one column"),
    ],
)
def test_totals_below_their_groups_are_no_levels(tmp_path: Path, text: str) -> None:
    assert NoteKind.TOTAL_LEVELS not in read(tmp_path, text)[2]
