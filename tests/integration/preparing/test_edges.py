"""Exports in the background on the page and over the API: asked for, followed, fetched whole and in part."""

from datetime import timedelta
from typing import Any, Self

import pytest
from django.core.files.storage import default_storage
from django.test import AsyncClient, Client
from django.utils import timezone

from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import PreparedExport
from uploads.services.files.activation import deactivate_file
from uploads.services.preparing import making, requests
from uploads.services.preparing.ending import tend_exports
from uploads.services.preparing.making import make_export
from uploads.store import stored_files
from uploads.store.spool import DiskFull

FILE = "area;price\nNorth;1\nSouth;2\nEast;3\n"
CSV = b"area,price\nNorth,1\nSouth,2\nEast,3\n"


def asked(client: Client, **wish: Any) -> Any:
    return client.post("/api/datasets/prices/exports", {"format": "csv", **wish}, content_type="application/json")


@pytest.fixture
def ready(pipeline: Pipeline, client: Client) -> str:
    """The address of a file that is ready."""
    pipeline.load(FILE, "prices.csv")
    shown = asked(client).json()
    make_all()
    found: str = client.get(shown["address"]).json()["file"]
    return found


def make_all() -> None:
    for export in PreparedExport.objects.all():
        make_export(export_id=export.pk)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_program_asks_follows_and_fetches(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    first = asked(client, query="price__gt=1&_sort=-price")
    shown = first.json()
    assert first.status_code == 202
    assert {
        name: shown[name] for name in ("state", "dataset", "format", "query", "said", "file", "bytes", "error")
    } == {
        "state": "waiting",
        "dataset": "prices",
        "format": "csv",
        "query": "price__gt=1&_sort=-price",
        "said": "Waiting for its turn",
        "file": None,
        "bytes": None,
        "error": None,
    }
    refused = client.get(f"{shown['address']}/file")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "export_not_ready")
    make_all()
    found = client.get(shown["address"]).json()
    assert (found["state"], found["said"], found["rows"], found["is_current"]) == ("ready", "2 rows", 2, True)
    answer = client.get(found["file"])
    assert body(answer) == b"area,price\nEast,3\nSouth,2\n"
    assert answer.headers["Content-Length"] == str(found["bytes"])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="prices.csv"'
    again = asked(client, query="_sort=-price&price__gt=1")
    assert (again.status_code, again.json()["token"]) == (200, shown["token"])


def test_a_part_of_it_is_fetched(ready: str, client: Client) -> None:
    parts = [
        ("bytes=0-3", CSV[:4], "0-3"),
        ("bytes=5-", CSV[5:], "5-33"),
        ("bytes=-4", CSV[-4:], "30-33"),
        ("bytes=30-999", CSV[30:], "30-33"),
        ("bytes=33-33", CSV[33:], "33-33"),
        ("bytes=-999", CSV, "0-33"),
    ]
    for wanted, found, range_ in parts:
        answer = client.get(ready, headers={"Range": wanted})
        assert (answer.status_code, body(answer)) == (206, found), wanted
        assert answer.headers["Content-Range"] == f"bytes {range_}/34"
        assert answer.headers["Content-Length"] == str(len(found))
    for wanted in ("bytes=3-1", "bytes=-", "bytes=0-1,3-4", "lines=0-3", "bytes=x"):
        answer = client.get(ready, headers={"Range": wanted})
        assert (answer.status_code, body(answer)) == (200, CSV), wanted
        assert answer.headers["Accept-Ranges"] == "bytes"
    for wanted in ("bytes=34-", "bytes=99-100", "bytes=-0"):
        answer = client.get(ready, headers={"Range": wanted})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */34"), wanted


def test_a_download_goes_on_only_where_the_file_is_the_same(ready: str, client: Client) -> None:
    same = client.get(ready).headers["ETag"]
    assert client.get(ready, headers={"Range": "bytes=1-", "If-Range": same}).status_code == 206
    assert client.get(ready, headers={"Range": "bytes=1-", "If-Range": '"other"'}).status_code == 200


async def _whole(address: str) -> bytes:
    response: Any = await AsyncClient().get(address, headers={"Range": "bytes=5-"})
    return b"".join([piece async for piece in response.streaming_content])


def test_it_is_sent_by_the_asynchronous_server_too(ready: str) -> None:
    from asgiref.sync import async_to_sync

    assert async_to_sync(_whole)(ready) == CSV[5:]


def test_bytes_in_a_remote_store_are_read_in_part(ready: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_files, "is_on_this_machine", lambda: False)
    assert body(client.get(ready, headers={"Range": "bytes=5-7"})) == CSV[5:8]
    name = PreparedExport.objects.get().stored_as

    class Part:
        def iter_chunks(self, size: int) -> list[bytes]:
            return [f"{size}".encode()]

    class Remote:
        """As an S3 file of django-storages."""

        obj: Any

        def __init__(self) -> None:
            self.obj, self.asked = self, ""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def get(self, *, Range: str) -> dict[str, Part]:  # noqa: N803 - boto's name
            self.asked = Range
            return {"Body": Part()}

    remote = Remote()
    monkeypatch.setattr(type(default_storage._wrapped), "open", lambda *_: remote, raising=False)  # type: ignore[attr-defined]
    assert list(stored_files.read_range(name, 5, 8)) == [b"1048576"]
    assert remote.asked == "bytes=5-7"


def test_a_link_that_ended_says_so(ready: str, client: Client) -> None:
    shown = client.get(ready.removesuffix("/file")).json()
    for file_id in PreparedExport.objects.get().held_files:
        deactivate_file(file_id=file_id)
    answer = client.get(ready)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "export_ended")
    ended = client.get(shown["address"]).json()
    assert (ended["state"], ended["file"]) == ("ended", None)
    page = client.get(shown["page"])
    assert "This link ended: rows in it were taken back." in page.content.decode()
    tend_exports()
    PreparedExport.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(shown["address"]).json()["said"] == "This link ended: rows in it were taken back.", "as it was"
    assert "Prepare it again" in page.content.decode()


def test_too_many_are_refused_with_a_sentence(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "MOST_AT_ONCE", 1)
    pipeline.load(FILE, "prices.csv")
    asked(client)
    refused = asked(client, format="ndjson")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_exports")
    assert refused.headers["Retry-After"] == "60"
    page = client.post("/datasets/prices/exports/", {"format": "ndjson", "now": ""})
    assert (page.status_code, page.headers["Retry-After"]) == (429, "5")
    assert "1 of your exports are being prepared already." in page.content.decode()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"query": "nothing=1"}, "unknown_parameter"),
        ({"query": "price=x"}, "bad_parameter"),
        ({"format": "doc"}, "bad_request"),
    ],
)
def test_what_cannot_be_is_refused_at_once(pipeline: Pipeline, client: Client, wish: dict[str, str], code: str) -> None:
    pipeline.load(FILE, "prices.csv")
    refused = asked(client, **wish)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


def test_a_person_asks_follows_and_fetches(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    rows = client.get("/datasets/prices/", {"price__gt": "1"}).content.decode()
    link = "/datasets/prices/exports/?now=price__gt%3D1&amp;format=xlsx"
    assert link in rows
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert "price &gt; 1" in form
    assert "a link to it that works for 24 hours" in form
    answer = client.post("/datasets/prices/exports/", {"format": "csv", "now": "price__gt=1"}, follow=True)
    page = answer.content.decode()
    assert "Waiting for its turn" in page
    make_all()
    address = answer.redirect_chain[-1][0]
    page = client.get(address).content.decode()
    assert f'href="/api{address}file"' in page
    assert "2 rows" in page
    assert "price &gt; 1" in page
    assert "The link works until" in page
    assert "has changed since" not in page
    pipeline.load(FILE.replace("North", "West"), "prices.csv")
    assert "has changed since" in client.get(address).content.decode()


def test_one_that_failed_says_why_and_offers_another_try(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(FILE, "prices.csv")
    shown = asked(client).json()
    monkeypatch.setattr(making, "check_room_for_export", full)
    make_all()
    page = client.get(shown["page"]).content.decode()
    assert "No room." in page
    assert "Try again" in page
    assert client.get(shown["address"]).json()["error"] == {"code": "disk_full", "message": "No room.", "hint": ""}


def full() -> None:
    raise DiskFull("No room.")


@pytest.mark.parametrize("large", [1, 4])
def test_slow_formats_of_many_rows_lead_to_the_background(
    pipeline: Pipeline, client: Client, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    from uploads.views import datasets

    pipeline.load(FILE, "prices.csv")
    monkeypatch.setattr(datasets, "LARGE_ROWS", large)
    page = client.get("/datasets/prices/").content.decode()
    assert ('href="/api/datasets/prices/rows?_format=xlsx"' in page) is (large == 4)
    assert ("/datasets/prices/exports/?now=&amp;format=parquet" in page) is (large == 1)
    assert "/api/datasets/prices/rows?_format=csv" in page


def test_a_word_that_no_text_can_have_is_refused(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    assert asked(client, query="area=%00").status_code == 400
    assert client.get("/api/exports/%00").status_code == 404


def test_staff_see_whose_they_are_and_delete_them(ready: str, client: Client) -> None:
    export = PreparedExport.objects.get()
    name, listed = export.stored_as, "/admin/uploads/preparedexport/"
    action = {"action": "delete_exports", "_selected_action": [export.pk], "index": "0"}
    client.force_login(make_user("viewer", "view_uploadedfile"))
    text = client.get(listed).content.decode()
    assert "127.0.0.1" in text
    assert "34\xa0bytes" in text
    assert client.get(f"{listed}{export.pk}/change/").status_code == 200
    assert client.post(listed, action).status_code == 403
    client.force_login(make_user("staff", *EVERY_ACT))
    assert client.post(listed, action).status_code == 302
    assert not PreparedExport.objects.exists()
    assert not stored_files.exists(name)
    assert client.get(ready).status_code == 404
