"""Streams of events on the wire. Django answers the first question, and each later one that a change gives rise to, as
it answers whoever polls: one place says who may know what. In between a stream holds no thread and no session.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from uploads.services.sender_network import network_of, plain_address
from uploads.services.visibility import Viewer
from uploads.web.asgi import STOPPING, ASGIApp, Message, Receive, Scope, Send, path_of
from uploads.web.error_json import error_json
from uploads.web.events.state import State, events_between, state_in
from uploads.web.events.watch import Follower, Watch
from uploads.web.events.wire import CONTENT_TYPE, VIEWER, beat, data_in
from uploads.web.http_status import RETRY_AFTER_SECONDS, STATUS

BEAT_SECONDS = 15.0
"""Proxies and providers close what is silent for 30 to 60 s."""
ASK_AGAIN_SECONDS = 55.0
"""Who may know a file no more, or knows another name of its dataset, is told after that."""
MOST_STREAMS = 1_000
"""In one process. Each has a descriptor and some 75 kB; pages that find no place go on asking every second."""
MOST_STREAMS_OF_NETWORK = 100
"""An office behind one address has that many pages open that somebody looks at."""
END_SECONDS = 0.5
"""For the last words to a client that may not read any."""
_ADDRESS = re.compile(r"/api/(receipts/[^/]+|files)/events")
_NO_BODY: Message = {"type": "http.request", "body": b"", "more_body": False}
_GONE: Message = {"type": "http.disconnect"}


class Places:
    """The streams that are open in this process."""

    def __init__(self) -> None:
        self._of_network: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        return self._of_network.total()

    @contextmanager
    def taken_by(self, network: str) -> Iterator[bool]:
        """Whether there is one for the length of the block."""
        if self.taken >= MOST_STREAMS or self._of_network[network] >= MOST_STREAMS_OF_NETWORK:
            yield False
            return
        self._of_network[network] += 1
        try:
            yield True
        finally:
            self._of_network[network] -= 1
            if not self._of_network[network]:
                del self._of_network[network]


PLACES = Places()


def with_events(app: ASGIApp) -> ASGIApp:
    """Keep the streams open that ``app`` begins. It answers everything, and a stream's later questions too."""
    watch = Watch()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_stream(scope):
            await app(scope, receive, send)
            return
        with PLACES.taken_by(_network(scope)) as is_there:
            if is_there:
                await _Stream(app, watch, scope, send).follow(receive)
            else:
                await _refuse(send)

    return answer


def _is_stream(scope: Scope) -> bool:
    return _ADDRESS.fullmatch(path_of(scope)) is not None


def _network(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(plain_address(client[0]) if client else None)


async def _refuse(send: Send) -> None:
    response = error_json(
        code="streams_busy",
        message="As many pages follow files right now as may.",
        hint="Ask for the state itself instead: the same address without “/events”.",
        status=STATUS["streams_busy"],
    )
    headers = [*response.items(), ("Cache-Control", "no-store"), ("Content-Length", str(len(response.content)))]
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": response.status_code, "headers": encoded})
    await send({"type": "http.response.body", "body": response.content, "more_body": False})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """What Django says; nothing, where it heard that the client is gone."""

    messages: list[Message]

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"]) if self.messages else 0

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self.messages[0]["headers"]) if self.messages else []

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def is_stream(self) -> bool:
        kind = next((value for name, value in self.headers if name.lower() == b"content-type"), b"")
        return self.status == HTTPStatus.OK and kind.startswith(CONTENT_TYPE.encode())


class _Stream:
    """One client who follows."""

    def __init__(self, app: ASGIApp, watch: Watch, scope: Scope, send: Send) -> None:
        self._app = app
        self._watch = watch
        self._scope = scope
        self._send = send
        self._follower = Follower()
        self._over = asyncio.Event()
        """The client is gone, or the server stops."""
        self._sending: asyncio.Timeout | None = None

    async def follow(self, receive: Receive) -> None:
        await self._watch.join(self._follower)
        try:
            first = await self._ask(receive)
            if not first.is_stream:
                for message in first.messages:
                    await self._send(message)
                return
            state = state_in(data_in(first.body))
            if state.is_final and self._last_event_id() == state.id.encode():
                await self._say_no_more()
            else:
                await self._follow_on(first, state, receive)
        finally:
            self._watch.leave(self._follower)

    async def _follow_on(self, first: _Answer, state: State, receive: Receive) -> None:
        ends = [asyncio.create_task(self._hear_of_end(receive)), asyncio.create_task(self._hear_of_stop())]
        try:
            headers = [(name, value) for name, value in first.headers if name.lower() != b"content-length"]
            await self._send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
            await self._pass(first.body)
            await self._tell_changes(state)
            await self._end()
        finally:
            for each in ends:
                each.cancel()

    async def _hear_of_end(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stop()

    async def _hear_of_stop(self) -> None:
        stopping = self._scope.get("extensions", {}).get(STOPPING)
        if stopping is not None:  # a server that is not ours ends a stream in its own time
            await stopping().wait()
            self._stop()

    def _stop(self) -> None:
        self._over.set()
        self._follower.woken.set()
        if self._sending is not None and not self._sending.expired():  # to a client that doesn't read
            self._sending.reschedule(asyncio.get_running_loop().time())

    async def _tell_changes(self, state: State) -> None:
        """Until nothing more happens, or the client may know no more of it."""
        ask_at = time.monotonic() + ASK_AGAIN_SECONDS
        self._follower.state = state
        while not state.is_final:
            is_woken = await self._woken(seconds=min(BEAT_SECONDS, ask_at - time.monotonic()))
            if self._over.is_set() or self._follower.ended:
                return
            news = [beat()]
            if is_woken or time.monotonic() >= ask_at:
                found = await self._ask()
                is_busy = found.status == HTTPStatus.SERVICE_UNAVAILABLE  # all would come back at once, and ask again
                ask_at = time.monotonic() + (RETRY_AFTER_SECONDS if is_busy else ASK_AGAIN_SECONDS)
                if not is_busy and not found.is_stream:
                    return
                if not is_busy:
                    before, data = state, data_in(found.body)
                    self._follower.state = state = state_in(data)
                    news = list(events_between(before, state, data)) or news
            await self._pass(b"".join(news))

    async def _woken(self, *, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._follower.woken.wait()
        except TimeoutError:
            return False
        return True

    async def _ask(self, receive: Receive | None = None) -> _Answer:
        """Ask Django; ``receive``: by the request itself, and not once more in its name."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        self._follower.woken.clear()
        extensions = {VIEWER: self._note_viewer}
        await self._app({**self._scope, "extensions": extensions}, receive or self._once_more(), collect)
        return _Answer(messages=messages)

    def _note_viewer(self, viewer: Viewer) -> None:
        self._follower.viewer = viewer

    def _once_more(self) -> Receive:
        unsent = [_NO_BODY]

        async def receive() -> Message:
            if unsent:
                return unsent.pop()
            await self._over.wait()
            return _GONE

        return receive

    async def _pass(self, body: bytes) -> None:
        if self._over.is_set():
            return
        try:
            async with asyncio.timeout(None) as self._sending:
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
        except TimeoutError:
            return
        finally:
            self._sending = None

    async def _end(self) -> None:
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            return

    async def _say_no_more(self) -> None:
        """A browser that comes back to a file of which it knows all: by 204 it learns to stay away."""
        await self._send({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT, "headers": []})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _last_event_id(self) -> bytes:
        return next((value for name, value in self._scope["headers"] if name == b"last-event-id"), b"")
