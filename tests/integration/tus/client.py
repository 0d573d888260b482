"""A tus client for tests: speaks to the ASGI app in this process, without a server or a network."""

import asyncio
import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from uploads.tus.app import tus_app
from uploads.web.asgi import Message, Scope

OFFSET_TYPE = "application/offset+octet-stream"
Pairs = dict[str, str] | list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["error"]["code"])

    @property
    def offset(self) -> int:
        return int(self.headers["upload-offset"])

    @property
    def location(self) -> str:
        return self.headers["location"]


def scope_of(method: str, path: str, headers: Pairs, client: str = "192.0.2.7") -> Scope:
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"localhost"),
            *((name.lower().encode(), value.encode("latin-1")) for name, value in pairs),
        ],
        "client": (client, 1234),
        "server": ("localhost", 80),
    }


async def exchange(
    method: str, path: str, headers: Pairs | None = None, body: Iterable[bytes] = (), *, cut: bool = False
) -> Answer:
    """One request; ``body`` comes in these pieces, and with ``cut`` the connection breaks behind the last of them."""
    return await exchange_scope(scope_of(method, path, headers or {}), body, cut=cut)


async def exchange_with(
    method: str, path: str, headers: Pairs, body: Iterable[bytes], **events: asyncio.Event
) -> Answer:
    """One request whose body does not end before ``ending`` is set; it sets ``waiting`` once all else was read."""
    return await exchange_scope(scope_of(method, path, headers), body, cut=True, **events)


async def exchange_scope(
    scope: Scope,
    body: Iterable[bytes] = (),
    *,
    cut: bool = False,
    ending: asyncio.Event | None = None,
    waiting: asyncio.Event | None = None,
) -> Answer:
    pieces = list(body)
    pending: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if not cut:
        if not pending:
            pending = [{"type": "http.request", "body": b"", "more_body": False}]
        pending[-1]["more_body"] = False
    sent: list[Message] = []

    async def receive() -> Message:
        if pending:
            return pending.pop(0)
        if waiting is not None:
            waiting.set()
        if ending is not None:
            await ending.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await tus_app(scope, receive, send)
    if not sent:
        return Answer(status=0, headers={}, body=b"")
    return Answer(
        status=sent[0]["status"],
        headers={name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]},
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


def tus(
    method: str, path: str = "/files/", headers: Pairs | None = None, body: bytes | list[bytes] = b"", **more: Any
) -> Answer:
    """One request with ``Tus-Resumable`` and, for a body in one piece, its length."""
    given = headers or {}
    pairs = list(given.items()) if isinstance(given, dict) else list(given)
    pairs.insert(0, ("Tus-Resumable", "1.0.0"))
    if isinstance(body, bytes):
        if body and not more.get("cut"):
            pairs.append(("Content-Length", str(len(body))))
        body = [body] if body else []
    return asyncio.run(exchange(method, path, pairs, body, **more))


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def create(size: int, *, name: str = "x.csv", headers: dict[str, str] | None = None, **told: str) -> str:
    """Begin an upload; return its address."""
    answer = tus(
        "POST",
        headers={"Upload-Length": str(size), "Upload-Metadata": metadata(filename=name, **told), **(headers or {})},
    )
    assert answer.status == 201, answer
    return answer.location


def patch(
    location: str, offset: int, body: bytes | list[bytes], headers: dict[str, str] | None = None, **more: Any
) -> Answer:
    fields = {"Content-Type": OFFSET_TYPE, "Upload-Offset": str(offset), **(headers or {})}
    if not isinstance(body, bytes):
        fields["Transfer-Encoding"] = "chunked"
    return tus("PATCH", location, fields, body, **more)


def head(location: str, headers: dict[str, str] | None = None) -> Answer:
    return tus("HEAD", location, headers)
