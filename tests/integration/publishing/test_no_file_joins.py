"""What is about files and their rows is refused for a dataset that has none, on every face, in one sentence."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import make_user
from tests.integration.tus.client import metadata, tus
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.adopting.publication import publish_table, unpublish_table
from uploads.services.adopting.release import release_table
from uploads.services.columns.change import Change
from uploads.services.columns.preview import preview_change
from uploads.services.columns.requests import ask_for_change
from uploads.services.columns.shape import add_column, change_strictness, describe_column, remove_column, rename_column
from uploads.services.datasets.ending import discard_dataset
from uploads.services.datasets.rights import change_visibility
from uploads.services.errors import CannotPublish, CannotRelease, ReadOnlyDataset
from uploads.services.files.activation import activate_file
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.joining.columns import ColumnAnswer, answer_columns
from uploads.services.merging.modes import change_mode
from uploads.services.merging.order import order_files
from uploads.services.options.remembered import change_defaults
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.states import FileState, Mode
from uploads.tabular.table import ColumnType

LINES = "a;b\nx;1\n"
"""The columns of ``shop.lines``."""


@pytest.fixture
def lines(shop: str) -> str:
    return publish_table(table="shop.lines").slug


def pk() -> int:
    return Dataset.objects.values_list("pk", flat=True).get(slug="lines")


ACTS: dict[str, Callable[[], Any]] = {
    "mode": lambda: change_mode(slug="lines", mode=Mode.MERGE, key=["a"]),
    "order": lambda: order_files(slug="lines", file_ids=[1]),
    "reading": lambda: change_defaults(slug="lines", options={"day_first": True}, by="x"),
    "add": lambda: add_column(slug="lines", label="c"),
    "rename": lambda: rename_column(slug="lines", name="a", label="c"),
    "remove": lambda: remove_column(slug="lines", name="a"),
    "describe": lambda: describe_column(slug="lines", name="a", description="x"),
    "strictness": lambda: change_strictness(slug="lines", strictness="grow"),
    "type": lambda: ask_for_change(slug="lines", change=Change(types={"b": ColumnType.TEXT})),
    "null_words": lambda: preview_change(dataset=Dataset.objects.get(), change=Change(types={}, null_words=("x",))),
    "delete": lambda: delete_dataset(dataset_id=pk()),
    "end": lambda: discard_dataset(dataset_id=pk()),
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_to_its_files_columns_or_rows(lines: str, act: str) -> None:
    with pytest.raises(ReadOnlyDataset, match=r"“lines” shows shop\.lines of the database as it is") as caught:
        ACTS[act]()
    assert caught.value.hint
    dataset = Dataset.objects.get()
    assert (dataset.mode, dataset.key, dataset.null_words, dataset.read_options) == (Mode.APPEND, [], [], {})
    assert rows("SELECT count(*) FROM shop.lines") == [(400,)]


def test_it_is_not_released_and_a_dataset_of_files_is_not_unpublished(lines: str, pipeline: Pipeline) -> None:
    with pytest.raises(CannotRelease) as caught:
        release_table(slug=lines)
    assert caught.value.hint == "Unpublish it instead (unpublish_table)."
    pipeline.load("c;d\n1;2\n", "mine.csv")
    with pytest.raises(CannotPublish, match="has files"):
        unpublish_table(slug="mine")


def test_file_of_the_same_columns_becomes_a_dataset_of_its_own(lines: str, pipeline: Pipeline) -> None:
    receipt = pipeline.load(LINES, "lines.csv")
    assert receipt.state is FileState.ACTIVE
    assert receipt.loads[0].dataset == "lines_2"
    assert rows("SELECT count(*) FROM shop.lines") == [(400,)]
    headerless = pipeline.load("x;1\ny;2\n", "other.csv")
    assert headerless.loads[0].dataset != lines


def test_file_of_almost_the_same_columns_is_not_asked_about_it(lines: str, pipeline: Pipeline) -> None:
    execute("ALTER TABLE shop.lines ADD price numeric, ADD area text")
    receipt = pipeline.load("a;b;price;arae\nx;1;2;z\n", "almost.csv")
    assert (receipt.state, receipt.loads[0].dataset) == (FileState.ACTIVE, "almost")


def test_naming_it_is_refused_before_a_byte_is_sent(lines: str, pipeline: Pipeline, client: Client) -> None:
    with pytest.raises(ReadOnlyDataset, match="no file joins it"):
        pipeline.receive(LINES, dataset="lines")
    answer = client.post("/api/files", {"file": io.BytesIO(LINES.encode()), "dataset": "Lines"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "read_only_dataset")
    assert "under another name" in answer.json()["error"]["hint"]
    file = pipeline.load(LINES, "mine.csv", activate=False).file_id
    wish = ReimportRequest(dataset="lines", options={})
    with pytest.raises(ReadOnlyDataset):
        reimport_file(file_id=file, wish=wish, reader=Sender(is_staff=True), via=UploadedFile.Via.COMMAND)
    change_visibility(slug="lines", visibility="groups")
    anna = Sender(visitor="anna")
    seen = reimport_file(file_id=file, wish=wish, reader=anna, via=UploadedFile.Via.PAGE)
    assert seen.dataset_wanted == "lines", "who does not read it is not told that it is there"


def test_tus_refuses_the_name_before_a_byte_is_sent(lines: str) -> None:
    told = metadata(filename="x.csv", dataset="lines")
    answer = tus("POST", headers={"Upload-Length": "5", "Upload-Metadata": told})
    assert (answer.status, answer.code) == (409, "read_only_dataset")
    assert not UploadedFile.objects.exists()


def test_file_on_its_way_to_a_name_that_was_published_meanwhile_waits_and_says_why(
    shop: str, pipeline: Pipeline
) -> None:
    before = pipeline.receive(LINES, dataset="lines")
    loaded = pipeline.load(LINES, "early.csv", dataset="lines", activate=False)
    publish_table(table="shop.lines")
    failed = pipeline.finish(before.pk)
    assert failed.state is FileState.FAILED
    assert failed.error is not None
    assert failed.error["code"] == "read_only_dataset"
    with pytest.raises(ReadOnlyDataset):
        activate_file(file_id=loaded.file_id)
    assert Load.objects.exclude(part="").get().file_id == loaded.file_id
    unpublish_table(slug="lines")
    activate_file(file_id=loaded.file_id)
    assert rows("SELECT a, b FROM data.lines") == [("x", 1)]


def test_plan_cannot_name_it(lines: str, pipeline: Pipeline) -> None:
    pipeline.load("c;d;e\n1;2;3\n", "mine.csv")
    waiting = pipeline.load("c;d;f\n1;2;3\n", "next.csv")
    with pytest.raises(ReadOnlyDataset):
        answer_columns(file_id=waiting.file_id, answer=ColumnAnswer(dataset="lines", columns={}))


PAGES = ("columns/", "columns/edit/", "reading/", "mode/", "guards/")


@pytest.mark.parametrize("page", PAGES)
def test_pages_that_change_datasets_say_why_not(lines: str, client: Client, page: str) -> None:
    client.force_login(make_user("boss", is_superuser=True))
    answer = client.get(f"/datasets/lines/{page}")
    assert answer.status_code == 409
    assert "no file joins it" in answer.content.decode()


API: dict[str, tuple[str, str, dict[str, Any]]] = {
    "mode": ("put", "mode", {"mode": "replace"}),
    "order": ("put", "order", {"files": [1]}),
    "reading": ("patch", "reading", {"day_first": True}),
    "forget": ("delete", "reading", {}),
    "add": ("post", "columns", {"label": "c"}),
    "change": ("patch", "columns/a", {"label": "c"}),
    "remove": ("delete", "columns/a", {}),
    "strictness": ("put", "strictness", {"strictness": "grow"}),
    "type": ("post", "columns/b/type", {"type": "text"}),
    "dry run": ("post", "columns/b/type", {"type": "text", "dry_run": True}),
    "guards": ("put", "guards", {"fewer_rows": 20}),
    "null words": ("put", "null-words", {"words": ["x"]}),
}


@pytest.mark.parametrize("act", API)
def test_api_says_why_not(lines: str, client: Client, act: str) -> None:
    client.force_login(make_user("boss", is_superuser=True))
    method, address, body = API[act]
    arguments = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
    answer = getattr(client, method)(f"/api/datasets/lines/{address}", **arguments)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "read_only_dataset")


COMMANDS: dict[str, tuple[str, ...]] = {
    "dataset_mode": ("lines", "replace"),
    "dataset_mode ": ("lines",),
    "dataset_guards": ("lines", "--changed", "5"),
    "dataset_guards ": ("lines",),
    "dataset_reading": ("lines", "--day-first"),
    "dataset_reading ": ("lines",),
    "dataset_columns": ("lines", "--add", "c"),
    "change_column": ("lines", "b", "text"),
    "null_words": ("lines", "x"),
    "list_files": ("--dataset", "lines"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_say_why_not(lines: str, command: str) -> None:
    with pytest.raises(CommandError, match=r"“lines” shows shop\.lines of the database as it is") as caught:
        call_command(command.strip(), *COMMANDS[command])
    assert caught.value.returncode == 1


def test_command_that_loads_says_so(lines: str, tmp_path: Any) -> None:
    path = tmp_path / "x.csv"
    path.write_text(LINES)
    with pytest.raises((CommandError, SystemExit)):
        call_command("load_file", str(path), "--dataset", "lines", stdout=io.StringIO())
    assert not Load.objects.exists()
