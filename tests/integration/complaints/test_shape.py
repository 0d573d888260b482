"""What users of other systems complain about: rows, headers and sheets misread. One test for each complaint."""

import io
from datetime import date

import openpyxl
import pytest
from openpyxl.styles import Font

from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.models import RejectedRow
from uploads.services.rejects.groups import describe_rejects
from uploads.states import FileState


def saved(book: openpyxl.Workbook) -> bytes:
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def book(**sheets: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, cells in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in cells:
            sheet.append(row)
    return saved(workbook)


def test_ragged_rows_shift_columns_in_silence_or_get_a_misleading_line_number(pipeline: Pipeline) -> None:
    """xloader#51; mathesar#5209; datapusher-plus#173."""
    sound = "".join(f"{n};b{n};c{n}\n" for n in range(100))
    receipt = pipeline.load(f'id;b;c\n0;"two\nlines";x\n1;short\n2;b;c;long\n{sound}')

    assert (receipt.state, receipt.rows_loaded, receipt.rows_rejected) == (FileState.ACTIVE, 101, 2)
    # The first row stands on lines 2 and 3, so the short one is on line 4.
    assert list(RejectedRow.objects.values_list("row", "code", "raw")) == [
        (4, "too_few_cells", "1;short"),
        (5, "too_many_cells", "2;b;c;long"),
    ]
    assert rows("SELECT count(*) FROM data.table WHERE left(c, 1) = 'c'") == [(100,)]
    assert rows("SELECT _row, b, c FROM data.table ORDER BY _row LIMIT 2") == [(2, "two\nlines", "x"), (6, "b0", "c0")]


def test_errors_nobody_can_act_on(pipeline: Pipeline) -> None:
    """superset#31813; django-import-export#1215."""
    pipeline.load("name;price\na;1.50\n", "first.csv", dataset="prices")
    wrong = "".join(f"x{n};none\n" for n in range(3))
    sound = "".join(f"a{n};{n}.25\n" for n in range(200))
    receipt = pipeline.load(f"name;price\n{wrong}{sound}y;1,5x\n", "second.csv", dataset="prices")
    failed = pipeline.load("name;cost\na;1.50\n", "third.csv", dataset="prices")

    assert receipt.loads[0].columns[1]["evidence"] == "numeric, the type of this column in data.prices."
    sentences = describe_rejects(load_id=receipt.loads[0].load_id)
    assert sentences == ["“price” is not a number: lines 2 to 4, 205."]
    reject = RejectedRow.objects.get(row=205)
    assert (reject.column, reject.value, reject.reason) == ("price", "1,5x", '"1,5x" is not a number')
    assert failed.error is not None
    assert "missing: “price”; extra: “cost”" in failed.error["message"]
    assert failed.error["hint"]


def test_one_bad_row_blocks_everything(pipeline: Pipeline) -> None:
    """django-import-export#763; baserow#4597, #3064."""
    receipt = pipeline.load("id;b\n" + "".join(f"{n};x\n" for n in range(99)) + "99;x;y\n")

    assert (receipt.state, receipt.rows_loaded, receipt.rows_rejected) == (FileState.ACTIVE, 99, 1)
    assert rows("SELECT count(*), sum(id) FROM data.table") == [(99, 99 * 98 // 2)]


def test_of_several_sheets_only_the_first_is_read_and_empty_ones_report_success(pipeline: Pipeline) -> None:
    """xloader#154; datapusher#89."""
    receipt = pipeline.load(
        book(Empty=[], Areas=[["code", "area"], ["a", 1], ["b", 2]], Years=[["year", "count"], [2020, 5]]), "book.xlsx"
    )
    empty = pipeline.load(book(One=[], Two=[]), "empty.xlsx")

    assert {(load.source, load.loaded) for load in receipt.loads} == {("Areas", 2), ("Years", 1)}
    assert any("“Empty”" in note or '"Empty"' in note for load in receipt.loads for note in load.sentences)
    assert empty.state is FileState.FAILED
    assert empty.error is not None
    assert empty.error["code"] == "empty_file"


def test_phantom_excel_rows_1_048_575_of_them(pipeline: Pipeline) -> None:
    """django-import-export#1399."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["code", "area"])
    sheet.append(["a", 1])
    sheet.append(["b", 2])
    for row in (1_000, 1_048_576):
        sheet.cell(row=row, column=2).font = Font(bold=True)
    receipt = pipeline.load(saved(workbook), "phantom.xlsx")

    [load] = receipt.loads
    assert (receipt.state, load.loaded, load.rejected, load.blank) == (FileState.ACTIVE, 2, 0, 0)


def test_excel_types_get_a_point_zero_or_dates_become_floats(pipeline: Pipeline) -> None:
    """django-import-export#96, #152."""
    receipt = pipeline.load(
        book(
            Sheet=[["n", "price", "day", "code"], [1, 1.5, date(2023, 1, 31), "007"], [20, 2.0, date(2024, 2, 29), "1"]]
        ),
        "types.xlsx",
    )

    [load] = receipt.loads
    assert [column["type"] for column in load.columns] == ["bigint", "numeric", "date", "text"]
    assert rows(f"SELECT n, price::text, day, code FROM data.{load.dataset} ORDER BY _row") == [  # noqa: S608
        (1, "1.5", date(2023, 1, 31), "007"),
        (20, "2", date(2024, 2, 29), "1"),
    ]


def test_blank_and_duplicate_headers(pipeline: Pipeline) -> None:
    """ckan/ideas#124; datapusher#138."""
    receipt = pipeline.load("id;name;;name\n1;a;x;b\n2;c;y;d\n")

    [load] = receipt.loads
    names = [column["name"] for column in load.columns]
    assert [column["label"] for column in load.columns] == ["id", "name", "", "name"]
    assert len(set(names)) == 4
    assert rows(f"SELECT {', '.join(names)} FROM data.table ORDER BY _row") == [  # noqa: S608 (names that we made)
        (1, "a", "x", "b"),
        (2, "c", "y", "d"),
    ]


def test_header_of_several_rows(pipeline: Pipeline) -> None:
    """datapusher-plus#39."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in (["Area", "Sales", None], [None, "at home", "abroad"], ["North", 1, 2], ["South", 3, 4]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    receipt = pipeline.load(saved(workbook), "merged.xlsx")

    [load] = receipt.loads
    assert [column["label"] for column in load.columns] == ["Area", "Sales at home", "Sales abroad"]
    assert (load.loaded, load.rejected) == (2, 0)


@pytest.mark.parametrize("name", ["header.csv", "header.xlsx"])
def test_header_only_files_crash(pipeline: Pipeline, name: str) -> None:
    """sqlite-utils#702."""
    content = b"id;name;price\n" if name.endswith("csv") else book(Sheet=[["id", "name", "price"]])
    receipt = pipeline.load(content, name)

    assert receipt.state is FileState.FAILED
    assert receipt.error is not None
    assert receipt.error["code"] == "no_data_rows"
    assert receipt.error["hint"]
    assert data_tables() == set()
