"""Rejected rows that are loaded after all: counted, visible at once, and never twice."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import Pipeline, rows
from tests.integration.rejects.faulty_files import GOOD, load_faulty
from uploads.models import Dataset, FileEvent, Load, RejectedRow, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.activation import deactivate_file, delete_file, retry_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.reading.pages import page_rows
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.rejects.groups import rejects_csv
from uploads.services.rejects.mend import (
    count_fitting_rejects,
    mend_rejected_rows,
    retry_rejected_rows,
    take_back_mends,
)
from uploads.services.upkeep.sweep import sweep
from uploads.states import FileState
from uploads.tabular.column_json import column_from_json
from uploads.tabular.table import ColumnType


def load_with_na(pipeline: Pipeline, **wishes: Any) -> FileReceipt:
    """A second file of a dataset of numbers, in which two prices are ``NA``."""
    pipeline.load(GOOD, "prices.csv")
    lines = [f"{n};{'NA' if n in (7, 50) else n}\n" for n in range(1, 101)]
    return pipeline.load("id;price\n" + "".join(lines), "prices.csv", **wishes)


def say_null_word(word: str) -> None:
    Dataset.objects.update(null_words=[word])


def test_rows_that_fit_after_a_null_word_was_said_are_loaded_with_their_own_line(pipeline: Pipeline) -> None:
    receipt = load_with_na(pipeline)
    load_id = receipt.loads[0].load_id
    assert (receipt.loads[0].loaded, receipt.loads[0].rejected) == (98, 2)
    say_null_word("NA")
    assert retry_rejected_rows(load_id=load_id).loaded == 2
    found = rows("SELECT _row, _load, id, price FROM data.prices WHERE _file = %s AND price IS NULL", receipt.file_id)
    assert sorted(found) == [(8, load_id, 7, None), (51, load_id, 50, None)]


def test_counts_move_from_rejected_to_loaded_and_still_add_up(pipeline: Pipeline) -> None:
    receipt = load_with_na(pipeline)
    say_null_word("NA")
    retry_rejected_rows(load_id=receipt.loads[0].load_id)
    after = pipeline.finish(receipt.file_id)
    [load] = after.loads
    assert (load.read, load.loaded, load.rejected, load.blank) == (100, 100, 0, 0)
    assert (after.rows_loaded, after.rows_rejected) == (100, 0)
    event = FileEvent.objects.filter(file_id=receipt.file_id).last()
    assert event is not None
    assert (event.state, event.text) == ("active", "2 rejected rows fit their columns now and were loaded")


def test_second_try_finds_nothing_left(pipeline: Pipeline) -> None:
    load_id = load_with_na(pipeline).loads[0].load_id
    say_null_word("NA")
    retry_rejected_rows(load_id=load_id)
    assert retry_rejected_rows(load_id=load_id).loaded == 0
    assert rows("SELECT count(*) FROM data.prices WHERE _load = %s", load_id) == [(100,)]


def test_rows_that_still_do_not_fit_stay_rejected(pipeline: Pipeline) -> None:
    load_id = load_with_na(pipeline).loads[0].load_id
    mended = retry_rejected_rows(load_id=load_id)
    assert (mended.loaded, mended.left) == (0, 2)
    assert RejectedRow.objects.filter(load_id=load_id, mended_at=None).count() == 2


def test_how_many_would_fit_is_told_beforehand(pipeline: Pipeline) -> None:
    load_id = load_with_na(pipeline).loads[0].load_id
    columns = tuple(map(column_from_json, Load.objects.get(pk=load_id).columns))
    assert count_fitting_rejects(load_id=load_id, columns=columns) == 0
    assert count_fitting_rejects(load_id=load_id, columns=columns, null_words=["NA"]) == 2


def test_file_that_is_not_active_takes_its_rows_and_shows_them_later(pipeline: Pipeline) -> None:
    receipt = load_with_na(pipeline)
    deactivate_file(file_id=receipt.file_id)
    say_null_word("NA")
    assert retry_rejected_rows(load_id=receipt.loads[0].load_id).loaded == 2
    assert rows("SELECT count(*) FROM data.prices WHERE _file = %s", receipt.file_id) == [(0,)]


def test_last_line_of_a_file_is_listed_once_it_is_loaded(pipeline: Pipeline) -> None:
    pipeline.load(GOOD, "prices.csv", activate=False)
    lines = "".join(f"{n};{n}\n" for n in range(1, 100))
    receipt = pipeline.load("id;price\n" + lines + "100;NA\n", "prices.csv")
    say_null_word("NA")
    retry_rejected_rows(load_id=receipt.loads[0].load_id)
    assert page_rows(slug="prices", limit=200).rows[-1].row == 101


def test_row_of_an_earlier_table_of_the_file_keeps_its_own_load(pipeline: Pipeline) -> None:
    pipeline.load(GOOD, "prices.csv")
    lines = "".join(f"{n};{n}\n" for n in range(1, 100))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("a/prices.csv", "id;price\n" + lines + "100;NA\n")
        package.writestr("b/prices.csv", "id;price\n" + lines)
    receipt = pipeline.load(archive.getvalue(), "prices.zip")
    first = receipt.loads[0].load_id
    say_null_word("NA")
    assert retry_rejected_rows(load_id=first).loaded == 1
    assert rows("SELECT _load FROM data.prices WHERE price IS NULL") == [(first,)]


def test_file_that_failed_as_a_whole_takes_no_single_rows(pipeline: Pipeline) -> None:
    pipeline.load(GOOD, "prices.csv")
    receipt = pipeline.load("id;price\n1;NA\n2;NA\n3;NA\n", "prices.csv")
    assert receipt.state is FileState.FAILED
    load = Load.objects.get(file_id=receipt.file_id)
    with pytest.raises(StateConflict, match="failed as a whole"):
        retry_rejected_rows(load_id=load.pk)


def test_file_that_is_being_loaded_again_is_left_alone(pipeline: Pipeline) -> None:
    receipt = load_with_na(pipeline)
    UploadedFile.objects.filter(pk=receipt.file_id).update(state=FileState.WAITING)
    with pytest.raises(StateConflict):
        retry_rejected_rows(load_id=receipt.loads[0].load_id)


def test_load_that_is_gone_is_said_to_be_gone(pipeline: Pipeline) -> None:
    with pytest.raises(FileNotFound):
        retry_rejected_rows(load_id=12345)


def test_download_holds_what_is_left_with_its_mend(pipeline: Pipeline) -> None:
    load_id = load_faulty(pipeline).loads[0].load_id
    mend_rejected_rows(load_id=load_id, code="too_many_cells")
    text = b"".join(rejects_csv(load_id=load_id)).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert header[-1] == "proposed fix"
    assert [(line[0], line[-1]) for line in lines] == [("11", "“1 234” in “price” is read as “1234”."), ("31", "")]


def assert_all_adds_up() -> None:
    """Of each file that is there: its figures, those of its tables, the rejects kept and the rows stored."""
    for file in UploadedFile.objects.exclude(state=FileState.DELETED):
        loads = list(file.loads.all())
        assert file.rows_loaded == sum(load.rows_loaded for load in loads)
        assert file.rows_rejected == sum(load.rows_rejected for load in loads)
        for load in loads:
            assert load.rows_rejected == RejectedRow.objects.filter(load=load, mended_at=None).count()
            if load.part:
                counted = f'SELECT count(*) FROM data."{load.part}" WHERE _load = {load.pk}'  # noqa: S608
                assert rows(counted) == [(load.rows_loaded,)]


def test_figures_add_up_through_mends_changes_readings_and_deletion(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    file, load = receipt.file_id, receipt.loads[0].load_id
    dataset = Dataset.objects.get().pk
    numeric, text = (Change(types={"price": type_}) for type_ in (ColumnType.NUMERIC, ColumnType.TEXT))
    acts: list[Callable[[], object]] = [
        lambda: mend_rejected_rows(load_id=load),
        lambda: change_columns(dataset_id=dataset, change=numeric),
        lambda: take_back_mends(load_id=load),
        lambda: change_columns(dataset_id=dataset, change=Change(null_words=("x",))),
        lambda: mend_rejected_rows(load_id=load),
        lambda: change_columns(dataset_id=dataset, change=text),
        lambda: take_back_mends(load_id=load),
        lambda: retry_rejected_rows(load_id=load),
        lambda: pipeline.finish(
            reimport_file(
                file_id=file,
                wish=ReimportRequest(options={"day_first": True}),
                reader=Sender(is_staff=True),
                via=UploadedFile.Via.COMMAND,
            ).pk
        ),
        lambda: retry_file(file_id=file),
        lambda: pipeline.finish(file),
        lambda: delete_file(file_id=file),
        sweep,
    ]
    for act in acts:
        act()
        assert_all_adds_up()
    assert not RejectedRow.objects.filter(load__file_id=file).exists()
