"""A connection of the web server, closed when its client is slow where uvicorn would wait for ever.

An open connection costs a descriptor; a response that is not read costs, besides, the work that makes it.
"""

import asyncio
from functools import partial
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from uploader_project.long_bodies import take_body
from uploads.web.asgi import BODY_SOCKET, STOPPING

HEAD_SECONDS = 10.0
"""From the first byte of a request, or from the begin of the connection, to the end of the headers, by the clock."""
READ_BYTES = 32 * 1024
"""At a time from the socket. So much of each upload that begins is in memory until the upload is found and its body is
drawn from the socket; it was up to three times asyncio's 256 KiB."""
LINGER_SECONDS = 2.0
"""How long what a refused client still sends is taken and forgotten: closed at once, it would be answered by a reset,
which takes the refusal away before it is read."""
UNREAD_SECONDS = 30.0
"""How long a client may leave 64 KiB of a response unread."""


class TimedConnection(H11Protocol):
    """As uvicorn's, with these two times; a request that has come whole is none of its business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Event | None = None
        self._lingers: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        transport.max_size = READ_BYTES  # type: ignore[attr-defined]  # asyncio's transports of sockets have it
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        if self._lingers is None:
            super().data_received(data)
            self._watch_head()

    def send_400_response(self, msg: str) -> None:
        """For what is no request; more of it than has been read may be on its way. Where it was the body of one that is
        being answered, that one's client is gone; what has been begun to be answered is not answered twice."""
        cycle: Any = self.cycle  # none before the first request
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.close()
                return
        head = "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        self.transport.write(f"{head}content-length: {len(msg)}\r\n\r\n{msg}".encode("ascii"))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._lingers = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is not None:
            extensions: dict[str, Any] = self.cycle.scope.setdefault("extensions", {})
            extensions.setdefault(STOPPING, self._stops)
            if BODY_SOCKET not in extensions:  # its task has not begun
                extensions[BODY_SOCKET] = partial(take_body, self, self.cycle)
                if self.conn.their_state is h11.SEND_BODY:
                    self.flow.pause_reading()  # until somebody asks for the body

    def _stops(self) -> asyncio.Event:
        """Few ask, so it is made for who does."""
        if self._stopping is None:
            self._stopping = asyncio.Event()
        return self._stopping

    def shutdown(self) -> None:
        super().shutdown()
        self._stops().set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_timer = _stopped(self._head_timer)
        self._unread_timer = _stopped(self._unread_timer)
        self._lingers = _stopped(self._lingers)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_timer = self._unread_timer or self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._unread_timer = _stopped(self._unread_timer)
        super().resume_writing()

    def _watch_head(self) -> None:
        """The time runs on, whatever trickles in; between two requests uvicorn has one of its own."""
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._head_timer = _stopped(self._head_timer)
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Nothing, in place of the timer."""
    if timer is not None:
        timer.cancel()
    return None
