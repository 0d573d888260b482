"""``load_file --again`` and ``replace_file``."""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import Pipeline, rows
from tests.integration.management.test_commands import refused, run
from uploads.models import UploadedFile
from uploads.states import FileState

OLD = "Area;Year\nNorth;2020\nSouth;2021\n"
NEW = "Area;Year\nWest;2022\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(OLD)
    return path


@pytest.mark.usefixtures("data_schema")
def test_file_that_is_there_is_not_loaded_again_unless_that_is_said(table: Path) -> None:
    [first] = json.loads(run("load_file", table, "--json"))["files"]
    [second] = json.loads(run("load_file", table, "--json"))["files"]
    assert (second["state"], second["same_content_as"], second["loads"]) == ("duplicate", first["id"], [])
    [third] = json.loads(run("load_file", table, "--again", "--json"))["files"]
    assert (third["state"], third["same_content_as"]) == ("active", first["id"])
    assert rows("SELECT count(*) FROM data.table") == [(4,)]


@pytest.mark.usefixtures("data_schema")
def test_person_at_a_terminal_is_told_and_led_out(table: Path) -> None:
    run("load_file", table)
    told = run("load_file", table)
    first, second = UploadedFile.objects.order_by("pk").values_list("pk", flat=True)
    assert told.splitlines() == [
        f"table.csv: already here (file {second}), the same as file {first}",
        f"  Nothing was loaded. Load it anyway: manage.py read_again {second}",
        f"  Delete it: manage.py delete_file {second}",
    ]
    run("read_again", second)
    assert UploadedFile.objects.get(pk=second).state == FileState.ACTIVE


@pytest.mark.usefixtures("data_schema")
def test_same_file_twice_in_one_call_is_one_file(table: Path) -> None:
    files = json.loads(run("load_file", table, table, "--json"))["files"]
    assert [file["state"] for file in files] == ["active", "duplicate"]


def test_replace_file_says_what_it_did(pipeline: Pipeline) -> None:
    old = [pipeline.load(OLD).file_id for _ in range(2)]
    new = pipeline.load(NEW, activate=False).file_id
    [done] = json.loads(run("replace_file", *old, new, "--json"))["files"]
    assert (done["id"], done["state"], done["rows"], done["replaced"], done["error"]) == (new, "active", 1, old, None)
    assert rows("SELECT count(*) FROM data.table") == [(1,)]
    back = run("replace_file", new, old[0])
    assert back.strip() == f"File {old[0]} took the place of file {new}, which stays loaded."


def test_replace_file_is_refused_with_the_reason_and_changes_nothing(pipeline: Pipeline) -> None:
    old = pipeline.load(OLD).file_id
    out, _, error = refused("replace_file", old, 4_711, "--json")
    [told] = json.loads(out)["files"]
    assert (told["state"], told["error"]["code"]) == (None, "file_not_found")
    assert error.returncode == 1
    assert UploadedFile.objects.get(pk=old).state == FileState.ACTIVE


def test_replace_file_loads_first_what_was_held_back(pipeline: Pipeline) -> None:
    old = pipeline.load(OLD).file_id
    new = pipeline.load(OLD, again=False).file_id
    assert run("replace_file", old, new).strip() == (
        f"File {new} is loaded first; then it takes the place of file {old} in one moment."
    )
    pipeline.finish(new)
    assert UploadedFile.objects.get(pk=old).state == FileState.LOADED
