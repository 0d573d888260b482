"""How files join is said on every face: commands, API, receipt and the dataset's page."""

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, UploadedFile
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState

JANUARY = "code;price\nA1;10\nB2;20\nC3;30\n"
FEBRUARY = "code;price\nB2;21\nC3;30\nD4;40\n"
SEEN = "SELECT code, price FROM data.prices ORDER BY code, price"


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def load(pipeline: Pipeline, text: str, **wishes: object) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", again=False, **wishes).file_id)


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def test_command_says_and_changes_the_mode(pipeline: Pipeline) -> None:
    first, second = load(pipeline, JANUARY), load(pipeline, FEBRUARY)
    assert run("dataset_mode", "prices", "--json") == {
        "mode": "append",
        "key": [],
        "blanks": "replace",
        "missing_columns": "replace",
        "delete_when": None,
        "files": [first.pk, second.pk],
        "likely_key": ["code"],
    }
    assert run("dataset_mode", "prices", "merge", "--key", "code").startswith("merge: a new file updates the rows")
    assert rows(SEEN) == [("A1", 10), ("B2", 21), ("C3", 30), ("D4", 40)]
    assert run("dataset_mode", "prices", "--order", str(second.pk), str(first.pk), "--json")["files"] == [
        second.pk,
        first.pk,
    ]
    assert rows(SEEN) == [("A1", 10), ("B2", 20), ("C3", 30), ("D4", 40)]
    for wrong in (["merge"], ["replace", "--key", "code"], ["sideways"], ["merge", "--key", "code,code"]):
        with pytest.raises(CommandError) as refused:
            run("dataset_mode", "prices", *wrong)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="There is no dataset") as refused:
        run("dataset_mode", "nothing")
    assert refused.value.returncode == 1


def test_api_says_what_is_there_already_and_joins(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, FEBRUARY, activate=False)
    [overlap] = staff.get(f"/api/files/{file.pk}/overlaps").json()["overlaps"]
    assert overlap == {
        "dataset": "prices",
        "rows": 3,
        "active_files": 1,
        "key": ["code"],
        "known_keys": 2,
        "equal_rows": 1,
        "emptied_rows": 0,
        "lacking": [],
        "lacking_rows": 0,
        "on_activation": {"new": 3, "changed": 0, "gone": 0, "equal": 3, "hidden": 0},
        "not_foretold": None,
    }
    answer = staff.post(
        f"/api/files/{file.pk}/join", {"mode": "merge", "key": ["code"]}, content_type="application/json"
    )
    assert answer.json()["state"] == "active"
    assert len(rows(SEEN)) == 4
    detail = staff.get("/api/datasets/prices").json()
    assert (detail["mode"], detail["key"], detail["rows"]) == ("merge", ["code"], 4)
    mode = staff.put("/api/datasets/prices/mode", {"mode": "append"}, content_type="application/json")
    assert mode.json()["mode"] == "append"
    assert len(rows(SEEN)) == 6
    assert Client().put(
        "/api/datasets/prices/mode", {"mode": "append"}, content_type="application/json"
    ).status_code in (
        401,
        403,
    )


def test_receipt_asks_once_and_remembers(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, FEBRUARY, activate=False)
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "2 of 3 rows have a “code” that is in “prices” already; 1 of them is exactly the same." in page
    assert all(label in page for label in ("Replace the whole table", "Update by code", "Add all 3 rows"))
    assert "Update by code" not in Client().get(f"/receipts/{file.token}/").content.decode()
    staff.post(f"/receipts/{file.token}/join/", {"mode": "merge", "key": "code"})
    file.refresh_from_db()
    assert file.state == FileState.ACTIVE
    assert Dataset.objects.values_list("mode", "key").get() == ("merge", ["code"])
    later = load(pipeline, "code;price\nA1;11\n", activate=False)
    page = staff.get(f"/receipts/{later.token}/").content.decode()
    assert "Activating it updates 1 row." in page
    assert "Update by code" not in page
    assert "As the full list it updates 1 row and takes 3 rows out of sight." in page
    review = staff.get(f"/admin/uploads/review/{later.pk}/").content.decode()
    assert "Activating it updates 1 row. 3 rows stay as they are." in review
    assert 'data-key="a">Activate 1 row ' in review  # how it joins is known: to activate it needs no other answer
    assert 'data-focus="a"' not in review
    staff.post(f"/admin/uploads/review/{later.pk}/", {"act": "activate", "mode": "merge", "key": "", "full": "true"})
    assert rows("SELECT code FROM data.prices") == [("A1",)]


def test_dataset_page_says_and_changes_how_files_join(staff: Client, pipeline: Pipeline) -> None:
    first, second = load(pipeline, JANUARY), load(pipeline, FEBRUARY)
    assert "All rows of a new file are added." in staff.get("/datasets/prices/").content.decode()
    form = staff.get("/datasets/prices/mode/").content.decode()
    assert 'value="code" checked' in form
    assert Client().get("/datasets/prices/mode/").status_code in (302, 401, 403)
    staff.post("/datasets/prices/mode/", {"mode": "merge", "key": ["code"]})
    assert len(rows(SEEN)) == 4
    form = staff.get("/datasets/prices/mode/").content.decode()
    assert f'value="{second.pk},{first.pk}"' in form
    staff.post("/datasets/prices/mode/", {"order": f"{second.pk},{first.pk}"})
    assert ("B2", 20) in rows(SEEN)
    said = staff.post("/datasets/prices/mode/", {"mode": "merge"}, follow=True).content.decode()
    assert "To update by key, a dataset needs a key." in said


def test_move_of_whoever_saw_another_order_is_refused(staff: Client, pipeline: Pipeline) -> None:
    """It would undo what somebody else has just moved; the same move twice is one."""
    first = load(pipeline, JANUARY, mode="merge", key="code").pk
    second, third = (load(pipeline, f"code;price\nA1;{price}\n").pk for price in (11, 12))
    page = "/datasets/prices/mode/"
    assert f'name="seen" value="{first},{second},{third}"' in staff.get(page).content.decode()

    def move(*order: int) -> str:
        said = {"order": ",".join(map(str, order)), "seen": f"{first},{second},{third}"}
        return staff.post(page, said, follow=True).content.decode()

    for _ in range(2):
        assert "The order is changed." in move(second, first, third)
    assert "has changed since you looked" in move(first, third, second)
    assert active_in_order(Dataset.objects.get(slug="prices")) == [second, first, third]


def seen_on(client: Client, page: str) -> str:
    """What the form says of what it was made of."""
    [seen] = re.findall(r'name="seen" value="([0-9a-f]{12})"', client.get(page).content.decode())
    return str(seen)


@pytest.mark.parametrize("face", ["page", "admin"])
def test_mode_of_whoever_saw_another_one_is_refused(staff: Client, pipeline: Pipeline, face: str) -> None:
    load(pipeline, JANUARY)
    dataset = Dataset.objects.get()
    page = "/datasets/prices/mode/" if face == "page" else f"/admin/uploads/dataset/{dataset.pk}/joining/"
    seen = seen_on(staff, page)
    staff.post(page, {"mode": "merge", "key": ["code"], "seen": seen})
    late = staff.post(page, {"mode": "replace", "seen": seen}, follow=True).content.decode()
    assert "Somebody else has said how files join “prices” since you looked: a new file updates the rows" in late
    assert "Nothing was changed." in late
    late = staff.post(page, {"mode": "merge", "key": ["price"], "seen": seen}, follow=True).content.decode()
    assert "Somebody else has said" in late
    dataset.refresh_from_db()
    assert (dataset.mode, dataset.key) == ("merge", ["code"])


def test_mode_that_was_saved_twice_alike_or_was_not_seen_is_saved(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    page = "/datasets/prices/mode/"
    seen = seen_on(staff, page)
    for _ in range(2):
        said = staff.post(page, {"mode": "merge", "key": ["code"], "seen": seen}, follow=True).content.decode()
        assert "Saved: a new file updates" in said
    for said_seen in ({"seen": seen_on(staff, page)}, {}):
        mode = "replace" if said_seen else "append"
        assert "Saved:" in staff.post(page, {"mode": mode, **said_seen}, follow=True).content.decode()
        assert Dataset.objects.get().mode == mode


def test_columns_that_tell_no_rows_apart_together_are_said_so(staff: Client, pipeline: Pipeline) -> None:
    file = load(pipeline, "code;price\nA1;1\nA1;\n")
    said = staff.post("/datasets/prices/mode/", {"mode": "merge", "key": ["code", "price"]}, follow=True)
    words = f"“code” and “price” do not tell the rows of file {file.pk} apart: it has 1 row without “code” or “price”."
    assert words in said.content.decode()


def test_receipt_proposes_the_column_that_looks_like_a_key(staff: Client, pipeline: Pipeline) -> None:
    file = load(pipeline, JANUARY)
    words = "“code” looks like a key: a different value in each of 3 rows."
    assert words in staff.get(f"/receipts/{file.token}/").content.decode()
    assert words not in Client().get(f"/receipts/{file.token}/").content.decode()
    run("dataset_mode", "prices", "append")
    assert words not in staff.get(f"/receipts/{file.token}/").content.decode()


def test_on_the_page_rows_that_are_there_already_are_not_doubled_by_themselves(
    staff: Client, pipeline: Pipeline
) -> None:
    load(pipeline, JANUARY)
    held = load(pipeline, FEBRUARY, via=UploadedFile.Via.PAGE)
    assert held.state == FileState.LOADED
    file = staff.get(f"/api/files/{held.pk}").json()
    assert file["notice"].startswith("2 of 3 rows have a “code” that is in “prices” already")
    assert "activate" not in [button["act"] for button in file["buttons"]]
    assert file["answer"] == "Answer…"
    asked = staff.get(f"/receipts/{held.token}/changes/").context
    assert (asked["key"], asked["comparison"].changed) == (["code"], 1)  # by the key that is asked about
    plainly = staff.get(f"/receipts/{held.token}/changes/?with=active").context
    assert (plainly["key"], plainly["comparison"].changed) == ([], 0)  # unless nothing shall tell them apart
    assert load(pipeline, "code;price\nZ9;1\n", via=UploadedFile.Via.PAGE).state == FileState.ACTIVE
    staff.post(f"/receipts/{held.token}/join/", {"mode": "append"})
    held.refresh_from_db()
    assert (held.state, held.overlaps) == (FileState.ACTIVE, [])
    later = load(pipeline, "code;price\nA1;12\n", via=UploadedFile.Via.PAGE)
    assert later.state == FileState.ACTIVE  # it was said how files join


def test_where_rows_are_only_added_most_of_them_are_not_added_twice_by_themselves(
    staff: Client, pipeline: Pipeline
) -> None:
    load(pipeline, JANUARY)
    staff.put("/api/datasets/prices/mode", {"mode": "append"}, content_type="application/json")
    longer = "code;price\nA1;10\nB2;20\nY8;1\n"
    repeated = load(pipeline, longer, via=UploadedFile.Via.PAGE)
    assert (repeated.state, repeated.overlaps) == (FileState.LOADED, [])
    page = staff.get(f"/receipts/{repeated.token}/").content.decode()
    assert "most of its rows are there already, exactly as they are" in page
    assert "2 of 3 rows" in page
    assert staff.get(f"/api/files/{repeated.pk}").json()["notice"] == (
        "2 of 3 rows were there already, exactly as they are, when this file came. Nothing of it was added yet;"
        " activating it adds all 3 rows."
    )
    staff.post(f"/admin/uploads/review/{repeated.pk}/", {"act": "activate"})
    repeated.refresh_from_db()
    assert repeated.state == FileState.ACTIVE
    assert load(pipeline, "code;price\nA1;10\nY9;1\n", via=UploadedFile.Via.PAGE).state == FileState.ACTIVE  # half
    assert load(pipeline, longer + "Q1;1\n").state == FileState.LOADED  # what a command sends as well
    assert load(pipeline, longer + "Q2;1\n", mode="append").state == FileState.ACTIVE  # unless it says how it joins


def test_a_merging_file_is_compared_whole_and_by_the_key_of_its_dataset(pipeline: Pipeline) -> None:
    first = load(pipeline, JANUARY, mode="merge", key="code")
    second = load(pipeline, FEBRUARY)
    found = run("compare_files", str(first.pk), str(second.pk), "--json")
    assert (found["new"], found["changed"], found["gone"], found["equal"]) == (1, 1, 1, 1)


def test_who_may_only_activate_gives_no_dataset_a_key(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, FEBRUARY, activate=False)
    clerk = get_user_model().objects.create_user("cleo", is_staff=True)
    names = ("activate_uploadedfile", "view_uploadedfile")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(clerk)
    wish = {"mode": "merge", "key": ["code"]}
    answer = client.post(f"/api/files/{file.pk}/join", wish, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    page = client.get(f"/receipts/{file.token}/").content.decode()
    assert "Replace the whole table" in page
    assert "Update by code" not in page
    said = client.post(f"/receipts/{file.token}/join/", {"mode": "merge", "key": "code"}, follow=True)
    assert "change datasets" in said.content.decode()
    sent = {"file": SimpleUploadedFile("x.csv", b"code;price\nQ1;1\n"), "mode": "merge", "key": "code"}
    assert client.post("/api/files", sent, headers={"X-CSRFToken": ""}).status_code == 403
    assert Dataset.objects.filter(slug="prices").values_list("mode", "key").get() == ("append", [])
    added = client.post(f"/api/files/{file.pk}/join", {"mode": "append"}, content_type="application/json")
    assert added.json()["state"] == "active"


def test_second_file_that_waits_needs_no_answer_of_its_own(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    first = load(pipeline, FEBRUARY, via=UploadedFile.Via.PAGE)
    second = load(pipeline, "code;price\nA1;11\nB2;21\n", via=UploadedFile.Via.PAGE)
    asked = staff.get(f"/receipts/{second.token}/changes/").content.decode()
    assert "depends on how the file joins" in asked
    assert "Activating it" not in asked
    staff.post(f"/receipts/{first.token}/join/", {"mode": "replace", "key": ""})
    second.refresh_from_db()
    assert second.overlaps == []
    file = staff.get(f"/api/files/{second.pk}").json()
    assert "activate" in [button["act"] for button in file["buttons"]]
    assert "Activating it adds" in staff.get(f"/receipts/{second.token}/changes/").content.decode()
    staff.post(f"/admin/uploads/review/{second.pk}/", {"act": "activate"})
    assert rows(SEEN) == [("A1", 11), ("B2", 21)]


@pytest.mark.parametrize(("row", "emptied"), [("B2;", 1), ("B2;21", 0), ("C3;", 0), ("D4;", 0)])
def test_receipt_says_that_blanks_would_empty_values(staff: Client, pipeline: Pipeline, row: str, emptied: int) -> None:
    load(pipeline, "code;price\nA1;10\nB2;20\nC3;\n")
    file = load(pipeline, f"code;price\nA1;11\n{row}\n", via=UploadedFile.Via.PAGE)
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert ("1 row of it has blanks where “prices” has values." in page) is bool(emptied)
    wish = {"mode": "merge", "key": ["code"]}
    staff.put("/api/datasets/prices/mode", wish, content_type="application/json")
    assert ("1 row of it has blanks" in staff.get(f"/receipts/{file.token}/").content.decode()) is bool(emptied)
    staff.put("/api/datasets/prices/mode", {**wish, "blanks": "replace"}, content_type="application/json")
    assert "has blanks" not in staff.get(f"/receipts/{file.token}/").content.decode()
