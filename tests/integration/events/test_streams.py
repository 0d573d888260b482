"""Events of a real web server: each has what the address answers that would be polled, and nobody hears of more."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.integration.conftest import Pipeline
from tests.integration.events.client import following
from tests.integration.tus.server import Server
from tests.waiting import GIVE_UP_SECONDS
from uploads.models import UploadedFile
from uploads.services.files.activation import activate_file
from uploads.services.receiving.sender import Sender

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "a;b\n" + "1;2\n" * 9
GUEST: dict[str, Any] = {"via": UploadedFile.Via.PAGE, "uploader": Sender(visitor="ana"), "activate": None}
ANA = {"Cookie": f"visitor={Signer(salt='uploads.visitor').sign('ana')}"}


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """One for all: it takes seconds until it has answered for the first time."""
    with django_db_blocker.unblock():
        server = Server()
        server.start()
    yield server
    server.stop()


@contextmanager
def changing(change: Callable[[], object]) -> Iterator[None]:
    """Again and again, as a load does: the first look at a file only learns how it is."""
    over = threading.Event()

    def run() -> None:
        try:
            while not over.wait(0.05):
                change()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def polled(server: Server, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    client = HTTPConnection("127.0.0.1", server.port, timeout=GIVE_UP_SECONDS)
    try:
        client.request("GET", path, headers=headers or {})
        response = client.getresponse()
        return response.status, json.loads(response.read() or "null")
    finally:
        client.close()


def test_a_receipt_is_followed_until_nothing_more_happens_to_its_file(server: Server, pipeline: Pipeline) -> None:
    file = pipeline.receive(TABLE, **GUEST)
    path = f"/api/receipts/{file.token}"
    with following(server.port, f"{path}/events") as followed:
        head = followed.response
        assert (head.status, head.headers["Content-Type"]) == (200, "text/event-stream")
        assert (head.headers["Cache-Control"], head.headers["X-Accel-Buffering"]) == ("no-store", "no")
        assert followed.next() is not None  # what it is at once
        first = polled(server, path)[1]
        pipeline.finish(file.pk)
        told = [first]
        while event := followed.next():
            assert event.name == "file"
            told.append(event.data)
            last = event.id
    assert told[-1]["state"] == "loaded"
    assert (200, told[-1]) == polled(server, path)
    with following(server.port, f"{path}/events", {"Last-Event-ID": last}) as again:
        assert again.response.status == 204
    with following(server.port, f"{path}/events") as again:
        event = again.next()
        assert event is not None
        assert event.data == told[-1]
        assert again.next() is None


def test_progress_that_no_note_tells_of_is_told(server: Server, pipeline: Pipeline) -> None:
    file = pipeline.receive(TABLE, **GUEST)
    with following(server.port, f"/api/receipts/{file.token}/events") as followed:
        told = [followed.next()]
        names = iter(f"{number}.csv" for number in range(100_000))
        with changing(lambda: UploadedFile.objects.filter(pk=file.pk).update(name=next(names))):
            told += [followed.next(), followed.next()]
    assert len({event.data["name"] for event in told if event}) == 3


def test_a_list_tells_of_its_own_files_alone(server: Server, pipeline: Pipeline) -> None:
    question = "?mine=true&limit=2"
    with following(server.port, f"/api/files/events{question}", ANA) as followed:
        event = followed.next()
        assert event is not None
        assert (event.name, event.data) == ("files", {"files": [], "next": None})

        pipeline.load(TABLE, "of_others.csv")
        mine = pipeline.receive(TABLE, "mine.csv", **GUEST)
        event = followed.next()
        assert event is not None
        assert event.name == "files"
        assert [file["name"] for file in event.data["files"]] == ["mine.csv"]

        pipeline.finish(mine.pk)
        while event.data.get("state") != "loaded":
            event = followed.next()
            assert event is not None
            assert event.name == "file"
        assert event.data == polled(server, f"/api/files{question}", ANA)[1]["files"][0]

        activate_file(file_id=mine.pk)  # a final state of a list is none: somebody may change it
        event = followed.next()
        assert event is not None
        assert (event.name, event.data["state"]) == ("file", "active")


@pytest.mark.parametrize("path", ["/api/receipts/nobodys", "/api/files", "/api/files?mine=true&limits=3"])
def test_a_stream_is_refused_as_the_question_is(server: Server, path: str) -> None:
    address, _, query = path.partition("?")
    status, refusal = polled(server, f"{address}/events?{query}")
    assert status in (400, 401, 404)
    known = polled(server, path)
    assert (status, refusal["error"]["code"]) == (known[0], known[1]["error"]["code"])


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "DELETE"])
def test_a_stream_is_only_got(server: Server, method: str) -> None:
    answer = server.ask(method, "/api/files/events", {"Content-Type": "application/json"})
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")


def test_streams_end_when_the_server_stops(pipeline: Pipeline) -> None:
    file = pipeline.receive(TABLE, **GUEST)
    stopping = Server()
    stopping.start()
    with following(stopping.port, f"/api/receipts/{file.token}/events") as followed:
        assert followed.next() is not None
        stopping.stop()
        assert followed.next() is None  # by the end that was agreed on: http.client tells a cut connection apart


def test_a_server_without_streams_tells_the_first_state(pipeline: Pipeline, client: Any) -> None:
    file = pipeline.receive(TABLE, **GUEST)
    answer = client.get(f"/api/receipts/{file.token}/events")
    assert answer.headers["Content-Type"] == "text/event-stream"
    told = answer.content.decode().partition("data: ")[2]
    assert json.loads(told) == client.get(f"/api/receipts/{file.token}").json()
