"""Changes of columns as people ask for them: what they cost, who may ask, over the API and by command."""

import io
import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.integration.conftest import Pipeline, connection_parameters, data_tables, rows
from tests.integration.datasets.test_drafts import pending
from tests.integration.staff import basic, make_user
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.columns import apply, background
from uploads.services.columns.background import make_change
from uploads.services.columns.change import Change
from uploads.services.columns.preview import preview_change
from uploads.services.columns.rebuild import build_partition
from uploads.services.columns.requests import ask_for_change, pending_change
from uploads.services.errors import DatasetBusy, DatasetNotFound
from uploads.services.files.activation import activate_file
from uploads.services.upkeep.sweep import sweep
from uploads.tabular.table import ColumnType

PRICES = "id;price;land\n1;10;NA\n2;NA;DE\n3;30;FR\n"


def put(client: Client, path: str, body: dict[str, Any], **more: Any) -> Any:
    return client.put(path, json.dumps(body), content_type="application/json", **more)


def post(client: Client, path: str, body: dict[str, Any], **more: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", **more)


@pytest.fixture
def clerk(db: None) -> dict[str, str]:
    make_user("clerk", "change_dataset", "view_uploadedfile")
    return basic("clerk")


def work() -> None:
    """What a worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="change_columns", status="todo"):
        make_change(dataset_id=job.args["dataset_id"])


def test_preview_tells_cost_emptied_cells_and_rejected_rows_that_fit(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "t.csv")
    pipeline.load("id;price;land\n4;NA;IT\nNA;5;IT\n", "later.csv")
    Load.objects.update(started_at=F("finished_at"))  # the sentence goes by how long loads took, here
    change = Change(types={"price": ColumnType.BIGINT}, null_words=("NA",))
    preview = preview_change(dataset=Dataset.objects.get(), change=change)
    assert preview.words == (
        "“price”: text becomes bigint (whole numbers)",
        "cells that hold just “NA” become empty, in all columns and in later files of the dataset",
    )
    assert preview.sentence == "4 rows in 2 files are written anew, in about a second; readers go on, loads wait."
    assert dict(preview.emptied or ()) == {"price": 2, "land": 1}
    assert (preview.mended, preview.obstacle, preview.checked) == (1, "", True)
    assert preview.size > 0


def test_preview_names_what_is_in_the_way_and_changes_nothing(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "t.csv")
    dataset = Dataset.objects.get()
    preview = preview_change(dataset=dataset, change=Change(types={"price": ColumnType.BIGINT}))
    assert 'line 3, column “price”: "NA" is not a whole number' in preview.obstacle
    assert preview.mended is None
    assert dataset.columns.get(name="price").type == "text"


def test_preview_says_that_a_word_read_as_empty_does_not_come_back(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "t.csv", options={"null_words": "NA"})
    preview = preview_change(dataset=Dataset.objects.get(), change=Change(types={"price": ColumnType.TEXT}))
    assert preview.effects == ("Cells that were read as empty for “NA” stay empty.",)


def test_too_many_rows_are_not_looked_at_beforehand(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(PRICES, "t.csv")
    monkeypatch.setattr("uploads.services.columns.preview.CHECKED_ROWS", 2)
    preview = preview_change(dataset=Dataset.objects.get(), change=Change(types={"price": ColumnType.BIGINT}))
    assert (preview.checked, preview.obstacle, preview.emptied) == (False, "", None)


def test_api_previews_then_changes_by_a_worker(pipeline: Pipeline, client: Client, clerk: dict[str, str]) -> None:
    pipeline.load(PRICES, "t.csv")
    assert client.get("/api/datasets/t/columns").json()["suggestions"] == []
    [suggestion] = client.get("/api/datasets/t/columns", headers=clerk).json()["suggestions"]
    body = {"words": suggestion["null_words"], "types": {suggestion["column"]: suggestion["type"]}}
    cost = put(client, "/api/datasets/t/null-words", {**body, "dry_run": True}, headers=clerk)
    assert (cost.status_code, cost.json()["rows"], cost.json()["obstacle"]) == (200, 3, None)
    answer = put(client, "/api/datasets/t/null-words", body, headers=clerk)
    assert (answer.status_code, answer.json()["change"]["state"]) == (202, "asked")
    assert rows("SELECT count(*) FROM data.t WHERE price = 'NA'") == [(1,)]
    work()
    now = client.get("/api/datasets/t/columns", headers=clerk).json()
    assert (now["change"], now["null_words"], now["suggestions"]) == (None, ["NA"], [])
    assert rows("SELECT price, land FROM data.t ORDER BY id") == [(10, None), (None, "DE"), (30, "FR")]


def test_api_changes_the_type_of_a_column(pipeline: Pipeline, client: Client, clerk: dict[str, str]) -> None:
    pipeline.load("n\n1\n2\n", "t.csv")
    answer = post(client, "/api/datasets/t/columns/n/type", {"type": "numeric"}, headers=clerk)
    assert answer.json()["change"]["changes"] == ["“n”: bigint becomes numeric (decimal numbers)"]
    work()
    assert client.get("/api/datasets/t").json()["columns"][0]["type"] == "numeric"


def test_change_that_cannot_be_made_says_why_and_another_may_be_asked_for(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "t.csv")
    ask_for_change(slug="t", change=Change(types={"price": ColumnType.BIGINT}))
    with pytest.raises(DatasetBusy):
        ask_for_change(slug="t", change=Change(types={"price": ColumnType.BIGINT}))
    work()
    failed = pending_change(dataset=Dataset.objects.get())
    assert failed is not None
    assert '"NA" is not a whole number' in failed.error
    ask_for_change(slug="t", change=Change(types={"price": ColumnType.BIGINT}, null_words=("NA",)))
    work()
    assert Dataset.objects.get().change == {}


def test_change_that_a_killed_worker_left_is_made_by_the_next(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load("n\n1\n", "t.csv")
    ask_for_change(slug="t", change=Change(types={"n": ColumnType.TEXT}))

    def killed(**wishes: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(background, "change_columns", killed)
        with pytest.raises(KeyboardInterrupt):
            work()
    ProcrastinateJob.objects.all().delete()
    monkeypatch.setattr("uploads.services.upkeep.sweep.NUDGE_AFTER", timedelta(seconds=-1))
    sweep()
    work()
    assert rows("SELECT n FROM data.t") == [("1",)]
    assert Dataset.objects.get().change == {}


def test_change_whose_session_is_lost_is_made_by_the_next_try(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load("n\n1\n", "t.csv")
    ask_for_change(slug="t", change=Change(types={"n": ColumnType.TEXT}))
    built = build_partition

    def lose_the_session(**wishes: Any) -> None:
        built(**wishes)
        [(pid,)] = rows("SELECT pg_backend_pid()")
        with psycopg.connect(**connection_parameters(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])

    with monkeypatch.context() as patch:
        patch.setattr(apply, "build_partition", lose_the_session)
        make_change(dataset_id=Dataset.objects.get().pk)
    assert rows("SELECT n FROM data.t") == [(1,)]
    make_change(dataset_id=Dataset.objects.get().pk)
    assert rows("SELECT n FROM data.t") == [("1",)]
    sweep()
    assert len(data_tables()) == 2


def test_change_that_takes_its_worker_down_each_time_is_given_up(pipeline: Pipeline) -> None:
    pipeline.load("n\n1\n", "t.csv")
    ask_for_change(slug="t", change=Change(types={"n": ColumnType.TEXT}))
    dataset = Dataset.objects.get()
    dataset.change = {**dataset.change, "tries": background.MOST_TRIES}
    dataset.save()
    work()
    failed = pending_change(dataset=Dataset.objects.get())
    assert failed is not None
    assert "worker was lost" in failed.error


@pytest.mark.parametrize("path", ["/api/datasets/t/null-words", "/api/datasets/t/columns/price/type"])
def test_only_staff_with_the_permission_change_columns(pipeline: Pipeline, client: Client, path: str) -> None:
    pipeline.load(PRICES, "t.csv")
    make_user("reader", "view_uploadedfile")
    ask = put if path.endswith("words") else post
    body: dict[str, Any] = {"words": ["NA"]} if path.endswith("words") else {"type": "bigint"}
    assert ask(client, path, body).status_code == 401
    assert ask(client, path, body, headers=basic("reader")).status_code == 403
    assert client.get("/api/datasets/t/columns").json()["can_change"] is False
    assert Dataset.objects.get().change == {}


def test_sender_of_the_only_file_may_change_its_columns(pipeline: Pipeline, client: Client) -> None:
    client.get("/")
    answer = client.post("/api/files", {"file": io.BytesIO(PRICES.encode())})
    file = UploadedFile.objects.get(pk=answer.json()["id"])
    pipeline.finish(file.pk)
    assert client.get("/api/datasets/file/columns").json()["can_change"] is True
    assert Client().get("/api/datasets/file/columns").status_code == 404
    pipeline.load(PRICES, "other.csv", dataset="file")
    assert client.get("/api/datasets/file/columns").json()["can_change"] is False


def test_unknown_type_column_and_dataset_are_refused(pipeline: Pipeline, client: Client, clerk: dict[str, str]) -> None:
    pipeline.load(PRICES, "t.csv")
    where = "/api/datasets/t/columns/price/type"
    assert post(client, where, {"type": "money"}, headers=clerk).status_code == 400
    assert post(client, where, {"type": "text"}, headers=clerk).json()["error"]["code"] == "bad_option"
    missing = post(client, "/api/datasets/t/columns/nobody/type", {"type": "text"}, headers=clerk)
    assert missing.json()["error"]["code"] == "bad_option"
    assert client.get("/api/datasets/nobody/columns").status_code == 404
    with pytest.raises(DatasetNotFound):
        ask_for_change(slug="nobody", change=Change())


def command(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_command_changes_a_column_in_the_foreground(pipeline: Pipeline) -> None:
    pipeline.load("n\n1\n2\n", "t.csv")
    told = command("change_column", "t", "n", "numeric", "--dry-run")
    assert "2 rows in 1 file are written anew" in told
    done = json.loads(command("change_column", "t", "n", "numeric", "--json"))
    assert (done["rows"], done["changes"]) == (2, ["“n”: bigint becomes numeric (decimal numbers)"])
    with pytest.raises(CommandError) as refused:
        command("change_column", "t", "n", "date")
    assert refused.value.returncode == 1
    with pytest.raises(CommandError) as wrong:
        command("change_column", "t", "nobody", "text")
    assert wrong.value.returncode == 2


def test_command_shows_says_and_ends_null_words(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "t.csv")
    assert "manage.py null_words t NA --type price=bigint" in command("null_words", "t")
    assert "1 cells" not in command("null_words", "t", "NA", "--dry-run")
    command("null_words", "t", "NA", "--type", "price=bigint")
    assert command("null_words", "t").strip() == "NA"
    assert json.loads(command("null_words", "t", "--json")) == {"null_words": ["NA"], "suggestions": []}
    command("null_words", "t", "--none")
    assert command("null_words", "t").strip() == "No word means an empty cell."
    assert rows("SELECT price FROM data.t ORDER BY id") == [(10,), (None,), (30,)]


@pytest.mark.parametrize("is_allowed", [False, True])
def test_change_of_a_draft_that_became_a_dataset_meanwhile_is_made_for_staff_alone(
    pipeline: Pipeline, *, is_allowed: bool
) -> None:
    file = pending(pipeline, PRICES, "t.csv").file_id
    user = (
        make_user("clerk", "change_dataset", "view_uploadedfile") if is_allowed else make_user("member", is_staff=False)
    )
    draft = Dataset.objects.get()
    ask_for_change(slug=draft.slug, change=Change(null_words=("NA",)), user_id=user.pk)
    activate_file(file_id=file)
    work()
    assert rows("SELECT land FROM data.t WHERE id = 1") == [(None if is_allowed else "NA",)]
    assert Dataset.objects.get().change == {}
