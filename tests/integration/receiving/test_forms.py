"""Files that come by an ordinary form post; the visitor's cookie; bounds on the body that Django is sent."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, Client, RequestFactory
from pytest_django import Settings

from uploads.models import UploadedFile
from uploads.services.errors import FileTooLarge, TooManyUploads
from uploads.services.sender_network import plain_address
from uploads.states import FileState
from uploads.tabular.errors import BadOption
from uploads.web import body_limit
from uploads.web.asgi import Message, Receive, Scope, Send
from uploads.web.body_limit import CUT, BodyLimitMiddleware, with_body_limit
from uploads.web.form_uploads import receive_form, receive_form_files
from uploads.web.visitors import COOKIE, VisitorMiddleware, known_visitor, visitor_of

CONTENT = b"a;b\n1;2\n"


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def posted(**fields: Any) -> HttpRequest:
    request = RequestFactory().post("/", fields)
    request.user = AnonymousUser()
    return request


def sent(name: str = "x.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, CONTENT)


@pytest.mark.django_db
def test_form_gives_a_file_that_waits_with_what_was_said_about_it() -> None:
    file = receive_form(posted(file=sent("größe.csv"), dataset="Geo Units", delimiter=";", all_text="on", sheet=""))
    assert (file.name, file.state, file.via) == ("größe.csv", FileState.WAITING, "form")
    assert (file.dataset_wanted, file.options) == ("geo_units", {"delimiter": ";", "all_text": True})
    assert file.address == "127.0.0.1"


@pytest.mark.django_db
def test_large_form_comes_through_a_temporary_file(settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    request = posted(file=sent())
    assert receive_form(request).size == len(CONTENT)
    request.close()


@pytest.mark.django_db
def test_form_with_several_files_gives_each() -> None:
    files = receive_form_files(posted(file=[sent("a.csv"), sent("b.csv")]))
    assert [file.name for file in files] == ["a.csv", "b.csv"]
    with pytest.raises(BadOption):
        receive_form(posted(file=[sent("a.csv"), sent("b.csv")]))


@pytest.mark.django_db
def test_none_of_several_files_is_received_where_one_is_too_large(settings: Settings) -> None:
    settings.MAX_FORM_SIZE = len(CONTENT)
    with pytest.raises(FileTooLarge):
        receive_form_files(posted(file=[sent("a.csv"), SimpleUploadedFile("b.csv", CONTENT * 2)]))
    assert not UploadedFile.objects.exists()


@pytest.mark.django_db
def test_refusal_of_a_later_file_says_which_were_received_before_it(settings: Settings) -> None:
    settings.MAX_SIZE_PER_ADDRESS = 2 * len(CONTENT)
    with pytest.raises(TooManyUploads) as caught:
        receive_form_files(posted(file=[sent("a.csv"), sent("b.csv"), sent("c.csv")]))
    assert caught.value.hint.endswith("“a.csv” and “b.csv” were received all the same.")
    assert UploadedFile.objects.filter(state=FileState.WAITING).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"other": "x"}, {"file": "text, not a file"}])
def test_form_without_a_file_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(BadOption, match="No file was sent"):
        receive_form(posted(**fields))
    assert not UploadedFile.objects.exists()


def test_visitor_gets_a_cookie_when_a_page_asks_for_one_and_keeps_it() -> None:
    names: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        names.append(visitor_of(request))
        return HttpResponse()

    first = VisitorMiddleware(page)(RequestFactory().get("/"))
    cookie = first.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    again = RequestFactory().get("/", headers={"cookie": f"{COOKIE}={cookie.value}"})
    second = VisitorMiddleware(page)(again)
    assert COOKIE not in second.cookies
    assert names[0] == names[1]
    assert "Cookie" in second.headers["Vary"]


@pytest.mark.parametrize("value", ["", "anna", "anna:", "anna:forged", ":"])
def test_forged_cookie_names_nobody(value: str) -> None:
    assert known_visitor(RequestFactory().get("/", headers={"cookie": f"{COOKIE}={value}"})) == ""


def test_request_that_nobody_asks_about_gets_no_cookie() -> None:
    assert not VisitorMiddleware(lambda request: HttpResponse())(RequestFactory().get("/")).cookies


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
        ("1.2.3.4, 5.6.7.8", None),
    ],
)
def test_address_is_valid_or_missing(text: str, address: str | None) -> None:
    assert plain_address(text) == address


def bounded(
    pieces: list[bytes], *, announced: int | None = None, hang: bool = False
) -> tuple[bytes, Scope, list[Message]]:
    """What an app behind the limit reads, its scope and what the client gets."""
    scope: Scope = {"type": "http", "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}
    if announced is not None:
        scope["headers"].append((b"content-length", str(announced).encode()))
    pending = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    pending[-1]["more_body"] = hang
    read = bytearray()
    answered: list[Message] = []

    async def receive() -> Message:
        if not pending:
            await asyncio.Event().wait()
        return pending.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            read.extend(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def answer() -> None:
        await with_body_limit(app)(scope, receive, send)

    asyncio.run(answer())
    return bytes(read), scope, answered


@pytest.fixture
def ten_bytes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAX_FORM_SIZE = 10
    monkeypatch.setattr(body_limit, "OVERHEAD_BYTES", 0)
    monkeypatch.setattr(body_limit, "DRAIN_SECONDS", 0.01)


@pytest.mark.usefixtures("ten_bytes")
def test_body_within_the_limit_passes() -> None:
    read, scope, _ = bounded([b"01234", b"56789"], announced=10)
    assert (read, CUT in scope) == (b"0123456789", False)


@pytest.mark.usefixtures("ten_bytes")
@pytest.mark.parametrize("announced", [11, None])
def test_body_over_the_limit_is_cut(announced: int | None) -> None:
    read, scope, answered = bounded([b"0123456789", b"X", b"more"], announced=announced)
    assert (len(read) <= 10, scope.get(CUT)) == (True, True)
    assert (b"connection", b"close") in answered[0]["headers"]


@pytest.mark.usefixtures("ten_bytes")
def test_client_that_falls_silent_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "IDLE_SECONDS", 0.01)
    _, _, answered = bounded([b"01234"], announced=10, hang=True)
    assert answered[0]["status"] == 408


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/files", "application/json")])
def test_answer_to_a_body_that_was_cut_fits_the_caller(path: str, kind: str) -> None:
    request = AsyncRequestFactory().post(path)
    request.scope = {**request.scope, CUT: True}
    response = BodyLimitMiddleware(lambda request: HttpResponse())(request)
    assert (response.status_code, response.headers["Content-Type"].partition(";")[0]) == (413, kind)


@pytest.mark.django_db
def test_page_takes_a_form_without_javascript_and_shows_its_receipt() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    answer = client.post("/", {"file": sent(), "csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    file = UploadedFile.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/receipts/{file.token}/")
    assert file.visitor
    assert client.post("/", {"file": sent()}).status_code == 403
