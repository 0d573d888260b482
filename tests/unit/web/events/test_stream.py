"""Streams in their own loop: how long they last, who finds no place, and what a client that doesn't read costs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import OperationalError

from uploads.services.files.lookout import Change
from uploads.services.visibility import Viewer
from uploads.web.asgi import STOPPING, Message, Receive, Scope, Send
from uploads.web.events import stream, watch
from uploads.web.events.state import state_in
from uploads.web.events.stream import PLACES, with_events
from uploads.web.events.wire import CONTENT_TYPE, VIEWER, event, id_of, retry

PATH = "/api/receipts/abc/events"


class Site:
    """Answers in place of Django, and tells in place of PostgreSQL what happens."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        """The last one is given again and again."""
        self.asked = 0
        self.viewer: Viewer | None = None
        self.news: list[Change] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.asked += 1
        if self.viewer is not None:
            scope["extensions"][VIEWER](self.viewer)
        data = json.dumps(found).encode()
        body = retry() + event("file", data, id_=id_of(data)) if status == 200 else data
        kind = CONTENT_TYPE if status == 200 else "application/json"
        headers = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def look(self, _in_progress: Any) -> list[Change]:
        news, self.news = self.news, []
        return news


class Client:
    """Reads what comes, unless it is told not to."""

    def __init__(self, address: str = "127.0.0.1", **headers: str) -> None:
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        self.stopping = asyncio.Event()
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        extensions = {STOPPING: lambda: self.stopping}
        self.scope: dict[str, Any] = {"type": "http", "method": "GET", "path": PATH, "headers": named}
        self.scope |= {"client": (address, 1), "extensions": extensions}

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.heard.put_nowait(message)

    async def status(self) -> int:
        return int((await self.heard.get())["status"])

    async def text(self) -> str:
        return bytes((await self.heard.get())["body"]).decode()

    @asynccontextmanager
    async def following(self, app: Any) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(app(self.scope, self.receive, self.send))
        try:
            yield task
        finally:
            self.gone.set()
            await task


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    site = Site()
    monkeypatch.setattr(watch, "_look", lambda _, in_progress: site.look(in_progress))
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    return site


def loading(rows: int) -> tuple[int, Any]:
    return 200, {"id": 1, "state": "loading", "rows": rows}


def change(file_id: int, visitor: str = "") -> Change:
    return Change(file_id=file_id, visitor=visitor, user_id=None)


async def test_nobody_is_asked_for_what_did_not_change(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.02)
    site.answers = [loading(1)]
    client = Client()
    async with client.following(with_events(site)):
        assert await client.status() == 200
        assert "data: " in await client.text()
        site.news = [change(2)]
        assert [await client.text() for _ in range(3)] == ["event: beat\ndata: {}\n\n"] * 3
        assert site.asked == 1
        site.answers = [loading(2)]
        site.news = [change(1)]
        while (text := await client.text()).startswith("event: beat"):
            pass
        assert '"rows": 2' in text
    assert PLACES.taken == 0


async def test_who_may_know_no_more_hears_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "ASK_AGAIN_SECONDS", 0.01)
    site.answers = [loading(1), loading(1), (404, {"error": {}})]
    client = Client()
    async with client.following(with_events(site)) as task:
        await task
    assert site.asked == 3
    told = [client.heard.get_nowait() for _ in range(client.heard.qsize())]
    assert told[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert not any(b"error" in message.get("body", b"") for message in told)


async def test_a_busy_site_keeps_its_streams(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "RETRY_AFTER_SECONDS", 0.01)
    site.answers = [loading(1), (503, {"error": {}}), loading(2)]
    client = Client()
    async with client.following(with_events(site)):
        await client.status()
        await client.text()
        site.news = [change(1)]
        while (text := await client.text()).startswith("event: beat"):
            pass
        assert '"rows": 2' in text


async def test_a_stream_without_a_database_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: Any, in_progress: Any) -> list[Change]:
        if site.asked:
            raise OperationalError("gone")
        return []

    monkeypatch.setattr(watch, "_look", away)
    site.answers = [loading(1)]
    client = Client()
    async with client.following(with_events(site)) as task:
        await task
    assert site.asked == 1


@pytest.mark.parametrize(
    ("viewer", "sender", "is_told"),
    [
        (Viewer(visitor="ana"), "ana", True),
        (Viewer(visitor="ana"), "ben", False),
        (Viewer(user_id=1), "ana", False),
        (Viewer(user_id=1, sees_all=True), "ben", True),
        (None, "ana", False),
    ],
)
def test_a_list_is_asked_for_new_files_of_its_own(viewer: Viewer | None, sender: str, is_told: bool) -> None:
    follower = watch.Follower()
    follower.state, follower.viewer = state_in(b'{"files": [{"id": 1, "state": "active"}], "next": null}'), viewer
    follower.hear(change(7, visitor=sender))
    assert follower.woken.is_set() is is_told
    follower.hear(change(1, visitor="anybody"))
    assert follower.woken.is_set()


async def test_a_stream_knows_as_whom_its_list_is_seen(site: Site) -> None:
    site.viewer = Viewer(visitor="ana")
    site.answers = [(200, {"files": [], "next": None})]
    client = Client()
    async with client.following(with_events(site)):
        await client.status()
        await client.text()
        site.answers = [(200, {"files": [{"id": 7, "state": "loaded"}], "next": None})]
        site.news = [change(7, visitor="ana")]
        assert "event: files" in await client.text()


async def test_no_more_follow_than_may(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_STREAMS", 3)
    monkeypatch.setattr(stream, "MOST_STREAMS_OF_NETWORK", 2)
    site.answers = [loading(1)]
    app = with_events(site)
    neighbours = [Client("2001:db8::1"), Client("2001:db8::2")]
    async with neighbours[0].following(app), neighbours[1].following(app):
        assert [await each.status() for each in neighbours] == [200, 200]
        third = Client("2001:db8::3")
        await app(third.scope, third.receive, third.send)
        refusal = third.heard.get_nowait()
        assert (refusal["status"], dict(refusal["headers"])[b"retry-after"]) == (503, b"5")
        assert "streams_busy" in await third.text()
        other = Client("192.0.2.1")
        async with other.following(app):
            assert await other.status() == 200
            last = Client("192.0.2.2")
            await app(last.scope, last.receive, last.send)
            assert await last.status() == 503
    assert PLACES.taken == 0


async def test_nothing_heaps_up_for_a_client_that_does_not_read(site: Site) -> None:
    site.answers = [loading(1)]
    slow, quick = Client(), Client()
    app = with_events(site)
    async with slow.following(app), quick.following(app):
        for each in (slow, quick):
            await each.status()
            await each.text()
        slow.reads.clear()
        for rows in range(2, 10):
            site.answers = [loading(rows)]
            site.news = [change(1)]
            while f'"rows": {rows}' not in await quick.text():
                pass
        slow.reads.set()
        told = [await slow.text(), await slow.text()]
        assert '"rows": 9' in told[1]  # the one under way, then how it is now
        assert slow.heard.empty()


@pytest.mark.parametrize("reads", [True, False])
async def test_a_server_that_stops_waits_for_no_stream(
    site: Site, reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "END_SECONDS", 0.01)
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.01)
    site.answers = [loading(1)]
    client = Client()
    async with client.following(with_events(site)) as task:
        await client.status()
        await client.text()
        if not reads:
            client.reads.clear()
            await asyncio.sleep(0.03)
        client.stopping.set()
        await task


async def test_a_browser_that_knows_all_is_told_to_stay_away(site: Site) -> None:
    site.answers = [(200, {"id": 1, "state": "active"})]
    known = id_of(json.dumps(site.answers[0][1]).encode())
    client = Client(last_event_id=known)
    async with client.following(with_events(site)) as task:
        await task
    assert await client.status() == 204
