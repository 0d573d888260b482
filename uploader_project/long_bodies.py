"""Long bodies past the parser: whoever takes a large upload in reads its socket itself, in a thread, as it writes.

Through h11 and uvicorn each byte was copied seven times and came in pieces of 64 to 256 KiB, each of which stopped the
connection, woke a task, and went on to a thread. h11 learns afterwards how many bytes went past it.
"""

from h11._readers import ContentLengthReader
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from uploads.web.asgi import BodySocket


def take_body(connection: H11Protocol, cycle: RequestResponseCycle) -> BodySocket | None:
    """The rest of the body that is being read; ``None`` where its length isn't known, or it is here or gone already."""
    reader = connection.conn._reader  # noqa: SLF001 - h11 has no other word for how much is to come
    if (
        connection.cycle is not cycle
        or not isinstance(reader, ContentLengthReader)
        or not cycle.more_body
        or cycle.disconnected
        or cycle.waiting_for_100_continue
        or connection.transport.is_closing()
        or connection.transport.get_extra_info("sslcontext") is not None
    ):
        return None
    return _BodySocket(connection, cycle, reader)


class _BodySocket:
    """As ``BodySocket`` says. The connection reads nothing while it is out."""

    def __init__(self, connection: H11Protocol, cycle: RequestResponseCycle, reader: ContentLengthReader) -> None:
        connection.flow.pause_reading()
        self._connection = connection
        self._reader = reader
        self.before, cycle.body = bytes(cycle.body), bytearray()
        cycle.message_event.clear()
        self.left: int = reader._remaining  # noqa: SLF001 - as above
        self.socket = connection.transport.get_extra_info("socket").dup()

    def give_back(self, *, taken: int) -> None:
        self.socket.close()
        self._reader._remaining -= taken  # noqa: SLF001 - as above
        if taken == self.left:
            self._connection.handle_events()  # the body's end
        self._connection.flow.resume_reading()

    def hang_up(self) -> None:
        self.socket.close()
        self._connection.transport.abort()
