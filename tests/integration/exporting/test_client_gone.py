"""A client that goes away in the middle: what its export needs is let go of."""

import asyncio
import threading

import pytest

from tests.integration.conftest import Pipeline
from tests.integration.tus.client import scope_of
from uploader_project.asgi import application
from uploads.database.exporting import windows
from uploads.services.exporting import limits
from uploads.services.exporting.limits import AT_ONCE
from uploads.web.asgi import Message


@pytest.mark.parametrize("query", ["_format=csv", "_format=arrow&_sort=-n"])
def test_export_ends_with_its_client(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    pipeline.load("n\n" + "".join(f"{n}\n" for n in range(1, 2_000)), "numbers.csv")
    monkeypatch.setattr(windows, "FIRST_ROWS", 10)
    monkeypatch.setattr(windows, "MOST_ROWS", 10)
    monkeypatch.setattr(windows, "FIRST_BLOCKS", 1)
    monkeypatch.setattr(windows, "MOST_BLOCKS", 1)
    slots = threading.BoundedSemaphore(AT_ONCE)
    monkeypatch.setattr(limits, "_slots", slots)
    sent = asyncio.run(_leave_after(query, messages=3))
    assert sent[0]["status"] == 200
    assert sent[-1]["more_body"]
    assert [slots.acquire(blocking=False) for _ in range(AT_ONCE)] == [True] * AT_ONCE


async def _leave_after(query: str, *, messages: int) -> list[Message]:
    """What came until the client went away, and after that."""
    gone = asyncio.Event()
    sent: list[Message] = []
    requests: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == messages:
            gone.set()

    scope = {**scope_of("GET", "/api/datasets/numbers/rows", {}), "query_string": query.encode()}
    await application(scope, receive, send)
    return sent
