"""``load_file --again`` and ``replace_file``."""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import Pipeline, rows
from tests.integration.management.test_commands import refused, run
from uploads.models import UploadedFile
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode

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
        f"  Let it take the place of file {first}: manage.py replace_file {first} {second}",
        f"  Delete it: manage.py delete_file {second}",
    ]
    run("read_again", second)
    assert UploadedFile.objects.get(pk=second).state == FileState.ACTIVE


@pytest.mark.usefixtures("data_schema")
def test_same_file_twice_in_one_call_is_one_file(table: Path) -> None:
    files = json.loads(run("load_file", table, table, "--json"))["files"]
    assert [file["state"] for file in files] == ["active", "duplicate"]


@pytest.mark.usefixtures("data_schema")
def test_the_same_rows_in_other_bytes_are_held_back_too_and_again_adds_them(table: Path, tmp_path: Path) -> None:
    other = tmp_path / "export.csv"
    other.write_text("Year,Area\n2021,South\n2020,North\n")
    [first] = json.loads(run("load_file", table, "--json"))["files"]
    [second] = json.loads(run("load_file", other, "--activate", "--json"))["files"]
    assert (second["state"], second["same_content_as"], second["loads"][0]["rows"]["loaded"]) == (
        "loaded",
        first["id"],
        2,
    )
    third = tmp_path / "third.csv"
    third.write_text("Year;Area\n2021;South\n2020;North\n")
    told = run("load_file", third).splitlines()
    file = UploadedFile.objects.latest("pk").pk
    assert told[:5] == [
        f"third.csv: loaded, not active (file {file}), the same as file {first['id']}",
        f"  The same rows are active already, in file {first['id']}.",
        f"  Show them all the same, twice: manage.py activate_file {file}",
        f"  Let it take the place of file {first['id']}: manage.py replace_file {first['id']} {file}",
        f"  Delete it: manage.py delete_file {file}",
    ]
    assert rows("SELECT count(*) FROM data.table") == [(2,)]
    run("delete_file", file, second["id"])
    [again] = json.loads(run("load_file", other, "--again", "--json"))["files"]
    assert (again["state"], rows("SELECT count(*) FROM data.table")) == ("active", [(4,)])


@pytest.mark.usefixtures("data_schema")
def test_the_share_of_rows_that_are_there_is_said_with_what_to_do(table: Path, tmp_path: Path) -> None:
    run("load_file", table)
    most, few = tmp_path / "most.csv", tmp_path / "few.csv"
    most.write_text("Area;Year\nNorth;2020\nSouth;2021\nWest;2022\n")
    few.write_text("Area;Year\nNorth;2020\nEast;2023\n")
    told = run("load_file", most).splitlines()
    file = UploadedFile.objects.latest("pk")
    assert (file.state, rows("SELECT count(*) FROM data.table")) == (FileState.LOADED, [(2,)])
    assert told[0] == f"most.csv: loaded, not active (file {file.pk})"
    assert "2 of 3 rows" in told[1]
    assert f"  Add all 3 rows: manage.py activate_file {file.pk} --mode append" in told
    assert f"  Delete it: manage.py delete_file {file.pk}" in told
    told = run("load_file", few).splitlines()
    file = UploadedFile.objects.latest("pk")
    command = f"manage.py activate_file {file.pk}"
    assert told[:4] == [
        f"few.csv: active (file {file.pk})",
        "  1 of 2 rows has an “Area” that was there already when this file came; it was exactly the same.",
        f"  Take it back: manage.py deactivate_file {file.pk}",
        f"  Then let it replace the others, or update them: {command} --mode replace, or --mode merge --key Area",
    ]


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


@pytest.mark.usefixtures("data_schema")
def test_a_file_that_takes_the_place_of_another_says_so_with_the_way_back(table: Path, tmp_path: Path) -> None:
    run("load_file", table)
    newer = tmp_path / "newer.csv"
    newer.write_text(NEW)
    told = run("load_file", newer, "--dataset", "table", "--mode", "replace").splitlines()
    old, new = UploadedFile.objects.order_by("pk").values_list("pk", flat=True)
    assert told[:3] == [
        f"newer.csv: active (file {new})",
        f"  It took the place of file {old}, which stays loaded.",
        f"  Put it back: manage.py replace_file {new} {old}",
    ]
    run("replace_file", new, old)
    assert rows("SELECT count(*) FROM data.table") == [(2,)]


def test_who_activates_or_replaces_by_command_is_told_of_all_that_made_way(pipeline: Pipeline) -> None:
    first, second, third = (pipeline.load(OLD + f"East;{year}\n").file_id for year in (2022, 2023, 2024))
    new = pipeline.load(NEW, activate=False).file_id
    change_mode(slug="table", mode=Mode.REPLACE)
    told = run("replace_file", first, new)  # the others make way too: a new file takes the place of all
    assert told.strip() == f"File {new} took the place of 3 files, which stay loaded."
    lines = run("activate_file", second).splitlines()
    assert lines == [
        "“table.csv” is active: 3 rows are visible in data.table.",
        f"  It took the place of file {new}, which stays loaded.",
        f"  Put it back: manage.py replace_file {second} {new}",
    ]
    [done] = json.loads(run("activate_file", third, "--json"))["files"]
    assert done["replaced"] == [second]


def test_who_activates_what_takes_nobodys_place_is_told_of_none(pipeline: Pipeline) -> None:
    pipeline.load(OLD)
    new = pipeline.load(NEW, activate=False).file_id
    assert run("activate_file", new).strip() == "“table.csv” is active: 1 row is visible in data.table."
    [done] = json.loads(run("deactivate_file", new, "--json"))["files"]
    assert "replaced" not in done
