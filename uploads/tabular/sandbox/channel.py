"""Frames on a stream socket: JSON for what is said, Arrow IPC or COPY's own bytes for rows.

Never pickle: a child is not trusted. What it encodes for COPY, PostgreSQL checks as it would a stranger's.
"""

import json
import socket
import struct
from typing import Any

import pyarrow as pa

_HEAD = struct.Struct(">cQ")
_JSON = b"J"
_ARROW = b"A"
_COPY = b"C"
MAX_FRAME = 2**31
"""A frame larger than this is a broken child, not a chunk."""


class ChannelClosed(ConnectionError):
    """The other side is gone; in the middle of a frame or between two."""


class BrokenFrame(ValueError):
    """What arrived is not a frame of this protocol."""


class Channel:
    """Both directions of one conversation. Not for use by several threads."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def settimeout(self, seconds: float | None) -> None:
        self._socket.settimeout(seconds)

    def send(self, message: dict[str, Any]) -> None:
        self._send(_JSON, json.dumps(message).encode())

    def send_batch(self, batch: pa.RecordBatch) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        self._send(_ARROW, sink.getvalue())

    def send_rows(self, rows: bytes | memoryview) -> None:
        self._send(_COPY, rows)

    def receive(self) -> dict[str, Any]:
        kind, payload = self._receive()
        if kind != _JSON:
            raise BrokenFrame("rows came where a message was due")
        message = json.loads(payload)
        if not isinstance(message, dict):
            raise BrokenFrame("a message must be an object")
        return message

    def receive_batch(self) -> pa.RecordBatch:
        kind, payload = self._receive()
        if kind != _ARROW:
            raise BrokenFrame("a message came where rows were due")
        batch = pa.ipc.open_stream(pa.py_buffer(payload)).read_next_batch()
        batch.validate()
        return batch

    def receive_rows(self) -> bytearray:
        kind, payload = self._receive()
        if kind != _COPY:
            raise BrokenFrame("something else came where rows for COPY were due")
        return payload

    def _send(self, kind: bytes, payload: bytes | memoryview | pa.Buffer) -> None:
        try:
            self._socket.sendall(_HEAD.pack(kind, len(payload)))
            self._socket.sendall(payload)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ChannelClosed("the other side is gone") from error

    def _receive(self) -> tuple[bytes, bytearray]:
        kind, size = _HEAD.unpack(self._exactly(_HEAD.size))
        if kind not in (_JSON, _ARROW, _COPY) or size > MAX_FRAME:
            raise BrokenFrame(f"frame of kind {kind!r} and {size} bytes")
        return kind, self._exactly(size)

    def _exactly(self, size: int) -> bytearray:
        buffer = bytearray(size)
        view = memoryview(buffer)
        done = 0
        while done < size:
            try:
                got = self._socket.recv_into(view[done:])
            except ConnectionResetError as error:
                raise ChannelClosed("the other side is gone") from error
            if not got:
                raise ChannelClosed("the other side is gone")
            done += got
        return buffer
