"""What a person chose for a column holds for every later reading and file, is shown as such, and ends by a person."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import basic, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.choice import Choice, Chooser
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.files.activation import activate_file, deactivate_file, retry_file
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import ANYBODY, OPERATOR, columns_seen, find_dataset
from uploads.states import FileState
from uploads.tabular.table import ColumnType

PRICES = "id;price\n1;10\n2;20\n"
STAFF = Sender(is_staff=True)


def choose(slug: str, **types: ColumnType) -> None:
    dataset = Dataset.objects.get(slug=slug)
    change_columns(dataset_id=dataset.pk, change=Change(types=types), chooser=Chooser.STAFF)


def read_again(pipeline: Pipeline, file_id: int, **options: object) -> int:
    wish = ReimportRequest(options=options)
    again = reimport_file(file_id=file_id, wish=wish, reader=STAFF, via=UploadedFile.Via.PAGE)
    pipeline.finish(again.pk)
    return again.pk


def types(slug: str) -> dict[str, str]:
    return dict(Dataset.objects.get(slug=slug).columns.values_list("name", "type"))


@pytest.mark.parametrize("options", [{"delimiter": ";"}, {"all_text": True}, {"header_row": 1}])
def test_chosen_type_holds_when_a_file_is_read_again(pipeline: Pipeline, options: dict[str, object]) -> None:
    file = pipeline.load(PRICES, "prices.csv").file_id
    choose("prices", price=ColumnType.NUMERIC)
    again = read_again(pipeline, file, **options)
    assert UploadedFile.objects.get(pk=again).state == FileState.ACTIVE
    assert types("prices")["price"] == "numeric"
    assert rows("SELECT sum(price) FROM data.prices") == [(30,)]


def test_chosen_text_is_not_made_a_number_again(pipeline: Pipeline) -> None:
    file = pipeline.load(PRICES, "prices.csv").file_id
    choose("prices", price=ColumnType.TEXT)
    read_again(pipeline, file, delimiter=";")
    assert types("prices") == {"id": "bigint", "price": "text"}


def test_chosen_type_holds_when_a_file_is_loaded_again(pipeline: Pipeline) -> None:
    file = pipeline.load(PRICES, "prices.csv").file_id
    choose("prices", price=ColumnType.NUMERIC)
    deactivate_file(file_id=file)
    retry_file(file_id=file)
    assert pipeline.finish(file).state is FileState.ACTIVE
    assert types("prices")["price"] == "numeric"


def test_choice_that_was_made_after_a_reading_holds_for_it_too(pipeline: Pipeline) -> None:
    file = pipeline.load(PRICES, "prices.csv").file_id
    visitor = Sender(visitor="anna")
    again = reimport_file(
        file_id=file, wish=ReimportRequest(options={"all_text": True}), reader=visitor, via=UploadedFile.Via.PAGE
    ).pk
    pipeline.finish(again)
    choose("prices", price=ColumnType.NUMERIC)
    assert activate_file(file_id=again).fitting
    assert pipeline.finish(again).state is FileState.ACTIVE
    assert types("prices") == {"id": "text", "price": "numeric"}


def test_reading_with_other_columns_is_activated_without_the_choice(pipeline: Pipeline) -> None:
    file = pipeline.load("id;price;note\n1;10;a\n2;20;b\n", "prices.csv").file_id
    choose("prices", price=ColumnType.NUMERIC)
    again = read_again(pipeline, file, header_row=2)
    assert UploadedFile.objects.get(pk=again).state == FileState.ACTIVE, "it has other columns, and no choice for them"


def test_senders_choice_for_a_draft_holds_when_it_is_read_again(pipeline: Pipeline) -> None:
    anna = Sender(visitor="anna")
    file = pipeline.load(PRICES, "prices.csv", uploader=anna, activate=None).file_id
    draft = Dataset.objects.get()
    change_columns(dataset_id=draft.pk, change=Change(types={"price": ColumnType.TEXT}), chooser=Chooser.SENDER)
    again = reimport_file(
        file_id=file, wish=ReimportRequest(options={"delimiter": ";"}), reader=anna, via=UploadedFile.Via.PAGE
    ).pk
    pipeline.finish(again)
    activate_file(file_id=again)
    assert types("prices") == {"id": "bigint", "price": "text"}


def test_new_choice_ends_the_old_one(pipeline: Pipeline) -> None:
    file = pipeline.load(PRICES, "prices.csv").file_id
    choose("prices", price=ColumnType.TEXT)
    choose("prices", price=ColumnType.NUMERIC)
    read_again(pipeline, file, delimiter=";")
    assert types("prices")["price"] == "numeric"


def test_choice_is_shown_with_its_date_and_to_staff_with_a_name(pipeline: Pipeline) -> None:
    ana = make_user("ana")
    pipeline.load("id;price\n1;10\n2;NA\n", "prices.csv")
    dataset = find_dataset(slug="prices")
    change = Change(types={"price": ColumnType.BIGINT}, null_words=("NA",))
    change_columns(dataset_id=dataset.pk, change=change, user_id=ana.pk, chooser=Chooser.STAFF)
    today = f"{datetime.now(tz=UTC).day} {datetime.now(tz=UTC):%B %Y}"
    before = 'Before: text, because line 3 holds "NA", which is not a number (the only value that does not fit).'
    _, price = columns_seen(dataset=dataset, viewer=OPERATOR)
    assert price.why.startswith(f"bigint, chosen by ana on {today}. {before}")
    _, price = columns_seen(dataset=dataset, viewer=ANYBODY)
    assert price.why == f"bigint, chosen by staff on {today}. {before.replace('"NA"', 'a value')}"
    assert price.chosen == f"chosen by staff on {today}"


def test_pages_and_api_show_the_choice(pipeline: Pipeline, client: Client) -> None:
    make_user("clerk", "change_dataset", "view_uploadedfile")
    pipeline.load("id;price\n1;10\n2;NA\n", "prices.csv")
    dataset = find_dataset(slug="prices")
    change_columns(dataset_id=dataset.pk, change=Change(null_words=("NA",)), chooser=Chooser.OPERATOR)
    choose("prices", price=ColumnType.BIGINT)
    page = client.get("/datasets/prices/").content.decode()
    assert "Read as empty: “NA”, chosen by the operator on" in page
    assert "bigint, chosen by staff on" in page
    _, price = client.get("/api/datasets/prices/columns", headers=basic("clerk")).json()["columns"]
    assert price["chosen"].startswith("chosen by staff on")


def test_choice_that_is_older_than_its_record_has_no_date() -> None:
    choice = Choice.from_json({"chooser": "staff", "name": "", "at": None})
    assert choice is not None
    assert choice.words(named=True) == "chosen by staff"
    assert Choice.from_json(None) is None
