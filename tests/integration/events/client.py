"""Somebody who follows files over a connection of their own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from tests.waiting import GIVE_UP_SECONDS


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    id: str
    data: Any


@dataclass
class Followed:
    """A stream that has begun."""

    response: HTTPResponse

    def next(self) -> Event | None:
        """The next event that is no sign of life; ``None``: the stream has ended."""
        while fields := self._fields():
            if fields.get("event", "beat") != "beat":
                return Event(fields["event"], fields["id"], json.loads(fields["data"]))
        return None

    def _fields(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while line := self.response.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            found[name] = value
        return found


@contextmanager
def following(port: int, path: str, headers: dict[str, str] | None = None) -> Iterator[Followed]:
    client = HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_SECONDS)
    try:
        client.request("GET", path, headers=headers or {})
        yield Followed(client.getresponse())
    finally:
        client.close()
