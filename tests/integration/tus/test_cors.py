"""Pages of other sites: which may send files and call the API, and that they never do so as a person."""

import asyncio

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from tests.integration.tus.client import scope_of
from uploader_project.environment.origins import parse_origins
from uploads.tus.app import tus_app
from uploads.web.asgi import Message
from uploads.web.cors import with_cors
from uploads.web.visitors import COOKIE

ALLOWED = {"Origin": "https://app.example.org"}
PREFLIGHT = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "tus-resumable,upload-offset"}


def ask(method: str, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(with_cors(tus_app)(scope_of(method, path, headers), receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_without_the_setting_no_other_site_is_told_anything() -> None:
    status, headers = ask("OPTIONS", "/files/", {**ALLOWED, **PREFLIGHT})
    assert status == 204
    assert not [name for name in headers if name.startswith("access-control") or name == "vary"]


@override_settings(CORS_ORIGINS=["https://app.example.org", "https://*.example.net"])
def test_preflight_of_an_allowed_site_says_what_it_may_send() -> None:
    for origin in ("https://app.example.org", "https://a.b.example.net"):
        status, headers = ask("OPTIONS", "/files/x", {"Origin": origin, **PREFLIGHT})
        assert (status, headers["access-control-allow-origin"], headers["vary"]) == (204, origin, "Origin")
        assert "PATCH" in headers["access-control-allow-methods"]
        assert "Upload-Offset" in headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in headers


@override_settings(CORS_ORIGINS=["https://app.example.org", "https://*.example.net"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://app.example.org",
        "https://example.org",
        "https://app.example.org.evil.example",
        "https://evilexample.net",
        "https://example.net",
        "https://[.example.net",
        "https://evil.example/.example.net",
        "https://evil.example\\.example.net",
        "https://[",
        "null",
        "",
    ],
)
def test_site_that_is_not_named_is_told_nothing(origin: str) -> None:
    _, headers = ask("OPTIONS", "/files/", {"Origin": origin, **PREFLIGHT})
    assert not [name for name in headers if name.startswith("access-control")]
    assert headers["vary"] == "Origin"


@override_settings(CORS_ORIGINS=["https://app.example.org"])
def test_answers_and_errors_can_be_read_with_the_headers_of_tus() -> None:
    for method, path in (("OPTIONS", "/files/"), ("PATCH", "/files/guessed")):
        _, headers = ask(method, path, ALLOWED)
        assert headers["access-control-allow-origin"] == "https://app.example.org"
        exposed = headers["access-control-expose-headers"].split(", ")
        assert {"Location", "Upload-Offset", "Upload-Length", "Tus-Resumable", "Tus-Extension"} <= set(exposed)


@override_settings(CORS_ORIGINS=["*"])
def test_all_sites_may_without_cookies() -> None:
    _, headers = ask("OPTIONS", "/files/", {"Origin": "https://any.example", **PREFLIGHT})
    assert (headers["access-control-allow-origin"], "access-control-allow-credentials" in headers) == ("*", False)
    assert "vary" not in headers


@override_settings(CORS_ORIGINS=["*"])
@pytest.mark.parametrize("path", ["/", "/admin/", "/sign-in/", "/apiary/"])
def test_pages_are_closed_to_other_sites(path: str) -> None:
    _, headers = ask("OPTIONS", path, {**ALLOWED, **PREFLIGHT})
    assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.django_db
@override_settings(CORS_ORIGINS=["https://app.example.org"])
def test_allowed_site_sends_a_form_as_a_visitor_and_not_with_cookies() -> None:
    def send(client: Client, origin: str) -> int:
        file = SimpleUploadedFile("x.csv", b"a;b\n1;2\n")
        return int(client.post("/api/files", {"file": file}, headers={"Origin": origin}).status_code)

    client = Client(enforce_csrf_checks=True)
    assert (send(client, "https://app.example.org"), send(client, "https://evil.example")) == (201, 403)
    client.cookies[COOKIE] = "anything"
    assert send(client, "https://app.example.org") == 403


def test_setting_takes_all_only_as_a_star() -> None:
    assert parse_origins(["*"], setting="CORS_ORIGINS", all_allowed=True) == ["*"]
    with pytest.raises(ImproperlyConfigured, match="CORS_ORIGINS"):
        parse_origins(["https://*"], setting="CORS_ORIGINS", all_allowed=True)
