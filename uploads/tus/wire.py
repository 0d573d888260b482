"""A request and its answer on the ASGI wire; and the reading of a body that may be long, slow, hung or cut."""

import asyncio
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable
from functools import cached_property
from typing import Any

from django.core.handlers.asgi import ASGIRequest

from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import Headers
from uploads.web.asgi import BODY_SOCKET, BodySocket, Message, Receive, Scope, Send
from uploads.web.slow_clients import DRAIN_SECONDS, IDLE_SECONDS, Pace

LET_GO_SECONDS = 0.2
"""Once somebody else wants the upload, silence of this length ends a request."""


class Request:
    """One HTTP request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.headers = Headers(scope["headers"])
        self.body_ended = False
        self.answered = False
        self.marks = {"Tus-Resumable": "1.0.0"}
        """The headers by which every answer says what protocol it speaks."""
        self._receive = receive
        self._send = send
        self._timeout: asyncio.Timeout | None = None
        self._asked_to_let_go = False
        self._pace = Pace(now=time.monotonic())  # from here on, for what it sends waits for us meanwhile

    @cached_property
    def django(self) -> ASGIRequest:
        """Its head as Django knows requests, to ask who sends it; without the body."""
        return ASGIRequest(self.scope, io.BytesIO())

    def let_go(self) -> None:
        """Another request wants this upload: end as soon as no bytes are coming in."""
        if self._asked_to_let_go:
            return  # asking again must not make it longer
        self._asked_to_let_go = True
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + LET_GO_SECONDS)

    async def body(self) -> AsyncIterator[bytes]:
        """The body as it arrives. Raises ``Disconnected`` or ``Refused`` for a cut, idle, slow or displaced sender."""
        while not self.body_ended:
            message = await self._next_message()
            if message["type"] == "http.disconnect":
                raise Disconnected
            self.body_ended = not message.get("more_body", False)
            chunk: bytes = message.get("body", b"")
            if chunk:
                yield chunk
            if not self.body_ended:
                self.keep_pace(len(chunk))

    def keep_pace(self, arrived: int) -> None:
        """So many bytes more have come. Raises ``Refused`` where they come too slowly."""
        if self._pace.too_slow(now=time.monotonic(), arrived=arrived):
            raise Refused(Refusal.SLOW)

    @property
    def expected(self) -> int:
        """Bytes of the body, as it is said; 0 where it is not."""
        return self.headers.integer("Content-Length") or 0

    def rest_of_body(self) -> BodySocket | None:
        """The socket of what is still to come of the body, where the server gives it away."""
        take = self.scope.get("extensions", {}).get(BODY_SOCKET)
        return None if take is None else take()

    async def readable(self, wire: socket.socket) -> None:
        """Wait until bytes are there, or its end. Raises ``Refused`` for an idle or displaced sender."""
        await self._in_time(_readable(wire))

    async def _next_message(self) -> Message:
        return await self._in_time(self._receive())

    async def _in_time[T](self, coming: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(LET_GO_SECONDS if self._asked_to_let_go else IDLE_SECONDS) as self._timeout:
                return await coming
        except TimeoutError:
            raise Refused(Refusal.LOCKED if self._asked_to_let_go else Refusal.SLOW) from None
        finally:
            self._timeout = None

    async def answer(self, status: int, headers: dict[str, str], content: Any = None) -> None:
        """Send the answer; ``content`` becomes JSON. The connection is closed if the body was not read to its end."""
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        fields = {**self.marks, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **headers}
        if content is not None:
            fields.setdefault("Content-Type", "application/json")
        if status != 204:
            fields["Content-Length"] = str(len(body))
        unread = not self.body_ended and self.has_body
        if unread:
            fields["Connection"] = "close"
        self.answered = True
        await self._send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in fields.items()],
            }
        )
        await self._send({"type": "http.response.body", "body": body, "more_body": unread})
        if unread:
            await self._drain()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    @property
    def has_body(self) -> bool:
        return self.headers.has("Transfer-Encoding") or self.headers.raw("Content-Length") not in ("", "0")

    async def _drain(self) -> None:
        """Read and forget for a moment."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self.body_ended:
                    message = await self._receive()
                    self.body_ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        except TimeoutError:
            return


async def _readable(wire: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(wire, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(wire)
