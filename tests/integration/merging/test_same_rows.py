"""The same rows in other bytes are noticed, and nothing is doubled by itself."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import Pipeline, rows
from uploads.models import UploadedFile
from uploads.services.files.activation import activate_file
from uploads.services.loading.doubling import Doubling
from uploads.services.loading.guarding import DatasetMoved
from uploads.states import FileState

PRICES = "code;price;day\nA1;10.50;2024-01-31\nB2;20.00;2024-02-29\nC3;;2024-03-31\n"
TURNED = "day,price,code\n2024-03-31,,C3\n2024-01-31,10.50,A1\n2024-02-29,20.00,B2\n"
OTHER = "code;price;day\nA1;10.51;2024-01-31\nB2;20.01;2024-02-29\nC3;;2024-03-31\n"


def load(pipeline: Pipeline, text: str, name: str, **wishes: object) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, name, again=False, **wishes).file_id)


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def test_the_same_rows_in_another_order_of_rows_and_columns_wait(pipeline: Pipeline, staff: Client) -> None:
    first = load(pipeline, PRICES, "prices.csv")
    second = load(pipeline, TURNED, "export.csv")
    assert (first.state, second.state) == (FileState.ACTIVE, FileState.LOADED)
    assert rows("SELECT count(*) FROM data.prices") == [(3,)]
    assert second.events.filter(text__contains=f"the same rows are active already, in file {first.pk}").exists()
    receipt = staff.get(f"/api/files/{second.pk}").json()
    assert receipt["same_content_as"] == first.pk
    assert receipt["notice"].startswith(
        f"The same rows, written in another way, as file {first.pk}, active since today"
    )
    assert [button["act"] for button in receipt["buttons"]] == ["activate", "replace", "delete"]


def test_other_rows_or_a_wish_for_them_are_no_obstacle(pipeline: Pipeline) -> None:
    load(pipeline, PRICES, "prices.csv")
    assert load(pipeline, OTHER, "other.csv").state == FileState.ACTIVE
    file = UploadedFile.objects.get(pk=pipeline.load(TURNED, "again.csv", again=True).file_id)
    assert file.state == FileState.ACTIVE


def test_a_file_that_is_off_is_no_obstacle_and_is_said(pipeline: Pipeline, staff: Client) -> None:
    load(pipeline, PRICES, "prices.csv", activate=False)
    second = load(pipeline, TURNED, "export.csv")
    assert second.state == FileState.ACTIVE


def test_what_nobody_activates_yet_is_told_as_well(pipeline: Pipeline, staff: Client) -> None:
    first = load(pipeline, PRICES, "prices.csv")
    second = load(pipeline, TURNED, "export.csv", activate=False)
    assert staff.get(f"/api/files/{second.pk}").json()["same_content_as"] == first.pk


def test_one_that_became_active_meanwhile_is_seen_in_the_moment_of_the_switch(pipeline: Pipeline) -> None:
    first = load(pipeline, PRICES, "prices.csv", activate=False)
    other = load(pipeline, OTHER, "other.csv", activate=False)
    doubling = Doubling(load(pipeline, TURNED, "export.csv", activate=False))
    assert doubling.ask(rows=3, joins=False).waits == ""
    activate_file(file_id=other.pk)
    doubling.check_still()
    activate_file(file_id=first.pk)
    with pytest.raises(DatasetMoved):
        doubling.check_still()


def test_many_files_of_as_many_rows_take_no_more_statements_than_one(pipeline: Pipeline) -> None:
    asked = []
    for place in ("Oslo", "Bergen", "Tromso", "Narvik"):
        file = load(pipeline, OTHER.replace("A1", place), f"{place}.csv", activate=False)
        doubling = Doubling(file)
        with CaptureQueriesContext(connection) as queries:
            assert doubling.ask(rows=3, joins=False).waits == ""
            doubling.check_still()
        asked.append(len(queries))
        activate_file(file_id=file.pk)
    assert asked[1] == asked[2] == asked[3]
