"""The history of a dataset: what is recorded already, newest first; words and names of people for staff."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.saving.test_saved_views import SALES
from uploads.models import UploadedFile
from uploads.services.columns.shape import rename_column
from uploads.services.datasets import history
from uploads.services.files.activation import activate_file, deactivate_file, delete_file

PAGE, API = "/datasets/sales/history/", "/api/datasets/sales/history"


def sentences(client: Client, query: str = "") -> list[str]:
    return re.findall(r'<span dir="auto">(.*?)</span>', client.get(PAGE + query).text)


def test_everybody_reads_what_could_be_seen_and_staff_who_did_it(
    pipeline: Pipeline, client: Client, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = get_user_model().objects.get()
    first = pipeline.load(SALES, "sales.csv")
    second = pipeline.load("area,price,day\nWest,1,2024-03-01\n", "sales.csv")
    UploadedFile.objects.filter(pk=second.file_id).update(name="west.csv")
    rename_column(slug="sales", name="price", label="cost", user_id=user.pk)
    deactivate_file(file_id=first.file_id, user_id=user.pk)
    activate_file(file_id=first.file_id, user_id=user.pk)
    delete_file(file_id=second.file_id, user_id=user.pk)
    assert sentences(client) == [
        "A file was deleted.",
        "“sales.csv” was activated: its rows are seen.",
        "“sales.csv” was switched off: its rows are not seen.",
        "The dataset was changed.",
        "A file was activated: its rows are seen.",
        "“sales.csv” was activated: its rows are seen.",
    ]
    assert user.get_username() not in client.get(PAGE).text
    told = sentences(admin_client)
    assert told[0].startswith("“west.csv” was deleted.")
    assert any("“price”" in each and "“cost”" in each for each in told)
    assert f'<span class="hint">{user.get_username()}</span>' in admin_client.get(PAGE).text
    monkeypatch.setattr(history, "EVENTS_ON_A_PAGE", 4)
    assert sentences(client, "?page=2") == [
        "A file was activated: its rows are seen.",
        "“sales.csv” was activated: its rows are seen.",
    ]
    assert 'href="/datasets/sales/history/?page=2">Older</a>' in client.get(PAGE).text
    assert 'href="/datasets/sales/history/">Newer</a>' in client.get(f"{PAGE}?page=2").text
    assert [client.get(f"{PAGE}?page={wrong}").status_code for wrong in ("0", "x", "10001")] == [400, 400, 400]


def test_the_api_tells_the_same(
    pipeline: Pipeline, client: Client, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = get_user_model().objects.get()
    file = pipeline.load(SALES, "sales.csv")
    rename_column(slug="sales", name="price", label="cost", user_id=user.pk)
    deactivate_file(file_id=file.file_id, user_id=user.pk)
    monkeypatch.setattr(history, "EVENTS_ON_A_PAGE", 2)
    first = client.get(API).json()
    assert [(each["happened"], each["file"], each["state"], each["who"]) for each in first["events"]] == [
        ("switched_off", None, "loaded", None),
        ("dataset", None, None, None),
    ]
    second = client.get(API, {"after": first["next"]}).json()
    assert ([each["happened"] for each in second["events"]], second["next"]) == (["activated"], None)
    assert [each["sentence"] for page in (first, second) for each in page["events"]] == [
        *sentences(client),
        *sentences(client, "?page=2"),
    ]
    told = admin_client.get(API).json()["events"][0]
    assert (told["file"], told["who"]) == ("sales.csv", user.get_username())
    assert [client.get(API, {"after": wrong}).status_code for wrong in ("0", "x", "1000")] == [400, 400, 400]
