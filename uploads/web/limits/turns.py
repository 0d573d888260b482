"""Django's requests take turns: each takes a thread and a connection to the database, and there are not endlessly many.

A request has its turn from the last byte of its body, so that nobody slow holds one, until Django has let go of its
connection. A page is passed on after that: who reads it slowly holds nothing either. A stream, which must be passed on
while it is made, gives its turn back and takes one of the places of streams.
"""

import asyncio
from dataclasses import dataclass

from django.http import HttpResponse

from uploads.services.sender_network import network_of, plain_address
from uploads.web.asgi import ASGIApp, Message, Receive, Scope, Send, path_of
from uploads.web.error_json import error_json
from uploads.web.error_pages import error_page
from uploads.web.http_status import STATUS
from uploads.web.limits.line import Line
from uploads.web.request_id import current_reference

MOST_WAITING = 2_000
WAIT_SECONDS = 20.0
"""Who has waited so long is told to come back: browsers and proxies give up at 30 to 60 s."""
STREAMS = 16
"""Exports and the like that go out at once; their services allow fewer."""
HELD_BYTES = 4 * 2**20
"""Of a page that is kept until its turn is over: the largest there are, of 1,590 columns, have half of it."""
BUSY = "More is asked of this site right now than it can do at once."
COME_BACK = "Nothing is lost. Try again in a moment."
SEND_AGAIN = "What you sent was not taken. Go back, and send it again in a moment."


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """Where requests wait: for their turn, and for a place as a stream."""

    turns: Line
    streams: Line


def new_lines(*, at_once: int) -> Lines:
    return Lines(
        turns=Line(places=at_once, most_waiting=MOST_WAITING),
        streams=Line(places=STREAMS, most_waiting=MOST_WAITING),
    )


def with_turns(app: ASGIApp, lines: Lines) -> ASGIApp:
    """Let ``app`` answer as many requests at once as there are turns; 503 for those that can't wait any longer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        turn = _Turn(scope, receive, send, lines)
        try:
            await app(scope, turn.receive, turn.send)
            turn.let_go()
            await turn.pass_on()
        finally:
            turn.end()

    return answer


class _Turn:
    """One request, from its body to its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, lines: Lines) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._lines = lines
        self._place: Line | None = None
        """Where this request holds one."""
        self._next: asyncio.Task[Message] | None = None
        self._was_refused = self._ended = False
        self._held: list[Message] = []
        self._held_bytes = 0
        self._passes = False

    async def receive(self) -> Message:
        if self._next is not None:
            return await asyncio.shield(self._next)
        message = await self._receive()
        if message["type"] == "http.disconnect" or message.get("more_body", False):
            return message
        # From here on the client can only go away. Whoever has must not keep a place in the line.
        self._next = asyncio.ensure_future(self._receive())
        await self._enter(self._next)
        # Django gives a request up without an answer that it hears nothing of.
        return {"type": "http.disconnect"} if self._place is None else message

    async def _enter(self, gone: asyncio.Task[Message]) -> None:
        entering = asyncio.ensure_future(self._lines.turns.enter(self._sender(), seconds=WAIT_SECONDS))
        entering.add_done_callback(self._note_turn)
        try:
            await asyncio.wait([entering, gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            entering.cancel()

    def _note_turn(self, entering: asyncio.Task[bool]) -> None:
        if entering.cancelled():
            return
        if not entering.result():
            self._was_refused = True
        elif self._ended:
            self._lines.turns.leave()
        else:
            self._place = self._lines.turns

    def _sender(self) -> str:
        client = self._scope.get("client")
        return network_of(plain_address(client[0]) if client else None)

    async def send(self, message: Message) -> None:
        if self._passes:
            await self._send(message)
            return
        self._held.append(message)
        self._held_bytes += len(message.get("body", b""))
        if self._is_stream(message) or self._held_bytes > HELD_BYTES:
            self._passes = True
            await self._change_places()
            await self._pass_held()

    @staticmethod
    def _is_stream(message: Message) -> bool:
        """Whether nobody knows yet how long the answer will be."""
        if message["type"] != "http.response.start":
            return False
        return all(name.lower() != b"content-length" for name, _ in message["headers"])

    async def _change_places(self) -> None:
        if await self._lines.streams.enter(self._sender(), seconds=None):
            self.let_go()
            self._place = self._lines.streams

    async def _pass_held(self) -> None:
        held, self._held = self._held, []
        for message in held:
            await self._send(message)

    async def pass_on(self) -> None:
        """Send what was held, or why there was no turn."""
        if self._was_refused:
            self._held = _busy(self._scope)
        await self._pass_held()

    def let_go(self) -> None:
        """Leave the place, for whoever waits for it."""
        if self._place is not None:
            place, self._place = self._place, None
            place.leave()

    def end(self) -> None:
        self._ended = True
        self.let_go()
        if self._next is not None:
            self._next.cancel()


def _busy(scope: Scope) -> list[Message]:
    """Made once: hundreds that are told so at the same moment must not hold the others up by it."""
    is_program = path_of(scope).startswith("/api/")
    what = (is_program, scope["method"] in ("GET", "HEAD"))
    reference, start, body = _answers.get(what) or _answers.setdefault(what, _made(*what))
    if reference:
        body = body.replace(reference.encode(), current_reference().encode())
    return [start, {"type": "http.response.body", "body": body, "more_body": False}]


_answers: dict[tuple[bool, bool], tuple[str, Message, bytes]] = {}
"""For programs, and for people, who asked for a page or sent a form: the reference in it and the answer. All references
are of one length."""


def _made(is_program: bool, only_looks: bool) -> tuple[str, Message, bytes]:
    status = STATUS["site_busy"]
    response: HttpResponse = (
        error_json(code="site_busy", message=BUSY, hint=COME_BACK, status=status)
        if is_program
        else error_page(status=status, message=BUSY, hint=COME_BACK if only_looks else SEND_AGAIN, may_retry=only_looks)
    )
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.items()]
    length = (b"content-length", str(len(response.content)).encode())
    start = {"type": "http.response.start", "status": response.status_code, "headers": [*headers, length]}
    return current_reference(), start, response.content
