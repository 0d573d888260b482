"""What was said about one file of a dataset holds for later files that name the dataset."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, UploadedFile
from uploads.services.publishing import deactivate_file
from uploads.states import FileState

FIRST = "day;amount\n25/12/2023;1.5\n"
DOUBTFUL = "day;amount\n01/02/2024;1.5\n"
TOLD = {"day_first": False, "delimiter": ";"}


def days(slug: str) -> list[str]:
    return [day for (day,) in rows(f"SELECT day::text FROM data.{slug} ORDER BY _file, _row")]  # noqa: S608


def test_later_file_that_names_the_dataset_is_read_as_the_first_was_told(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    receipt = pipeline.load("day;amount\n03/04/2024;2.5\n", "b.csv", dataset="sales")

    assert days("sales") == ["2024-01-02", "2024-03-04"]
    assert "Read as said before for this dataset, with “a.csv”: month first, delimiter “;”." in receipt.loads[0].notes
    assert "month first" in client.get("/datasets/sales/").content.decode()


@pytest.mark.parametrize(("remembered", "shown"), [(TOLD, "month first"), (None, "found out from each file")])
def test_admin_shows_how_the_dataset_is_read(
    pipeline: Pipeline, admin_client: Client, remembered: dict[str, Any] | None, shown: str
) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=remembered)
    page = admin_client.get(reverse("admin:uploads_dataset_change", args=[Dataset.objects.get(slug="sales").pk]))

    assert shown in page.content.decode()


def test_what_the_later_file_says_itself_goes_before(pipeline: Pipeline) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    pipeline.load(DOUBTFUL, "b.csv", dataset="sales", options={"day_first": True})

    assert days("sales") == ["2024-01-02", "2024-02-01"]


def test_file_that_names_no_dataset_is_read_from_scratch(pipeline: Pipeline) -> None:
    pipeline.load("1;2\n3;4\n", "a.csv", dataset="numbers", options={"header_row": "none"})
    receipt = pipeline.load("x;y\n3;4\n", "b.csv")

    assert receipt.loads[0].header_row == 1


def test_what_was_said_ends_with_the_file_and_a_waiting_file_says_nothing(pipeline: Pipeline) -> None:
    first = pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options=TOLD)
    pipeline.load(FIRST, "c.csv", dataset="sales", options={"encoding": "cp1252"}, activate=False)
    deactivate_file(file_id=first.file_id)
    receipt = pipeline.load(DOUBTFUL, "b.csv", dataset="sales")

    assert receipt.loads[0].encoding == "utf-8"
    assert not any("Read as said before" in note for note in receipt.loads[0].notes)
    assert UploadedFile.objects.get(pk=receipt.file_id).state == FileState.ACTIVE
