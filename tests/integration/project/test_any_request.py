"""Requests of every shape over raw sockets: each is answered, none by a fault of ours, and what is refused in words."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import pytest
import uvicorn

from uploader_project.asgi import application
from uploader_project.connections import TimedConnection

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = re.compile(r"[A-Z“][^<>{}]{6,}\.")
END = b"\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded"
JSON = b"Content-Type: application/json"
PARTS = b"Content-Type: multipart/form-data; boundary=x"
TUS = b"Tus-Resumable: 1.0.0"
OURS = b"Cookie: csrftoken=" + b"a" * 32 + END + b"X-CSRFToken: " + b"a" * 32
"""As a form of our pages is sent, so that it is read."""
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """What is sent, and whether the client then stops sending: else a body that falls short is waited for."""

    words: str
    sent: bytes
    ends: bool = False
    is_head: bool = False


def request(
    address: str | bytes, *headers: bytes, method: bytes = b"GET", body: bytes | None = None, host: bytes = b"localhost"
) -> bytes:
    path = address.encode() if isinstance(address, str) else address
    lines = [method + b" " + path + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *headers]
    if body is not None:
        lines.append(b"Content-Length: %d" % len(body))
    return END.join(lines) + END * 2 + (body or b"")


def methods_of(address: str) -> Iterator[Shape]:
    for method in (b"BREW", b"get", b"TRACE", b"CONNECT", b"PROPFIND", b"X" * 4_000, b"G\0T", b"", b"HEAD", b"OPTIONS"):
        yield Shape(f"method {method[:10]!r}", request(address, method=method), is_head=method == b"HEAD")
    for method in (b"PUT", b"PATCH", b"DELETE", b"POST"):
        yield Shape(f"method {method!r}", request(address, method=method, body=b"x"))


def targets_of(address: str) -> Iterator[Shape]:
    start = address.encode()
    for tail in (
        *(
            b"%00",
            b"%",
            b"%zz",
            b"%ff",
            b"%c3%28",
            b"%2e%2e/%2e%2e/etc/passwd",
            b"%0d%0aX:1",
            b"\xff\xfe",
            b" x",
            b"#x",
        ),
        *(b"?\xff", b"?%00=%00", b"?%", b"?a=%ff", b"?next=//x", b"?" + b"&".join(b"a%d=1" % n for n in range(3_000))),
        *(b"x" * 30_000, b"%F0%9F%92%A9", b";a=b", b"/../..", b"?_sort=%00", b"?" + b"a[" * 9_000, b"%ed%a0%80"),
    ):
        yield Shape(f"target {tail[:12]!r}", request(start + tail))
    for target in (b"*", b"//" + start, b"http://other.example" + start, b"", b"nonsense", b"\0"):
        yield Shape(f"target {target[:12]!r}", request(target))


def headers_of(address: str, method: bytes = b"GET") -> Iterator[Shape]:
    for header in (
        *(b"X: " + b"y" * 60_000, b"X: a\0b", b"X: a\rb", b": x", b"X", b" X: y", b"X : y", b"Content-Length: -1"),
        *(b"Content-Length: x", b"Content-Length: " + b"9" * 30, b"Content-Length: 1, 2", b"Transfer-Encoding: gzip"),
        *(b"Cookie: sessionid=\xff; csrftoken=\xfe", b"Cookie: sessionid=a\x01b; visitor=%00:x", b"Cookie: ;;;==;"),
        *(b"Authorization: Bearer \xff", b"Authorization: Bearer", b"Authorization: Basic /////w==", b"Authorization:"),
        *(b"Accept-Language: \xff, x;q=y", b"Accept: \xff", b"Range: bytes=9-1,x", b"If-Modified-Since: 99999999999"),
        *(b"If-None-Match: \xff", b"Expect: 999", b"Upgrade: websocket", b"Host: other", b"Origin: null"),
        *(
            b"X-HTTP-Method-Override: \xff",
            b"Upload-Length: 1e9",
            b"Upload-Offset: -1",
            b"Upload-Metadata: \xff \xff,,",
        ),
        *(b"X-Forwarded-For: \xff", b"X-Forwarded-Proto: x", b"Referer: http://[", b"Content-Type: \xff/;;boundary"),
        b"\r\n".join(b"X-%d: y" % number for number in range(1_500)),
    ):
        yield Shape(f"header {header[:20]!r}", request(address, header, TUS, method=method))
    for host in (b"", b"\xff", b"a b", b"x" * 5_000, b"localhost:port", b"[::1", b"<script>"):
        yield Shape(f"host {host[:10]!r}", request(address, host=host))
    yield Shape("no host", b"GET " + address.encode() + b" HTTP/1.1\r\n\r\n")
    yield Shape("HTTP 1.0", b"GET " + address.encode() + b" HTTP/1.0\r\n\r\n")
    yield Shape("HTTP 9", b"GET " + address.encode() + b" HTTP/9.9\r\nHost: localhost\r\n\r\n")
    yield Shape("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", ends=True)


def bodies_of(address: str) -> Iterator[Shape]:
    many = b"&".join(b"f%d=1" % number for number in range(20_000))
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(3_000))
    files = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="%d"\r\n\r\n\r\n' % n for n in range(300)
    )
    odd = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0\xff/..%2f.csv"\r\n\r\na;b\r\n--x--\r\n'
    for words, kind, body in (
        ("20,000 fields", FORM, many),
        ("3,000 parts", PARTS, parts + b"--x--\r\n"),
        ("300 files", PARTS, files + b"--x--\r\n"),
        ("odd name of a file", PARTS, odd),
        ("no end of parts", PARTS, odd[:-7]),
        ("no boundary", b"Content-Type: multipart/form-data", b"x"),
        ("empty boundary", b"Content-Type: multipart/form-data; boundary=", b"x"),
        ("boundary that is none", b"Content-Type: multipart/form-data; boundary=\xff\xfe", b"x"),
        ("parts of another boundary", PARTS, b"--y\r\n\r\n\r\n--y--"),
        (
            "part in base64 that is none",
            PARTS,
            odd.replace(b"\r\n\r\na", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!"),
        ),
        ("letters that are unknown", FORM + b"; charset=nonsense", b"a=1"),
        ("letters of two bytes", FORM + b"; charset=utf-16", b"username=1"),
        ("NUL in a field", FORM, b"username=%00&password=%00&answer=%00"),
        ("no UTF-8 in a field", FORM, b"username=%ff&password=\xff"),
        ("JSON that is no UTF-8", JSON, b'{"answer": "\xff"}'),
        ("JSON with half a letter", JSON, b'{"answer": "\\ud800"}'),
        ("JSON with NUL", JSON, b'{"answer": "\\u0000"}'),
        ("JSON of brackets", JSON, b"[" * 200_000),
        ("JSON of braces", JSON, b'{"answer":' * 100_000),
        ("JSON without end of a number", JSON, b'{"answer": ' + b"9" * 100_000 + b"}"),
        ("JSON that is no number", JSON, b'{"answer": NaN}'),
        ("JSON with a key twice", JSON, b'{"answer": "a", "answer": "b"}'),
        ("JSON in UTF-16", JSON + b"; charset=utf-16", '{"answer": "a"}'.encode("utf-16")),
        ("no kind", b"X: y", b"\0\xff"),
    ):
        yield Shape(words, request(address, kind, TUS, OURS, method=b"POST", body=body))
    for words, body in (
        ("chunk of no length", b"zz\r\nx\r\n"),
        ("chunk of a negative length", b"-1\r\nx\r\n"),
        ("chunk without end", b"ffffffffffffffff\r\nx"),
        ("chunk longer than it says", b"1\r\nxxxx\r\n0\r\n\r\n"),
        ("chunk whose extension is long", b"1;" + b"e" * 60_000 + b"\r\nx\r\n0\r\n\r\n"),
        ("chunks and nonsense below", b"1\r\nx\r\n0\r\nnonsense\r\n\r\n"),
    ):
        head = request(address, JSON, b"Transfer-Encoding: chunked", TUS, OURS, method=b"POST")
        yield Shape(words, head + body, ends=True)
    short = request(address, JSON, b"Content-Length: 9", TUS, method=b"POST")
    yield Shape("body that falls short", short + b"{", ends=True)
    yield Shape("two lengths", request(address, JSON, b"Content-Length: 9", TUS, method=b"POST", body=b"{}"), ends=True)
    both = request(address, JSON, b"Transfer-Encoding: chunked", TUS, OURS, method=b"POST", body=b"0\r\n\r\n")
    yield Shape("a length and chunks", both, ends=True)


def large_of(address: str) -> Iterator[Shape]:
    """20 MB, with their length ahead and without; the server may hang up before it has read all of it."""
    body = b'{"answer": "' + b"x" * 20_000_000 + b'"}'
    yield Shape("20 MB", request(address, JSON, OURS, TUS, method=b"POST", body=body))
    head = request(address, JSON, b"Transfer-Encoding: chunked", OURS, TUS, method=b"POST")
    yield Shape("20 MB in chunks", head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n")


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The whole application behind the server of the site, in this process; its port."""
    config = uvicorn.Config(application, http=TimedConnection, ws="none", lifespan="off", log_config=None)
    config.load()
    state = uvicorn.Server(config).server_state
    listening = await asyncio.get_running_loop().create_server(
        lambda: TimedConnection(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def answer_to(port: int, shape: Shape) -> tuple[int, str]:
    """Status and body, or 0 for a connection that was closed without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(shape.sent)
        if shape.ends:
            writer.write_eof()
        answered = await reader.read()  # while the rest is still being sent
    except ConnectionError:
        return 0, ""
    finally:
        writer.close()
    head, _, body = answered.partition(END * 2)
    return int(head.split(b" ", 2)[1]) if head else 0, body.decode(errors="replace")


def complaint_of(address: str, shape: Shape, status: int, body: str) -> str:
    if status >= 500 or not (status or shape.ends):
        return f"{shape.words}: {status} {body[:200]}"
    if status < 400 or shape.is_head:
        return ""
    if address.startswith("/api/") and body.startswith("<"):
        return f"{shape.words}: {status} a page for a program"
    return "" if SENTENCE.search(body) else f"{shape.words}: {status} without a sentence {body[:200]!r}"


async def answers_to(shapes: Iterable[Shape]) -> list[tuple[Shape, int, str]]:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def tried(port: int, shape: Shape) -> tuple[Shape, int, str]:
        async with at_once:
            return shape, *await answer_to(port, shape)

    async with served() as port:
        return await asyncio.gather(*(tried(port, shape) for shape in shapes))


@pytest.mark.parametrize(
    ("address", "shapes"),
    [
        ("/sign-in/", (methods_of, targets_of, headers_of, bodies_of)),
        ("/datasets/", (methods_of,)),
        ("/api/receipts/abc/answer", (methods_of, partial(headers_of, method=b"POST"), bodies_of)),
        ("/api/files", (bodies_of,)),
        ("/files/", (methods_of, partial(headers_of, method=b"POST"), bodies_of)),
        ("/admin/login/", (bodies_of,)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_shape_of_a_request_is_answered_and_what_is_refused_is_told_in_words(
    address: str, shapes: tuple[Callable[[str], Iterable[Shape]], ...]
) -> None:
    answers = await answers_to(shape for each in shapes for shape in each(address))
    complaints = [found for found in (complaint_of(address, *answer) for answer in answers) if found]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("address", ["/sign-in/", "/api/receipts/abc/answer"])
async def test_large_body_without_files_is_413_however_it_is_sent(address: str) -> None:
    answers = await answers_to(large_of(address))
    assert [status for _, status, _ in answers] == [413, 413]
    assert all("Without files, a request may hold 2.5 MB." in body for _, _, body in answers)
