"""Rows that survey tools write below their names are no rows of data: they describe the columns, or name choices."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from uploads.tabular.chunks import SourceTable
from uploads.tabular.column_json import column_from_json, column_to_json
from uploads.tabular.inspection import inspect_file
from uploads.tabular.layout.surveys.survey_header import LONGEST, described_header, survey_header
from uploads.tabular.notes import NoteKind
from uploads.tabular.open_file import open_tables
from uploads.tabular.sandbox.messages import TableFound
from uploads.tabular.sentences.notes import sentence_of
from uploads.tabular.single_pass import SinglePass
from uploads.tabular.table import Column, ColumnType, Limits, ReadOptions

Rows = Sequence[Sequence[str]]


def ids(*names: str) -> list[str]:
    return [json.dumps({"ImportId": name}) for name in names]


QUALTRICS: Rows = [
    ["StartDate", "Finished", "Q1"],
    ["Start Date", "Finished", "How satisfied are you\nwith us?"],
    ids("startDate", "finished", "QID1"),
    ["2026-05-01", "True", "3"],
    ["2026-05-02", "True", "x"],
]
QUESTION = "Which of these devices do you use at work, at home or on the way?"
MONKEY: Rows = [
    ["Respondent ID", "First Name", "How are you?", QUESTION, "", "Remarks"],
    ["", "", "Response", "Phone", "Other (please specify)", "Open-Ended Response"],
    ["118", "", "well", "Phone", "", "none"],
    ["119", "", "ill", "", "a pad", ""],
]


def opened(folder: Path, rows: Rows, *, sheet: bool = False, **said: object) -> SourceTable:
    path = folder / ("a.xlsx" if sheet else "a.csv")
    if sheet:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.save(path)
    else:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path.write_text(text.getvalue(), newline="")
    (table,) = open_tables(path, name=path.name, options=ReadOptions(**said), limits=Limits())  # type: ignore[arg-type]
    return table


def columns(table: SourceTable) -> tuple[Column, ...]:
    return SinglePass(table, options=ReadOptions(), planned=None).columns


def numbers(table: SourceTable) -> list[int]:
    return [row for chunk in table.chunks() for row in chunk.rows.to_pylist()]


NAMES, QUESTIONS, IDS = ["Q1", "Q2"], ["How old are you?", "Why?"], ids("QID1", "QID2")


@pytest.mark.parametrize("head", [[NAMES, IDS, QUESTIONS], [QUESTIONS, NAMES, IDS]], ids=["below the ids", "on top"])
@pytest.mark.parametrize("sheet", [False, True], ids=["text", "sheet"])
def test_questions_that_were_moved_describe_the_columns(tmp_path: Path, head: Rows, *, sheet: bool) -> None:
    rows = [*head, ["31", "so"], ["32", "no idea"], ["40", ""]]
    table = opened(tmp_path, rows, sheet=sheet)
    assert (table.labels, table.dialect.descriptions) == (("Q1", "Q2"), tuple(QUESTIONS))
    assert table.account.header == 3


def test_answers_below_the_ids_are_no_questions(tmp_path: Path) -> None:
    for first in (["31", "so"], ["old", "so"]):
        rows = [NAMES, IDS, first, ["young", "no idea"], ["40", ""]]
        assert opened(tmp_path, rows).account.header == 2


@pytest.mark.parametrize("sheet", [False, True])
def test_questions_of_qualtrics_describe_columns_of_clean_names(tmp_path: Path, sheet: bool) -> None:
    table = opened(tmp_path, QUALTRICS, sheet=sheet)
    found = columns(table)
    assert [column.name for column in found] == ["startdate", "finished", "q1"]
    assert [column.description for column in found] == ["", "", "How satisfied are you with us?"]
    assert numbers(table) == ([4, 5] if sheet else [5, 6])
    assert table.account.header == 3


def test_rows_that_are_left_out_are_said_with_their_lines_and_the_way_out(tmp_path: Path) -> None:
    table = opened(tmp_path, QUALTRICS)
    [note] = [note for note in table.dialect.notes if note.kind is NoteKind.SURVEY_HEADER]
    assert sentence_of(note) == (
        "Line 2 says what the columns mean: its texts are kept as their descriptions. Line 4 holds ids of the survey’s"
        " tool and is not loaded. If that is wrong, read the file again with data beginning in row 2."
    )
    assert NoteKind.HEADER_DEPTH not in {note.kind for note in table.dialect.notes}


@pytest.mark.parametrize("sheet", [False, True])
def test_said_to_be_data_the_questions_are_a_row(tmp_path: Path, sheet: bool) -> None:
    table = opened(tmp_path, QUALTRICS, sheet=sheet, data_row=2)
    assert len(numbers(table)) == 4
    assert {column.description for column in columns(table)} == {""}


@pytest.mark.parametrize("rows", [QUALTRICS[:4], [QUALTRICS[0], *QUALTRICS[2:]]])
def test_one_answer_or_no_questions_are_enough(tmp_path: Path, rows: Rows) -> None:
    table = opened(tmp_path, rows)
    assert table.labels == tuple(QUALTRICS[0])
    assert len(numbers(table)) == len(rows) - table.account.header


def test_names_that_are_the_questions_too_are_a_header(tmp_path: Path) -> None:
    """Else most of them would seem to be values, for they stand again below."""
    rows = [["Finished", "Progress"], ["Finished", "Progress"], ids("a", "b"), ["True", "100"], ["True", "90"]]
    assert numbers(opened(tmp_path, rows)) == [4, 5]


@pytest.mark.parametrize("sheet", [False, True])
def test_choices_of_survey_monkey_are_joined_to_their_questions(tmp_path: Path, sheet: bool) -> None:
    table = opened(tmp_path, MONKEY, sheet=sheet)
    assert table.labels == (
        "Respondent ID",
        "First Name",
        "How are you?",
        f"{QUESTION} Phone",
        f"{QUESTION} Other (please specify)",
        "Remarks",
    )
    found = columns(table)
    assert [bool(column.description) for column in found] == [False, False, False, True, True, False]
    assert found[3].description == f"{QUESTION} Phone"
    assert numbers(table) == [3, 4]


def test_choices_without_a_word_of_the_tool_are_known_by_the_ticks() -> None:
    rows = [["id", "Use?", ""], ["", "Phone", "Pad"], ["1", "Phone", ""], ["2", "Phone", "Pad"]]
    header = survey_header(rows, 0)
    assert header is not None
    assert header.labels == ("id", "Use? Phone", "Use? Pad")


def test_ratings_are_known_by_the_name_that_the_tool_gives_to_the_first_column() -> None:
    rows = [["Respondent ID", "Rate us", ""], ["", "Price", "Speed"], ["118", "3", "4"], ["119", "5", "4"]]
    header = survey_header(rows, 0)
    assert header is not None
    assert header.labels == ("Respondent ID", "Rate us Price", "Rate us Speed")
    assert survey_header([["Shop", "Sales", ""], *rows[1:]], 0) is None


def test_texts_below_codes_describe_them_and_parts_of_names_stay_parts() -> None:
    texts = ["How satisfied are you with us?", "Would you recommend us to a friend?"]
    header = described_header([["Q1", "Q2"], texts], 0, 2)
    assert header is not None
    assert (header.labels, header.descriptions) == (("Q1", "Q2"), tuple(texts))
    assert described_header([["time", "temp"], ["minutes", "degrees Celsius"]], 0, 2) is None
    assert described_header([["Net sales", "Costs"], texts], 0, 2) is None


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "kind"], ["", "Response"], ["1", "Request"], ["2", "Response"]],
        [["id", "kind", "n"], ["", "Response", ""], ["1", "Request", "1"], ["2", "x", "2"]],
        [["id", "kind"], ["", "a"], ["2", "a"], ["3", "a"]],
        [["id", "value"], ["1", '{"ImportId": 3}'], ["2", '{"ImportId": 4}']],
        [["id", "", "b"], ["", "x", "y"], ["2", "z", "y"], ["3", "x", "y"]],
    ],
    ids=["word comes again", "name without a part", "no blank name", "ids in one column", "no ticks"],
)
def test_rows_of_data_are_no_part_of_a_header(rows: Rows) -> None:
    assert survey_header(rows, 0) is None


def test_description_is_one_line_of_bounded_length() -> None:
    rows = [["Q1"], ["word \0\n" * LONGEST], ids("a")]
    header = survey_header(rows, 0)
    assert header is not None
    assert len(header.descriptions[0]) == LONGEST
    assert header.descriptions[0].startswith("word word")


def test_descriptions_go_through_the_channel(tmp_path: Path) -> None:
    table = opened(tmp_path, QUALTRICS)
    found = TableFound(place=table.place, dialect=table.dialect, labels=table.labels, preamble=table.preamble)
    assert TableFound.from_json(json.loads(json.dumps(found.as_json()))) == found
    column = Column(label="a", name="a", type=ColumnType.TEXT, description="b")
    assert column_from_json(json.loads(json.dumps(column_to_json(column)))) == column


def test_widths_below_the_names_of_an_rdb_file_are_said_and_no_row(tmp_path: Path) -> None:
    above = "".join(f"# {n} of the survey's remarks\n" for n in range(30))
    rows = "".join(f"USGS\t0164650{n}\t{n * 7}\n" for n in range(4))
    path = tmp_path / "dv.rdb"
    path.write_text(f"{above}agency\tsite\tflow\n5s\t15s\t14n\n{rows}", encoding="utf-8")
    [table] = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=1)
    assert [(column.label, column.type) for column in table.columns] == [
        ("agency", "text"),
        ("site", "text"),
        ("flow", "bigint"),
    ]
    assert table.counts.loaded == 4
    assert (
        "Line 32 says how the columns are written and is not loaded. If that is wrong, read the file again with data"
        " beginning in row 32."
    ) in map(sentence_of, table.notes)


CENSUS: Rows = [
    ["GEO_ID", "NAME", "B01001_001E", "B01001_002E", ""],
    ["Geography", "Geographic Area Name", "Estimate!!Total:", "Estimate!!Total:!!Male:", ""],
    ["0500000US01001", "Autauga County", "58805", "*****", ""],
    ["0500000US01003", "Baldwin County", "231767", "112000", ""],
]


@pytest.mark.parametrize("sheet", [False, True])
def test_paths_of_a_census_describe_the_columns_of_their_codes(tmp_path: Path, sheet: bool) -> None:
    table = opened(tmp_path, CENSUS, sheet=sheet)
    assert table.labels[:4] == ("GEO_ID", "NAME", "B01001_001E", "B01001_002E")
    assert table.dialect.descriptions[:4] == (
        "Geography",
        "Geographic Area Name",
        "Estimate: Total",
        "Estimate: Total: Male",
    )
    assert sum(len(chunk.cells[0]) for chunk in table.chunks()) == 2


def test_texts_with_two_marks_are_rows_where_rows_have_them_too(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], ["Stop!!", "Wait!! Now", "Go!!"], ["No!!", "x", "y"], ["z", "x", "y"]]
    assert sum(len(chunk.cells[0]) for chunk in opened(tmp_path, rows).chunks()) == 3
    named = [["my name", "b!!c", "d!!e"], ["x", "1", "2"], ["y", "3", "4"]]
    assert opened(tmp_path, named).labels == ("my name", "b!!c", "d!!e")


def test_one_path_describes_its_column_beside_the_geography_of_the_census(tmp_path: Path) -> None:
    one = [row[:3] for row in CENSUS]
    assert opened(tmp_path, one).dialect.descriptions == ("Geography", "Geographic Area Name", "Estimate: Total")
    elsewhere = [["id", "name", "n"], ["A", "B", "Stop!!now"], ["C", "D", "5"], ["E", "F", "6"]]
    assert sum(len(chunk.cells[0]) for chunk in opened(tmp_path, elsewhere).chunks()) == 3
    without = [one[0], *one[2:]]
    assert sum(len(chunk.cells[0]) for chunk in opened(tmp_path, without).chunks()) == 2
