"""Datasets in the admin: columns, evidence, first rows, and deletion with everything in them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.errors import DatasetNotFound
from uploads.services.files.activation import deactivate_file
from uploads.services.files.dataset_deletion import delete_dataset

GOOD = "Area;Year\nNorth;2020\nSouth;2021\n"
DATASETS = "/admin/uploads/dataset/"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


def delete(client: Client, dataset: Dataset, **more: str) -> Any:
    return client.post(DATASETS, {"action": "delete_datasets", "_selected_action": [dataset.pk], "index": "0", **more})


def test_a_dataset_shows_columns_evidence_and_first_rows(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(GOOD, "geo.csv")
    text = staff.get(f"{DATASETS}{Dataset.objects.get().pk}/change/").content.decode()
    for piece in ("data.geo", "Area", "bigint: both values are whole numbers.", "North", "2021", "geo.csv"):
        assert piece in text


def test_the_list_shows_stored_figures_in_few_queries(
    pipeline: Pipeline, staff: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    pipeline.load(GOOD, "geo.csv")
    for number in range(49):
        Dataset.objects.create(slug=f"d{number}", name=f"d{number}", header_key=str(number), established_at=Now())
    with django_assert_max_num_queries(12):
        text = staff.get(DATASETS).content.decode()
    assert "data.geo" in text
    assert '<span class="figure">2</span>' in text


def test_deleting_a_dataset_asks_first_and_takes_its_files_with_it(pipeline: Pipeline, staff: Client) -> None:
    numbers = [pipeline.load(GOOD, "geo.csv").file_id, pipeline.load(GOOD, "geo2.csv").file_id]
    waiting = pipeline.load(GOOD, "geo3.csv", activate=False).file_id
    deactivate_file(file_id=numbers[1])
    other = pipeline.load("x;y\n1;2\n", "other.csv").file_id
    dataset = Dataset.objects.get(slug="geo")
    assert "with 2 files and 4 rows?" in delete(staff, dataset).content.decode()
    assert {"geo", "other"} <= data_tables()
    assert delete(staff, dataset, confirm="yes").status_code == 302
    assert {name for name in data_tables() if not name.startswith("_")} == {"other"}
    states = dict(UploadedFile.objects.values_list("pk", "state"))
    assert [states[number] for number in (*numbers, waiting, other)] == ["deleted", "deleted", "loaded", "active"]
    assert not Dataset.objects.filter(pk=dataset.pk).exists()


@pytest.mark.parametrize("missing", ["delete_dataset", "delete_uploadedfile"])
def test_deleting_a_dataset_needs_both_permissions(pipeline: Pipeline, client: Client, missing: str) -> None:
    pipeline.load(GOOD, "geo.csv")
    client.force_login(make_user("clerk", *(name for name in EVERY_ACT if name != missing)))
    assert delete(client, Dataset.objects.get(), confirm="yes").status_code == 403
    assert Dataset.objects.exists()


@pytest.mark.django_db
def test_a_dataset_that_is_not_there_cannot_be_deleted() -> None:
    with pytest.raises(DatasetNotFound):
        delete_dataset(dataset_id=1)


def test_the_name_is_free_again_afterwards(pipeline: Pipeline) -> None:
    pipeline.load(GOOD, "geo.csv")
    delete_dataset(dataset_id=Dataset.objects.get().pk)
    assert pipeline.load(GOOD, "geo.csv").loads[0].dataset == "geo"


def test_the_index_leads_to_files_first_and_back_to_the_page(staff: Client) -> None:
    text = staff.get("/admin/").content.decode()
    assert "Files and datasets" in text
    assert 'href="/"' in text
