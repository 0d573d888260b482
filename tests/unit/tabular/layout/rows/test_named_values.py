"""What instruments write around their readings, a name and its value in each line, is no table; small tables are."""

from pathlib import Path

import pytest

from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.layout.rows.named_values import are_details, are_named_values, named_values_around
from uploads.tabular.notes import NoteKind
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions, RowCounts

HEAD = "TITLE\tsample BSA\nORIGIN\tJASCO\nDATE\t23/11/14\nRESOLUTION\t\nXUNITS\tNANOMETERS\nNPOINTS\t10\nMINY\t-0.91\n"
READINGS = "".join(f"{260 - i}.0\t-0.{i}12\n" for i in range(10))
WIDE = READINGS.replace("\n", "\t3.1\n")
FOOT = (
    "\n##### Extended\n[Comments]\nUser\tlab\nComment\t\n\n[Instrument]\nMode\tCD\nStart\tat once\nName\tPhotometer\n"
    "Model\tJ-815\nScans\t3\nPitch\t0.5nm\n"
)


def read(
    folder: Path, content: str, options: ReadOptions | None = None
) -> list[tuple[int | None, list[int], int, int]]:
    """Of each table the line of its header, the lines of its rows, and how many lines are notes above and below."""
    path = folder / "a.txt"
    path.write_text(content, encoding="utf-8")
    return [told(table) for table in open_tables(path, name="a.txt", options=options or ReadOptions(), limits=Limits())]


def told(table: SourceTable) -> tuple[int | None, list[int], int, int]:
    counts, rows = RowCounts(), list[int]()
    for chunk in table.chunks():
        counts = counted(counts, chunk)
        rows += chunk.rows.to_pylist()
        assert not chunk.rejects
    assert table.account.accounted(counts) == table.account.lines
    return table.dialect.header_row, rows, table.account.preamble, table.footer


@pytest.mark.parametrize("readings", [READINGS, WIDE], ids=["two columns", "three columns"])
@pytest.mark.parametrize("foot", ["", FOOT], ids=["", "with a foot"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_names_with_their_values_around_readings_are_notes(
    tmp_path: Path, readings: str, foot: str, delimiter: str
) -> None:
    content = (HEAD + "XYDATA\n" + readings + foot).replace("\t", delimiter)
    assert read(tmp_path, content) == [(None, list(range(9, 19)), 8, 11 if foot else 0)]


@pytest.mark.parametrize(
    ("names", "header"),
    [("", None), ("nm\tAbs\n", 8), ("\nWavelength\tAbs\n(nm)\t(mdeg)\n", 9)],
    ids=["none", "one row", "units below"],
)
def test_the_header_of_the_readings_is_none_of_the_names(tmp_path: Path, names: str, header: int | None) -> None:
    [(found, rows, _, _)] = read(tmp_path, HEAD + names + READINGS)
    assert (found, len(rows)) == (header, 10)


def test_sections_of_three_cells_and_repeated_names_are_names_too(tmp_path: Path) -> None:
    head = "[Header]\nopened\t2023-05-11\nConst\tS\t6\nConst\tK\t0.5\nhead s/n\t68H-58\n[Data]\n"
    header = "obs\ttime\tE\tA\n\ts\tmol\tmol\n"
    rows = "".join(f"{i}\t{i}.5\t0.3\t12.2\n" for i in range(1, 7))
    assert read(tmp_path, head + header + rows) == [(7, list(range(9, 15)), 6, 0)]


def test_what_stands_around_readings_can_be_read_as_tables_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HEAD + READINGS + FOOT, encoding="utf-8")
    [table] = open_tables(path, name="a.txt", options=ReadOptions(), limits=Limits())
    for _ in table.chunks():
        pass
    assert {note.kind for note in table.dialect.notes if note.is_open_question} == {NoteKind.ROWS_AMONG_NOTES}
    asked = [note.figures for note in table.dialect.notes if note.kind is NoteKind.ROWS_AMONG_NOTES]
    assert [(one["first"], one["last"], one["is_below"]) for one in asked] == [(1, 7, False), (19, 30, True)]
    assert [one["ways"] for one in asked] == [
        [{"options": {"table_rows": "8"}}],
        [{"options": {"table_rows": "19"}}],
    ]
    assert [rows for _, rows, _, _ in read(tmp_path, HEAD + READINGS, ReadOptions(table_rows="8"))][1] == [
        *range(8, 18)
    ]


@pytest.mark.parametrize(
    "above",
    [
        "Region\tPeople\nNorth\t12\nSouth\t13\nEast\t14\n",
        "Name\tTown\nAnn\tRome\nBo\tParis\nCy\tOslo\n",
        "Name\tRoom\tScore\nAnn\t12\t3\nBo\tB12\t4\nCy\t14\t5\n",
        "Site\tOrganism\nNorth\t-\nSouth\tn/a\nEast\t14\n",
    ],
    ids=["figures below a header", "words", "figures in a third column", "marks for no value"],
)
def test_a_small_table_above_readings_is_no_note(tmp_path: Path, above: str) -> None:
    readings = "Year\tValue\n" + "".join(f"{2000 + i}\t{i}.5\n" for i in range(8))
    found = read(tmp_path, f"{above}\n{readings}")
    assert sum(len(rows) for _, rows, _, _ in found) >= 11
    assert not any(preamble for _, _, preamble, _ in found)


def test_a_small_table_below_readings_is_no_note(tmp_path: Path) -> None:
    readings = "Year\tValue\n" + "".join(f"{2000 + i}\t{i}.5\n" for i in range(8))
    found = read(tmp_path, readings + "\nRegion\tPeople\nNorth\t12\nSouth\t13\nEast\t14\n")
    assert [len(rows) for _, rows, _, _ in found] == [8, 3]


def test_rows_of_words_right_below_figures_stay_rows(tmp_path: Path) -> None:
    content = "code\tvalue\n" + "".join(f"{i}\t{i}.5\n" for i in range(8)) + "other\t1.5\nnone\tlow\n"
    assert [len(rows) for _, rows, _, _ in read(tmp_path, content)] == [10]


def test_names_between_two_blocks_of_readings_are_left_to_the_rules() -> None:
    rows = [tuple(line.split("\t")) for line in (HEAD + READINGS + HEAD + READINGS).splitlines()]
    assert named_values_around(rows) == (range(7), range(0))


def test_names_are_of_one_kind_and_different() -> None:
    assert are_named_values([("Operator:", "Kim"), ("Site:", "Hall"), ("Box:", "A")])
    assert not are_named_values([("Operator", "Kim"), ("Site", "Hall"), ("Box", "A")])
    assert not are_named_values([("a", "1"), ("a", "x"), ("a", "3"), ("b", "y")])
    assert not are_named_values([("1", "Kim"), ("2", "7"), ("3", "A")])


ACCOUNT = "Account name,Current\nNumber,12345678\nSort code,20-00-00\nBalance,1204.11\n"
SALES = "Region,Sales\nNorth,12\nSouth,23\nWest,34\nEast,45\n"
PAYMENTS = "Date,Type,In,Out,Text\n" + "".join(f"2024-01-0{i},POS,{i}.50,,Shop {'ABCDEFG'[i]}\n" for i in range(1, 7))


def test_values_written_in_many_ways_right_above_a_wider_table_are_details(tmp_path: Path) -> None:
    assert read(tmp_path, ACCOUNT + PAYMENTS) == [(5, [*range(6, 12)], 4, 0)]
    account, sales = ([line.split(",") for line in text.splitlines()] for text in (ACCOUNT, SALES))
    assert are_details(account)
    assert not are_details(sales)


def test_a_lone_word_above_columns_of_figures_names_none_of_them(tmp_path: Path) -> None:
    assert read(tmp_path, "scan 4\n#DATA\n" + READINGS)[0][0] is None


@pytest.mark.parametrize("units", ["(nm)\t(mdeg)\n", "nm\t%\n", "s\t[V]\n"])
def test_units_below_two_names_belong_to_the_header(tmp_path: Path, units: str) -> None:
    assert read(tmp_path, "scan 4\n\nWavelength\tAbs\n" + units + READINGS)[0][:2] == (3, [*range(5, 15)])


def test_the_name_of_a_lone_column_stands_above_rows_that_r_numbers(tmp_path: Path) -> None:
    content = "x\n" + "".join(f"{i}\t{i}.25\n" for i in range(1, 9))
    assert read(tmp_path, content)[0][0] == 1


def test_two_blocks_of_names_with_values_end_as_labview_writes_them(tmp_path: Path) -> None:
    head = "LabVIEW Measurement\t\nVersion\t2\nSeparator\tTab\nMulti\tNo\nDate\t2024/01/31\n***End_of_Header***\t\n\t\n"
    more = "Channels\t2\t\t\nSamples\t6\t6\t\nX_Dimension\tTime\tTime\t\nX0\t0.0\t0.0\t\n***End_of_Header***\t\t\t\n"
    rows = "X_Value\tVoltage\tCurrent\tComment\n" + "".join(f"0.{i}\t1.{i}\t0.2{i}\t\n" for i in range(6))
    assert read(tmp_path, head + more + rows) == [(13, [*range(14, 20)], 11, 0)]
    without_remarks = rows.replace("\t\n", "\n")
    assert read(tmp_path, head + more + without_remarks) == [(13, [*range(14, 20)], 11, 0)]


def test_a_line_of_dashes_below_the_rows_sets_notes_apart(tmp_path: Path) -> None:
    rows = "day;people;\n31.12.2020;831;\n31.12.2021;832;e\n31.12.2022;833;\n"
    assert read(tmp_path, rows + "__________\nPeople:\nby the census\n") == [(1, [2, 3, 4], 0, 3)]


@pytest.mark.parametrize("rule", ["__________", "----------;;"], ids=["alone", "with separators"])
def test_rows_of_one_cell_below_a_line_of_dashes_are_notes(tmp_path: Path, rule: str) -> None:
    rows = "day;people;\n31.12.2020;831;\n31.12.2021;832;e\n31.12.2022;833;\n"
    assert read(tmp_path, rows + f"{rule}\nBy the census;;\n(c) Office;;\nas of: 2023;;\n") == [(1, [2, 3, 4], 0, 4)]


@pytest.mark.parametrize(
    ("below", "count"),
    [("By the census;;\n(c) Office;;\n", 5), ("----------;;\n31.12.2023;834;\nlate;;\n", 6)],
    ids=["no line of dashes", "another row below it"],
)
def test_rows_of_one_cell_stay_rows(tmp_path: Path, below: str, count: int) -> None:
    rows = "day;people;\n31.12.2020;831;\n31.12.2021;832;e\n31.12.2022;833;\n"
    [(_, found, _, _)] = read(tmp_path, rows + below)
    assert len(found) == count


SCOPE = "X,CH1,CH2,Start,Step,\nSequence,VOLT,VOLT,-6.0e-04,1.0e-06{}\n" + "".join(
    f"{i},0.{i},1.{i},,\n" for i in range(9)
)


@pytest.mark.parametrize("end", ["", ","], ids=["", "with a separator too many"])
def test_settings_beside_the_units_of_an_oscilloscope_belong_to_its_header(tmp_path: Path, end: str) -> None:
    assert read(tmp_path, SCOPE.format(end)) == [(1, list(range(3, 12)), 0, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "id,a,b,left,right\nx,1,2,5,6\n" + "".join(f"{i},0.{i},1.{i},,\n" for i in range(9)),
        "id,a,b,c\nall,low,7,8\n" + "".join(f"{i},0.{i},1.{i},2\n" for i in range(9)),
    ],
    ids=["numbers in columns of their own", "numbers above others"],
)
def test_a_first_row_with_numbers_stays_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    [table] = open_tables(path, name="a.csv", options=ReadOptions(), limits=Limits())
    chunks = list(table.chunks())
    lines = [line for chunk in chunks for line in (*chunk.rows.to_pylist(), *(reject.row for reject in chunk.rejects))]
    assert (table.dialect.header_row, min(lines), len(lines)) == (1, 2, 10)


def test_a_long_ordinary_table_is_not_searched_for_readings() -> None:
    """Readings below it are rows of another table, and names above those are none of its."""
    ordinary = [(str(i), f"Name {i}", "Rome", "1.5") for i in range(40)]
    readings = [(str(i), "1", "2", "3") for i in range(9)]
    assert named_values_around([*ordinary, *readings]) == (range(0), range(0))
    few = [("Version", "3.1"), ("Date", "1.2.2024"), ("User", "Ann"), ("Mode", "CD"), ("Scans", "3")]
    assert named_values_around([*few, *ordinary[:8], *readings])[0] == range(0)
    assert named_values_around([*few, *readings])[0] == range(5)
