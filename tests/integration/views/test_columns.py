"""The pages on which columns are changed: offered to whoever may, with the cost before, and without JavaScript."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import make_user
from tests.unit.tabular.workbook.packages import write_package
from uploads.models import Dataset, UploadedFile
from uploads.services.columns.background import make_change
from uploads.services.files.activation import activate_file, retry_file
from uploads.views import receipts
from uploads.web.offers.columns import offers

PRICES = "id;price\n1;10\n2;NA\n3;30\n"
OFFER = "Make “price” whole numbers: read “NA” as empty"
PAGE = "/datasets/t/columns/"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", "change_dataset", "view_uploadedfile"))
    return client


def click(client: Client, page: str, **more: str) -> Any:
    """Send the form of the suggestion as it stands on a page."""
    assert OFFER in client.get(page).content.decode()
    form = {"column": "price", "type": "bigint", "null_words": "NA", "at_once": "1", **more}
    return client.post(PAGE, form, follow=True)


def test_one_click_on_the_receipt_does_what_was_suggested(pipeline: Pipeline, staff: Client) -> None:
    receipt = pipeline.load(PRICES, "t.csv")
    answer = click(staff, f"/receipts/{receipt.token}/")
    text = answer.content.decode()
    assert "A worker makes the change now" in text
    assert "Being changed: “price”: text becomes bigint (whole numbers)" in text
    make_change(dataset_id=Dataset.objects.get().pk)
    assert rows("SELECT price FROM data.t ORDER BY id") == [(10,), (None,), (30,)]
    text = staff.get("/datasets/t/").content.decode()
    assert OFFER not in text
    assert "Read as empty: “NA”, chosen by staff on" in text


def test_tables_of_one_dataset_are_offered_the_same_and_it_is_looked_up_once(
    pipeline: Pipeline, staff: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def noted(*args: Any, **said: Any) -> Any:
        looked_up.append(said["dataset"].slug)
        return offers(*args, **said)

    monkeypatch.setattr(receipts, "offers", noted)
    path = write_package(tmp_path / "t.zip", {f"{name}.csv": PRICES for name in "abc"})
    receipt = pipeline.load_path(path, dataset="t")
    assert staff.get(f"/receipts/{receipt.token}/").text.count(OFFER) == 3
    assert looked_up == ["t"]


def test_click_on_the_receipt_leads_back_to_it_and_it_tells_what_was_done(pipeline: Pipeline, staff: Client) -> None:
    receipt = f"/receipts/{pipeline.load(PRICES, 't.csv').token}/"
    token = receipt.split("/")[2]
    asked = staff.get(receipt).text
    assert f'name="receipt" value="{token}"' in asked
    assert "If you have “NA” read as empty, each cell that holds just that becomes empty, in all columns" in asked
    answer = click(staff, receipt, receipt=token)
    assert answer.redirect_chain == [(receipt, 302)]
    assert "Being changed: “price”: text becomes bigint (whole numbers)" in answer.text
    make_change(dataset_id=Dataset.objects.get().pk)
    page = staff.get(receipt).text
    assert (
        "“price” was text and is a whole number now. Cells that hold just “NA” are empty now, in all columns and in"
        " later files. All 3 rows fit."
    ) in page
    assert "Undo: make “price” text again" in page
    assert Client().get(receipt).text.count("Undo") == 0
    made = staff.get("/api/datasets/t/columns").json()["last_change"]
    assert (made["rows"], made["rows_rejected"], made["rejected_rows_loaded"]) == (3, 0, 0)


def test_undo_on_the_receipt_brings_rejected_rows_back(pipeline: Pipeline, staff: Client) -> None:
    file = pipeline.load("id;price\n1;10\n2;x\n3;30\n", "t.csv")
    receipt, dataset = f"/receipts/{file.token}/", Dataset.objects.get()
    form = {"column": "price", "type": "bigint", "null_words": "", "reject_misfits": "true", "receipt": file.token}
    assert staff.post(PAGE, form).headers["location"] == receipt
    make_change(dataset_id=dataset.pk)
    page = staff.get(receipt).text
    assert "“price” was text and is a whole number now. Of 3 rows 1 does not fit and is rejected." in page
    assert "Undone, the rejected rows come back." in page
    undo = {"column": "price", "type": "text", "null_words": "", "at_once": "1", "receipt": file.token}
    assert staff.post(PAGE, undo).headers["location"] == receipt
    make_change(dataset_id=dataset.pk)
    assert "1 rejected row fits by it and was loaded." in staff.get(receipt).text
    assert rows("SELECT price FROM data.t ORDER BY id") == [("10",), ("x",), ("30",)]


def test_receipt_of_a_file_that_has_nothing_to_do_with_the_dataset_is_not_led_to(
    pipeline: Pipeline, staff: Client
) -> None:
    pipeline.load(PRICES, "t.csv")
    other = pipeline.load("a;b\n1;2\n", "other.csv")
    form = {"column": "price", "type": "text", "null_words": "-", "receipt": other.token}
    assert staff.post(PAGE, form).headers["location"] == "/datasets/t/"


def test_click_that_empties_other_columns_shows_the_cost_first(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load("id;price;land\n1;10;DE\n2;NA;FR\n3;30;NA\n", "t.csv")
    text = click(staff, "/datasets/t/").content.decode()
    assert "1 cell of “land” becomes empty." in text
    assert "Change 3 rows" in text
    assert Dataset.objects.get().change == {}
    staff.post(PAGE, {"column": "price", "type": "bigint", "null_words": "NA"})
    assert Dataset.objects.get().change["change"]["types"] == {"price": "bigint"}


def test_form_tells_the_cost_and_what_is_in_the_way(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(PRICES, "t.csv")
    assert "Change type of price" in staff.get("/datasets/t/").content.decode()
    text = staff.get(PAGE, {"column": "id", "type": "numeric", "null_words": ""}).content.decode()
    assert "3 rows in 1 file are written anew" in text
    text = staff.get(PAGE, {"column": "price", "type": "bigint", "null_words": ""}).content.decode()
    assert "It cannot be done" in text
    assert "Change 3 rows" not in text
    refused = staff.get(PAGE, {"column": "price", "type": "money", "null_words": ""})
    assert (refused.status_code, "There is no type “money”" in refused.content.decode()) == (400, True)


def test_change_that_could_not_be_made_is_shown_on_the_dataset(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(PRICES, "t.csv")
    staff.post(PAGE, {"column": "price", "type": "bigint", "null_words": ""})
    make_change(dataset_id=Dataset.objects.get().pk)
    text = staff.get("/datasets/t/").content.decode()
    assert "this could not be done" in text
    assert "&quot;NA&quot; is not a whole number" in text


def test_others_are_offered_nothing_and_refused(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load(PRICES, "t.csv")
    for page in ("/datasets/t/", f"/receipts/{receipt.token}/"):
        text = client.get(page).content.decode()
        assert OFFER not in text
        assert "Change type" not in text
    assert client.get(PAGE).status_code == 401
    assert client.post(PAGE, {"column": "price", "type": "text"}).status_code == 401
    client.force_login(make_user("reader", "view_uploadedfile"))
    assert client.get(PAGE).status_code == 403


def send_prices(pipeline: Pipeline, client: Client) -> UploadedFile:
    """A file of a browser without an account: loaded, and not active."""
    client.get("/")
    content = BytesIO(PRICES.encode())
    content.name = "t.csv"
    file = UploadedFile.objects.get(pk=client.post("/api/files", {"file": content}).json()["id"])
    pipeline.finish(file.pk)
    return file


def test_sender_cannot_change_what_others_see_by_now(pipeline: Pipeline, client: Client) -> None:
    file = send_prices(pipeline, client)
    activate_file(file_id=file.pk)
    assert OFFER not in client.get(f"/receipts/{file.token}/").content.decode()
    assert client.post(PAGE, {"column": "price", "type": "text"}).status_code == 401
    assert Dataset.objects.get().change == {}


def test_sender_is_offered_it_on_the_receipt_of_the_only_file(pipeline: Pipeline, client: Client) -> None:
    file = send_prices(pipeline, client)
    assert click(client, f"/receipts/{file.token}/").status_code == 200
    assert Dataset.objects.get().change["words"][0].startswith("“price”")


def test_admin_offers_it_too(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(PRICES, "t.csv")
    text = staff.get(f"/admin/uploads/dataset/{Dataset.objects.get().pk}/change/").content.decode()
    assert OFFER in text
    assert PAGE in text


def test_file_that_failed_for_a_word_is_offered_it_and_loads_then(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load("id;price\n1;10\n", "t.csv")
    suppressed = "id;price\n" + "".join(f"{n};{'C' if n % 3 == 0 else n}\n" for n in range(60))
    failed = pipeline.load(suppressed, "later.csv", dataset="t")
    assert failed.state == "failed"
    text = staff.get(f"/receipts/{failed.token}/").content.decode()
    assert "Read “C” as empty (20 cells): rows rejected for it in “price” can be loaded" in text
    staff.post(PAGE, {"column": "price", "type": "bigint", "null_words": "C", "at_once": "1"})
    make_change(dataset_id=Dataset.objects.get().pk)
    retry_file(file_id=failed.file_id)
    assert pipeline.finish(failed.file_id).state == "active"


def test_number_that_can_mean_two_things_is_decided_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    receipt = pipeline.load("id;price\n1;1.234\n", "t.csv")
    text = staff.get(f"/receipts/{receipt.token}/").content.decode()
    assert "Make “price” decimal numbers: read “1.234” as 1.234" in text
    assert "Make “price” whole numbers: read “1.234” as 1234" in text
    form = {"column": "price", "type": "bigint", "null_words": "", "decimal": ",", "day_first": "", "at_once": "1"}
    staff.post(PAGE, form)
    make_change(dataset_id=Dataset.objects.get().pk)
    assert rows("SELECT price FROM data.t") == [(1234,)]


def test_many_suggestions_do_not_fill_the_page(pipeline: Pipeline, staff: Client) -> None:
    labels = ";".join(f"d{number}" for number in range(10))
    pipeline.load(f"{labels}\n" + ";".join(["01/02/2024"] * 10) + "\n", "t.csv")
    text = staff.get("/datasets/t/").content.decode()
    assert text.count("Make all 10 columns dates: read") == 2
    assert text.count("dates: read") == 2
    assert "more column" not in text


def test_many_different_suggestions_do_not_fill_the_page(pipeline: Pipeline, staff: Client) -> None:
    labels = ";".join(f"d{number}" for number in range(10))
    pipeline.load("\n".join([labels, ";".join("1" * 10), ";".join("abcdefghij"), ";".join("2" * 10)]) + "\n", "t.csv")
    text = staff.get("/datasets/t/").content.decode()
    assert text.count("whole numbers: read") == 8
    assert "And 2 more columns" in text


NUMBERS = "\n".join(";".join(f"{row}.{column}e+00" for column in range(1, 6)) for row in range(1, 5)) + "\n"
"""Five columns without a header, of numbers that are text so that they stay as written."""


def posted(page: str, button: str) -> dict[str, list[str]]:
    """What the form of a button posts."""
    form = page.partition(f'<button class="button small">{button}')[0].rpartition("<form")[2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_columns_that_are_offered_the_same_are_changed_and_taken_back_as_one(pipeline: Pipeline, staff: Client) -> None:
    receipt = f"/receipts/{pipeline.load(NUMBERS, 't.csv').token}/"
    button = "Make all 5 columns floating-point numbers: read “1.1e+00” as 1.1"
    page = staff.get(receipt).text
    asked = posted(page, button)
    assert asked["column"] == [f"column_{number}" for number in range(1, 6)]
    shown = staff.get(PAGE, {name: values for name, values in asked.items() if name != "at_once"}).text
    assert "5 columns (“column_1”, “column_2”, “column_3” and 2 more): text becomes double precision" in shown
    agreed = posted(shown.replace("button primary", "button small"), "Change 4 rows")
    assert agreed["column"] == asked["column"]
    assert staff.post(PAGE, agreed).headers["Location"] == receipt
    make_change(dataset_id=Dataset.objects.get().pk)
    assert rows("SELECT column_1, column_5 FROM data.t ORDER BY column_1 LIMIT 1") == [(1.1, 1.5)]
    page = staff.get(receipt).text
    assert "5 columns (“column_1”, “column_2”, “column_3” and 2 more) were text and are floating-point numbers" in page
    staff.post(PAGE, posted(page, "Undo: make these 5 columns text again"))
    make_change(dataset_id=Dataset.objects.get().pk)
    assert set(Dataset.objects.get().columns.values_list("type", flat=True)) == {"text"}
    assert "Undo: make these 5 columns floating-point numbers again" in staff.get(receipt).text


def test_figures_kept_back_in_many_columns_are_read_as_empty_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    lines = [
        f"p{n};{n};{'<=5' if n % 2 else n};{'<=5' if n % 3 else n};{'<=5' if n % 5 == 0 else n}" for n in range(30)
    ]
    pipeline.load("post;all;missing;held;dead\n" + "\n".join(lines) + "\n", "t.csv")
    page = staff.get("/datasets/t/").text
    asked = posted(page, "Make 3 columns whole numbers: read “&lt;=5” as empty")
    assert "“missing”, “held” and “dead”." in page
    staff.post(PAGE, {name: [unescape(value) for value in values] for name, values in asked.items()})
    make_change(dataset_id=Dataset.objects.get().pk)
    assert rows("SELECT count(missing), count(held), count(dead) FROM data.t") == [(15, 10, 24)]
    made = "“missing” was text and is a whole number now. “held” was text and is a whole number now."
    assert made in staff.get("/datasets/t/").text  # in the order of the columns


def test_of_several_ways_to_read_a_column_one_is_in_sight(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load("d;e;word\n01/02/2024;01/02/2024;x\n", "t.csv")
    text = staff.get("/datasets/t/").content.decode()
    shown, *folded = text.split('<details class="more-ways">')
    assert [part.split("</summary>")[0].partition("<summary>")[2] for part in folded] == [
        "More ways to read “d”",
        "More ways to read “e”",
    ]
    assert shown.count("dates: read") == 1
    assert [part.partition("</details>")[0].count("dates: read") for part in folded] == [1, 1]


def test_receipt_and_dataset_tell_which_names_are_changed(pipeline: Pipeline, client: Client) -> None:
    client.force_login(make_user("staff", "view_dataset", "view_uploadedfile"))
    receipt = pipeline.load(f"time[s];{'x' * 70};plain\n1;2;3\n2;3;4\n", "run.csv")
    for page in (client.get(f"/receipts/{receipt.token}/").text, client.get("/datasets/run/").text):
        assert '<code>time_s</code> <span class="renamed">changed</span>' in page
        assert f'<code>{"x" * 63}</code> <span class="renamed">cut</span>' in page
        assert "<code>plain</code></td>" in page
        assert page.count("“changed”: a name in the database") == 1
    answer = client.get(f"/api/receipts/{receipt.token}").json()
    assert [column["renamed"] for column in answer["loads"][0]["columns"]] == ["changed", "cut", None]


def test_nothing_is_told_of_names_that_differ_in_capitals_and_spaces_alone(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load("Postal Code;N\n1;2\n2;3\n", "codes.csv")
    assert 'class="hint legend"' not in client.get(f"/receipts/{receipt.token}/").text
