"""The start page is made once for a crowd of newcomers, and everybody else's is their own."""

import asyncio
from dataclasses import dataclass, field

import pytest

from uploads.web.asgi import Message, Receive, Scope, Send
from uploads.web.limits import first_visits
from uploads.web.limits.first_visits import with_first_visits

type Pairs = list[tuple[bytes, bytes]]
FORM = b'<p>%d<input name="csrfmiddlewaretoken" value="Made"></p>'
MARKS = [(b"Set-Cookie", b"visitor=first"), (b"Set-Cookie", b"csrftoken=first")]


@dataclass
class Site:
    """Makes pages as Django does, each with its number."""

    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=lambda: [(b"Vary", b"Cookie"), *MARKS])
    made: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "http.request"
        self.made += 1
        page = FORM % self.made
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": page[:9], "more_body": True})
        await send({"type": "http.response.body", "body": page[9:], "more_body": False})

    async def ask(
        self, said: dict[str, object] | None = None, *, visitors: int = 1, times: int = 1
    ) -> list[tuple[Pairs, bytes]]:
        """What each is answered: the headers and the body."""
        app = with_first_visits(self)
        scope = {"type": "http", "method": "GET", "path": "/", "root_path": "", "query_string": b"", "scheme": "http"}
        headers = [(b"host", b"localhost")]
        answers = [
            await asyncio.gather(*(_asked(app, {**scope, "headers": headers, **(said or {})}) for _ in range(visitors)))
            for _ in range(times)
        ]
        return [answer for each in answers for answer in each]


async def _asked(app: object, scope: Scope) -> tuple[Pairs, bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[operator]
    return sent[0]["headers"], b"".join(message["body"] for message in sent[1:])


def cookies(headers: Pairs) -> set[bytes]:
    return {value.partition(b";")[0] for name, value in headers if name == b"Set-Cookie"}


async def test_crowd_shares_one_page_and_each_has_marks_of_its_own() -> None:
    site = Site()
    answers = await site.ask(visitors=50)
    assert site.made == 1
    assert len({body for _, body in answers}) == 50
    assert {len(cookies(headers)) for headers, _ in answers} == {2}
    assert len(set.union(*(cookies(headers) for headers, _ in answers))) == 100
    assert not any(b"first" in pair[1] or b"Made" in body for headers, body in answers for pair in headers)


async def test_page_is_made_anew_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    await site.ask(times=3)
    assert site.made == 1
    monkeypatch.setattr(first_visits, "FRESH_SECONDS", -1)
    await site.ask(times=3)
    assert site.made == 4


@pytest.mark.parametrize(
    "said",
    [
        {"method": "POST"},
        {"path": "/datasets/"},
        {"query_string": b"dataset=prices"},
        {"headers": [(b"host", b"localhost"), (b"cookie", b"visitor=me")]},
        {"headers": [(b"host", b"localhost"), (b"authorization", b"Bearer mine")]},
        {"headers": [(b"host", b"localhost"), (b"content-length", b"1")]},
    ],
)
async def test_others_ask_for_themselves(said: dict[str, object]) -> None:
    site = Site()
    assert {body[:4] for _, body in await site.ask(said, times=3)} == {b"<p>1", b"<p>2", b"<p>3"}


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (301, MARKS),
        (200, []),
        (200, [*MARKS, (b"Set-Cookie", b"sessionid=mine")]),
        (200, [*MARKS, (b"Vary", b"Cookie, Accept-Language")]),
    ],
)
async def test_answer_that_is_not_for_everybody_is_handed_to_nobody(
    status: int, headers: list[tuple[bytes, bytes]]
) -> None:
    site = Site(status=status, headers=headers)
    answers = await site.ask(times=2)
    assert [(headers, FORM % number) for number in (2, 4)] == answers


async def test_another_name_of_the_site_has_a_page_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no more are kept than there should be, however many names are asked for."""
    monkeypatch.setattr(first_visits, "MOST_KEPT", 2)
    site = Site()
    app = with_first_visits(site)
    for name in (b"a", b"b", b"b", b"c", b"a"):
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", name)]}
        await _asked(app, scope)
    assert site.made == 4
