"""Readings for the asking over the API, the page and a command: offered, made, kept for later files, and taken back."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.columns.suggested import change_of
from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.background import make_change
from uploads.services.columns.change import Change
from uploads.services.columns.suggested import suggested_changes
from uploads.tabular.table import ColumnType

T = ColumnType
MONEY = "id,amount\n" + "".join(f'{number},"$1,00{number}.50"\n' for number in range(1, 6)) + '6,"($987.02)"\n'


def stored(names: str) -> list[Any]:
    return rows(f"SELECT {names} FROM data.t ORDER BY _file, _row")  # noqa: S608


def change(**types: ColumnType) -> None:
    change_columns(dataset_id=Dataset.objects.get(slug="t").pk, change=Change(types=types))


def test_offer_of_money_is_taken_and_taken_back(pipeline: Pipeline) -> None:
    pipeline.load(MONEY, "t.csv")
    dataset = Dataset.objects.get()
    before = stored("amount")
    [offer] = suggested_changes(dataset=dataset)
    assert offer.sentence == "Make “amount” decimal numbers: read “($987.02)” as -987.02"
    change_columns(dataset_id=dataset.pk, change=change_of(offer, dataset=dataset))
    assert [str(amount) for (amount,) in stored("amount")][4:] == ["1005.50", "-987.02"]
    assert suggested_changes(dataset=dataset) == ()
    change(amount=T.TEXT)
    assert stored("amount") == before


MIXED = 'id,amount\n1,15\n2,-\n3,"2,040"\n4,n/a\n5,-\n'


def test_words_and_groups_are_made_numbers_by_one_click_that_counts_their_cells(
    pipeline: Pipeline, admin_client: Client
) -> None:
    pipeline.load(MIXED, "t.csv")
    sentence = "Make “amount” whole numbers: read “2,040” as 2040 and “-” and “n/a” as empty (2 and 1 cells)"
    assert sentence in admin_client.get("/datasets/t/").content.decode()
    fields = {"column": "amount", "type": "bigint", "null_words": "-,n/a", "decimal": ".", "at_once": "1"}
    admin_client.post("/datasets/t/columns/", fields)
    make_change(dataset_id=Dataset.objects.get().pk)
    assert stored("amount") == [(15,), (None,), (2040,), (None,), (None,)]
    assert suggested_changes(dataset=Dataset.objects.get()) == ()


def test_words_beside_groups_are_read_as_empty_over_the_api_and_by_command(
    pipeline: Pipeline, admin_client: Client
) -> None:
    pipeline.load(MIXED, "t.csv")
    [offer, other] = admin_client.get("/api/datasets/t/columns").json()["suggestions"]
    assert (offer["null_words"], offer["word_cells"], other["decimal"]) == (["-", "n/a"], [2, 1], ",")
    asked = {"type": offer["type"], "decimal": offer["decimal"], "empty_words": offer["null_words"], "dry_run": True}
    address = "/api/datasets/t/columns/amount/type"
    cost = admin_client.post(address, asked, content_type="application/json").json()
    assert (cost["obstacle"], cost["effects"]) == (None, ["3 cells of “amount” become empty."])
    said = "change_column t amount bigint --empty=- --empty=n/a --decimal ."
    shown = StringIO()
    call_command("null_words", "t", stdout=shown)
    assert f"manage.py {said}" in shown.getvalue()
    call_command(*said.split(), stdout=StringIO())
    assert stored("amount") == [(15,), (None,), (2040,), (None,), (None,)]


def test_later_file_is_read_in_the_same_way(pipeline: Pipeline) -> None:
    pipeline.load(MONEY, "t.csv")
    change(amount=T.NUMERIC)
    later = pipeline.load('id,amount\n7,"$2,500.00"\n8,($1.00)\n9,free\n', "later.csv")
    assert (later.rows_loaded, later.rows_rejected) == (2, 1)
    assert [str(amount) for (amount,) in stored("amount")][-2:] == ["2500.00", "-1.00"]


def test_later_file_may_write_negative_numbers_in_another_way(pipeline: Pipeline) -> None:
    pipeline.load("id,amount\n1,$1.50\n2,$2.50\n", "t.csv")
    change(amount=T.NUMERIC)
    later = pipeline.load("id,amount\n3,$3.50\n4,($4.50)\n5,($5.50)\n", "later.csv")
    assert later.rows_rejected == 0
    plain = pipeline.load("id,amount\n6,6.50\n", "plain.csv")
    assert plain.rows_rejected == 0
    assert [str(amount) for (amount,) in stored("amount")] == ["1.50", "2.50", "3.50", "-4.50", "-5.50", "6.50"]


def test_whole_numbers_become_moments_and_numbers_again(pipeline: Pipeline) -> None:
    pipeline.load("id,made\n1,1717000001\n2,1717000002\n", "t.csv")
    [offer] = suggested_changes(dataset=Dataset.objects.get())
    assert offer.sentence == ("Make “made” dates with times and zones: read “1717000001” as 2024-05-29 16:26:41 UTC")
    change(made=T.TIMESTAMPTZ)
    assert [f"{made:%H:%M:%S}" for (made,) in stored("made")] == ["16:26:41", "16:26:42"]
    change(made=T.BIGINT)
    assert stored("made") == [(1717000001,), (1717000002,)]


def test_named_words_hold_for_later_files(pipeline: Pipeline) -> None:
    pipeline.load("id,active\n1,ok\n2,aus\n", "t.csv")
    output = StringIO()
    call_command("change_column", "t", "active", "boolean", "--true", "ok", "--false", "aus", "--json", stdout=output)
    assert json.loads(output.getvalue())["rows"] == 2
    pipeline.load("id,active\n3,aus\n4,ok\n", "later.csv")
    assert stored("active") == [(True,), (False,), (False,), (True,)]


@pytest.mark.parametrize(
    ("others", "sentence", "left"),
    [
        (["-"], "Make “ok” yes or no: read “ja” as yes, “nein” as no and “-” as empty (1 cell)", 41),
        (["bald"], "See which rows would be rejected (such as one with “bald”) if “ok” were yes or no…", 40),
    ],
)
def test_yes_and_no_with_few_other_values_are_offered_and_made(
    pipeline: Pipeline, others: list[str], sentence: str, left: int
) -> None:
    values = ["ja", "nein"] * 20 + others
    pipeline.load("id,ok\n" + "".join(f"{number},{value}\n" for number, value in enumerate(values)), "t.csv")
    dataset = Dataset.objects.get()
    [offer] = suggested_changes(dataset=dataset)
    assert offer.sentence == sentence
    change_columns(dataset_id=dataset.pk, change=change_of(offer, dataset=dataset))
    assert (stored("ok")[:2], len(stored("ok"))) == ([(True,), (False,)], left)


def test_one_word_alone_is_refused(pipeline: Pipeline) -> None:
    pipeline.load("id,active\n1,ja\n2,nein\n", "t.csv")
    with pytest.raises(CommandError, match="another for no"):
        call_command("change_column", "t", "active", "boolean", "--true", "ja")


def test_api_offers_counts_and_rejects(pipeline: Pipeline, admin_client: Client) -> None:
    sent = pipeline.load("id,price\n" + "".join(f"{n},{n}.5\n" for n in range(1, 30)) + "30,3.5x\n", "t.csv")
    columns = admin_client.get("/api/datasets/t/columns").json()
    [offer] = columns["suggestions"]
    assert (offer["type"], offer["reject_misfits"]) == ("numeric", True)
    address = "/api/datasets/t/columns/price/type"
    asked = {"type": "numeric", "reject_misfits": True}
    cost = admin_client.post(address, {**asked, "dry_run": True}, content_type="application/json").json()
    assert (cost["rows_rejected"], cost["obstacle"]) == (1, None)
    assert admin_client.post(address, asked, content_type="application/json").status_code == 202
    make_change(dataset_id=Dataset.objects.get().pk)
    assert UploadedFile.objects.get(pk=sent.file_id).rows_rejected == 1
    columns = admin_client.get("/api/datasets/t/columns").json()
    assert (columns["columns"][1]["type"], columns["suggestions"]) == ("numeric", [])


def test_one_click_on_rejecting_shows_the_count_first(pipeline: Pipeline, admin_client: Client) -> None:
    pipeline.load("id,price\n" + "".join(f"{n},{n}.5\n" for n in range(1, 30)) + "30,3.5x\n", "t.csv")
    page = admin_client.get("/datasets/t/").content.decode()
    assert "See which rows would be rejected (such as one with “3.5x”) if “price” were decimal numbers…" in page
    fields = {"column": "price", "type": "numeric", "null_words": "", "reject_misfits": "true", "at_once": "1"}
    shown = admin_client.post("/datasets/t/columns/", fields).content.decode()
    assert "Change 29 rows and reject 1" in shown
    assert not Dataset.objects.get().change


def test_rows_with_headings_among_dates_are_offered_to_be_rejected(pipeline: Pipeline, admin_client: Client) -> None:
    """Beside a word that often means nothing, which may be read as empty in the same click."""
    days = "".join(f"visit {day},2024-03-{day}\n" for day in range(10, 30))
    pipeline.load(f"what,day\n{days}a,Hospitality\nb,-\nc,DATES\n", "visits.csv")
    [offer] = admin_client.get("/api/datasets/visits/columns").json()["suggestions"]
    assert offer["sentence"] == (
        "See which rows would be rejected (such as one with “Hospitality”) if “day” were dates and “-” were empty"
        " (1 cell)…"
    )
    assert (offer["null_words"], offer["reject_misfits"], offer["type"]) == (["-"], True, "date")
