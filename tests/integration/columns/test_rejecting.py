"""A column becomes more than text although a few values don't fit: their rows are rejected, and can come back."""

import io
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.test import Client
from openpyxl import Workbook

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, FileEvent, Load, RejectedRow, UploadedFile
from uploads.services.columns.apply import Changed, change_columns
from uploads.services.columns.change import Change
from uploads.services.columns.preview import Preview, preview_change
from uploads.services.errors import CannotRetype
from uploads.services.files.activation import deactivate_file
from uploads.services.rejects.mend import load_edited_row, mend_rejected_rows
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

T = ColumnType
ODD = 'id;price;note\n1;1.50;a\n2;2.50;\n3;1,5x;"c;d"\n4;4.50; e \n'


def wish(column: str, type_: ColumnType) -> Change:
    return Change(types={column: type_}, reject_misfits=True)


def change(column: str, type_: ColumnType) -> Changed:
    return change_columns(dataset_id=Dataset.objects.get(slug="t").pk, change=wish(column, type_))


def preview(column: str, type_: ColumnType) -> Preview:
    return preview_change(dataset=Dataset.objects.get(slug="t"), change=wish(column, type_))


def stored(names: str = "_row, id, price, note") -> list[Any]:
    return rows(f"SELECT {names} FROM data.t ORDER BY _file, _row")  # noqa: S608


def test_row_that_does_not_fit_is_rejected_whole_and_accounted_for(pipeline: Pipeline) -> None:
    sent = pipeline.load(ODD, "t.csv")
    done = change("price", T.NUMERIC)
    assert (done.rows, done.rejected) == (4, 1)
    assert [str(price) for (price,) in stored("price")] == ["1.50", "2.50", "4.50"]
    reject = RejectedRow.objects.get()
    assert (reject.row, reject.column, reject.value, reject.raw) == (4, "price", "1,5x", '3;1,5x;"c;d"')
    file, load = UploadedFile.objects.get(pk=sent.file_id), Load.objects.get()
    for counts in (file, load):
        assert (counts.rows_read, counts.rows_loaded, counts.rows_rejected) == (4, 3, 1)
    assert FileEvent.objects.latest("id").text.endswith("1 row rejected")


def test_rejected_row_is_mended_like_any_other(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;1.50\n2;2.50\n3;1,5\n4;4x\n", "t.csv")
    assert change("price", T.NUMERIC).rejected == 2
    load = Load.objects.get()
    assert mend_rejected_rows(load_id=load.pk).loaded == 1
    left = RejectedRow.objects.get(mended_at=None)
    load_edited_row(reject_id=left.pk, cells=["4", "4.0"])
    assert [str(price) for (price,) in stored("price")] == ["1.50", "2.50", "1.5", "4.0"]


def test_text_again_brings_every_row_back_as_it_was(pipeline: Pipeline) -> None:
    pipeline.load(ODD, "t.csv")
    before = stored()
    change("price", T.NUMERIC)
    back = change_columns(dataset_id=Dataset.objects.get().pk, change=Change(types={"price": T.TEXT}))
    assert back.mended == 1
    assert stored() == before


def test_preview_counts_before_anything_is_done(pipeline: Pipeline) -> None:
    pipeline.load(ODD, "t.csv")
    before = stored()
    found = preview("price", T.NUMERIC)
    assert (found.rejected, found.obstacle) == (1, "")
    assert found.effects[0].startswith(
        '1 row doesn\'t fit and is rejected: line 4, column “price”: "1,5x" is not a number.'
    )
    assert stored() == before
    assert not RejectedRow.objects.exists()


def test_every_file_of_the_dataset_gives_its_own_rows(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;1.50\n2;x1\n", "t.csv")
    later = pipeline.load("id;price\n3;x2\n4;4.50\n5;x3\n", "later.csv")
    deactivate_file(file_id=later.file_id)
    assert change("price", T.NUMERIC).rejected == 3
    assert UploadedFile.objects.get(pk=later.file_id).rows_rejected == 2
    assert [load.rows_loaded for load in Load.objects.order_by("pk")] == [1, 1]


def test_choice_holds_for_later_files(pipeline: Pipeline) -> None:
    pipeline.load(ODD, "t.csv")
    change("price", T.NUMERIC)
    later = pipeline.load("id;price;note\n5;oops;\n6;6.5;\n", "later.csv")
    assert (later.rows_loaded, later.rows_rejected) == (1, 1)


def test_sheet_rows_come_back_too(pipeline: Pipeline) -> None:
    book = Workbook()
    sheet = cast("Worksheet", book.active)
    for cells in (["id", "day"], [1, "2024-01-31"], [2, "soon\tor later"], [3, "2024-02-01"]):
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    pipeline.load(content.getvalue(), "t.xlsx")
    change("day", T.DATE)
    assert RejectedRow.objects.get().row == 3
    change_columns(dataset_id=Dataset.objects.get().pk, change=Change(types={"day": T.TEXT}))
    assert [day for (day,) in stored("day")] == ["2024-01-31", "soon\tor later", "2024-02-01"]


@pytest.mark.parametrize("bad", [20, 100])
def test_more_than_a_file_may_have_refuses_the_change(pipeline: Pipeline, bad: int) -> None:
    lines = [f"{number};{chr(97 + number % 26) if number < bad else ''}{number}" for number in range(100)]
    pipeline.load("id;price\n" + "\n".join(lines) + "\n", "t.csv")
    assert "would be rejected, more than the 5 %" in preview("price", T.BIGINT).obstacle
    with pytest.raises(CannotRetype, match="of 100 rows"):
        change("price", T.BIGINT)
    assert rows("SELECT count(*) FROM data.t") == [(100,)]


def test_dates_that_can_be_read_in_two_ways_are_not_guessed(pipeline: Pipeline) -> None:
    pipeline.load("d;n\n01/02/2024;1\n03/04/2024;2\nsoon;3\n", "t.csv")
    with pytest.raises(CannotRetype, match="day first and month first"):
        change("d", T.DATE)


def test_rejecting_means_nothing_where_all_fits(pipeline: Pipeline) -> None:
    pipeline.load(ODD, "t.csv")
    with pytest.raises(BadOption, match="which all fit"):
        change("id", T.TEXT)
    assert change("id", T.NUMERIC).rejected == 0


def test_page_offers_to_count_and_then_rejects(pipeline: Pipeline, admin_client: Client) -> None:
    pipeline.load(ODD, "t.csv")
    address = "/datasets/t/columns/"
    asked = {"column": "price", "type": "numeric"}
    page = admin_client.get(address, asked).content.decode()
    assert "Count the rows that don&#x27;t fit" in page or "Count the rows that don't fit" in page
    counted = admin_client.get(address, {**asked, "reject_misfits": "true"}).content.decode()
    assert "1 row doesn" in counted
    assert "Change 3 rows and reject 1" in counted
