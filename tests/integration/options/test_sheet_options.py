"""What a sheet hides or merges, from the receipt's button to the rows that are loaded."""

import io

import openpyxl
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import UploadedFile
from uploads.services.files.receipts import describe_file


def workbook() -> bytes:
    """A merged region over two rows; the third row is hidden."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("region", "city", "deer"), ("North", "Oslo", 1), (None, "Bergen", 2), ("South", "Rome", 3)):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[4].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_receipt_says_what_is_hidden_and_merged_and_has_both_ways_out(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load(workbook(), "herds.xlsx")
    [load] = receipt.loads
    client.force_login(make_user("staff", *EVERY_ACT))
    page = client.get(f"/receipts/{UploadedFile.objects.get(pk=receipt.file_id).token}/").content.decode()

    assert (load.has_hidden_cells, load.has_merged_cells, load.loaded) == (True, True, 3)
    assert ">Fill merged cells down</button>" in page
    assert ">Load visible cells only</button>" in page


def test_visible_cells_only_and_filled_down_are_read_so(pipeline: Pipeline) -> None:
    receipt = pipeline.load(workbook(), "herds.xlsx", options={"visible_only": True, "fill_down": True})
    [load] = describe_file(file_id=receipt.file_id).loads

    assert (load.has_hidden_cells, load.has_merged_cells, load.loaded) == (False, False, 2)
    assert {entry["option"]: entry["value"] for entry in load.applied_options} == {
        "visible_only": True,
        "fill_down": True,
    }
