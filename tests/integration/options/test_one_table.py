"""“Everything as one table”, said on any way in: every row below the header is data, now and for later files."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.options.remembered import remembered_options
from uploads.tabular.notes import NoteKind

TOTAL = "name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n"
TWO = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nname;age\nAnn;31\nBo;42\nCy;53\n"
ONE = {"one_table": True}


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT, "change_dataset", "view_dataset"))
    return client


def names(slug: str) -> list[str]:
    return [name for (name,) in rows(f"SELECT name FROM data.{slug} ORDER BY _file, _row")]  # noqa: S608


def test_total_that_is_a_row_is_loaded_and_the_receipt_says_what_was_told(pipeline: Pipeline) -> None:
    receipt = pipeline.load(TOTAL, "people.csv", options=ONE)
    [load] = receipt.loads
    assert (names("people"), load.footer) == (["Ann", "Bo", "Total"], 0)
    assert "Read with the options given for this file: everything as one table." in load.sentences
    assert [(told["option"], told["value"], told["said"]) for told in load.applied_options] == [
        ("one_table", True, "with this file")
    ]


def test_later_file_that_names_the_dataset_is_one_table_too_unless_it_says_otherwise(pipeline: Pipeline) -> None:
    pipeline.load(TOTAL, "a.csv", dataset="people", options=ONE)
    later = pipeline.load(TOTAL, "b.csv", dataset="people")
    other = pipeline.load(TOTAL, "c.csv", dataset="people", options={"one_table": False})
    assert [load.loaded for receipt in (later, other) for load in receipt.loads] == [3, 2]
    assert "Format remembered from “a.csv”: everything as one table." in later.loads[0].sentences
    assert remembered_options(dataset="people").options == {}


def test_file_that_joins_by_its_columns_alone_is_told_what_the_dataset_remembers(pipeline: Pipeline) -> None:
    pipeline.load(TOTAL, "a.csv", dataset="people", options=ONE)
    with_total = pipeline.load(TOTAL, "b.csv").loads[0]
    without = pipeline.load(TOTAL.rsplit("Total", 1)[0], "c.csv").loads[0]
    assert (with_total.dataset, with_total.loaded) == ("people", 2)
    assert with_total.notes[-1].kind is NoteKind.ONE_TABLE_NOT_APPLIED
    assert NoteKind.ONE_TABLE_NOT_APPLIED not in {note.kind for note in without.notes}


def test_lines_of_another_table_are_rejected_rows(pipeline: Pipeline) -> None:
    apart = pipeline.load(TWO, "apart.csv", activate=False)
    whole = pipeline.load(TWO, "whole.csv", activate=False, options=ONE)
    assert [load.loaded for load in apart.loads] == [2, 3]
    assert [(load.loaded, load.rejected, load.blank) for load in whole.loads] == [(2, 4, 1)]


@pytest.mark.usefixtures("data_schema")
def test_commands_say_it_and_have_it_found_out_again(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TOTAL)

    def run(name: str, *args: object) -> dict[str, int]:
        out = StringIO()
        call_command(name, *map(str, args), "--json", stdout=out, stderr=StringIO())
        [file] = json.loads(out.getvalue())["files"]
        return {"file": file["id"], "loaded": file["loads"][0]["rows"]["loaded"]}

    first = run("load_file", path, "--one-table")
    assert first["loaded"] == 3
    apart = run("read_again", first["file"], "--no-one-table")
    assert apart["loaded"] == 2
    assert run("read_again", apart["file"], "--one-table")["loaded"] == 3


def test_dataset_is_told_of_its_later_files_by_command(pipeline: Pipeline) -> None:
    pipeline.load("name;day;n\nAnn;Mon;5\n", "a.csv", dataset="people")
    call_command("dataset_reading", "people", "--one-table", stdout=StringIO())
    assert [load.loaded for load in pipeline.load(TOTAL, "b.csv", dataset="people").loads] == [3]


def test_page_says_it_of_a_file_and_of_a_dataset(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TOTAL, "people.csv")
    staff.post(f"/receipts/{old.token}/read-again/", {"one_table": "on"})
    new = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert (new.loads[0].loaded, names("people")) == (3, ["Ann", "Bo", "Total"])
    assert Dataset.objects.get(slug="people").read_options["one_table"]["value"] is True
    staff.post("/datasets/people/reading/", {})
    assert remembered_options(dataset="people").options == {}


def test_sent_form_takes_it(staff: Client, pipeline: Pipeline, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TOTAL)
    with path.open("rb") as content:
        answer = staff.post("/api/files", {"file": content, "one_table": "true"})
    assert pipeline.finish(answer.json()["id"]).loads[0].loaded == 3
