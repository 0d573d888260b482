"""Sheets of one workbook that differ by a column are as somebody made them: nobody is asked, and none joins another."""

from io import BytesIO

from openpyxl import Workbook

from tests.integration.conftest import Pipeline
from uploads.models import Dataset
from uploads.states import FileState


def test_sheets_that_differ_by_a_column_found_a_dataset_each(pipeline: Pipeline) -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("Sheep")
    assert first is not None
    first.title = "Cattle"
    first.append(["region", "farms", "cows", "area"])
    second.append(["region", "farms", "ewes", "area"])
    for sheet in (first, second):
        for number in range(20):
            sheet.append([f"Region {number}", 10 + number, 100 * number, 7 * number])
    content = BytesIO()
    book.save(content)
    receipt = pipeline.load(content.getvalue(), "farms.xlsx")
    assert receipt.state is FileState.ACTIVE
    assert sorted(Dataset.objects.values_list("slug", flat=True)) == ["cattle", "sheep"]
