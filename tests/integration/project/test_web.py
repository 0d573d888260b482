"""What every answer of the web server has: static files without streaming, a reference, a strict content policy."""

import asyncio
from typing import Any

import pytest
from django.test import AsyncClient, Client

from tests.integration.tus.client import scope_of
from uploader_project.asgi import PROBES, application
from uploads.web.asgi import first_part
from uploads.web.request_id import ALPHABET, LENGTH

SHEET = "/static/admin/css/base.css"


async def test_static_file_is_whole_under_an_asynchronous_server(async_client: AsyncClient) -> None:
    response = await async_client.get(SHEET)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert len(response.content) == int(response.headers["Content-Length"])


def test_static_file_is_whole_under_a_synchronous_server(client: Client) -> None:
    response = client.get(SHEET)
    assert len(response.content) == int(response.headers["Content-Length"])


def test_static_file_that_the_browser_has_is_not_sent_again(client: Client) -> None:
    etag = client.get(SHEET).headers["ETag"]
    again = client.get(SHEET, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_part_of_a_static_file(client: Client) -> None:
    part = client.get(SHEET, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, client.get(SHEET).content[2:6])


@pytest.mark.django_db
def test_page_allows_no_script_or_style_but_ours(client: Client) -> None:
    policy = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_each_answer_has_a_reference_of_its_own(client: Client) -> None:
    first, second = (client.get("/admin/login/").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == LENGTH
    assert set(first + second) <= set(ALPHABET)


def test_outermost_application_gives_the_reference_once() -> None:
    sent: list[Any] = []
    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for request in requests:
            return request
        await asyncio.Event().wait()  # the client stays on the line
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": SHEET, "headers": [], "query_string": b"", "root_path": ""}
    asyncio.run(application(scope, receive, send))
    names = [name.lower() for name, _ in sent[0]["headers"]]
    assert names.count(b"x-request-id") == 1


def test_site_mounted_below_a_path_takes_uploads_and_is_probed_there() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asked = {**scope_of("OPTIONS", "/data/files/", {}), "root_path": "/data"}
    asyncio.run(application(asked, receive, send))
    assert sent[0]["status"] == 204
    assert (b"tus-version", b"1.0.0") in [(name.lower(), value) for name, value in sent[0]["headers"]]
    assert first_part({"path": "/data/healthz", "root_path": "/data"}) in PROBES


def test_server_is_told_that_start_and_stop_are_done() -> None:
    events = iter(["lifespan.startup", "lifespan.shutdown"])
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": next(events)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "most"), [("/sign-in/", 3), ("/api/datasets", 6)], ids=["page", "api"])
async def test_request_is_handed_over_to_its_thread_a_few_times_and_not_for_each_middleware(
    path: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To begin, to answer, and to let go of the connection; Django's own handler takes 19 and 20."""
    loop = asyncio.get_running_loop()
    run, handed_over = loop.run_in_executor, 0

    def counted(*args: Any) -> Any:
        nonlocal handed_over
        handed_over += 1
        return run(*args)

    monkeypatch.setattr(loop, "run_in_executor", counted)
    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        for request in requests:
            return request
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b"", "root_path": ""}
    await application(scope, receive, send)
    assert sent[0]["status"] == 200
    assert handed_over <= most
