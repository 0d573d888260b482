"""Connections of clients that are slow: closed by the clock, and no others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from uploader_project import connections
from uploader_project.connections import TimedConnection

PAGE = b"x" * 2**20
type Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def page(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(PAGE))]})
    for start in range(0, len(PAGE), 2**16):
        await send({"type": "http.response.body", "body": PAGE[start : start + 2**16], "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@asynccontextmanager
async def served(
    app: Callable[[Any, Any, Any], Awaitable[None]] = page,
) -> AsyncIterator[tuple[Callable[[], Awaitable[Wire]], Any]]:
    """A server of one process; how to connect to it, and what it knows of its connections."""
    config = uvicorn.Config(app, http=TimedConnection, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    config.load()
    state = server.server_state
    listening = await asyncio.get_running_loop().create_server(
        lambda: TimedConnection(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield lambda: asyncio.open_connection("127.0.0.1", port, limit=2**16), state


async def test_headers_that_never_end_are_cut_by_the_clock_however_often_a_byte_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    async with served() as (connect, _):
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")

        async def trickle() -> None:
            while True:
                writer.write(b"a")
                await asyncio.sleep(0.01)

        trickling = asyncio.create_task(trickle())
        with suppress(ConnectionResetError):  # for who goes on sending
            assert (await reader.readline()) == b"HTTP/1.1 408 Request Timeout\r\n"
        trickling.cancel()
        writer.close()


async def test_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.01)
    async with served() as (connect, _):
        reader, writer = await connect()
        assert await reader.readline() == b"HTTP/1.1 408 Request Timeout\r\n"
        writer.close()


async def test_second_request_of_a_connection_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served() as (connect, state):
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        await reader.readexactly(len(PAGE))
        [connection] = state.connections
        assert connection._head_timer is None
        monkeypatch.setattr(connections, "HEAD_SECONDS", 0.01)
        writer.write(b"GET / HT")
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_client_that_reads_nothing_of_its_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.05)
    ended = asyncio.Event()

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        gone = asyncio.create_task(receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not gone.done():
            await send({"type": "http.response.body", "body": PAGE, "more_body": True})
            await asyncio.sleep(0)
        ended.set()

    async with served(endless) as (connect, state):
        _, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await ended.wait()
        assert not state.connections
        writer.close()


async def test_client_that_reads_on_is_let_be() -> None:
    async with served() as (connect, state):
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(len(PAGE)) == PAGE
        [connection] = state.connections
        assert connection._unread_timer is None
        writer.close()


async def test_body_that_nobody_asks_for_waits_in_its_socket() -> None:
    """Of fifty uploads that begin at once 14 MB were in memory before the first was found."""
    held: list[int] = []
    asked = asyncio.Event()

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await asked.wait()
        message, size = await receive(), 0
        held.append(len(message["body"]))
        while message["more_body"]:
            size += len(message["body"])
            message = await receive()
        size += len(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        held.append(size)

    async with served(late) as (connect, _):
        reader, writer = await connect()
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        writer.write(bytes(1_000_000))
        for _ in range(100):  # whatever would be read is read in them
            await asyncio.sleep(0)
        asked.set()
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.close()
    assert held[0] <= connections.READ_BYTES
    assert held[1] == 1_000_000


async def test_what_is_no_request_is_refused_in_words_while_more_of_it_comes() -> None:
    async with served() as (connect, _):
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"y" * 500_000)
        assert (await reader.read()).startswith(b"HTTP/1.1 400 Bad Request\r\n")
        writer.close()


@pytest.mark.parametrize("has_begun", [False, True])
async def test_body_that_breaks_off_into_nonsense_ends_the_request_without_a_fault(
    caplog: pytest.LogCaptureFixture, has_begun: bool
) -> None:
    """Whoever answers then writes into a connection that takes no more."""
    heard: list[str] = []
    is_over = asyncio.Event()

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if has_begun:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        while (message := await receive())["type"] == "http.request" and message["more_body"]:
            pass
        heard.append(message["type"])
        if not has_begun:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})
        is_over.set()

    async with served(answer) as (connect, _):
        reader, writer = await connect()
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        await asyncio.sleep(0)
        if has_begun:
            await reader.readuntil(b"\r\n\r\n")
        writer.write(b"nonsense\r\n")
        found = await reader.read()
        await is_over.wait()
        writer.close()
    assert found.startswith(b"HTTP/1.1 400 ") is not has_begun
    assert heard == ["http.disconnect"]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
