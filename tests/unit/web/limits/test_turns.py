"""Requests take turns: when one begins, when it ends, and what becomes of those that wait."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from uploads.web.asgi import ASGIApp, Message, Scope
from uploads.web.limits import turns
from uploads.web.limits.line import Line
from uploads.web.limits.turns import Lines, with_turns
from uploads.web.request_id import with_reference

END: Message = {"type": "http.request", "body": b"", "more_body": False}


def lines_of(places: int, *, most_waiting: int = 10, streams: int = 1) -> Lines:
    return Lines(
        turns=Line(places=places, most_waiting=most_waiting), streams=Line(places=streams, most_waiting=most_waiting)
    )


@dataclass
class Client:
    """One client: what it sends, when it goes away, and what it gets."""

    app: ASGIApp
    path: str = "/"
    method: str = "GET"
    body: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    got: list[Message] = field(default_factory=list)
    reads: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.reads.set()

    def start(self, *body: Message) -> "asyncio.Task[None]":
        for message in body:
            self.body.put_nowait(message)
        scope: Scope = {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "headers": [],
            "client": ("192.0.2.1", 1),
        }
        return asyncio.create_task(self.app(scope, self.body.get, self.send))

    def leave(self) -> None:
        self.body.put_nowait({"type": "http.disconnect"})

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.got.append(message)

    @property
    def status(self) -> int | None:
        return self.got[0]["status"] if self.got else None


@dataclass
class Django:
    """As Django does: the body first, then an answer, while it listens for the end of the connection."""

    chunks: tuple[bytes, ...] = (b"page",)
    is_stream: bool = False
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0
    ended: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        while message["type"] == "http.request" and message["more_body"]:
            message = await receive()
        if message["type"] == "http.disconnect":
            return
        self.begun += 1
        await self.may_answer.wait()
        length = str(sum(map(len, self.chunks))).encode()
        headers = [] if self.is_stream else [(b"Content-Length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, chunk in enumerate(self.chunks, start=1):
            more = self.is_stream or number < len(self.chunks)
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
        if self.is_stream:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        self.ended += 1


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_more_are_worked_on_at_once_than_there_are_turns_and_all_are_answered() -> None:
    django = Django()
    app = with_turns(django, lines_of(2))
    clients = [Client(app) for _ in range(5)]
    tasks = [client.start(END) for client in clients]
    await settle()
    assert django.begun == 2
    django.may_answer.set()
    await asyncio.wait(tasks)
    assert [client.status for client in clients] == [200] * 5


async def test_body_that_comes_slowly_holds_no_turn() -> None:
    django = Django()
    app = with_turns(django, lines_of(1))
    Client(app).start({"type": "http.request", "body": b"x", "more_body": True})
    quick = Client(app)
    django.may_answer.set()
    await quick.start(END)
    assert quick.status == 200


async def test_page_that_is_read_slowly_holds_no_turn() -> None:
    django = Django(chunks=(b"a", b"b"))
    django.may_answer.set()
    app = with_turns(django, lines_of(1))
    slow, quick = Client(app), Client(app)
    slow.reads.clear()
    reading = slow.start(END)
    await settle()
    await quick.start(END)
    assert quick.status == 200
    slow.reads.set()
    await reading
    assert b"".join(message.get("body", b"") for message in slow.got) == b"ab"


async def test_stream_gives_its_turn_back_and_holds_a_place_of_streams() -> None:
    django = Django(is_stream=True, chunks=(b"a", b"b"))
    django.may_answer.set()
    lines = lines_of(1)
    app = with_turns(django, lines)
    slow = Client(app)
    slow.reads.clear()
    reading = slow.start(END)
    await settle()
    assert await lines.turns.enter("other", seconds=0)
    assert not await lines.streams.enter("other", seconds=0)
    slow.reads.set()
    await reading
    assert await lines.streams.enter("other", seconds=0)


async def test_page_larger_than_is_held_goes_out_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "HELD_BYTES", 3)
    django = Django(chunks=(b"ab", b"cd", b"ef"))
    django.may_answer.set()
    client = Client(with_turns(django, lines_of(1)))
    await client.start(END)
    assert b"".join(message.get("body", b"") for message in client.got) == b"abcdef"


async def test_who_goes_away_while_waiting_is_not_worked_on() -> None:
    django = Django()
    app = with_turns(django, lines_of(1))
    first, gone, last = (Client(app) for _ in range(3))
    tasks = [client.start(END) for client in (first, gone, last)]
    await settle()
    gone.leave()
    await tasks[1]
    django.may_answer.set()
    await asyncio.wait(tasks)
    assert (django.begun, gone.status, last.status) == (2, None, 200)


async def test_one_too_many_gets_a_page_that_says_when_to_come_back() -> None:
    app = with_turns(Django(), lines_of(1, most_waiting=0))
    Client(app).start(END)
    await settle()
    late = Client(app)
    await late.start(END)
    headers = dict(late.got[0]["headers"])
    assert (late.status, headers[b"retry-after"]) == (503, b"5")
    assert b"More is asked of this site" in late.got[1]["body"]
    assert b'href="">Try again</a>' in late.got[1]["body"]
    form = Client(app, method="POST")
    await form.start(END)
    assert form.status == 503
    assert b"Go back, and send it again" in form.got[1]["body"]
    assert b"Try again</a>" not in form.got[1]["body"], "it would ask for the address without what was sent"
    assert int(headers[b"content-length"]) == len(late.got[1]["body"])


async def test_each_is_told_the_reference_of_its_own_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_answers", {})
    app = with_reference(with_turns(Django(), lines_of(1, most_waiting=0)))
    Client(app).start(END)
    await settle()
    for _ in range(2):
        late = Client(app)
        await late.start(END)
        assert dict(late.got[0]["headers"])[b"x-request-id"] in late.got[1]["body"]


async def test_a_program_is_told_the_same_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0)
    app = with_turns(Django(), lines_of(1))
    Client(app).start(END)
    await settle()
    late = Client(app, path="/api/datasets")
    await late.start(END)
    assert late.status == 503
    assert json.loads(late.got[1]["body"])["error"]["code"] == "site_busy"


async def test_turn_of_an_answer_that_fails_is_given_back() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise ZeroDivisionError

    lines = lines_of(1)
    with pytest.raises(ZeroDivisionError):
        await Client(with_turns(broken, lines)).start(END)
    assert await lines.turns.enter("other", seconds=0)
