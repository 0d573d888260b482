"""A short reference for each request: in the response's header, on error pages and in every log line of the request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import choice
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from uploads.web.asgi import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that are mistaken for each other when read aloud."""
LENGTH = 12

_reference: ContextVar[str] = ContextVar("reference", default="")


def new_reference() -> str:
    return "".join(choice(ALPHABET) for _ in range(LENGTH))


def current_reference() -> str:
    """The reference of the request being answered; empty outside of one."""
    return _reference.get()


@contextmanager
def referenced() -> Iterator[str]:
    """Keep the reference that an outer layer gave, or give one for the length of the block."""
    if inherited := _reference.get():
        yield inherited
        return
    token = _reference.set(new_reference())
    try:
        yield _reference.get()
    finally:
        _reference.reset(token)


class ReferenceMiddleware:
    """For whatever reaches Django without ``asgi.py``, such as the test client; under it, only the header is set."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self.answer_async(request)
        with referenced() as reference:
            return _marked(self.get_response(request), reference)

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        with referenced() as reference:
            return _marked(await self.get_response(request), reference)


def _marked(response: HttpResponseBase, reference: str) -> HttpResponseBase:
    response.headers[HEADER] = reference
    return response


def with_reference(app: ASGIApp) -> ASGIApp:
    """Give every request a reference before any app sees it; uvicorn's access line then carries it too."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        with referenced() as reference:
            header = (HEADER.lower().encode(), reference.encode())

            async def send_marked(message: Message) -> None:
                if message["type"] == "http.response.start":
                    others = [pair for pair in message.get("headers", []) if pair[0].lower() != header[0]]
                    message = {**message, "headers": [*others, header]}
                await send(message)

            await app(scope, receive, send_marked)

    return answer
