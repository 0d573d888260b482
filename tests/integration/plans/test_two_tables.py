"""Two tables of one file whose columns are called otherwise, and both belong to one dataset."""

import io
from collections.abc import Sequence

import openpyxl
import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.models import ColumnAlias, Dataset, Load, UploadedFile
from uploads.services.errors import KeyNotUnique
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.joining.columns import ColumnAnswer, answer_columns, keep_answer, plans_of
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode, Strictness

FIRST = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"
SEEN = "SELECT code, name, price FROM data.prices ORDER BY code"
NORTH: list[list[object]] = [["code", "name", "prise"], ["C3", "Pin", 30], ["D4", "Nail", 40]]
SOUTH: list[list[object]] = [["code", "nome", "price"], ["E5", "Cog", 50], ["F6", "Key", 60]]


def book(*tables: Sequence[Sequence[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    for number, table in enumerate(tables):
        sheet = workbook.active if number == 0 else workbook.create_sheet()
        assert sheet is not None
        sheet.title = ("North", "South", "West")[number]
        for row in table:
            sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def receipt(client: Client, file: UploadedFile) -> str:
    return client.get(f"/receipts/{file.token}/").content.decode()


def review(client: Client, file: UploadedFile) -> str:
    return client.get(f"/admin/uploads/review/{file.pk}/").content.decode()


def test_each_table_is_answered_and_both_join(pipeline: Pipeline, admin_client: Client) -> None:
    pipeline.load(FIRST, "prices.csv")
    file = UploadedFile.objects.get(pk=pipeline.load(book(NORTH, SOUTH), "march.xlsx").file_id)
    assert file.state == FileState.LOADED
    assert [(table.position, table.plan.slug) for table in plans_of(file_id=file.pk)] == [(1, "prices"), (2, "prices")]
    page = receipt(admin_client, file)
    assert "stored as one table" not in page, "they are called otherwise, and nothing is said yet"
    first = ColumnAnswer(dataset="prices", columns={"prise": "price"}, position=1)
    assert answer_columns(file_id=file.pk, answer=first) is None, "another table has a question too"
    for page in (receipt(admin_client, file), review(admin_client, file)):
        assert "Replace the whole table" not in page, "first it is said what all of its columns are"
    answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="prices", columns={"nome": "name"}, position=2))
    assert Dataset.objects.count() == 1
    assert "Both are parts of one table of the database, data.prices." in receipt(admin_client, file)
    assert [row[0] for row in rows(SEEN)] == ["A1", "B2", "C3", "D4", "E5", "F6"]
    assert [row[2] for row in rows(SEEN)] == [10, 20, 30, 40, 50, 60]
    assert set(ColumnAlias.objects.values_list("name", "column__name")) == {("prise", "price"), ("nome", "name")}
    parts = set(Load.objects.filter(file=file).values_list("part", flat=True))
    assert len(parts) == 1
    assert {load.rows_loaded for load in Load.objects.filter(file=file)} == {2}
    deactivate_file(file_id=file.pk)
    assert len(rows(SEEN)) == 2
    activate_file(file_id=file.pk)
    assert len(rows(SEEN)) == 6
    deactivate_file(file_id=file.pk)
    retry_file(file_id=file.pk)
    assert pipeline.finish(file.pk).state is FileState.ACTIVE
    assert len(rows(SEEN)) == 6
    later = pipeline.load(book(NORTH, SOUTH), "april.xlsx")
    assert later.state is FileState.ACTIVE, "what was said of both is remembered"
    assert len(rows(SEEN)) == 10
    for each in (file.pk, later.file_id):
        delete_file(file_id=each)
    assert len(rows(SEEN)) == 2
    assert not parts & data_tables()


def test_a_column_that_both_add_is_one(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    tables = [[[*table[0], "tax"], *([*row, 1] for row in table[1:])] for table in (NORTH, SOUTH)]
    file = pipeline.load(book(*tables), "march.xlsx").file_id
    for position, columns in ((1, {"prise": "price", "tax": "+"}), (2, {"nome": "name", "tax": "+"})):
        answer_columns(file_id=file, answer=ColumnAnswer(dataset="prices", columns=columns, position=position))
    assert [column.name for column in Dataset.objects.get().columns.all()] == ["code", "name", "price", "tax"]
    assert rows("SELECT count(*), sum(tax) FROM data.prices") == [(6, 4)]


def test_one_matches_and_one_almost_does(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    exact: list[list[object]] = [["code", "name", "price"], ["E5", "Cog", 50]]
    file = pipeline.load(book(NORTH, exact), "march.xlsx").file_id
    answer_columns(file_id=file, answer=ColumnAnswer(dataset="prices", columns={"prise": "price"}))
    assert len(rows(SEEN)) == 5


def test_one_joins_and_one_is_a_dataset_of_its_own(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    file = pipeline.load(book(NORTH, SOUTH), "march.xlsx").file_id
    keep_answer(file_id=file, answer=ColumnAnswer(dataset=None, columns={}, position=2))
    answer_columns(file_id=file, answer=ColumnAnswer(dataset="prices", columns={"prise": "price"}, position=1))
    assert len(rows(SEEN)) == 4
    assert Dataset.objects.count() == 2


@pytest.mark.parametrize("is_twice", [False, True])
def test_by_key_no_row_of_one_table_is_one_of_the_other(pipeline: Pipeline, is_twice: bool) -> None:
    """Read again they would be two as before, so the file waits with the reason, and nothing is half done."""
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    Dataset.objects.update(strictness=Strictness.ASK)
    south: list[list[object]] = [SOUTH[0], ["C3" if is_twice else "B2", "Cog", 50]]
    file = pipeline.load(book(NORTH, south), "march.xlsx").file_id
    keep_answer(file_id=file, answer=ColumnAnswer(dataset="prices", columns={"prise": "price"}, position=1))
    last = ColumnAnswer(dataset="prices", columns={"nome": "name"}, position=2)
    if not is_twice:
        answer_columns(file_id=file, answer=last)
        assert [row[0] for row in rows(SEEN)] == ["A1", "B2", "C3", "D4"]
        deactivate_file(file_id=file)
        assert rows(SEEN) == [("A1", "Bolt", 10), ("B2", "Nut", 20)]
        return
    with pytest.raises(KeyNotUnique, match="together"):
        answer_columns(file_id=file, answer=last)
    assert UploadedFile.objects.get(pk=file).state == FileState.LOADED
    assert len(rows(SEEN)) == 2
    assert len(set(Load.objects.filter(file=file).values_list("part", flat=True))) == 2
