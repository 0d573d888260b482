"""The start page for a crowd of newcomers: made once for all who ask in the same second, each with marks of their own.

Who comes without a cookie sees what everybody sees who does, but for two cookies and the token in the form. Django
made each of these pages anew, in a thread and with a session of the database: 7 ms of computing, and of 1,000 at once
some waited for 8 s. It still makes the page that is handed round, with all its checks, and all others.
"""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token

from uploads.web.asgi import ASGIApp, Message, Receive, Scope, Send
from uploads.web.visitors import COOKIE, remember, visitor_of

FRESH_SECONDS = 1.0
"""So much older than the question its answer may be: somebody else's page of a second ago is as old."""
MOST_KEPT = 64
"""Pages for as many names of this site, of which ``ALLOWED_HOSTS`` may have any number."""
_SHAPING = (b"host", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port")
"""What a page depends on before any of it is asked for; what else it does, it says with ``Vary``."""
_PERSONAL = (b"cookie", b"authorization", b"transfer-encoding")
_HAS_BODY = (b"content-length", True)
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+(?=")')

type Key = tuple[object, ...]
type Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """What all newcomers get alike."""

    headers: Pairs
    pieces: tuple[bytes, ...]
    """The body where tokens are cut out."""
    made_at: float

    def messages_for(self, visitor: "_Newcomer") -> Iterable[Message]:
        yield {"type": "http.response.start", "status": 200, "headers": [*self.headers, *visitor.cookies]}
        yield {"type": "http.response.body", "body": visitor.token.join(self.pieces), "more_body": False}


class _Newcomer:
    """Who gets a name, and a secret that the forms of this browser prove to know."""

    def __init__(self) -> None:
        request, response = HttpRequest(), HttpResponse()
        self.token = get_token(request).encode()
        visitor_of(request)
        CsrfViewMiddleware(lambda _: response).process_response(request, response)
        remember(request, response)
        self.cookies = [
            (b"Set-Cookie", cookie.output(header="").strip().encode("latin-1")) for cookie in response.cookies.values()
        ]


def with_first_visits(app: ASGIApp) -> ASGIApp:
    """Hand the start page round among those who have no cookie; whatever else is asked for passes on to ``app``."""
    pages: dict[Key, asyncio.Task[_Page | None]] = {}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        page = await _page_for(scope) if _is_first_visit(scope) else None
        if page is None:
            await app(scope, receive, send)
            return
        for message in page.messages_for(_Newcomer()):
            await send(message)

    async def _page_for(scope: Scope) -> _Page | None:
        key = _key(scope)
        making = pages.get(key)
        if making is None or _is_old(making):
            making = pages[key] = asyncio.create_task(_make(app, scope))
            if len(pages) > MOST_KEPT:
                del pages[next(iter(pages))]
        return await asyncio.shield(making)  # whoever asked first may leave

    return answer


def _is_first_visit(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"] == f"{scope.get('root_path', '')}/"
        and not scope.get("query_string")
        and not any(name in _PERSONAL or (name, value != b"0") == _HAS_BODY for name, value in scope["headers"])
    )


def _key(scope: Scope) -> Key:
    shaping = tuple(pair for pair in scope["headers"] if pair[0] in _SHAPING)
    return (scope.get("scheme"), scope.get("root_path"), scope.get("server"), shaping)


def _is_old(making: "asyncio.Task[_Page | None]") -> bool:
    """One that failed, or that is not for everybody, is nobody's any more."""
    if not making.done():
        return False
    if making.cancelled() or making.exception() is not None:
        return True
    page = making.result()
    return page is None or asyncio.get_running_loop().time() - page.made_at > FRESH_SECONDS


async def _make(app: ASGIApp, scope: Scope) -> _Page | None:
    """Ask for it as who came first did; ``None`` where the answer is none to hand round."""
    began = asyncio.get_running_loop().time()
    messages: list[Message] = []
    body: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not body:
            await asyncio.Event().wait()  # nobody hangs up
        return body.pop()

    async def send(message: Message) -> None:
        messages.append(message)

    await app({**scope, "extensions": {}}, receive, send)
    return _shared(messages, began)


def _shared(messages: list[Message], made_at: float) -> _Page | None:
    start: Any = messages[0]
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"set-cookie"]
    cookies = {value.partition(b"=")[0].decode() for name, value in start["headers"] if name.lower() == b"set-cookie"}
    varies = {word.strip().lower() for name, value in headers if name.lower() == b"vary" for word in value.split(b",")}
    if start["status"] != 200 or cookies != {COOKIE, settings.CSRF_COOKIE_NAME} or varies - {b"cookie"}:
        return None
    whole = b"".join(message.get("body", b"") for message in messages[1:])
    return _Page(headers=headers, pieces=tuple(_TOKEN.split(whole)), made_at=made_at)
