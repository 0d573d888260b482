"""“Data begin in row N” and “leave these rows out”: what only a person knows of a table, in a text and in a sheet.

Every line is still told of: what is left out is counted apart, never rejected and never blank.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.test_one_table import sheet, tables_of, text
from uploads.tabular.chunks import counted
from uploads.tabular.errors import BadOption, NoDataRows
from uploads.tabular.layout.row_numbers import parse_row_numbers, written_row_numbers
from uploads.tabular.notes import NoteKind
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import ReadOptions, RowCounts

type Written = Callable[[Path, str], Path]

UNITS = "place;speed;share\n-;m/s;%\nNorth;3;40\nSouth;5;60\n"
SUMS = "place;day;n\nNorth;Mon;5\nNorth;Tue;6\nTotal;;11\nSouth;Mon;1\nTotal:;;1\nIn all;;12\n"
BLANK_BETWEEN = "place;n\n\nin thousands;\n\nNorth;5\nSouth;6\n"
THREE = "Q1;Q2\nHow old are you?;Where do you live?\n{id: 1};{id: 2}\n31;North\n42;South\n"
LONE = "2001;2002\n1;2\n3;4\n"
TITLED = "Sheep of the north\nby the office\n2001;2002\n1;2\n3;4\n"


def told_of(path: Path, **said: Any) -> list[dict[str, object]]:
    """For each table its labels, its rows' numbers, what became of the others, and the note on those left out."""
    told = []
    for table in tables_of(path, ReadOptions(**said)):
        counts, rows, rejects = RowCounts(), list[int](), list[int]()
        for chunk in table.chunks():
            counts = counted(counts, chunk)
            rows += chunk.rows.to_pylist()
            rejects += [reject.row for reject in chunk.rejects]
        account = table.account
        assert account.accounted(counts) == account.lines
        [places] = [note.figures["places"] for note in table.dialect.notes if note.kind is NoteKind.ROWS_LEFT_OUT] or [
            []
        ]
        told.append(
            {
                "labels": table.labels,
                "rows": rows,
                "rejects": rejects,
                "out": places,
                "left_out": account.left_out,
                "blank": counts.blank + account.blank_above,
                "above": account.preamble,
                "footer": account.footer,
            }
        )
    return told


def case(labels: str, rows: list[int], out: list[int], *, blank: int = 0, above: int = 0) -> dict[str, object]:
    return {
        "labels": tuple(labels.split(";")),
        "rows": rows,
        "rejects": [],
        "out": out,
        "left_out": len(out),
        "blank": blank,
        "above": above,
        "footer": 0,
    }


CASES: dict[str, tuple[str, dict[str, Any], dict[str, object]]] = {
    "units below the header": (UNITS, {"data_row": 3, "header_row": 1}, case("place;speed;share", [3, 4], [2])),
    "the same by its number": (UNITS, {"skip_rows": "2"}, case("place;speed;share", [3, 4], [2])),
    "the same by its word": (UNITS, {"skip_words": ("-",)}, case("place;speed;share", [3, 4], [2])),
    "three rows of which the first names": (THREE, {"data_row": 4, "header_row": 1}, case("Q1;Q2", [4, 5], [2, 3])),
    "data in the second row make a header of the first": (LONE, {"data_row": 2}, case("2001;2002", [2, 3], [])),
    "and titles stay above it": (TITLED, {"data_row": 4}, case("2001;2002", [4, 5], [], above=2)),
    "data in the first row leave none": (LONE, {"data_row": 1}, case(";", [1, 2, 3], [])),
    "nor does who says so": (TITLED, {"data_row": 3, "header_row": "none"}, case(";", [3, 4, 5], [], above=2)),
    "subtotals by their word": (
        SUMS,
        {"skip_words": ("TOTAL", "in all")},
        case("place;day;n", [2, 3, 5], [4, 6, 7]),
    ),
    "subtotals by how they begin": (SUMS, {"skip_words": ("tot*", "in*")}, case("place;day;n", [2, 3, 5], [4, 6, 7])),
    "rows by their numbers": (
        SUMS,
        {"skip_rows": "4, 6-7", "one_table": True},
        case("place;day;n", [2, 3, 5], [4, 6, 7]),
    ),
    "what is blank stays blank": (
        BLANK_BETWEEN,
        {"data_row": 5, "header_row": 1},
        case("place;n", [5, 6], [3], blank=2),
    ),
    "rows above the header": (TITLED, {"skip_rows": "1-2", "header_row": 3}, case("2001;2002", [4, 5], [1, 2])),
}


@pytest.mark.parametrize("written", [text, sheet])
@pytest.mark.parametrize("name", CASES)
def test_rows_are_left_out_as_a_person_says(tmp_path: Path, name: str, written: Written) -> None:
    content, said, expected = CASES[name]
    assert told_of(written(tmp_path, content), **said) == [expected]


@pytest.mark.parametrize("written", [text, sheet])
def test_header_that_a_person_named_stays_whatever_is_left_out(tmp_path: Path, written: Written) -> None:
    path = written(tmp_path, "n;n2\n1;2\n3;4\n5;6\n")
    [told] = told_of(path, header_row=1, skip_rows="1-2", skip_words=("N",))
    assert (told["labels"], told["rows"], told["out"]) == (("n", "n2"), [3, 4], [2])


def test_row_of_a_wrong_width_is_left_out_too_and_no_reject(tmp_path: Path) -> None:
    path = text(tmp_path, 'a;b;c\n1;2;3\nSum;5\n"Sum";6\n4;5;6\n7;8;9\n')
    [told] = told_of(path, skip_words=("sum",))
    assert (told["rows"], told["rejects"], told["out"]) == ([2, 5, 6], [], [3, 4])
    [told] = told_of(path, skip_rows="3")
    assert (told["rows"], told["rejects"], told["out"]) == ([2, 5, 6], [4], [3])


def test_only_the_first_filled_cell_counts(tmp_path: Path) -> None:
    path = text(tmp_path, "a;b;c\n;Total;3\nTotals;Total;4\nx;Total;5\n ; ;Total\n")
    [told] = told_of(path, skip_words=("Total",))
    assert (told["rows"], told["out"]) == ([3, 4], [2, 5])


def test_lines_are_counted_where_cells_hold_line_breaks(tmp_path: Path) -> None:
    path = text(tmp_path, 'a;b\n"x\ny";1\nTotal;"1\n2"\nz;3\n')
    [told] = told_of(path, skip_words=("Total",))
    assert (told["rows"], told["out"]) == ([2, 6], [4])
    [told] = told_of(path, data_row=6)
    assert (told["rows"], told["out"]) == ([6], [2, 4])


def test_rows_are_left_out_wherever_chunks_end(tmp_path: Path) -> None:
    path = text(tmp_path, "name;n\n" + "Ann;5\nTotal;5\n" * 999)
    for chunk_rows in (1, 7, 1_000, 50_000):
        [told] = told_of(path, chunk_rows=chunk_rows, skip_words=("total",))
        assert (told["left_out"], told["footer"]) == (999, 0)
        assert told["rows"] == list(range(2, 2000, 2))
        [told] = told_of(path, chunk_rows=chunk_rows, skip_rows="3-1000, 1500-1999")
        assert told["left_out"] == 998 + 500


def test_numbers_are_those_of_the_file_in_every_table_of_it(tmp_path: Path) -> None:
    path = text(tmp_path, "place;sheep;deer\nN;1;2\nS;3;4\nE;5;6\nW;7;8\n\nname;age\nAnn;31\nBo;42\nCy;53\nDi;64\n")
    first, second = told_of(path, skip_rows="3, 9")
    assert (first["rows"], first["out"], first["left_out"]) == ([2, 4, 5], [3], 1)
    assert (second["rows"], second["out"], second["left_out"]) == ([8, 10, 11], [9], 1)


def test_row_that_is_left_out_begins_no_other_table(tmp_path: Path) -> None:
    content = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nplace;elk;moose\nNorth;5;6\nSouth;7;8\n"
    assert [told["rows"] for told in told_of(sheet(tmp_path, content))] == [[2, 3], [6, 7]]
    assert [told["rows"] for told in told_of(sheet(tmp_path, content), skip_rows="5-7")] == [[2, 3]]


def test_note_says_how_many_and_where(tmp_path: Path) -> None:
    table = next(tables_of(text(tmp_path, SUMS), ReadOptions(skip_words=("Total", "In all"))))
    list(table.chunks())
    assert sentences_of(table.dialect.notes)[-1] == "3 rows left out as asked: lines 4, 6, 7."


@pytest.mark.parametrize("written", [text, sheet])
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"data_row": 2, "header_row": 2}, "Row 2 was chosen as the header"),
        ({"data_row": 99}, "Row 99 was chosen as the first row of data"),
        ({"data_row": 700}, "Row 700 was chosen as the first row of data"),
    ],
)
def test_row_that_cannot_be_meant_is_refused(
    tmp_path: Path, written: Written, said: dict[str, int], words: str
) -> None:
    with pytest.raises(BadOption, match=words):
        told_of(written(tmp_path, UNITS), **said)


def test_data_may_begin_far_down(tmp_path: Path) -> None:
    for written in (text, sheet):
        path = written(tmp_path, "a;b;c\n" + "x;y;z\n" * 700 + "1;2;3\n4;5;6\n")
        [told] = told_of(path, data_row=702)
        assert (told["labels"], told["rows"], told["left_out"]) == (("a", "b", "c"), [702, 703], 700)


def test_nothing_left_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(NoDataRows):
        told_of(text(tmp_path, "a;b\n1;2\n3;4\n"), skip_rows="2-3")


@pytest.mark.parametrize(
    ("written", "spans", "again"),
    [
        ("12", ((12, 12),), "12"),
        ("40-45, 12", ((12, 12), (40, 45)), "12, 40-45"),
        ("1-3,4;2", ((1, 4),), "1-4"),
        (" 7 \u2013 9 ", ((7, 9),), "7-9"),
    ],
)
def test_row_numbers_as_people_write_them(written: str, spans: tuple[tuple[int, int], ...], again: str) -> None:
    assert parse_row_numbers(written) == spans
    assert written_row_numbers(spans) == again


@pytest.mark.parametrize("wrong", ["0", "a", "5-3", "1,,2", "1-2-3", "-4", "99999999999", ""])
def test_what_is_no_row_number_is_refused(wrong: str) -> None:
    with pytest.raises(BadOption):
        parse_row_numbers(wrong)
