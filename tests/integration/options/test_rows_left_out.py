"""“Data begin in row N” and “leave these rows out”, said on any way in; words hold for later files, numbers don't."""

import html
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.columns.suggested import suggested_changes
from uploads.services.options.remembered import remembered_options
from uploads.tabular.notes import NoteKind

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


def test_file_that_joins_by_its_columns_alone_is_told_what_is_remembered_of_rows(pipeline: Pipeline) -> None:
    pipeline.load(SUMS, "a.csv", dataset="sums", options={"skip_words": ["Total"]})
    later = pipeline.load(SUMS, "b.csv")
    [note] = [note for note in later.loads[0].notes if note.kind is NoteKind.ROWS_NOT_APPLIED]
    assert note.figures["options"] == "rows that begin with “Total” left out"
    named = pipeline.load(SUMS, "c.csv", dataset="sums")
    assert NoteKind.ROWS_NOT_APPLIED not in {note.kind for note in named.loads[0].notes}


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
    assert "Now: <strong>Total, In all</strong>, given with this file" in form


MORE_SUMS = "n;place\n1;North\n2;South\nTotal;\n4;East\n5;West\nTotal;\n7;Top\n"
UNITS = "place;speed;share\n-;m/s;so much\nNorth;3;40\nSouth;5;60\nEast;6;70\n"
UNSURE = "place;speed\n-;how fast\nNorth;3\nSouth;5\nEast;6\n"


def offer_of(page: str) -> tuple[str, dict[str, str], str] | None:
    """Sentence, fields and button of the offer to leave rows out."""
    match = re.search(
        r'<div class="offer"><p>([^<]*)</p>\s*<form method="post" action="[^"]*read-again/">(.*?)</form>', page
    )
    if match is None:
        return None
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', match[2]))
    fields.pop("csrfmiddlewaretoken")
    [button] = re.findall(r"<button[^>]*>([^<]*)</button>", match[2])
    return html.unescape(match[1]), fields, button


def test_total_is_offered_to_be_left_out_with_one_click_and_never_as_a_null_word(
    pipeline: Pipeline, staff: Client
) -> None:
    old = pipeline.load(MORE_SUMS, "sums.csv", dataset="sums", options={"header_row": 1, "skip_words": ["Sum"]})
    page = staff.get(f"/receipts/{old.token}/").text
    offer = offer_of(page)
    assert offer is not None
    assert offer[0] == "Lines 4 and 7 hold “Total” where other rows hold whole numbers."
    assert offer[1:] == (
        {"dataset": "sums", "header_row": "1", "skip_words": "Sum, Total"},
        "Leave lines 4 and 7 out",
    )
    assert "as empty" not in page
    assert suggested_changes(dataset=Dataset.objects.get(slug="sums")) == ()
    staff.post(f"/receipts/{old.token}/read-again/", offer[1])
    new = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert (new.loads[0].left_out, new.loads[0].columns[0]["type"]) == (2, "bigint")
    assert offer_of(staff.get(f"/receipts/{new.token}/").text) is None


def test_row_of_units_is_offered_to_be_left_out_where_two_columns_say_so(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(UNITS, "units.csv", options={"header_row": 1})
    offer = offer_of(staff.get(f"/receipts/{old.token}/").text)
    assert offer == (
        "Line 2 holds “m/s” and “so much” where other rows hold whole numbers.",
        {"dataset": "", "header_row": "1", "skip_rows": "2"},
        "Leave line 2 out",
    )
    assert suggested_changes(dataset=Dataset.objects.get(slug="units")) == ()
    assert offer_of(Client().get(f"/receipts/{old.token}/").text) is None


def test_word_that_may_be_either_is_offered_as_both(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(UNSURE.replace("how fast", "n.d."), "unsure.csv")
    page = staff.get(f"/receipts/{old.token}/").text
    assert offer_of(page) is not None
    assert "read “n.d.” as empty" in html.unescape(page)


def test_word_that_nobody_uses_for_no_value_is_not_offered_as_empty(pipeline: Pipeline, staff: Client) -> None:
    page = staff.get(f"/receipts/{pipeline.load(UNSURE, 'unsure.csv').token}/").text
    assert offer_of(page) is not None
    assert "as empty" not in html.unescape(page)


def test_admin_offers_it_too(pipeline: Pipeline, admin_client: Client) -> None:
    old = pipeline.load(UNITS, "units.csv", options={"header_row": 1})
    page = admin_client.get(f"/admin/uploads/load/{old.loads[0].load_id}/change/").text
    assert '<input type="hidden" name="skip_rows" value="2">' in page
    assert "Leave line 2 out" in page


def test_api_names_the_rows_of_a_suggestion(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(UNITS, "units.csv", options={"header_row": 1})
    columns = staff.get(f"/api/files/{old.file_id}").json()["loads"][0]["columns"]
    assert [column["suggestion"] and column["suggestion"]["rows"] for column in columns] == [None, [2], [2]]
    assert columns[1]["evidence"].endswith("Without line 2, all are whole numbers.")


def test_uneven_rows_are_fitted_as_a_person_says(pipeline: Pipeline, staff: Client) -> None:
    votes = "id,name,votes\n" + "".join(f"{i},n{i}{',A' * (i % 4)}\n" for i in range(40))
    old = pipeline.load(votes, "votes.csv", options={"delimiter": ","}, activate=False)
    staff.post(f"/receipts/{old.token}/read-again/", {"uneven_rows": "collect"})
    [load] = pipeline.finish(old.file_id).loads  # it had failed: most rows are of another width
    assert (load.loaded, load.rejected, [column["name"] for column in load.columns]) == (40, 0, ["id", "name", "votes"])
    assert (
        "As you asked, 30 rows of other lengths were fitted: short ones have empty last cells, long ones the rest in "
        "the last column."
    ) in load.sentences
