"""Files over the API: sending, receipts, lists, acts, and what is kept from whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.staff import EVERY_ACT, basic, make_user
from uploads.models import FileEvent, UploadedFile
from uploads.states import FileState

GOOD = "Area;Year\nNorth;2020\nSouth;2021\n"
MIXED = "Area;Year\n" + "".join(f"Place {n};{n}\n" for n in range(60)) + "a;b;c\n"


def send(client: Client, content: str = GOOD, name: str = "x.csv", headers: Any = None, **fields: str) -> Any:
    file = SimpleUploadedFile(name, content.encode())
    return client.post("/api/files", {"file": file, **fields}, headers=headers)


def path_of(address: str) -> str:
    return address.removeprefix("http://testserver")


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


@pytest.mark.django_db
def test_anybody_may_send_a_file_and_follow_its_receipt(client: Client) -> None:
    response = send(client)
    assert response.status_code == 201
    answer = response.json()
    assert answer.keys() == {"id", "name", "state", "receipt"}
    assert (answer["name"], answer["state"]) == ("x.csv", "waiting")
    file = UploadedFile.objects.get(pk=answer["id"])
    assert answer["receipt"] == f"http://testserver/api/receipts/{file.token}"
    assert file.via == UploadedFile.Via.API
    receipt = Client().get(path_of(answer["receipt"])).json()
    assert (receipt["id"], receipt["progress"]["phase"]) == (file.pk, "waiting")


def test_receipt_tells_what_became_of_the_file(pipeline: Pipeline, client: Client) -> None:
    answer = send(client, MIXED).json()
    pipeline.finish(answer["id"])
    receipt = client.get(path_of(answer["receipt"])).json()
    assert receipt["state"] == "loaded"
    assert receipt["error"] is None
    [load] = receipt["loads"]
    assert load["rows"] == {"read": 61, "loaded": 60, "rejected": 1, "blank": 0}
    assert receipt["progress"] == {
        "phase": "loaded",
        "bytes_done": len(MIXED),
        "bytes_total": len(MIXED),
        "rows_done": 60,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["guess", "%00", "é"])
def test_a_guessed_receipt_is_not_found(client: Client, token: str) -> None:
    response = client.get(f"/api/receipts/{token}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "file_not_found"


@pytest.mark.django_db
def test_a_post_without_a_file_says_how_to_send_one(client: Client) -> None:
    response = client.post("/api/files", {"dataset": "x"})
    assert response.status_code == 400
    assert "curl -F file=@x.csv" in response.json()["error"]["hint"]


@pytest.mark.django_db
def test_a_bad_option_is_refused_before_anything_is_kept(client: Client) -> None:
    response = send(client, encoding="klingon")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_option")
    assert not UploadedFile.objects.exists()


@pytest.mark.django_db
def test_a_file_over_the_limit_is_413(client: Client, settings: Any) -> None:
    settings.MAX_FILE_SIZE = 5
    response = send(client)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "file_too_large")


@pytest.mark.django_db
def test_a_visitor_may_not_ask_for_activation(client: Client) -> None:
    response = send(client, activate="true")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "not_allowed")


@pytest.mark.django_db
def test_staff_send_by_basic_and_their_file_will_be_activated(client: Client) -> None:
    user = make_user("staff", *EVERY_ACT)
    file = UploadedFile.objects.get(pk=send(client, headers=basic("staff")).json()["id"])
    assert (file.uploaded_by, file.activate) == (user, True)


@pytest.mark.django_db
def test_uploads_can_be_closed_to_visitors(client: Client, settings: Any) -> None:
    settings.ANONYMOUS_UPLOAD = False
    assert send(client).status_code == 401


@pytest.mark.django_db
def test_the_list_is_not_for_anybody(client: Client) -> None:
    response = client.get("/api/files")
    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Uploader", Basic realm="Uploader", charset="UTF-8"'


@pytest.mark.django_db
def test_a_browser_is_not_asked_for_a_password_by_a_dialogue_of_its_own(client: Client) -> None:
    response = client.get("/api/files", headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 401
    assert "Basic" not in response.headers["WWW-Authenticate"]


@pytest.mark.django_db
def test_a_page_that_sent_nothing_yet_gets_an_empty_list(client: Client) -> None:
    assert client.get("/api/files?mine=1").json() == {"files": [], "next": None}


@pytest.mark.django_db
def test_a_visitor_sees_own_files_alone(client: Client) -> None:
    client.get("/")  # the page gives the browser its cookie
    stranger = Client()
    stranger.get("/")
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    mine = send(client, headers={"X-CSRFToken": token}).json()["id"]
    assert [file["id"] for file in client.get("/api/files?mine=1").json()["files"]] == [mine]
    assert client.get(f"/api/files/{mine}").status_code == 200
    assert stranger.get("/api/files?mine=1").json()["files"] == []
    assert stranger.get(f"/api/files/{mine}").status_code == 404


def test_staff_see_all_with_what_they_can_do(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(GOOD).file_id
    [file] = staff.get("/api/files").json()["files"]
    assert (file["id"], file["state"]) == (number, "active")
    assert "columns" not in file["loads"][0], "a wide file would make every look at the list heavy"
    assert {act for act, yes in file["can"].items() if yes} == {
        "deactivate",
        "delete",
        "mend",
        "read_again",
        "put_back",
    }
    assert staff.get(path_of(file["receipt"])).json()["id"] == number


def test_the_list_is_paged_and_filtered(pipeline: Pipeline, staff: Client) -> None:
    numbers = [pipeline.receive(GOOD, f"{n}.csv").pk for n in range(5)]
    seen: list[int] = []
    after = ""
    while True:
        page = staff.get("/api/files", {"limit": "2", "after": after}).json()
        seen += [file["id"] for file in page["files"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == numbers[::-1]
    assert staff.get("/api/files?state=active").json()["files"] == []


def test_listing_many_files_takes_few_queries(
    pipeline: Pipeline, staff: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(30):
        pipeline.receive(GOOD, f"{number}.csv")
    with django_assert_max_num_queries(9):
        assert len(staff.get("/api/files").json()["files"]) == 30


def test_activate_deactivate_delete(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(GOOD, "geo.csv").file_id
    assert staff.post(f"/api/files/{number}/deactivate").json()["state"] == "loaded"
    assert rows("SELECT count(*) FROM data.geo") == [(0,)]
    assert staff.post(f"/api/files/{number}/activate").json()["state"] == "active"
    assert rows("SELECT count(*) FROM data.geo") == [(2,)]
    assert staff.delete(f"/api/files/{number}").json()["state"] == "deleted"
    assert data_tables() == set()
    assert staff.get(f"/api/files/{number}").status_code == 404
    events = FileEvent.objects.filter(file_id=number, user__username="staff")
    assert list(events.values_list("state", flat=True)) == ["loaded", "active", "deleted"]


def test_a_failed_file_can_be_loaded_again(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load("").file_id
    response = staff.post(f"/api/files/{number}/retry")
    assert (response.status_code, response.json()["state"]) == (200, "waiting")


def test_an_act_in_the_wrong_state_is_a_conflict(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(GOOD).file_id
    response = staff.post(f"/api/files/{number}/activate")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "state_conflict")


ACTS = [("post", "/activate"), ("post", "/deactivate"), ("post", "/retry"), ("delete", "")]


@pytest.mark.parametrize(("method", "end"), ACTS)
def test_acts_need_an_account_staff_status_and_the_permission(
    pipeline: Pipeline, client: Client, method: str, end: str
) -> None:
    number = pipeline.load(GOOD).file_id
    make_user("plain", *EVERY_ACT, is_staff=False)
    make_user("watcher", "view_uploadedfile")
    codes = [
        getattr(client, method)(f"/api/files/{number}{end}", headers=headers).status_code
        for headers in ({}, basic("plain"), basic("watcher"))
    ]
    assert codes == [401, 403, 403]
    assert UploadedFile.objects.get(pk=number).state == FileState.ACTIVE


@pytest.mark.parametrize(("method", "end"), ACTS)
def test_a_session_must_prove_by_the_csrf_token_that_the_page_asked(pipeline: Pipeline, method: str, end: str) -> None:
    number = pipeline.load(GOOD).file_id
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("staff", *EVERY_ACT))
    response = getattr(browser, method)(f"/api/files/{number}{end}")
    assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf_failed")
    assert UploadedFile.objects.get(pk=number).state == FileState.ACTIVE


def test_a_session_with_the_csrf_token_may_act(pipeline: Pipeline) -> None:
    number = pipeline.load(GOOD).file_id
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("staff", *EVERY_ACT))
    browser.get("/api/docs")
    token = browser.cookies["csrftoken"].value
    response = browser.post(f"/api/files/{number}/deactivate", headers={"X-CSRFToken": token})
    assert response.status_code == 200


@pytest.mark.django_db
def test_another_site_cannot_send_files_by_a_visitor_s_browser() -> None:
    browser = Client(enforce_csrf_checks=True)
    response = send(browser, headers={"Origin": "https://evil.example"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf_failed")
    assert not UploadedFile.objects.exists()


@pytest.mark.django_db
def test_a_script_needs_no_csrf_token() -> None:
    make_user("staff", *EVERY_ACT)
    script = Client(enforce_csrf_checks=True)
    assert send(script).status_code == 201
    assert send(script, headers=basic("staff")).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        basic("staff", "wrong"),
        basic("nobody"),
        basic("staff\0"),
        {"Authorization": "Basic ***"},
        {"Authorization": "Basic c3RhZmY="},
        {"Authorization": "Digest abc"},
    ],
)
def test_wrong_credentials_are_told_and_not_taken_for_anonymous(client: Client, headers: dict[str, str]) -> None:
    make_user("staff", *EVERY_ACT)
    response = client.get("/api/files", headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (401, "wrong_credentials")


def test_rejected_rows_with_place_value_and_reason(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(MIXED).file_id
    page = staff.get(f"/api/files/{number}/rejects").json()
    assert (page["total"], page["next"]) == (1, None)
    [reject] = page["rejects"]
    assert (reject["line"], reject["code"], reject["raw"]) == (62, "too_many_cells", "a;b;c")
    assert reject["reason"]


@pytest.mark.django_db
def test_rejected_rows_are_not_for_strangers(client: Client) -> None:
    number = send(client).json()["id"]
    client.cookies.clear()
    assert client.get(f"/api/files/{number}/rejects").status_code == 401
