"""Answers that are sent while they are made, and the threads that make them."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse

from uploader_project.one_thread import OneThreadHandler


async def pieces() -> AsyncIterator[bytes]:
    yield b"code;price\n"
    raise OSError("the export had to give way")


async def take(message: dict[str, Any]) -> None:
    pass


def test_answer_whose_making_fails_on_the_way_is_closed_and_gives_its_session_back() -> None:
    response = StreamingHttpResponse(pieces())
    with pytest.raises(OSError, match="give way"):
        asyncio.run(OneThreadHandler().send_response(response, take))
    assert response.closed


class Answering(OneThreadHandler):
    """Each request is answered by ``view`` in its thread; the threads that did are remembered."""

    def __init__(self, view: Any) -> None:
        super().__init__()
        self.threads: list[threading.Thread] = []
        self._view = view

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        def answer() -> None:
            self.threads.append(threading.current_thread())
            self._view()

        await sync_to_async(answer)()

    def ask(self) -> Any:
        return self({"type": "http"}, take, take)


def test_requests_one_after_the_other_have_the_same_thread_and_those_at_once_one_each() -> None:
    meeting = threading.Barrier(2)

    async def requests() -> list[int]:
        alone = Answering(lambda: None)
        for _ in range(3):
            await alone.ask()
        together = Answering(meeting.wait)
        await asyncio.gather(together.ask(), together.ask())
        return [len(set(alone.threads)), len(set(together.threads))]

    assert asyncio.run(requests()) == [1, 2]


def test_a_thread_that_still_works_for_a_visitor_who_has_gone_is_left_to_it() -> None:
    begun, go_on = threading.Event(), threading.Event()
    slow = iter([True])

    def view() -> None:
        if next(slow, False):
            begun.set()
            go_on.wait()

    async def requests() -> int:
        handler = Answering(view)
        gone = asyncio.create_task(handler.ask())
        await asyncio.to_thread(begun.wait)
        gone.cancel()
        await asyncio.wait([gone])
        await handler.ask()
        go_on.set()
        return len(set(handler.threads))

    assert asyncio.run(requests()) == 2


def ask_for_page(send: Any = take) -> None:
    body = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return body.pop() if body else await asyncio.Future()

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    asyncio.run(OneThreadHandler()(scope, receive, send))


def test_page_takes_its_thread_once_and_has_given_its_session_back_before_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That a request begins, its page, and that it has ended were three ways there and back."""
    acts: list[str] = []
    page = HttpResponse(b"rows")

    def way(act: Any) -> Any:
        acts.append("thread")
        return sync_to_async(act)

    async def send(message: dict[str, Any]) -> None:
        acts.append(f"{message['type']}, closed: {page.closed}")

    monkeypatch.setattr(OneThreadHandler, "get_response", lambda _self, _request: page)
    monkeypatch.setattr("uploader_project.one_thread.sync_to_async", way)
    ask_for_page(send)
    assert acts == ["thread", "http.response.start, closed: True", "http.response.body, closed: True"]


def test_error_of_a_request_is_raised_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in a group of one, which nobody who waits for it knows."""

    def fail(_self: Any, _request: Any) -> None:
        raise OSError("no thread left")

    monkeypatch.setattr(OneThreadHandler, "get_response", fail)
    with pytest.raises(OSError, match="no thread left"):
        ask_for_page()
