"""Bounds on what Django may be sent: it spools a whole body before any view runs, however long and slow.

The outer half stands ahead of Django and counts real bytes; a body over the limit is cut there, and the inner half, a
middleware, answers 413 in the form that fits the caller.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from uploads.web.asgi import ASGIApp, Message, Receive, Scope, Send
from uploads.web.form_uploads import form_too_large
from uploads.web.limits.unreadable import body_too_large, refuse
from uploads.web.slow_clients import DRAIN_SECONDS, IDLE_SECONDS, Pace

CUT = "uploads.body_cut"
"""Key in the scope of a request whose body was too long."""
PARTS = b"multipart/form-data"
OVERHEAD_BYTES = 2**20
"""For the other fields of a form and the lines between its parts."""
END: Message = {"type": "http.request", "body": b"", "more_body": False}


def with_body_limit(app: ASGIApp) -> ASGIApp:
    """Pass requests on with a body that is bounded in length and pace."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        body = _Bounded(scope, receive, send)
        await app(scope, body.receive, body.send)
        await body.finish()

    return answer


class _Bounded:
    """The body of one request, and the answer to it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._most = _most_bytes(scope)
        self._left = self._most
        self._pace = Pace(now=time.monotonic())
        self._ended = False
        self._too_slow = False
        self._answered = False
        self._answering = asyncio.Event()
        self._drained = asyncio.Event()

    async def receive(self) -> Message:
        if self._ended:
            return await self._until_disconnect()
        if self._announced() > self._most:
            return self._cut()
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                message = await self._receive()
        except TimeoutError:
            return self._hang_up()
        if message["type"] == "http.disconnect":
            return message
        return self._counted(message)

    def _counted(self, message: Message) -> Message:
        size = len(message.get("body", b""))
        self._left -= size
        if self._left < 0:
            return self._cut()
        self._ended = not message.get("more_body", False)
        if self._pace.too_slow(now=time.monotonic(), arrived=size) and not self._ended:
            return self._hang_up()
        return message

    def _announced(self) -> int:
        lengths = [value for name, value in self._scope["headers"] if name == b"content-length"]
        return int(lengths[0]) if lengths else 0

    def _cut(self) -> Message:
        """End the body here; the middleware sees the mark."""
        self._ended = True
        self._scope[CUT] = True
        return END

    def _hang_up(self) -> Message:
        """Django gives a broken request up without an answer; ``finish`` gives one."""
        self._ended = self._too_slow = True
        return {"type": "http.disconnect"}

    async def _until_disconnect(self) -> Message:
        """What is left of a body that was cut is read and forgotten, but never asked for (100 Continue)."""
        if CUT in self._scope:
            await self._answering.wait()
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                self._drained.set()
            if message["type"] == "http.disconnect":
                return message

    async def send(self, message: Message) -> None:
        self._answered = True
        if CUT in self._scope:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            elif not message.get("more_body", False):
                await self._wait_for_rest()
        await self._send(message)
        self._answering.set()

    async def _wait_for_rest(self) -> None:
        """A client in mid-send would see a reset connection and not the answer."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._drained.wait()
        except TimeoutError:
            return

    async def finish(self) -> None:
        """Answer a request that was too slow for Django to hear of."""
        if self._too_slow and not self._answered:
            headers = [(b"content-length", b"0"), (b"connection", b"close")]
            await self._send({"type": "http.response.start", "status": 408, "headers": headers})
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _most_bytes(scope: Scope) -> int:
    """Files come in parts. Django holds all else in memory, and bounds it by what its length says: chunks say none."""
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    if len(kinds) == 1 and kinds[0].partition(b";")[0].strip().lower() == PARTS:
        return int(settings.MAX_FORM_SIZE) + OVERHEAD_BYTES
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class BodyLimitMiddleware:
    """Answers for a body that was cut, before anything looks for a form in it."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if not getattr(request, "scope", {}).get(CUT):
            return self.get_response(request)
        return _later(_too_large(request)) if iscoroutinefunction(self) else _too_large(request)


async def _later(response: HttpResponseBase) -> HttpResponseBase:
    return response


def _too_large(request: HttpRequest) -> HttpResponseBase:
    has_parts = (request.content_type or "").encode() == PARTS
    return refuse(request, form_too_large() if has_parts else body_too_large())
