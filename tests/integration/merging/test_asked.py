"""The question how a file joins: what blanks and missing columns mean is asked with it, and an answer can come late."""

import html
import json
import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, UploadedFile
from uploads.services.choice import Chooser
from uploads.services.comparison.effects import foretell
from uploads.services.errors import ModeDecided
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.joining.columns import ColumnAnswer, answer_columns
from uploads.services.joining.modes import join_file
from uploads.services.merging.asked import fingerprint_of, forget_answered
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.merging.overlap import overlaps_of, seen_of
from uploads.services.merging.shown_rows import active_in_order
from uploads.services.reviewing.acts import undo_activation
from uploads.states import FileState, Kept, Mode

JANUARY = "code;price;region\nA1;10;North\nB2;20;South\nC3;;East\nD4;40;West\n"
BLANKS = "code;price;region\nA1;11;\nB2;;North\nC3;;East\n"
SEEN = "SELECT code, price, region FROM data.prices ORDER BY code"
BLANKS_KEPT = [("A1", 11, "North"), ("B2", 20, "North"), ("C3", None, "East"), ("D4", 40, "West")]
BLANKS_EMPTY = [("A1", 11, None), ("B2", None, "North"), ("C3", None, "East"), ("D4", 40, "West")]


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def load(pipeline: Pipeline, text: str, **wishes: object) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", **{"again": False, **wishes}).file_id)


def by_page(pipeline: Pipeline, text: str, **wishes: object) -> UploadedFile:
    file = load(pipeline, text, via=UploadedFile.Via.PAGE, **wishes)
    assert file.state == FileState.LOADED
    return file


def buttons(page: str) -> dict[str, dict[str, str]]:
    """What each button of the question posts, by its words."""
    forms = re.findall(r"<form[^>]*>(?:(?!</form>).)*</form>", page, re.DOTALL)
    found = {}
    for form in forms:
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        label = re.search(r"<button[^>]*>([^<]*)", form)
        if "mode" in fields and label:
            found[label[1].strip()] = {name: fields[name] for name in fields if name != "csrfmiddlewaretoken"}
    return found


def press(client: Client, file: UploadedFile, words: str) -> str:
    page = client.get(f"/receipts/{file.token}/").content.decode()
    answer = client.post(f"/receipts/{file.token}/join/", buttons(page)[words], follow=True)
    return answer.content.decode()


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


@pytest.mark.parametrize(
    ("words", "seen", "choices"),
    [
        ("Update by code; blanks keep the old values", BLANKS_KEPT, {"blanks": "keep"}),
        ("Update by code; blanks empty the old values", BLANKS_EMPTY, {"said": ["blanks"]}),
    ],
)
def test_what_a_blank_means_is_asked_in_one_click(
    staff: Client, pipeline: Pipeline, words: str, seen: list[tuple[Any, ...]], choices: dict[str, Any]
) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "2 rows of it have blanks where “prices” has values." in page
    assert "Update by code" not in buttons(page), "neither meaning is assumed"
    press(staff, file, words)
    assert rows(SEEN) == seen
    assert Dataset.objects.get(slug="prices").merge_choices == choices
    deactivate_file(file_id=file.pk)
    assert [row[1] for row in rows(SEEN)] == [10, 20, None, 40]


@pytest.mark.parametrize("text", ["code;price;region\nA1;11;East\nC3;;East\n", "code;price;region\nE5;;\nF6;;\n"])
def test_a_file_whose_blanks_meet_no_values_has_one_button(staff: Client, pipeline: Pipeline, text: str) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, text, activate=False)
    found = buttons(staff.get(f"/receipts/{file.token}/").content.decode())
    assert [words for words in found if words.startswith("Update")] == ["Update by code"]


def test_where_an_export_overlaps_the_last_one_it_is_said_which_answer_has_no_row_twice(
    staff: Client, pipeline: Pipeline
) -> None:
    pipeline.load("id;what\n1;a\n2;b\n3;c\n", "log.csv", activate=True)
    words = "“Update” adds only what is new, 1 row; after “Add all” 2 rows are there twice."
    for text, is_said in (("id;what\n2;b\n3;c\n4;d\n", True), ("id;what\n2;b\n3;x\n4;d\n", False)):
        file = pipeline.load(text, "more.csv", activate=False)
        page = html.unescape(staff.get(f"/receipts/{file.token}/").content.decode())
        assert ("Add all 3 rows" in page, words in page) == (True, is_said)


def test_where_nothing_tells_rows_apart_it_is_said_what_adding_all_of_them_does(
    staff: Client, pipeline: Pipeline
) -> None:
    pipeline.load("day;payee;paid\n1;a;5\n1;a;5\n2;b;5\n", "bank.csv", activate=True)
    file = pipeline.load("day;payee;paid\n2;b;5\n2;c;6\n2;c;6\n", "more.csv", activate=False)
    page = html.unescape(staff.get(f"/receipts/{file.token}/").content.decode())
    assert "Update by" not in page
    assert "After “Add all” 1 row is there twice." in page


def test_what_a_missing_column_means_is_asked_too(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, "code;price\nA1;11\nB2;\n")
    answered = answer_columns(
        file_id=file.pk, answer=ColumnAnswer(dataset="prices", columns={}), ask_how=True, user_id=None
    )
    assert answered is None
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "1 row of it has blanks where “prices” has values." in page
    assert "It does not have “region”, where “prices” has values for 2 of its rows." in page
    assert [words for words in buttons(page) if words.startswith("Update")] == [
        "Update by code; blanks and missing columns keep the old values",
        "Update by code; missing columns keep the old values, blanks empty them",
        "Update by code; blanks and missing columns empty the old values",
    ]
    press(staff, file, "Update by code; missing columns keep the old values, blanks empty them")
    assert rows(SEEN)[:2] == [("A1", 11, "North"), ("B2", None, "South")]
    assert Dataset.objects.get(slug="prices").merge_choices == {"missing": "keep", "said": ["blanks"]}


def test_review_and_list_ask_it_as_the_receipt_does(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    page = staff.get(f"/admin/uploads/review/{file.pk}/").content.decode()
    way = buttons(page)["Update by code; blanks keep the old values"]
    staff.post(f"/admin/uploads/review/{file.pk}/", way)
    assert rows(SEEN) == BLANKS_KEPT
    deactivate_file(file_id=file.pk)
    change_mode(slug="prices", mode=Mode.APPEND)
    Dataset.objects.filter(slug="prices").update(mode_chosen=None)
    later = by_page(pipeline, "code;price;region\nA1;12;\nB2;21;\n")
    chosen = {"action": "activate_files", "_selected_action": [later.pk]}
    asked = staff.post("/admin/uploads/uploadedfile/", chosen).content.decode()
    value = re.search(r'value="(merge,keep[^"]*)"', asked)
    assert value is not None
    assert "Update by key; blanks and missing columns empty the old values" in asked
    staff.post("/admin/uploads/uploadedfile/", {**chosen, "mode": value[1], "confirm": "yes"})
    later.refresh_from_db()
    assert later.state == FileState.ACTIVE
    assert rows(SEEN)[:2] == [("A1", 12, "North"), ("B2", 21, "South")]


def test_api_tells_it_and_takes_the_answer(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    told = staff.get(f"/api/files/{file.pk}/overlaps").json()
    assert {name: told["overlaps"][0][name] for name in ("emptied_rows", "lacking", "lacking_rows")} == {
        "emptied_rows": 2,
        "lacking": [],
        "lacking_rows": 0,
    }
    plain = staff.post(f"/api/files/{file.pk}/activate")
    assert (plain.status_code, plain.json()["error"]["code"]) == (409, "join_undecided")
    wish = {"mode": "merge", "key": ["code"], "blanks": "keep", "seen": told["seen"], "remember": True}
    wrong = staff.post(f"/api/files/{file.pk}/join", {**wish, "mode": "append", "key": []}, "application/json")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "bad_option")
    answer = staff.post(f"/api/files/{file.pk}/join", wish, content_type="application/json")
    assert answer.json()["state"] == "active"
    assert rows(SEEN) == BLANKS_KEPT


def test_files_that_are_sent_say_it_with_the_mode(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    sent = {"file": SimpleUploadedFile("prices.csv", BLANKS.encode()), "mode": "merge", "key": "code"}
    accepted = staff.post("/api/files", {**sent, "blanks": "keep", "delete_when": "region=gone"})
    pipeline.finish(accepted.json()["id"])
    assert rows(SEEN) == BLANKS_KEPT
    dataset = Dataset.objects.get(slug="prices")
    assert dataset.merge_choices == {"blanks": "keep", "mark": "region", "mark_values": ["gone"]}
    assert UploadedFile.objects.get(pk=accepted.json()["id"]).merge_said == {}, "it was said of how it comes"
    for wrong in ({"blanks": "perhaps"}, {"blanks": "keep", "mode": "append", "key": ""}):
        file = SimpleUploadedFile("x.csv", b"code;price\nZ1;1\n")
        assert staff.post("/api/files", {**sent, "file": file, **wrong}).status_code == 400


def test_nothing_is_foretold_of_a_file_by_which_all_rows_are_folded_anew(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    file = load(pipeline, BLANKS, activate=False, mode="merge", choices=SaidChoices(blanks=Kept.KEEP))
    assert foretell(file_id=file.pk).effects == {}
    plain = load(pipeline, BLANKS.replace("11", "12"), activate=False)
    assert foretell(file_id=plain.pk).effects["prices"].changed == 2


def test_command_asks_and_takes_the_answer(pipeline: Pipeline, tmp_path: Any) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    with pytest.raises(CommandError) as asked:
        run("activate_file", str(file.pk))
    assert asked.value.returncode == 1
    assert "3 of 3 rows have a “code” that is in “prices” already" in str(asked.value)
    keep = f"manage.py activate_file {file.pk} --mode merge --key code --blanks keep"
    assert f"Update by code; blanks keep the old values: {keep}\n" in str(asked.value)
    for wrong in (["--key", "code"], ["--remember"], ["--mode", "append", "--blanks", "keep"]):
        with pytest.raises(CommandError) as refused:
            run("activate_file", str(file.pk), *wrong)
        assert refused.value.returncode == 2
    done = run(*keep.split()[1:], "--json")
    assert done["files"][0]["state"] == "active"
    assert rows(SEEN) == BLANKS_KEPT
    path = tmp_path / "prices.csv"
    path.write_text("code;price;region\nD4;;\n")
    run("load_file", str(path), "--mode", "merge", "--blanks", "replace")
    assert rows(SEEN)[3] == ("D4", None, None)
    assert rows(SEEN)[:3] == BLANKS_EMPTY[:3], "what it says holds for the dataset, whose rows are folded in one way"


def test_an_answer_that_comes_after_another_is_refused_in_words(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    before = rows(SEEN)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=Kept.KEEP))
    late = buttons(page)["Replace the whole table"]
    said = staff.post(f"/receipts/{file.token}/join/", late, follow=True).content.decode()
    assert "Somebody else has just said how files join “prices”: a new file updates the rows" in said
    assert "Nothing was changed." in said
    assert rows(SEEN) == before
    file.refresh_from_db()
    assert (file.state, file.mode, file.mode_seen) == (FileState.LOADED, "", {})
    reviewed = staff.post(f"/admin/uploads/review/{file.pk}/", {"act": "activate", **late}, follow=True)
    assert "Somebody else has just said how files join" in reviewed.content.decode()
    assert rows(SEEN) == before
    wish = {"mode": "append", "seen": late["seen"]}
    refused = staff.post(f"/api/files/{file.pk}/join", wish, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "mode_decided")
    same = buttons(page)["Update by code; blanks keep the old values"]
    staff.post(f"/receipts/{file.token}/join/", same)
    assert rows(SEEN) == BLANKS_KEPT, "the same answer is none that comes too late"


def test_an_answer_for_several_files_that_comes_late_is_refused_too(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    chosen = {"action": "activate_files", "_selected_action": [file.pk]}
    asked = staff.post("/admin/uploads/uploadedfile/", chosen).content.decode()
    value = re.search(r'value="(append,[^"]*)"', asked)
    assert value is not None
    before = rows(SEEN)
    change_mode(slug="prices", mode=Mode.REPLACE)
    said = staff.post("/admin/uploads/uploadedfile/", {**chosen, "mode": value[1], "confirm": "yes"}, follow=True)
    assert "Somebody else has just said how files join" in said.content.decode()
    assert rows(SEEN) == before


def test_an_answer_is_late_too_where_the_file_was_read_again_first(pipeline: Pipeline) -> None:
    file = load(pipeline, "code;price;region\nA1;11;1\nB2;12;2\n", activate=False)
    load(pipeline, JANUARY)  # whose regions are words
    before, seen = rows(SEEN), f"prices:{fingerprint_of(Dataset.objects.get(slug='prices'))}"
    assert join_file(file_id=file.pk, mode=Mode.REPLACE, seen=seen).fitting
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    assert pipeline.finish(file.pk).state is FileState.LOADED
    assert rows(SEEN) == before
    file.refresh_from_db()
    assert (file.mode, file.mode_seen) == ("", {}), "nobody is held to it"
    activate_file(file_id=file.pk)
    assert rows(SEEN)[:2] == [("A1", 11, "1"), ("B2", 12, "2")]
    assert len(rows(SEEN)) == 4


def test_a_question_that_was_held_while_it_was_answered_falls_away(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    asked = seen_of(overlaps_of(file_id=file.pk))
    kept = file.overlaps
    change_mode(slug="prices", mode=Mode.REPLACE, chooser=Chooser.STAFF)
    UploadedFile.objects.filter(pk=file.pk).update(overlaps=kept)  # as where that act passed it by, for it was locked
    with pytest.raises(ModeDecided):
        join_file(file_id=file.pk, mode=Mode.APPEND, seen=asked)
    file.refresh_from_db()
    assert file.overlaps == []
    UploadedFile.objects.filter(pk=file.pk).update(overlaps=kept)
    assert (forget_answered(), forget_answered()) == (1, 0)
    activate_file(file_id=file.pk)
    assert active_in_order(Dataset.objects.get(slug="prices")) == [file.pk]


def test_what_was_answered_is_asked_again_once_it_is_undone(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    press(staff, file, "Add all 3 rows")
    undo_activation(file_id=file.pk)
    file.refresh_from_db()
    assert [each["dataset"] for each in file.overlaps] == ["prices"]
    acts = [button["act"] for button in staff.get(f"/api/files/{file.pk}").json()["buttons"]]
    assert "activate" not in acts, "it is not added by the way"
    press(staff, file, "Update by code; blanks keep the old values")
    assert rows(SEEN) == BLANKS_KEPT
    undo_activation(file_id=file.pk)
    change_mode(slug="prices", mode=Mode.APPEND)
    activate_file(file_id=file.pk)
    undo_activation(file_id=file.pk)
    file.refresh_from_db()
    assert file.overlaps == [], "by now it is said how files join"


def test_nothing_is_asked_while_no_other_file_is_active(staff: Client, pipeline: Pipeline) -> None:
    first = load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    deactivate_file(file_id=first.pk)
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert not buttons(page)
    assert "Activate 3 rows" in page
    review = f"/admin/uploads/review/{file.pk}/"
    activate_file(file_id=first.pk)
    said = staff.post(review, {"act": "activate"}, follow=True).content.decode()
    assert "nobody has said how it joins them" in said
    deactivate_file(file_id=first.pk)
    staff.post(review, {"act": "activate"})
    assert len(rows(SEEN)) == 3


def test_an_open_question_is_not_forgotten(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = by_page(pipeline, BLANKS)
    assert forget_answered() == 0
    file.refresh_from_db()
    assert file.overlaps


def test_a_form_that_is_saved_as_it_stands_leaves_open_what_blanks_mean(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    page, asked = "/datasets/prices/mode/", '<option value="" selected>is asked about'
    assert staff.get(page).content.decode().count(asked) == 2
    staff.post(page, {"mode": "merge", "key": ["code"], "blanks": "", "missing_columns": ""})
    file = by_page(pipeline, BLANKS)
    words = html.unescape(press(staff, file, "Update by code; blanks keep the old values"))
    assert "Activated" in words
    assert rows(SEEN) == BLANKS_KEPT
    form = staff.get(page).content.decode()
    assert '<option value="keep" selected>' in form
    assert form.count(asked) == 1, "of columns that a file lacks nobody has said anything"
    staff.post(page, {"mode": "merge", "key": ["code"], "blanks": "replace", "missing_columns": ""})
    assert rows(SEEN) == BLANKS_EMPTY
