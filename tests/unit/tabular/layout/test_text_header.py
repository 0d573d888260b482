"""A header in doubt is said with its evidence, and so are cells beyond its names."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.texts_opened import opened, rows_of
from uploads.tabular.chunks import SourceTable
from uploads.tabular.layout.label_fit import notes_on_width
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.sentences.notes import sentences_of


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "\nAnn,3\nBo,4\nCy,5\n",
            (
                "No header: line 2 is data, because “3” looks like a value, and stands above values such as "
                "“4”; the columns are named column_1 and column_2."
            ),
        ),
        (
            "3,Ann\nrow,Bo\nrow,Cy\nrow,Di\n",
            (
                "No header: line 1 is data, because it holds “3”, a value rather than a name; the columns are named "
                "column_1 and column_2."
            ),
        ),
        (
            "Ann,Rome\nBo,Rome\nAnn,Oslo\nAnn,Rome\nBo,Oslo\n",
            (
                "No header: line 1 is data, because “Ann” stands in column 1 of other rows too; the columns are named "
                "column_1 and column_2."
            ),
        ),
        (
            "name,city\nAnn,Rome\nBo,Oslo\n",
            (
                "Line 1 was taken as the header, but it may be data: no column below it is all numbers or all dates. "
                "If it is data, read the file again without a header."
            ),
        ),
        (
            "A note, for all\n\nplace,2019,2020\nNorth,1,2\nSouth,4,5\n",
            (
                "Line 3 was taken as the header, but it may be data: it holds “2019”, which may be a value. "
                "If it is data, read the file again without a header."
            ),
        ),
    ],
)
def test_header_in_doubt_is_said_with_its_evidence(tmp_path: Path, text: str, note: str) -> None:
    assert note in sentences_of(opened(tmp_path, text).dialect.notes)


@pytest.mark.parametrize("text", ["name,n\nAnn,1\nBo,2\n", "name,code\nAnn,A-1\nBo,A-2\n"])
def test_header_beyond_doubt_needs_no_words(tmp_path: Path, text: str) -> None:
    [delimiter] = opened(tmp_path, text).dialect.notes

    assert (delimiter.kind, delimiter.figures["delimiter"]) == (NoteKind.DELIMITER, ",")


def test_header_above_a_record_longer_than_what_is_looked_at(tmp_path: Path) -> None:
    table = opened(tmp_path, 'a;b\n"' + "x" * 3_000_000 + '";1\n')
    assert table.labels == ("a", "b")
    assert len(rows_of(list(table.chunks()))) == 1


def kinds_of(table: SourceTable) -> dict[NoteKind, dict[str, object]]:
    for _ in table.chunks():
        pass
    return {note.kind: dict(note.figures) for note in table.dialect.notes}


def test_one_surplus_cell_is_one_fact(tmp_path: Path) -> None:
    told = kinds_of(opened(tmp_path, '"n";"l";"v"\n"a";"14";"7";"\n"\n'))
    assert told.keys() == {NoteKind.DELIMITER, NoteKind.SURPLUS_CELLS}
    surplus = {"names": 3, "columns": 4, "rows": 1, "breaks": 1, "broken": 1, "line": 2}
    assert told[NoteKind.SURPLUS_CELLS] == surplus
    assert told[NoteKind.DELIMITER]["is_told"] is True


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("n;l;v\na;14;7;\nb;15;8;\n", {NoteKind.SURPLUS_CELLS}, id="each line ends with a delimiter"),
        pytest.param("n;l;v;\na;14;7;\nb;15;8;\n", {NoteKind.TRAILING_COLUMNS}, id="the header too"),
        pytest.param(
            "day;l;v\n2024-01-01;14;7;x\n2024-01-02;15;8;y\n", {NoteKind.NAMES_MISSING}, id="they hold something"
        ),
        pytest.param(
            'n;l;v\n"a\nb";14;7;\nb;15;8;\n',
            {NoteKind.SURPLUS_CELLS, NoteKind.BREAKS_IN_CELLS},
            id="a break in another cell",
        ),
    ],
)
def test_cells_beyond_the_names_are_told_by_what_they_hold(tmp_path: Path, text: str, kinds: set[NoteKind]) -> None:
    assert kinds_of(opened(tmp_path, text)).keys() - {NoteKind.DELIMITER} == kinds


def test_of_two_columns_without_a_name_the_blank_one_is_left_out() -> None:
    missing, left_out = Note.of(NoteKind.NAMES_MISSING, names=3, columns=5), Note.of(NoteKind.TRAILING_COLUMNS, count=1)
    told = notes_on_width([missing], [left_out], [["a", "14", "7", "x", ""]], width=5)
    assert told == (Note.of(NoteKind.NAMES_MISSING, names=3, columns=4), left_out)


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ("Timestamp,temp", ("Timestamp", "", "temp")),
        ("Date,temp", ("Date", "", "temp")),
        # The times have a name of their own: what has none is the last column.
        ("Date,Time", ("Date", "Time", "")),
        ("Day,Start", ("Day", "Start", "")),
        ("Date,Time,temp", ("Date", "Time", "temp")),
    ],
)
def test_one_name_above_a_date_and_a_time_names_the_date(tmp_path: Path, header: str, labels: tuple[str, ...]) -> None:
    table = opened(tmp_path, f"{header}\n01/02/2024,00:10,4.2\n01/02/2024,00:20,4.1\n02/02/2024,00:20,4.1\n")
    assert tuple(table.labels) == labels
    assert (NoteKind.TIME_UNNAMED in kinds_of(table)) == (labels[1] == "")


@pytest.mark.parametrize(("header", "count"), [("a,b,", 1), ("a,b,,", 2), ("a,,b", 1), ("a,b", None)])
def test_blank_cells_that_only_the_header_has_are_said(tmp_path: Path, header: str, count: int | None) -> None:
    table = opened(tmp_path, f"{header}\n1,2\n3,4\n5,6\n")

    found = next((note for note in table.dialect.notes if note.kind is NoteKind.BLANK_NAMES), None)
    assert (table.labels, found and found.figures["count"]) == (("a", "b"), count)


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        pytest.param("name,n\nAnn,1\nBo,2\n", 1, 3, id="a header"),
        pytest.param("1,2\n3,4\n5,6\n", None, 3, id="no header"),
        pytest.param("Of 2024\n\nname,n\nAnn,1\nBo,2\n", None, 4, id="a title above it"),
    ],
)
def test_rows_looked_at_are_told_apart_from_the_header(
    tmp_path: Path, text: str, header: int | None, rows: int
) -> None:
    found = kinds_of(opened(tmp_path, text))[NoteKind.DELIMITER]
    assert (found.get("header"), found["rows"]) == (header, rows)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("date,open,close\n2024-01-01,1.1,1.2,100\n2024-01-02,1.2,1.3,110\n", ["date", "open", "close", ""]),
        ("date,open,close\nx,2024-01-01,1.2,100\ny,2024-01-02,1.3,110\n", ["", "date", "open", "close"]),
        ("mpg,cyl,wt\nMazda,21.5,6,2.6\nDatsun,22.8,4,2.3\n", ["", "mpg", "cyl", "wt"]),
    ],
)
def test_dates_left_of_decimals_have_the_name_of_dates(tmp_path: Path, text: str, names: list[str]) -> None:
    """A decimal such as 1.1 could be a day and a month by itself."""
    assert list(opened(tmp_path, text).labels) == names
