"""The page of a dataset tells whoever asked what became of an export, and nobody else."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.conftest import Pipeline
from tests.integration.preparing.test_cancelling import cancelled, on_page
from tests.integration.preparing.test_edges import FILE, make_all
from tests.integration.staff import make_user
from uploads.models import PreparedExport
from uploads.services.files.activation import deactivate_file


def told(client: Client, address: str = "/datasets/prices/") -> list[str]:
    lines = re.findall(r'<li class="notice"><p>(.*?)</p>', client.get(address).text)
    return [html.unescape(re.sub("<[^>]+>", "", line)) for line in lines]


@pytest.fixture
def page(pipeline: Pipeline, client: Client) -> str:
    pipeline.load(FILE, "prices.csv")
    return on_page(client)


def test_an_export_is_told_from_being_prepared_to_its_end_and_made_again_by_a_click(page: str, client: Client) -> None:
    assert told(client) == ["Your export prices.csv is being prepared."]
    make_all()
    [line] = told(client)
    assert re.fullmatch(r"Your export prices\.csv is ready, until \d+ \w+ \d{4}, \d\d:\d\d UTC\.", line)
    assert f'<a href="{page}"' in client.get("/datasets/prices/").text
    over = timezone.now() - timedelta(minutes=1)
    PreparedExport.objects.update(expires_at=over)
    [line] = told(client)
    assert line == f"Your export prices.csv ended on {over.day} {over:%B %Y, %H:%M} UTC."
    text = client.get("/datasets/prices/").text
    assert "Make it again" in text
    again = on_page(client)
    assert again != page
    assert told(client) == ["Your export prices.csv is being prepared."], "the newest of the same alone"
    cancelled(client, again)
    assert told(client) == []


def test_one_of_some_rows_says_which(page: str, client: Client) -> None:
    """Two of one name, of which one has all rows, were told alike."""
    cancelled(client, page)
    query = "area=North&price__lt=9&price__gt=0&_q=o"
    client.post("/datasets/prices/exports/", {"now": query, "format": "csv"})
    [line] = told(client)
    assert line == "Your export prices.csv (area = North, price < 9, price > 0 and 1 more) is being prepared."


def test_one_whose_rows_were_taken_back_says_so(pipeline: Pipeline, client: Client) -> None:
    first = pipeline.load(FILE, "prices.csv")
    pipeline.load("area;price\nWest;4\n", "more.csv", dataset="prices")
    on_page(client)
    make_all()
    deactivate_file(file_id=first.file_id)
    assert told(client) == ["Your export prices.csv ended: rows in it were taken back."]


def test_nobody_else_is_told(page: str, client: Client) -> None:
    make_all()
    stranger, clerk = Client(), Client()
    clerk.force_login(make_user("clerk", "view_uploadedfile"))
    assert [told(each) for each in (stranger, clerk)] == [[], []]
    assert told(client, "/datasets/prices/?price=1") == told(client)


def test_an_account_is_told_in_any_browser(pipeline: Pipeline) -> None:
    pipeline.load(FILE, "prices.csv")
    user = make_user("clerk", "view_uploadedfile")
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(user)
    on_page(here)
    assert told(there) == ["Your export prices.csv is being prepared."]
