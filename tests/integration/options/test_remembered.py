"""What was said about how to read one file of a dataset holds for later ones, until somebody says otherwise."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.errors import DatasetNotFound
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.options.remembered import change_defaults, forget_defaults, remembered_options
from uploads.states import FileState

PLAIN = "day;amount\n25/12/2023;1.5\n"
DOUBTFUL = "day;amount\n01/02/2024;1.5\n"
TOLD = {"day_first": False, "delimiter": ";"}


def days(slug: str) -> list[str]:
    return [day for (day,) in rows(f"SELECT day::text FROM data.{slug} ORDER BY _file, _row")]  # noqa: S608


def remembered(slug: str) -> dict[str, Any]:
    return remembered_options(dataset=slug).options


def book(*sheets: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        page = workbook.create_sheet(sheet)
        page.append(["id", "name"])
        page.append([1, f"from {sheet}"])
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_later_file_that_names_the_dataset_is_read_as_the_first_was_told(pipeline: Pipeline, client: Client) -> None:
    first = pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    receipt = pipeline.load("day;amount\n03/04/2024;2.5\n", "b.csv", dataset="sales")

    assert days("sales") == ["2024-01-02", "2024-03-04"]
    assert "Format remembered from “a.csv”: delimiter “;”, month first." in receipt.loads[0].sentences
    assert "month first" in client.get("/datasets/sales/").content.decode()
    assert [(told["option"], told["said"], told["file"]) for told in receipt.loads[0].applied_options] == [
        ("delimiter", "before", first.file_id),
        ("day_first", "before", first.file_id),
    ]


@pytest.mark.parametrize(("options", "shown"), [(TOLD, "month first"), (None, "detected automatically for each file")])
def test_admin_shows_how_the_dataset_is_read(
    pipeline: Pipeline, admin_client: Client, options: dict[str, Any] | None, shown: str
) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=options)
    page = admin_client.get(reverse("admin:uploads_dataset_change", args=[Dataset.objects.get(slug="sales").pk]))

    assert shown in page.content.decode()


def test_what_the_later_file_says_itself_goes_before(pipeline: Pipeline) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    receipt = pipeline.load(DOUBTFUL, "b.csv", dataset="sales", options={"day_first": True})

    assert days("sales") == ["2024-01-02", "2024-02-01"]
    assert "Read with the options given for this file: day first." in receipt.loads[0].sentences
    assert remembered("sales") == {"delimiter": ";", "day_first": True}


def test_auto_has_an_option_found_out_and_forgets_it(pipeline: Pipeline) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options={"header_row": 1, "delimiter": ";"})
    receipt = pipeline.load(
        "report\n\nday;amount\n01/02/2024;1.5\n", "b.csv", dataset="sales", options={"header_row": "auto"}
    )

    assert receipt.loads[0].header_row == 3
    assert remembered("sales") == {"delimiter": ";"}


def test_file_that_joins_by_its_header_takes_the_order_of_dates_but_not_the_delimiter(pipeline: Pipeline) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    receipt = pipeline.load("day,amount\n03/04/2024,2.5\n", "b.csv")

    assert receipt.loads[0].dataset == "sales"
    assert days("sales") == ["2024-01-02", "2024-03-04"]
    assert "Format remembered from “a.csv”: month first." in receipt.loads[0].sentences


def test_file_of_other_columns_is_read_from_scratch(pipeline: Pipeline) -> None:
    pipeline.load("1;2\n3;4\n", "a.csv", dataset="numbers", options={"header_row": "none"})
    receipt = pipeline.load("x;y\n3;4\n", "b.csv")

    assert receipt.loads[0].header_row == 1
    assert receipt.loads[0].applied_options == ()


def test_what_was_said_outlives_its_file_and_a_waiting_file_says_nothing(pipeline: Pipeline) -> None:
    first = pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    pipeline.load(DOUBTFUL, "a2.csv", dataset="sales")
    pipeline.load(PLAIN, "c.csv", dataset="sales", options={"encoding": "cp1252"}, activate=False)
    delete_file(file_id=first.file_id)
    pipeline.load(DOUBTFUL, "b.csv", dataset="sales")

    assert remembered("sales") == TOLD
    assert days("sales") == ["2024-01-02", "2024-01-02"]


def test_old_file_that_is_activated_again_is_not_the_newest_word(pipeline: Pipeline) -> None:
    first = pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options={"day_first": False})
    pipeline.load(DOUBTFUL, "b.csv", dataset="sales", options={"day_first": True})
    deactivate_file(file_id=first.file_id)
    activate_file(file_id=first.file_id)

    assert remembered("sales") == {"day_first": True}


def test_what_staff_forget_stays_forgotten_when_the_file_is_activated_again(pipeline: Pipeline) -> None:
    first = pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    forget_defaults(slug="sales", by="anna")
    deactivate_file(file_id=first.file_id)
    activate_file(file_id=first.file_id)

    assert remembered("sales") == {}


def test_staff_say_of_a_dataset_how_its_files_are_read(pipeline: Pipeline) -> None:
    pipeline.load(PLAIN, "a.csv", dataset="sales")
    change_defaults(slug="sales", options={"decimal": ",", "day_first": True}, by="anna")
    receipt = pipeline.load("day;amount\n01/02/2024;1,5\n", "b.csv", dataset="sales")

    assert rows("SELECT day::text, amount FROM data.sales ORDER BY _file")[1] == ("2024-02-01", pytest.approx(1.5))
    assert "Format remembered from staff: decimal mark “,”, day first." in receipt.loads[0].sentences
    with pytest.raises(DatasetNotFound):
        change_defaults(slug="nowhere", options={}, by="anna")


def test_remembered_encoding_decides_only_what_the_bytes_leave_open(pipeline: Pipeline) -> None:
    pipeline.load("id;name\n1;Käse\n".encode("cp850"), "a.csv", dataset="food", options={"encoding": "cp850"})
    pipeline.load("id;name\n2;Öl\n".encode("cp850"), "b.csv", dataset="food")
    now_utf8 = pipeline.load("id;name\n3;Möhre\n".encode(), "c.csv", dataset="food")

    assert [name for (name,) in rows("SELECT name FROM data.food ORDER BY _file")] == ["Käse", "Öl", "Möhre"]
    assert now_utf8.loads[0].applied_options == ()


def test_remembered_sheet_that_a_later_workbook_lacks_is_said_with_the_way_out(pipeline: Pipeline) -> None:
    pipeline.load(book("Data", "Notes"), "a.xlsx", dataset="things", options={"sheet": "Data"})
    failed = pipeline.load(book("2025"), "b.xlsx", dataset="things")

    assert failed.error is not None
    assert failed.error["code"] == "unknown_sheet"
    assert "2025" in failed.error["hint"]
    assert "“a.xlsx”: sheet “Data”" in failed.error["hint"]
    found = pipeline.load(book("2025"), "b.xlsx", dataset="things", options={"sheet": "*"})
    assert found.state is FileState.ACTIVE


def test_what_cannot_apply_to_a_file_is_not_said_to_have_applied(pipeline: Pipeline) -> None:
    pipeline.load("id;name\n1;a\n", "a.csv", dataset="things", options={"delimiter": ";", "all_text": True})
    receipt = pipeline.load(book("Data"), "b.xlsx", dataset="things")

    assert receipt.state is FileState.ACTIVE
    assert receipt.loads[0].applied_options == ()
    assert not any("remembered" in note for note in receipt.loads[0].sentences)


def test_file_without_options_leaves_no_trace(pipeline: Pipeline) -> None:
    receipt = pipeline.load(PLAIN, "a.csv", dataset="sales")

    assert UploadedFile.objects.get(pk=receipt.file_id).options == {}
    assert Dataset.objects.get(slug="sales").read_options == {}
    assert Load.objects.get(file_id=receipt.file_id).applied_options == []


def test_error_that_may_come_of_what_was_said_names_it(pipeline: Pipeline) -> None:
    failed = pipeline.load("id;name\n1;Käse\n".encode("cp1252"), "a.csv", options={"encoding": "utf-8"})

    assert failed.error is not None
    assert failed.error["code"] == "no_row_fits"
    assert "The file was read with the options given: encoding utf-8." in failed.error["hint"]


def test_remembered_delimiter_that_a_later_file_has_not_is_said_with_the_way_out(pipeline: Pipeline) -> None:
    pipeline.load("a|b\n1|2\n", "a.csv", dataset="bars", options={"delimiter": "|"})
    failed = pipeline.load("a;b\n3;4\n", "b.csv", dataset="bars")

    assert failed.error is not None
    assert failed.error["message"] == "The delimiter “|” was chosen, but b.csv has none; “;” separates its cells."
    assert "“a.csv”: delimiter “|”" in failed.error["hint"]
