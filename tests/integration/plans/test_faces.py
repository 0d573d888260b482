"""Plans and columns of datasets on page, API, commands and in the review."""

import io
import json
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import make_user
from uploads.models import Dataset, UploadedFile
from uploads.states import FileState

FIRST = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"
OTHER = "code;name;prise;currency\nC3;Screw;30;EUR\n"


@pytest.fixture
def waiting(pipeline: Pipeline) -> UploadedFile:
    pipeline.load(FIRST, "prices.csv")
    return UploadedFile.objects.get(pk=pipeline.load(OTHER, "march.csv").file_id)


@pytest.fixture
def admin_page(client: Client, data_schema: None) -> Client:
    client.force_login(make_user("ana", is_superuser=True))
    return client


def said(*arguments: object) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_receipt_asks_and_is_answered(admin_page: Client, waiting: UploadedFile) -> None:
    address = reverse("receipt", args=[waiting.token])
    page = unescape(admin_page.get(address).content.decode())
    assert "2 of 4 columns are those of “prices”. What about the rest?" in page
    assert "looks like “price” (80 % alike)" in page
    assert "Activate 1 row" not in page
    answer = {"position": "1", "dataset": "prices", "use": ["prise=price", "currency="]}
    page = unescape(
        admin_page.post(reverse("answer-columns", args=[waiting.token]), answer, follow=True).content.decode()
    )
    assert "Activated in" in page
    assert rows("SELECT code, price FROM data.prices ORDER BY code")[-1] == ("C3", 30)
    assert [column.name for column in Dataset.objects.get().columns.all()] == ["code", "name", "price"]


def test_a_sender_answers_and_staff_activate(client: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    client.get("/")
    sent = client.post("/", {"file": _named(OTHER, "march.csv")})
    assert sent.status_code in (200, 302)
    file = UploadedFile.objects.order_by("-pk")[0]
    pipeline.finish(file.pk)
    answer = {"position": "1", "dataset": "prices", "use": ["prise=price", "currency=+"]}
    page = client.post(reverse("answer-columns", args=[file.token]), answer, follow=True)
    assert "Staff see your answer when they activate the file." in page.content.decode()
    file.refresh_from_db()
    assert file.state == FileState.LOADED
    reviewer = Client()
    reviewer.force_login(make_user("bo", is_superuser=True))
    review = reverse("admin:uploads_review_file", args=[file.pk])
    assert "Columns that do not match" in reviewer.get(review).content.decode()
    reviewer.post(review, {"act": "activate"})
    assert rows("SELECT code, price, currency FROM data.prices ORDER BY code")[-1] == ("C3", 30, "EUR")


def _named(text: str, name: str) -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file


def test_the_review_answers_in_place(admin_page: Client, waiting: UploadedFile) -> None:
    review = reverse("admin:uploads_review_file", args=[waiting.pk])
    page = unescape(admin_page.get(review).content.decode())
    assert "looks like “price”" in page
    answer = {"act": "columns", "position": "1", "dataset": "prices", "use": ["prise=price", "currency=+"]}
    admin_page.post(review, answer)
    waiting.refresh_from_db()
    assert waiting.state == FileState.ACTIVE


def test_over_the_api(admin_page: Client, waiting: UploadedFile) -> None:
    address = f"/api/files/{waiting.pk}/plan"
    [plan] = admin_page.get(address).json()["plans"]
    assert (plan["dataset"], plan["undecided"], plan["is_settled"]) == ("prices", ["prise", "currency"], False)
    assert plan["columns"][2] == {
        "name": "prise",
        "label": "prise",
        "type": "bigint",
        "use": "column",
        "column": "price",
        "because": "alike",
        "likeness": 80,
    }
    refused = admin_page.post(f"/api/files/{waiting.pk}/activate")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "columns_undecided")
    done = admin_page.post(address, {"columns": {"currency": ""}}, content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "active")
    again = admin_page.post(address, {"dataset": None}, content_type="application/json")
    assert again.status_code == 409
    anonymous = Client().post(address, {}, content_type="application/json")
    assert anonymous.status_code in (401, 404)


def test_columns_of_a_dataset_over_the_api(admin_page: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    columns = "/api/datasets/prices/columns"
    added = admin_page.post(columns, {"label": "Currency"}, content_type="application/json")
    assert added.json() == {"dataset": "prices", "column": "currency", "done": "column “Currency” added (text)"}
    assert admin_page.patch(f"{columns}/price", {"label": "cost"}, content_type="application/json").status_code == 200
    assert admin_page.patch(f"{columns}/cost", {}, content_type="application/json").status_code == 400
    assert admin_page.delete(f"{columns}/name").status_code == 200
    strict = admin_page.put("/api/datasets/prices/strictness", {"strictness": "grow"}, content_type="application/json")
    assert strict.json() == {"strictness": "grow"}
    assert rows("SELECT code, cost, currency FROM data.prices ORDER BY code") == [("A1", 10, None), ("B2", 20, None)]
    assert Client().delete(f"{columns}/cost").status_code == 401


def test_columns_of_a_dataset_on_its_page(admin_page: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    address = reverse("dataset-columns", args=["prices"])
    for wish, words in (
        ({"act": "add", "label": "Currency", "type": "text"}, "Column “Currency” added"),
        ({"act": "rename", "name": "price", "label": "cost"}, "renamed to “cost”"),
        ({"act": "describe", "name": "cost", "description": "Net"}, "described"),
        ({"act": "remove", "name": "name"}, "removed, with its values"),
        ({"act": "strictness", "strictness": "exact"}, "the columns must be the same"),
        ({"act": "remove", "name": "nothing"}, "has no column “nothing”"),
        ({}, "not said what is to be done"),
    ):
        assert words in unescape(admin_page.post(address, wish, follow=True).content.decode())
    assert Client().get(address).status_code in (302, 401, 403)


def test_by_commands(waiting: UploadedFile) -> None:
    text = said("column_plan", waiting.pk)
    assert "prise: used as price (alike, 80 % alike)" in text
    assert json.loads(said("column_plan", waiting.pk, "--json"))["plans"][0]["dataset"] == "prices"
    with pytest.raises(CommandError, match="alone"):
        said("column_plan", waiting.pk, "--new-dataset", "--accept")
    assert "1 row is in data.prices now." in said(
        "column_plan", waiting.pk, "--use", "prise=price", "--add", "currency"
    )
    assert "column “price” renamed to “cost”" in said("dataset_columns", "prices", "--rename", "price=cost").lower()
    said("dataset_columns", "prices", "--add", "tax:numeric")
    said("dataset_columns", "prices", "--strict", "grow")
    found = json.loads(said("dataset_columns", "prices", "--json"))
    assert (found["strictness"], [column["name"] for column in found["columns"]]) == (
        "grow",
        ["code", "name", "cost", "currency", "tax"],
    )
    with pytest.raises(CommandError, match="no column “x”"):
        said("dataset_columns", "prices", "--remove", "x")


def test_the_receipt_says_what_was_left_out_and_what_is_missing(admin_page: Client, waiting: UploadedFile) -> None:
    said("dataset_columns", "prices", "--add", "region")
    said("column_plan", waiting.pk, "--leave-out", "currency")
    page = unescape(admin_page.get(reverse("receipt", args=[waiting.token])).content.decode())
    assert "left out of the dataset, as somebody decided" in page
    assert "“region” is not in the file. It is empty in its rows." in page


def test_what_one_column_seems_to_be_another_one_may_be_said_to_be(admin_page: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    two = "code;name;prise;pricee\nC3;Screw;30;31\n"
    file = UploadedFile.objects.get(pk=pipeline.load(two, "march.csv").file_id)
    page = unescape(admin_page.get(reverse("receipt", args=[file.token])).content.decode())
    assert all(f'value="{value}"' in page for value in ("prise=price", "pricee=price"))
    assert not any(f'value="{value}"' in page for value in ("prise=name", "name=code")), "those are others for sure"
    answers = reverse("answer-columns", args=[file.token])
    twice = {"position": "1", "dataset": "prices", "use": ["prise=price", "pricee=price"]}
    told = unescape(admin_page.post(answers, twice, follow=True).content.decode())
    assert "“price” of “prices” is named twice. Name each column once." in told
    admin_page.post(answers, {**twice, "use": ["prise=", "pricee=price"]})
    assert rows("SELECT price FROM data.prices WHERE code = 'C3'") == [(31,)]
