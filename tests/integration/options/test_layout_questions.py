"""Where a table may stand elsewhere the receipt asks, and one click answers; API, commands and admin say the same."""

import html
import json
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import FileEvent, UploadedFile
from uploads.services.files.activation import delete_file
from uploads.states import FileState

TWO_HEADERS = "a,b,c\nc,d,e\n1,2,4\n3,4,5\n5,6,6\n"
SMALL = "site,posts\nNorth,12\nSouth,7\nEast,8\n"
ABOVE = SMALL + "\nid,when,n,share,more\n" + "".join(f"{i},2020-01-0{i},4,5,6\n" for i in range(1, 6))
BETWEEN = ABOVE.split("\n\n")[1] + "\nNorth,Oslo\nSouth,Rome\nEast,Kyiv\n\ncode,price,pears\nA,1,2\nB,2,3\nC,4,5\n"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT, "change_dataset", "view_dataset"))
    return client


type Question = tuple[str, list[tuple[dict[str, str], str]]]


def questions_on(page: str) -> list[Question]:
    """The doubt, and for each answer what its form posts, and its button."""
    found: list[Question] = []
    for part in re.findall(r'<div class="notice question">(.*?)</div>', page, re.DOTALL):
        [doubt] = re.findall(r"<p>(.*?)</p>", part)
        answers = []
        for form in re.findall(r"<form .*?</form>", part, re.DOTALL):
            fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
            fields.pop("csrfmiddlewaretoken")
            if "/keep/" in form:
                continue
            [button] = re.findall(r"<button[^>]*>([^<]*)</button>", form)
            answers.append((fields, html.unescape(button)))
        found.append((html.unescape(doubt), answers))
    return found


def test_receipt_asks_at_its_top_and_one_click_answers(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv", dataset="two")
    page = staff.get(f"/receipts/{old.token}/").text
    [(doubt, [(fields, button)])] = questions_on(page)
    assert doubt == (
        "The header is read from line 1 on, the rows below it from line 3 on. Line 2 may be the header instead."
    )
    assert (fields, button) == ({"dataset": "two", "header_row": "2"}, "Line 2 is the header")
    assert page.index("may be the header instead") < page.index("What became of each line")
    assert page.count("may be the header instead") == 1

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    new = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert (new.loads[0].header_row, new.loads[0].loaded) == (2, 3)
    assert questions_on(staff.get(f"/receipts/{new.token}/").text) == []


def test_rows_that_went_as_notes_are_read_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(ABOVE, "above.csv")
    [(doubt, [(fields, button), _])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert doubt == "Lines 1 to 4 are taken for notes above the table, and may be a table of their own."
    assert button == "Read lines 1 to 4 instead"

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    [load] = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk).loads
    assert [column["name"] for column in load.columns] == ["site", "posts"]
    assert load.account.sentence == "11 lines = 1 header + 3 rows loaded + 1 blank + 6 left out as you asked"


def test_rows_that_went_as_notes_are_loaded_beside_the_others_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(ABOVE, "above.csv")
    [(_, [_, (fields, button)])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert (fields, button) == ({"dataset": "", "table_rows": "6"}, "Load both tables")

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    new = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert [(load.source, load.loaded) for load in new.loads] == [(None, 3), ("lines 6 to 11", 5)]
    assert questions_on(staff.get(f"/receipts/{new.token}/").text) == []


def test_both_tables_are_not_offered_where_one_dataset_was_named_for_them(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(ABOVE, "above.csv", dataset="above")
    [(_, [(_, button)])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert button == "Read lines 1 to 4 instead"


def test_question_names_the_table_where_a_text_has_several(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(BETWEEN, "between.csv")
    assert [load.source for load in old.loads] == [None, "lines 8 to 15"]
    [(doubt, [(fields, button), _])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert doubt.startswith("<strong>lines 8 to 15:</strong> Lines 8 to 10 are taken for notes above the table")
    assert button == "Read lines 8 to 10 instead"

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    [load] = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk).loads
    assert (load.header_row, load.loaded, len(load.columns)) == (None, 3, 2)


def test_tables_that_may_be_one_say_what_joining_them_brings(pipeline: Pipeline, staff: Client) -> None:
    travel = "Hotels,2277.88\nRail,1981.75\nCar Hire,200.78\nFlights,6235.29\n"
    paper = "Pens Ltd,620.96\nPaper Ltd,437.13\n"
    above = "Summary of {} Expenditure for Period ,\n,\nRow Labels,Sum of Amount\n"
    travel, paper = above.format("Travel") + travel, above.format("Stationery") + paper
    old = pipeline.load(f"{travel}{paper}", "costs.csv")
    assert [load.loaded for load in old.loads] == [4, 2]
    [(doubt, [(fields, button)])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert doubt.endswith(
        "Now they are 2 tables, of 4 and 2 rows. Joined, 2 lines of titles, headers and totals are read as rows too."
    )
    assert button == "Read everything as one table: 8 rows, 2 of titles, headers or totals"
    assert ">Keep 2 tables</button>" in staff.get(f"/receipts/{old.token}/").text

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    [load] = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk).loads
    assert (load.loaded, load.rejected) == (8, 0)


def test_who_may_not_read_it_again_sees_the_question_without_buttons_and_who_can_answer(pipeline: Pipeline) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv")
    page = html.unescape(Client().get(f"/receipts/{old.token}/").text)
    [(doubt, answers)] = questions_on(page)
    assert (doubt.endswith("Line 2 may be the header instead."), answers) == (True, [])
    assert page.count("Line 2 may be the header instead") == 1
    assert "Only the sender and staff can answer." in page
    assert f'<a href="/sign-in/?next=/receipts/{old.token}/">Sign in</a>' in page


def test_api_says_what_to_send(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv")
    [note] = [
        note
        for note in staff.get(f"/api/files/{old.file_id}").json()["loads"][0]["note_details"]
        if note["kind"] == "layout_runner_up"
    ]
    assert note["figures"] == {
        "unit": "line",
        "header": 1,
        "first": 3,
        "ways": [{"header": 2, "first": 3, "options": {"header_row": 2}}],
    }
    [way] = note["figures"]["ways"]
    answer = staff.post(f"/api/files/{old.file_id}/read-again", way["options"], content_type="application/json")
    new = pipeline.finish(answer.json()["id"])
    assert (new.loads[0].header_row, new.loads[0].loaded) == (2, 3)


@pytest.mark.usefixtures("data_schema")
def test_command_prints_the_question_and_the_commands_that_answer_it(tmp_path: Path) -> None:
    path = tmp_path / "above.csv"
    path.write_text(ABOVE)
    out = StringIO()
    call_command("load_file", str(path), stdout=out, stderr=StringIO())
    file = UploadedFile.objects.get()
    assert "Lines 1 to 4 are taken for notes above the table" in out.getvalue()
    command = f"manage.py read_again {file.pk} --header-row 1 --skip-rows 5-11"
    assert command in out.getvalue()

    again = StringIO()
    call_command(*command.split()[1:], "--json", stdout=again, stderr=StringIO())
    [read] = json.loads(again.getvalue())["files"]
    assert read["loads"][0]["rows"]["loaded"] == 3


def test_admin_asks_too(pipeline: Pipeline, admin_client: Client) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv")
    page = admin_client.get(f"/admin/uploads/load/{old.loads[0].load_id}/change/").text
    assert "Line 2 may be the header instead." in page
    assert '<input type="hidden" name="header_row" value="2">' in page
    assert "Line 2 is the header</button>" in page


KEEPING = re.compile(r'action="([^"]*/keep/[^"]*)"')


def test_keeping_it_as_it_is_closes_the_question_everywhere(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv")
    receipt = f"/receipts/{old.token}/"
    [address] = KEEPING.findall(staff.get(receipt).text)
    for _ in range(2):
        page = staff.post(address, follow=True).text
        assert questions_on(page) == []
        assert page.count("Line 2 may be the header instead. Somebody kept it as it is.") == 1
    assert FileEvent.objects.filter(file=old.file_id, text="kept as it was read").count() == 1
    load = staff.get(f"/admin/uploads/load/{old.loads[0].load_id}/change/").text
    assert "Keep it as it is" not in load
    [note] = [
        note
        for note in staff.get(f"/api/files/{old.file_id}").json()["loads"][0]["note_details"]
        if note["kind"] == "layout_runner_up"
    ]
    assert note["figures"]["kept"] is True


def reading_with(options: Mapping[str, object], *, of: int, pipeline: Pipeline, staff: Client) -> str:
    """The receipt's page of the file once it is read again so."""
    answer = staff.post(f"/api/files/{of}/read-again", options, content_type="application/json")
    return staff.get(f"/receipts/{pipeline.finish(answer.json()['id']).token}/").text


def test_what_was_kept_stays_closed_where_it_is_read_again_and_laid_out_as_before(
    pipeline: Pipeline, staff: Client
) -> None:
    old = pipeline.load(ABOVE, "above.csv")
    staff.post(KEEPING.findall(staff.get(f"/receipts/{old.token}/").text)[0])
    for options in ({"day_first": True}, {"all_text": True}, {"day_first": None, "all_text": None}):
        page = reading_with(options, of=old.file_id, pipeline=pipeline, staff=staff)
        assert questions_on(page) == []
        assert page.count("Somebody kept it as it is.") == 1


@pytest.mark.parametrize("options", [{"skip_words": "3"}, {"skip_rows": "11"}])
def test_what_was_kept_is_asked_anew_where_the_table_is_laid_out_otherwise(
    options: dict[str, object], pipeline: Pipeline, staff: Client
) -> None:
    old = pipeline.load(ABOVE, "above.csv")
    staff.post(KEEPING.findall(staff.get(f"/receipts/{old.token}/").text)[0])
    page = reading_with(options, of=old.file_id, pipeline=pipeline, staff=staff)
    assert "Somebody kept it as it is." not in page
    assert questions_on(page)


def test_what_was_kept_stays_closed_where_the_file_is_fitted_to_its_dataset(pipeline: Pipeline, staff: Client) -> None:
    mine = pipeline.load(ABOVE, "mine.csv", activate=False, again=True)
    pipeline.load(ABOVE.split("\n\n")[1].replace("4,5,6", "x,5,6"), "first.csv")
    staff.post(KEEPING.findall(staff.get(f"/receipts/{mine.token}/").text)[0])
    staff.post(f"/api/files/{mine.file_id}/activate")
    fitted = pipeline.finish(mine.file_id)
    assert fitted.loads[0].columns[2]["type"] == "text"
    assert fitted.state is FileState.ACTIVE
    page = staff.get(f"/receipts/{mine.token}/").text
    assert questions_on(page) == []
    assert page.count("Somebody kept it as it is.") == 1


def test_what_was_kept_is_forgotten_with_the_file(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv")
    staff.post(KEEPING.findall(staff.get(f"/receipts/{old.token}/").text)[0])
    assert UploadedFile.objects.get(pk=old.file_id).kept_readings
    delete_file(file_id=old.file_id)
    assert UploadedFile.objects.get(pk=old.file_id).kept_readings == []


def test_each_question_is_kept_by_itself(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(BETWEEN, "between.csv")
    page = staff.get(f"/receipts/{old.token}/").text
    addresses = KEEPING.findall(page)
    assert len(addresses) == len(questions_on(page))
    left = questions_on(staff.post(addresses[0], follow=True).text)
    assert len(left) == len(addresses) - 1


def test_only_whoever_may_read_it_again_keeps_it(pipeline: Pipeline, admin_client: Client) -> None:
    old = pipeline.load(TWO_HEADERS, "two.csv")
    [address] = KEEPING.findall(admin_client.get(f"/receipts/{old.token}/").text)
    stranger = Client()
    assert stranger.post(address).status_code == 401
    assert admin_client.post(address.replace(f"/{old.loads[0].load_id}/", "/999999/")).status_code == 404
    assert len(KEEPING.findall(admin_client.get(f"/receipts/{old.token}/").text)) == 1


def test_api_admin_and_command_keep_it_too(pipeline: Pipeline, admin_client: Client) -> None:
    files = [
        pipeline.load(TWO_HEADERS.replace("6,6", f"6,{last}"), f"{last}.csv", dataset=f"t{last}") for last in (7, 8, 9)
    ]
    answer = admin_client.post(f"/api/files/{files[0].file_id}/keep-reading")
    assert answer.status_code == 200
    [address] = KEEPING.findall(admin_client.get(f"/admin/uploads/load/{files[1].loads[0].load_id}/change/").text)
    assert admin_client.post(address).status_code == 302
    out = StringIO()
    call_command("keep_reading", str(files[2].file_id), stdout=out)
    assert "“9.csv” is kept as it was read: 1 question is closed." in out.getvalue()
    for file in files:
        assert questions_on(admin_client.get(f"/receipts/{file.token}/").text) == []
