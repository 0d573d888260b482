"""The same bytes twice, and replacing files, over the API."""

from typing import Any

import pytest
from django.test import Client

from tests.integration.api.test_files import GOOD, path_of, send
from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import EVERY_ACT, basic, make_user
from uploads.models import UploadedFile
from uploads.states import FileState


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


@pytest.fixture
def visitor(db: None) -> Client:
    """A browser that is known again."""
    client = Client()
    client.get("/")
    return client


def state(file_id: int) -> str:
    return UploadedFile.objects.values_list("state", flat=True).get(pk=file_id)


def post(client: Client, file_id: int, act: str, body: Any = None, headers: Any = None) -> Any:
    return client.post(f"/api/files/{file_id}/{act}", body or {}, content_type="application/json", headers=headers)


def test_result_of_sending_tells_the_file_of_the_same_content(pipeline: Pipeline, staff: Client) -> None:
    first = pipeline.load(GOOD).file_id
    answer = send(staff).json()
    assert (answer["state"], answer["same_content_as"]) == ("duplicate", first)
    receipt = staff.get(path_of(answer["receipt"])).json()
    assert (receipt["state"], receipt["same_content_as"], receipt["progress"]["phase"]) == (
        "duplicate",
        first,
        "duplicate",
    )


def test_sent_to_be_added_again_it_is(pipeline: Pipeline, staff: Client) -> None:
    first = pipeline.load(GOOD).file_id
    answer = send(staff, again="true").json()
    assert (answer["state"], answer.get("same_content_as")) == ("waiting", None)
    receipt = pipeline.finish(answer["id"])
    assert (receipt.state, receipt.same_content_as) == (FileState.ACTIVE, first)
    assert send(staff, again="perhaps").status_code == 400


def test_visitor_never_learns_what_others_have_pending(pipeline: Pipeline, visitor: Client) -> None:
    stranger = Client()
    stranger.get("/")
    pipeline.finish(send(stranger).json()["id"])
    answer = send(visitor).json()
    assert answer["state"] == "waiting"
    pipeline.finish(answer["id"])
    own = visitor.get(f"/api/files/{answer['id']}").json()
    receipt = visitor.get(path_of(answer["receipt"])).json()
    [listed] = visitor.get("/api/files?mine=1").json()["files"]
    assert [each["same_content_as"] for each in (own, receipt, listed)] == [None] * 3
    assert (own["related"], listed["related"]) == (None, None)


def test_staff_are_told_of_pending_files_by_session_and_by_password(pipeline: Pipeline, client: Client) -> None:
    first, second = (pipeline.load(GOOD, activate=False).file_id for _ in range(2))
    make_user("viewer", "view_uploadedfile")
    address = f"/api/files/{second}"
    assert client.get(address, headers=basic("viewer")).json()["same_content_as"] == first
    receipt = client.get(f"/api/receipts/{UploadedFile.objects.get(pk=second).token}").json()
    assert receipt["same_content_as"] is None


def test_sender_adds_an_own_file_all_the_same(pipeline: Pipeline, visitor: Client) -> None:
    first = pipeline.load(GOOD).file_id
    file = send(visitor).json()["id"]
    described = visitor.get(f"/api/files/{file}").json()
    assert described["can"]["add"]
    assert described["notice"].startswith(f"The same as file {first}, active since today")
    assert [button["label"] for button in described["buttons"]] == ["Load anyway", "Withdraw…"]
    assert post(visitor, file, "add").json()["state"] == "waiting"
    assert post(visitor, file, "add").status_code == 409
    assert pipeline.finish(file).state is FileState.LOADED


def test_nobody_else_adds_it(pipeline: Pipeline, visitor: Client, client: Client) -> None:
    pipeline.load(GOOD)
    file = send(visitor).json()["id"]
    assert post(client, file, "add").status_code == 401
    client.force_login(make_user("viewer", "view_uploadedfile"))
    assert post(client, file, "add").status_code == 403
    assert state(file) == FileState.DUPLICATE


def test_staff_are_offered_to_replace_the_active_file(pipeline: Pipeline, staff: Client) -> None:
    first = pipeline.load(GOOD).file_id
    file = send(staff).json()["id"]
    buttons = staff.get(f"/api/files/{file}").json()["buttons"]
    assert [(button["act"], button["files"]) for button in buttons] == [
        ("add", []),
        ("replace", [first]),
        ("delete", []),
    ]
    assert post(staff, file, "replace", {"files": [first]}).json()["state"] == "waiting"
    assert pipeline.finish(file).state is FileState.ACTIVE
    assert state(first) == FileState.LOADED


def test_file_takes_the_place_of_others_and_gives_it_back(pipeline: Pipeline, staff: Client) -> None:
    old = [pipeline.load(GOOD).file_id for _ in range(2)]
    new = pipeline.load("Area;Year\nWest;2022\n", activate=False).file_id
    answer = post(staff, new, "replace", {"files": old}).json()
    assert (answer["state"], answer["replaced"]) == ("active", old)
    assert rows('SELECT "area" FROM data.table') == [("West",)]
    again = post(staff, new, "replace", {"files": old})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "state_conflict")
    assert f"Undo: put files {old[0]} and {old[1]} back" in [button["label"] for button in answer["buttons"]]
    back = post(staff, new, "put-back").json()
    assert (back["state"], back["replaced"]) == ("loaded", [])
    assert [state(file) for file in old] == [FileState.ACTIVE, FileState.ACTIVE]
    assert post(staff, new, "put-back").status_code == 409


@pytest.mark.parametrize("body", [{}, {"files": []}, {"files": ["x"]}, {"files": [0]}])
def test_replacing_nothing_is_refused(pipeline: Pipeline, staff: Client, body: dict[str, Any]) -> None:
    new = pipeline.load(GOOD, activate=False).file_id
    assert post(staff, new, "replace", body).status_code == 400


@pytest.mark.parametrize("missing", ["activate_uploadedfile", "view_uploadedfile"])
def test_replacing_takes_both_permissions(pipeline: Pipeline, client: Client, missing: str) -> None:
    old = pipeline.load(GOOD).file_id
    new = pipeline.load("Area;Year\nWest;2022\n", activate=False).file_id
    assert post(client, new, "replace", {"files": [old]}).status_code == 401
    client.force_login(make_user("clerk", *(name for name in EVERY_ACT if name != missing)))
    assert post(client, new, "replace", {"files": [old]}).status_code == 403
    assert post(client, old, "put-back").status_code == 403
    assert (state(old), state(new)) == (FileState.ACTIVE, FileState.LOADED)
