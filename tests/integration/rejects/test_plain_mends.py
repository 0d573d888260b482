"""Rejected rows with one plain mend, by kind or by hand: loaded with it, and taken back."""

import io

import openpyxl
import pytest
from django.contrib.auth.models import User

from tests.integration.conftest import Pipeline, rows
from tests.integration.files.test_activation import in_threads
from tests.integration.rejects.faulty_files import GOOD, load_faulty, price, rejected
from uploads.models import Dataset, FileEvent
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.rejects.edit import CellsDoNotFit, edit_row
from uploads.services.rejects.groups import group_rejects
from uploads.services.rejects.mend import (
    load_edited_row,
    mend_rejected_rows,
    take_back_mends,
)
from uploads.services.rejects.proposals import count_mends
from uploads.tabular.table import ColumnType


def account(receipt: FileReceipt) -> tuple[int, int, int, int]:
    [load] = describe_file(file_id=receipt.file_id).loads
    return load.read, load.loaded, load.rejected, load.blank


def test_rows_with_a_plain_mend_are_loaded_and_the_others_stay(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    mended = mend_rejected_rows(load_id=load_id)
    assert mended.loaded == 2
    assert price(receipt.file_id, 11) == [(10, 1234)]
    assert price(receipt.file_id, 21) == [(20, 5020)]
    assert price(receipt.file_id, 31) == []
    assert account(receipt) == (100, 99, 1, 0)
    [load] = describe_file(file_id=receipt.file_id).loads
    assert load.account.sentence == "101 lines = 1 header + 99 rows loaded + 1 rejected"
    assert [group.count for group in group_rejects(load_id=load_id).groups] == [1]


def test_plain_mends_are_counted_by_kind_with_an_example(pipeline: Pipeline) -> None:
    counts = count_mends(load_id=load_faulty(pipeline).loads[0].load_id)
    assert counts.by_kind == {("bad_value", "price"): 1, ("too_many_cells", ""): 1}
    assert counts.examples["bad_value", "price"] == "“1 234” in “price” is read as “1234”."
    assert counts.whole


def test_one_kind_of_rows_is_mended_alone(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    assert mend_rejected_rows(load_id=receipt.loads[0].load_id, code="bad_value", column="price").loaded == 1
    assert account(receipt) == (100, 98, 2, 0)


def test_chosen_rows_are_mended_alone(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    assert mend_rejected_rows(load_id=load_id, ids=[rejected(load_id, 21).pk]).loaded == 1
    assert mend_rejected_rows(load_id=load_id, ids=[]).loaded == 0
    assert account(receipt) == (100, 98, 2, 0)


def test_two_people_at_once_load_each_row_once(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    assert in_threads(*[lambda: mend_rejected_rows(load_id=load_id)] * 4) == [None] * 4
    assert account(receipt) == (100, 99, 1, 0)
    assert rows("SELECT count(*) FROM data.prices WHERE _load = %s", load_id) == [(99,)]
    assert FileEvent.objects.filter(file_id=receipt.file_id, text__contains="fixed automatically").count() == 1


def test_mending_beside_switching_off_and_deleting_leaves_no_row_behind(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    errors = in_threads(
        lambda: mend_rejected_rows(load_id=load_id),
        lambda: deactivate_file(file_id=receipt.file_id),
    )
    assert errors == [None, None]
    assert account(receipt) == (100, 99, 1, 0)
    delete_file(file_id=receipt.file_id)
    with pytest.raises(StateConflict):
        mend_rejected_rows(load_id=load_id)


def test_row_is_edited_by_hand_and_loaded(pipeline: Pipeline) -> None:
    anna = User.objects.create_user("anna")
    receipt = load_faulty(pipeline)
    reject = rejected(receipt.loads[0].load_id, 31)
    assert load_edited_row(reject_id=reject.pk, cells=["30", "1234"], user_id=anna.pk).loaded == 1
    assert price(receipt.file_id, 31) == [(30, 1234)]
    reject.refresh_from_db()
    assert reject.mended_by == anna
    event = FileEvent.objects.filter(file_id=receipt.file_id).last()
    assert event is not None
    assert (event.user, event.text) == (anna, "1 rejected row edited by hand and loaded (line 31)")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["30", "x"], 'price: "x" is not a whole number.'),
        (["y", "x"], 'id: "y" is not a whole number; price: "x" is not a whole number.'),
        (["30"], "1 cell for 2 columns."),
        ([" ", ""], "All cells of this row are empty."),
        (["30", "1\x00"], "price: it holds a character that cannot be stored."),
        (["30", "\ud800"], "price: it holds a character that cannot be stored."),
    ],
)
def test_edited_cell_that_does_not_fit_is_refused_by_the_name_of_its_column(
    pipeline: Pipeline, cells: list[str], sentence: str
) -> None:
    receipt = load_faulty(pipeline)
    reject = rejected(receipt.loads[0].load_id, 31)
    with pytest.raises(CellsDoNotFit) as refusal:
        load_edited_row(reject_id=reject.pk, cells=cells)
    assert refusal.value.message == sentence
    assert account(receipt) == (100, 97, 3, 0)


def test_form_begins_with_the_mend_or_with_the_cells_as_they_are(pipeline: Pipeline) -> None:
    load_id = load_faulty(pipeline).loads[0].load_id
    mended = edit_row(reject_id=rejected(load_id, 11).pk, load_id=load_id)
    assert [cell.text for cell in mended.cells] == ["10", "1234"]
    unread = edit_row(reject_id=rejected(load_id, 31).pk, load_id=load_id)
    assert [(cell.text, cell.fault) for cell in unread.cells] == [
        ("30", ""),
        ("1,234", '"1,234" is not a whole number'),
    ]


def test_row_that_was_loaded_already_cannot_be_edited_again(pipeline: Pipeline) -> None:
    load_id = load_faulty(pipeline).loads[0].load_id
    reject = rejected(load_id, 31)
    load_edited_row(reject_id=reject.pk, cells=["30", "1234"])
    with pytest.raises(FileNotFound):
        load_edited_row(reject_id=reject.pk, cells=["30", "1234"])


def test_mended_row_is_taken_back(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    mend_rejected_rows(load_id=load_id)
    assert take_back_mends(load_id=load_id, ids=[rejected(load_id, 11).pk]) == 1
    assert price(receipt.file_id, 11) == []
    assert price(receipt.file_id, 21) == [(20, 5020)]
    assert account(receipt) == (100, 98, 2, 0)
    assert take_back_mends(load_id=load_id) == 1
    assert take_back_mends(load_id=load_id) == 0
    assert account(receipt) == (100, 97, 3, 0)


def test_taking_back_touches_no_row_that_was_never_rejected(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    before = rows("SELECT * FROM data.prices ORDER BY _file, _row")
    mend_rejected_rows(load_id=load_id)
    take_back_mends(load_id=load_id)
    assert rows("SELECT * FROM data.prices ORDER BY _file, _row") == before


def test_quote_that_is_never_closed_is_mended_by_the_types_of_the_row(pipeline: Pipeline) -> None:
    lines = [f"{n};name {n};{n}\n" for n in range(1, 101)]
    lines[49] = '50;"the big;50\n'
    receipt = pipeline.load("id;name;size\n" + "".join(lines), "wolves.csv")
    assert account(receipt) == (100, 99, 1, 0)
    mend_rejected_rows(load_id=receipt.loads[0].load_id)
    assert rows("SELECT name, size FROM data.wolves WHERE id = 50") == [("the big", 50)]
    assert account(receipt) == (100, 100, 0, 0)


def test_bytes_of_windows_in_a_file_of_utf8_are_mended(pipeline: Pipeline) -> None:
    lines = [f"{n};café {n}\n".encode() for n in range(1, 101)]
    lines[49] = b"50;caf\xe9 50\n"
    receipt = pipeline.load(b"id;name\n" + b"".join(lines), "cafes.csv", options={"encoding": "utf-8"})
    mend_rejected_rows(load_id=receipt.loads[0].load_id)
    assert rows("SELECT name FROM data.cafes WHERE id = 50") == [("café 50",)]


def test_row_of_a_sheet_is_mended(pipeline: Pipeline) -> None:
    pipeline.load(GOOD, "prices.csv")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["id", "price"])
    for number in range(1, 101):
        sheet.append([number, "+5 010" if number == 10 else number + 5000])
    stored = io.BytesIO()
    book.save(stored)
    receipt = pipeline.load(stored.getvalue(), "prices.xlsx")
    assert account(receipt) == (100, 99, 1, 0)
    assert mend_rejected_rows(load_id=receipt.loads[0].load_id).loaded == 1
    assert price(receipt.file_id, 11) == [(10, 5010)]


def test_mend_survives_switching_the_file_off_and_on(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    mend_rejected_rows(load_id=receipt.loads[0].load_id)
    deactivate_file(file_id=receipt.file_id)
    activate_file(file_id=receipt.file_id)
    assert price(receipt.file_id, 11) == [(10, 1234)]


def test_row_is_taken_back_after_its_column_was_widened(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    mend_rejected_rows(load_id=load_id, code="bad_value")
    change_columns(dataset_id=Dataset.objects.get().pk, change=Change(types={"price": ColumnType.TEXT}))
    assert price(receipt.file_id, 11) == [(10, "1234")]
    assert take_back_mends(load_id=load_id, ids=[rejected(load_id, 11).pk]) == 1
    assert price(receipt.file_id, 11) == []
