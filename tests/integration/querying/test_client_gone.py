"""A client that goes away while its query runs: the query ends with it, and not at the end of its time."""

import asyncio
import threading
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.integration.tus.client import scope_of
from uploader_project.asgi import application
from uploads.database.querying import run
from uploads.web.asgi import Message

ENDLESS = "SELECT count(*) FROM data.prices, generate_series(1, 100000) a, generate_series(1, 100000) b"


@pytest.mark.parametrize("path", ["/api/sql", "/sql/"])
def test_query_ends_with_its_client(
    prices: str, admin_client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    begun = threading.Event()
    stopped: list[run.Stopped] = []
    around, stop = run.statement_around, run.Stopped.stop

    def noted(*said: Any) -> tuple[str, str]:
        begun.set()
        return around(*said)

    def seen(self: run.Stopped, session: Any) -> None:
        stopped.append(self)
        stop(self, session)

    monkeypatch.setattr(run, "statement_around", noted)
    monkeypatch.setattr(run.Stopped, "stop", seen)
    cookie = f"sessionid={admin_client.cookies['sessionid'].value}"
    assert asyncio.run(_leave_once(begun, path, cookie)) == []
    assert stopped


async def _leave_once(begun: threading.Event, path: str, cookie: str) -> list[Message]:
    """What came until the client went away."""
    sent: list[Message] = []
    requests: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await asyncio.to_thread(begun.wait)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {**scope_of("GET", path, {"Cookie": cookie}), "query_string": urlencode({"query": ENDLESS}).encode()}
    await application(scope, receive, send)
    return sent
