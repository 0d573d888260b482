"""Bodies whose rest is taken from the socket: every byte once, and the connection goes on behind them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.unit.project.test_connections import served
from uploads.web.asgi import BODY_SOCKET, BodySocket, Receive, Scope, Send

BODY = bytes(range(256)) * 8_000
HEAD = b"PUT /%s HTTP/1.1\r\nHost: x\r\n%s\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
type App = Callable[[Scope, Receive, Send], Awaitable[None]]


def taken(scope: Scope) -> BodySocket | None:
    rest: BodySocket | None = scope["extensions"][BODY_SOCKET]()
    return rest


async def drawn(rest: BodySocket, most: int) -> bytes:
    loop = asyncio.get_running_loop()
    content = bytearray()
    while len(content) < most:
        piece = await loop.sock_recv(rest.socket, most - len(content))
        assert piece
        content += piece
    return bytes(content)


async def messages(receive: Receive) -> bytes:
    content, more = bytearray(), True
    while more:
        message = await receive()
        content += message["body"]
        more = message["more_body"]
    return bytes(content)


async def answer(send: Send, body: bytes) -> None:
    length = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": body})


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0]))


@pytest.mark.parametrize("share", [1.0, 0.5, 0.0])
async def test_next_request_of_the_connection_follows_a_body_that_was_drawn_whole_or_in_part(share: float) -> None:
    seen: dict[str, bytes] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        content = (await receive())["body"]
        if rest := taken(scope):
            part = await drawn(rest, int(rest.left * share))
            content += rest.before + part
            rest.give_back(taken=len(part))
            assert share < 1 or taken(scope) is None
            content += await messages(receive)
        seen[scope["path"]] = content
        await answer(send, scope["path"].encode())

    async with served(app) as (connect, _):
        reader, writer = await connect()
        for name in (b"first", b"second"):
            writer.write(HEAD % (name, LENGTH) + BODY)
        writer.write(HEAD % (b"third", b""))
        assert [await read_answer(reader) for _ in range(3)] == [b"/first", b"/second", b"/third"]
        writer.close()
    assert seen == {"/first": BODY, "/second": BODY, "/third": b""}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"", b""),
        (b"Content-Length: 3\r\n", b"abc"),
        (b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n"),
        (LENGTH + b"Expect: 100-continue\r\n", b""),
    ],
    ids=["none", "here", "of no known length", "not asked for yet"],
)
async def test_body_without_a_rest_that_can_be_counted_is_not_given_away(headers: bytes, body: bytes) -> None:
    given: list[BodySocket | None] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        given.append(taken(scope))
        await answer(send, b"said")

    async with served(app) as (connect, _):
        reader, writer = await connect()
        writer.write(HEAD % (b"", headers) + body)
        assert await read_answer(reader) == b"said"
        writer.close()
    assert given == [None]


async def test_connection_that_broke_is_closed_and_its_application_told() -> None:
    told: list[dict[str, Any]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        rest = taken(scope)
        assert rest is not None
        rest.hang_up()
        told.append(dict(await receive()))

    async with served(app) as (connect, state):
        reader, writer = await connect()
        writer.write(HEAD % (b"", LENGTH) + b"x")
        assert await reader.read() == b""
        assert not state.connections
        writer.close()
    assert told == [{"type": "http.disconnect"}]
