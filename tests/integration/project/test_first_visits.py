"""The start page as newcomers get it who come together, from the whole application."""

import asyncio
import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.integration.tus.client import scope_of
from uploader_project.asgi import application
from uploads.web.asgi import Message, Scope

pytestmark = pytest.mark.django_db(transaction=True)


async def ask(scope: Scope) -> tuple[dict[str, str], str]:
    """The cookies that are set, and the page."""
    sent: list[Message] = []
    body: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not body:
            await asyncio.Event().wait()
        return body.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    pairs = [
        value.decode().partition(";")[0].partition("=") for name, value in sent[0]["headers"] if name == b"Set-Cookie"
    ]
    return {name: value for name, _, value in pairs}, b"".join(message["body"] for message in sent[1:]).decode()


async def test_newcomers_have_forms_that_work_and_names_of_their_own() -> None:
    (one, page), (other, _) = await asyncio.gather(*(ask(scope_of("GET", "/", {})) for _ in range(2)))
    assert set(one) == set(other) == {"visitor", "csrftoken"}
    assert not set(one.values()) & set(other.values())
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    assert [await asyncio.to_thread(posted, cookies, token[1]) for cookies in (one, other)] == [400, 403]


def posted(cookies: dict[str, str], token: str) -> int:
    """The status of a form without a file: 403 where the token is not that of the cookies."""
    client = Client(enforce_csrf_checks=True, headers={"Cookie": "; ".join(map("=".join, cookies.items()))})
    form = urlencode({"csrfmiddlewaretoken": token})
    return client.post("/", form, content_type="application/x-www-form-urlencoded").status_code
