"""A new dataset of several sheets or members is named after the workbook or archive that holds them."""

import io
import zipfile
from collections.abc import Mapping

import openpyxl
import pytest

from tests.integration.conftest import Pipeline
from uploads.models import Dataset
from uploads.services.files.receipts import FileReceipt

A: list[list[object]] = [["day", "sold"], ["mon", 1], ["tue", 2]]
B: list[list[object]] = [["shop", "staff"], ["north", 3], ["south", 4]]


def book(sheets: Mapping[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def names(receipt: FileReceipt) -> list[str | None]:
    return [load.dataset for load in receipt.loads]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({"Jan": A, "Feb": A, "Mar": A}, ["year"] * 3),
        ({"Jan": A, "Shops": B, "Feb": A}, ["year", "shops", "year"]),
        ({"Jan": A, "North": B, "Feb": A, "South": B}, ["year", "year_north", "year", "year_north"]),
        ({"Jan": A, "Shops": B}, ["jan", "shops"]),
        ({"Jan": A}, ["jan"]),
    ],
)
def test_sheets_of_a_workbook(
    pipeline: Pipeline, sheets: Mapping[str, list[list[object]]], expected: list[str]
) -> None:
    assert names(pipeline.load(book(sheets), "year.xlsx")) == expected
    assert "Jan" not in Dataset.objects.values_list("name", flat=True) or len(set(expected)) == len(expected)


def test_members_of_an_archive(pipeline: Pipeline) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("jan.csv", "day,sold\nmon,1\ntue,2\n")
        archive.writestr("feb.csv", "day,sold\nwed,3\nthu,4\n")
    assert names(pipeline.load(content.getvalue(), "year.zip")) == ["year", "year"]
    assert Dataset.objects.get().name == "year"


def test_what_joins_a_dataset_or_was_named_keeps_that_name(pipeline: Pipeline) -> None:
    pipeline.load("day,sold\nmon,1\n", "sales.csv")
    assert names(pipeline.load(book({"Jan": A, "Feb": A}), "year.xlsx")) == ["sales", "sales"]
    wanted = pipeline.load(book({"North": B, "South": B}), "shops.xlsx", dataset="places")
    assert names(wanted) == ["places", "places"]
