"""What a dataset is about: said on its page, by the API and by a command, shown and found."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import Dataset
from uploads.services.cataloguing.about import About, SaidAbout, change_about
from uploads.services.datasets.browsing import frequent_tags, page_datasets
from uploads.services.errors import BadParameter, DatasetNotFound

SAID = {
    "name": "prices",
    "description": "What 40 shops asked for bread.\nEvery day.",
    "licence": "CC-BY-4.0",
    "licence_url": "",
    "tags": "Prices; food",
    "publisher": "City of Ghent",
    "contact": "data@example.org",
}
ABOUT = About(
    description="What 40 shops asked for bread.\nEvery day.",
    licence="CC-BY-4.0",
    tags=("prices", "food"),
    publisher="City of Ghent",
    contact="data@example.org",
)


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    pipeline.load("code;price\nA;1\n", "prices.csv")
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def about() -> About:
    return About.of(Dataset.objects.get())


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command("dataset_about", *arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def test_page_takes_it_and_shows_it_to_everybody(staff: Client) -> None:
    assert "Rename or describe it…" in staff.get("/datasets/prices/").content.decode()
    assert "Rename or describe it…" not in Client().get("/datasets/prices/").content.decode()
    assert staff.post("/datasets/prices/about/", SAID).status_code == 302
    assert about() == ABOUT
    shown = Client().get("/datasets/prices/").content.decode()
    assert (
        '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">Creative Commons Attribution 4.0' in shown
    )
    assert '<a class="tag" href="/datasets/?_tag=food" dir="auto">food' in shown
    assert '<a href="mailto:data@example.org">' in shown
    assert "Every day." in shown
    admin = staff.get(f"/admin/uploads/dataset/{Dataset.objects.get().pk}/change/").content.decode()
    assert "Tags: prices, food" in admin


def test_it_is_given_another_name_and_keeps_its_table_and_address(staff: Client) -> None:
    staff.post("/datasets/prices/about/", {**SAID, "name": " Bread \n prices "})
    assert '<h1 dir="auto">Bread prices</h1>' in Client().get("/datasets/prices/").text
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('data.prices'::regclass)")
        assert cursor.fetchone() == ("Bread prices: the active rows of its files (data._sources).",)
    assert "name" in LogEntry.objects.latest("pk").change_message
    staff.patch("/api/datasets/prices/about", {"name": "Bread"}, content_type="application/json")
    assert Client().get("/api/datasets/prices").json()["name"] == "Bread"
    run("prices", "--name", "Prices of bread")
    assert Dataset.objects.get().name == "Prices of bread"
    refused = staff.post("/datasets/prices/about/", {**SAID, "name": " "})
    assert refused.status_code == 400
    assert "A dataset needs a name." in refused.text
    assert Dataset.objects.get().name == "Prices of bread"


def test_page_says_beside_the_field_what_cannot_be_and_keeps_the_rest(staff: Client) -> None:
    refused = staff.post("/datasets/prices/about/", {**SAID, "licence": "other", "tags": "a, b"})
    assert refused.status_code == 400
    shown = refused.content.decode()
    assert "Other terms need the address where they stand." in shown
    assert 'value="a, b"' in shown
    assert '<option value="other" selected>' in shown
    assert not about()
    refused = staff.post("/datasets/prices/about/", {**SAID, "tags": "<b>"})
    assert 'value="&lt;b&gt;"' in refused.content.decode()
    staff.post("/datasets/prices/about/", {**SAID, "licence": "other", "licence_url": "https://example.org/"})
    staff.post("/datasets/prices/about/", {**SAID, "licence_url": "https://example.org/"})  # as the hidden field says
    assert about() == ABOUT
    assert Client().get("/datasets/prices/about/").status_code in (302, 401, 403)


def test_api_changes_what_is_named_alone(staff: Client) -> None:
    address = "/api/datasets/prices/about"
    changed = staff.patch(address, {"tags": ["Food"], "licence": "cc0-1.0"}, content_type="application/json").json()
    assert changed == {
        "description": "",
        "licence": "CC0-1.0",
        "licence_name": "Creative Commons Zero 1.0 (no rights reserved)",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "tags": ["food"],
        "publisher": "",
        "contact": "",
    }
    staff.patch(address, {"publisher": "Ghent"}, content_type="application/json")
    assert about() == About(licence="CC0-1.0", tags=("food",), publisher="Ghent")
    assert Client().get("/api/datasets/prices").json()["about"] == {**changed, "publisher": "Ghent"}
    assert Client().get("/api/datasets").json()["datasets"][0]["about"]["tags"] == ["food"]
    for wrong in ({"tags": "food"}, {"licence": "mine"}, {"licence_url": "https://example.org"}, {"title": "x"}):
        assert staff.patch(address, wrong, content_type="application/json").status_code == 400
    assert Client().patch(address, {"tags": []}, content_type="application/json").status_code in (401, 403)


def test_command_says_and_shows_it(staff: Client) -> None:
    assert run("prices") == "Nothing is said of it yet.\n"
    said = run("prices", "--licence", "other", "--licence-url", "https://example.org/terms", "--tags", "b, a")
    assert said == "Licence: Terms at example.org (https://example.org/terms)\nTags: b, a\n"
    assert run("prices", "--json")["licence_name"] == "Terms at example.org"
    assert run("prices", "--licence", "CC0-1.0", "--json")["licence_url"].endswith("/zero/1.0/")
    assert run("prices", "--tags", "c", "--tags", "d,e", "--json")["tags"] == ["c", "d", "e"]
    run("prices", "--licence", "", "--tags", "")
    assert not about()
    with pytest.raises(CommandError, match="There is no dataset") as refused:
        run("nothing", "--tags", "a")
    assert refused.value.returncode == 1


def test_list_is_filtered_by_tags_and_searched_in_what_is_said(staff: Client, pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;2\n", "trees.csv")
    change_about(slug="prices", said=SaidAbout(tags=["food", "Ghent"], description="Bread, every day"))
    change_about(slug="trees", said=SaidAbout(tags=["ghent"], publisher="Gardens"))
    assert frequent_tags() == (("ghent", 2), ("food", 1))
    assert frequent_tags(search="bread price", tags=["food"]) == (("food", 1), ("ghent", 1))
    assert frequent_tags(search="nothing") == ()
    for search, tags, slugs in (
        ("", ["ghent"], ["prices", "trees"]),
        ("", ["ghent", "food"], ["prices"]),
        ("", ["nothing"], []),
        ("GARDENS", [], ["trees"]),
        ("bread food", [], ["prices"]),
        ("bread", ["ghent"], ["prices"]),
    ):
        assert [each.slug for each in page_datasets(search=search, tags=tags).datasets] == slugs
    shown = Client().get("/datasets/?_tag=Ghent&_tag=food").content.decode()
    assert "1 dataset found" in shown
    assert 'href="/datasets/?_tag=ghent" aria-label="Remove the tag food"' in shown
    assert (
        'No dataset has the tag “<span dir="auto">nothing</span>”'
        in Client().get("/datasets/?_tag=nothing").content.decode()
    )
    for wrong in ("_tag=%3Cb%3E", "_tag=" + "a" * 41, "tag=food"):
        assert Client().get(f"/datasets/?{wrong}").status_code == 400


def test_only_a_dataset_that_is_there_for_everybody_is_described(staff: Client) -> None:
    Dataset.objects.update(established_at=None, slug="_draft_1", planned="prices")
    with pytest.raises(DatasetNotFound):
        change_about(slug="_draft_1", said=SaidAbout(tags=["a"]))
    assert frequent_tags() == ()


def test_an_address_is_taken_for_other_terms_alone(staff: Client) -> None:
    with pytest.raises(BadParameter, match="taken for other terms alone"):
        change_about(slug="prices", said=SaidAbout(licence="CC0-1.0", licence_url="https://example.org/"))
    change_about(slug="prices", said=SaidAbout(licence="other", licence_url="https://example.org/"))
    with pytest.raises(BadParameter, match="need the address"):
        change_about(slug="prices", said=SaidAbout(licence_url=""))
    assert change_about(slug="prices", said=SaidAbout(licence="")) == About()
