"""An option that cannot apply to a file is not passed over in silence, and its dataset does not remember it."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.options.test_remembered import book, remembered
from tests.integration.staff import EVERY_ACT, make_user
from tests.integration.tus.client import create, patch
from uploads.models import UploadedFile
from uploads.services.files.receipts import FileReceipt
from uploads.tabular.notes import NoteKind

TEXT = "id;name\n1;a\n"
ON_A_TEXT = "1 option was not used: sheet “Data”. It is for workbooks, and this is a text file."


def unused(receipt: FileReceipt) -> list[dict[str, Any]]:
    """The figures of each note on what was not used."""
    return [
        dict(note.figures) for load in receipt.loads for note in load.notes if note.kind is NoteKind.OPTIONS_NOT_USED
    ]


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


def test_sheet_said_of_a_text_is_told_and_not_remembered(pipeline: Pipeline) -> None:
    receipt = pipeline.load(TEXT, "a.csv", dataset="things", options={"sheet": "Data", "delimiter": ";"})
    assert unused(receipt) == [{"count": 1, "options": "sheet “Data”", "reason": "is_text"}]
    assert "Read with the options given for this file: delimiter “;”." in receipt.loads[0].sentences
    assert remembered("things") == {"delimiter": ";"}


def test_delimiter_and_encoding_said_of_a_workbook_are_told_and_not_remembered(pipeline: Pipeline) -> None:
    options = {"delimiter": ";", "encoding": "cp1252", "sheet": "Data"}
    receipt = pipeline.load(book("Data", "Notes"), "a.xlsx", dataset="things", options=options)
    assert unused(receipt) == [{"count": 2, "options": "delimiter “;”, encoding cp1252", "reason": "is_sheet"}]
    assert remembered("things") == {"sheet": "Data"}


def test_decimal_mark_beside_everything_as_text_is_told_and_not_remembered(pipeline: Pipeline) -> None:
    receipt = pipeline.load(TEXT, "a.csv", dataset="things", options={"all_text": True, "decimal": ","})
    assert unused(receipt) == [{"count": 1, "options": "decimal mark “,”", "reason": "all_text"}]
    assert remembered("things") == {"all_text": True}


def test_everything_as_text_is_not_remembered_where_the_types_hold(pipeline: Pipeline) -> None:
    pipeline.load(TEXT, "a.csv", dataset="things")
    receipt = pipeline.load(TEXT, "b.csv", dataset="things", options={"all_text": True})
    assert NoteKind.TYPES_HOLD in {note.kind for note in receipt.loads[0].notes}
    assert remembered("things") == {}


def test_what_was_remembered_of_workbooks_outlives_a_text_that_says_otherwise(pipeline: Pipeline) -> None:
    pipeline.load(book("Data"), "a.xlsx", dataset="things", options={"sheet": "Data"})
    receipt = pipeline.load(TEXT, "b.csv", dataset="things", options={"sheet": "*"})
    assert unused(receipt) == []
    assert remembered("things") == {"sheet": "Data"}


def test_what_applies_is_not_told_of(pipeline: Pipeline) -> None:
    options = {"delimiter": ";", "header_row": 1, "decimal": ".", "all_text": False}
    receipt = pipeline.load(TEXT, "a.csv", dataset="things", options=options)
    assert unused(receipt) == []
    assert set(remembered("things")) == {"delimiter", "header_row", "decimal"}


@pytest.mark.parametrize("way", ["form", "api", "tus"])
def test_receipt_says_it_whatever_way_the_file_came(pipeline: Pipeline, staff: Client, way: str) -> None:
    content = SimpleUploadedFile("a.csv", TEXT.encode())
    if way == "form":
        staff.post("/", {"file": content, "sheet": "Data"})
    elif way == "api":
        staff.post("/api/files", {"file": content, "sheet": "Data"})
    else:
        patch(create(len(TEXT), sheet="Data"), 0, TEXT.encode())
    file = UploadedFile.objects.get()
    pipeline.finish(file.pk)
    assert ON_A_TEXT in staff.get(f"/receipts/{file.token}/").content.decode()
    [load] = json.loads(staff.get(f"/api/files/{file.pk}").content)["loads"]
    assert ON_A_TEXT in load["notes"]
