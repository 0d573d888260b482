"""“Data begin in row N” and “leave these rows out”, said on any way in; words hold for later files, numbers don't."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.options.remembered import remembered_options

SPEEDS = "place;speed\n-;m/s\nNorth;3\nSouth;5\n"
SUMS = "place;n\nNorth;5\nTotal;5\nSouth;6\nEast;7\nTotal;13\n"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT, "change_dataset", "view_dataset"))
    return client


def places(slug: str) -> list[str]:
    return [place for (place,) in rows(f"SELECT place FROM data.{slug} ORDER BY _file, _row")]  # noqa: S608


def test_units_are_left_out_and_the_column_is_of_numbers(pipeline: Pipeline) -> None:
    [load] = pipeline.load(SPEEDS, "speeds.csv", options={"data_row": 3}).loads
    assert (places("speeds"), load.left_out) == (["North", "South"], 1)
    assert [column["type"] for column in load.columns] == ["text", "bigint"]
    assert load.account.sentence == "4 lines = 1 header + 2 rows loaded + 1 left out as you asked"
    assert "1 row left out as asked: line 2." in load.sentences
    assert [(told["option"], told["value"]) for told in load.applied_options] == [("data_row", 3)]


def test_later_files_leave_out_the_words_and_not_the_numbers(pipeline: Pipeline) -> None:
    said = {"skip_words": ["Total"], "skip_rows": "2"}
    pipeline.load(SUMS, "a.csv", dataset="sums", options=said)
    assert places("sums") == ["South", "East"]
    assert remembered_options(dataset="sums").options == {"skip_words": ["Total"]}
    later = pipeline.load(SUMS, "b.csv", dataset="sums")
    assert [(load.loaded, load.left_out) for load in later.loads] == [(3, 2)]
    assert Dataset.objects.get(slug="sums").read_options.keys() == {"skip_words"}


def test_first_row_of_data_is_remembered_as_the_header_row_is(pipeline: Pipeline) -> None:
    pipeline.load(SPEEDS, "a.csv", dataset="speeds", options={"data_row": 3, "header_row": 1})
    later = pipeline.load(SPEEDS.replace("3", "4"), "b.csv", dataset="speeds")
    assert [(load.loaded, load.left_out) for load in later.loads] == [(2, 1)]


@pytest.mark.usefixtures("data_schema")
def test_commands_say_it_and_have_it_found_out_again(tmp_path: Path) -> None:
    path = tmp_path / "sums.csv"
    path.write_text(SUMS)

    def run(name: str, *args: object) -> dict[str, Any]:
        out = StringIO()
        call_command(name, *map(str, args), "--json", stdout=out, stderr=StringIO())
        [file] = json.loads(out.getvalue())["files"]
        [load] = file["loads"]
        return {"file": file["id"], "loaded": load["rows"]["loaded"], "left_out": load["left_out"]}

    first = run("load_file", path, "--skip-rows", "3, 6")
    assert (first["loaded"], first["left_out"]) == (3, 2)
    again = run("read_again", first["file"], "--skip-word", "total", "--auto", "skip-rows", "--data-row", "4")
    assert (again["loaded"], again["left_out"]) == (2, 3)


def test_api_takes_them_in_a_form_and_as_json(staff: Client, pipeline: Pipeline, tmp_path: Path) -> None:
    path = tmp_path / "sums.csv"
    path.write_text(SUMS)
    with path.open("rb") as content:
        sent = staff.post("/api/files", {"file": content, "skip_words": "Total", "skip_rows": "5"})
    file = pipeline.finish(sent.json()["id"])
    assert (file.loads[0].loaded, file.loads[0].left_out) == (2, 3)
    answer = staff.post(
        f"/api/files/{file.file_id}/read-again", {"data_row": 4, "skip_rows": None}, content_type="application/json"
    )
    assert answer.status_code in {200, 201, 202}, answer.text
    again = pipeline.finish(answer.json()["id"])
    told = staff.get(f"/api/files/{again.file_id}").json()["loads"][0]
    assert told["left_out"] == again.loads[0].left_out
    assert {(each["option"], str(each["value"])) for each in told["told"]} >= {("data_row", "4")}


def test_page_asks_for_them_and_says_what_is_wrong(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(SUMS, "sums.csv")
    address = f"/receipts/{old.token}/read-again/"
    assert "is neither the number of a row nor a range of rows" in staff.post(address, {"skip_rows": "5-2"}).text
    staff.post(address, {"skip_words": "Total, In all"})
    new = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert (new.loads[0].loaded, new.loads[0].left_out) == (3, 2)
    receipt = staff.get(f"/receipts/{new.token}/").text
    assert "<dt>left out</dt><dd>2</dd>" in receipt
    form = staff.get(f"/receipts/{new.token}/read-again/").text
    assert "Now: <strong>Total, In all</strong>, said with this file" in form
