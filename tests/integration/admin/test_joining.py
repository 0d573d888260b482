"""How files join a dataset is said in the admin too, with all choices of a merge."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import make_user
from uploads.models import Dataset


@pytest.fixture
def boss(client: Client, data_schema: None) -> Client:
    client.force_login(make_user("ana", is_superuser=True))
    return client


def test_mode_key_and_choices_are_seen_and_changed(boss: Client, pipeline: Pipeline) -> None:
    first = pipeline.load("code;price;gone\nA1;10;k\nB2;20;k\n", "prices.csv")
    second = pipeline.load("code;price;gone\nA1;;k\nB2;21;x\n", "prices.csv")
    dataset = Dataset.objects.get()
    change = reverse("admin:uploads_dataset_change", args=[dataset.pk])
    here = reverse("admin:uploads_dataset_joining", args=[dataset.pk])
    page = boss.get(change).content.decode()
    assert here in page
    assert "all rows of a new file are added" in page
    form = boss.get(here).content.decode()
    assert all(name in form for name in ('name="blanks"', 'name="missing_columns"', 'name="delete_column"'))
    wish = {"mode": "merge", "key": ["code"], "blanks": "keep", "delete_column": "gone", "delete_values": "x"}
    said = boss.post(here, wish, follow=True)
    assert said.redirect_chain[-1][0] == change
    assert "a blank leaves the old value" in unescape(said.content.decode())
    assert rows("SELECT code, price FROM data.prices") == [("A1", 10)]
    boss.post(here, {"order": f"{second.file_id},{first.file_id}"})
    assert rows("SELECT code, price FROM data.prices ORDER BY 1") == [("A1", 10), ("B2", 20)]
    refused = boss.post(here, {"mode": "merge", "key": ["nothing"]}, follow=True)
    assert "There is no column “nothing” to be the key." in unescape(refused.content.decode())


def test_who_may_not_change_datasets_sees_no_form(client: Client, pipeline: Pipeline) -> None:
    pipeline.load("code;price\nA1;10\n", "prices.csv")
    client.force_login(make_user("bo", "view_dataset", is_staff=True))
    assert client.get(reverse("admin:uploads_dataset_joining", args=[Dataset.objects.get().pk])).status_code == 403
