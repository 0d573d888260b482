"""Row 23: a crowd that asks for the start page at the same moment, and wrong passwords at once beside ``/healthz``."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import numpy as np
from django.contrib.auth import get_user_model

from tests.bench.measuring import Result
from tests.bench.place import HOST, Place

CROWD = 1_000
GUESSES = (16, 100)
ROUNDS = 3
QUIET_SECONDS = 3.0
LOOK_SECONDS = 0.01
PERSON, PASSWORD = "person", "right"
OF_PERSON, FIRST_GUESSER, SENDERS_OF_NETWORK = 9_000, 2_000, 200
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MUST_MS, GOAL_SECONDS = 200, 2


class SignIn(Protocol):
    """Send the form as this ``sender``."""

    def __call__(self, name: str, password: str, *, sender: int) -> "Coroutine[Any, Any, Answer]": ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Status 0: the connection was closed without one."""

    status: int
    seconds: float
    text: str


async def ask(
    port: int, method: str, path: str, *, sender: int, headers: dict[str, str] | None = None, body: str = ""
) -> Answer:
    """On a connection of its own; each ``sender`` has an address of its own."""
    began = time.perf_counter()
    address = f"127.1.{sender // SENDERS_OF_NETWORK}.{1 + sender % SENDERS_OF_NETWORK}"
    reader, writer = await asyncio.open_connection(HOST, port, local_addr=(address, 0))
    try:
        said = {"Host": "localhost", "Connection": "close", "Content-Length": str(len(body)), **(headers or {})}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", body]
        writer.write("\r\n".join(lines).encode())
        text = (await reader.read()).decode()
    except ConnectionError:
        text = ""
    finally:
        writer.close()
    return Answer(int(text[9:12] or 0), time.perf_counter() - began, text)


@asynccontextmanager
async def watched(port: int) -> AsyncIterator[list[float]]:
    """``/healthz`` is asked all the while, by somebody else; milliseconds of each answer."""
    taken: list[float] = []

    async def look() -> None:
        while True:
            answer = await ask(port, "GET", "/healthz", sender=9_999)
            taken.append(answer.seconds * 1000)
            await asyncio.sleep(LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield taken
    finally:
        looking.cancel()


def crowds(place: Place, rows: int, times: int) -> list[Result]:
    get_user_model().objects.create_user(PERSON, password=PASSWORD)
    with place.web() as port, place.worker(warm=False):  # without a worker /healthz complains
        return asyncio.run(_crowds(port))


async def _crowds(port: int) -> list[Result]:
    await ask(port, "GET", "/", sender=0)  # what the first request loads is row 15
    async with watched(port) as quiet:
        await asyncio.sleep(QUIET_SECONDS)
    return [
        *await _pages(port),
        *[await _guessed(port, count, quiet) for count in GUESSES],
        await _signed_in_beside(port, GUESSES[-1]),
    ]


async def _pages(port: int) -> list[Result]:
    answers = await asyncio.gather(*(ask(port, "GET", "/", sender=number) for number in range(CROWD)))
    statuses = Counter(answer.status for answer in answers)
    refused = [answer for answer in answers if answer.status == 503]
    if not all("\r\nretry-after:" in answer.text.lower() for answer in refused):
        raise RuntimeError("a page was refused without a word on when to come back")
    served = [answer.seconds for answer in answers if answer.status == 200]
    failed = len(answers) - len(served) - len(refused)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    work = f"{CROWD:,} start pages at once"
    return [
        Result(row="23", work=f"{work}: failed", unit="pages", ours=float(failed), must=0, note=told),
        Result(
            row="23", work=f"{work}: served, p95", unit="s", ours=_percentile(served, 95), goal=GOAL_SECONDS, note=told
        ),
    ]


async def _guessed(port: int, count: int, quiet: Sequence[float]) -> Result:
    """Each by somebody else for another account, so that none is refused for what came before."""
    sign_in = await _sign_in_form(port)
    statuses: Counter[int] = Counter()
    async with watched(port) as meanwhile:
        for turn in range(ROUNDS):
            guesses = (
                sign_in(f"user{sender}", "wrong", sender=sender) for sender in range(turn * count, (turn + 1) * count)
            )
            statuses.update(answer.status for answer in await asyncio.gather(*guesses))
    told = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
    return Result(
        row="23",
        work=f"GET /healthz beside {count} wrong passwords at once, p99",
        unit="ms",
        ours=_percentile(meanwhile, 99),
        must=MUST_MS,
        note=f"p50 {_percentile(meanwhile, 50):.0f}; before p50 {_percentile(quiet, 50):.0f},"
        f" p99 {_percentile(quiet, 99):.0f}; {told}",
        runs=tuple(meanwhile),
    )


async def _signed_in_beside(port: int, count: int) -> Result:
    """Who guesses has a network of addresses, and another one in each round; the person comes just after."""
    sign_in = await _sign_in_form(port)
    alone, beside = [], []
    for turn in range(ROUNDS):
        alone.append(_signed_in(await sign_in(PERSON, PASSWORD, sender=OF_PERSON)))
        first = FIRST_GUESSER + turn * SENDERS_OF_NETWORK
        guesses = [
            asyncio.create_task(sign_in(f"user{sender}", "wrong", sender=sender))
            for sender in range(first, first + count)
        ]
        await asyncio.sleep(LOOK_SECONDS * 20)
        beside.append(_signed_in(await sign_in(PERSON, PASSWORD, sender=OF_PERSON)))
        await asyncio.gather(*guesses)
    return Result(
        row="23",
        work=f"a sign-in beside {count} wrong passwords at once of another network",
        unit="s",
        ours=float(np.median(beside)),
        yardstick=float(np.median(alone)),
        against="the same alone",
        must=5,
        goal=3,
        runs=tuple(beside),
        yardstick_runs=tuple(alone),
    )


def _signed_in(answer: Answer) -> float:
    if answer.status != 302:
        raise RuntimeError(f"a right password was answered {answer.status}")
    return answer.seconds


async def _sign_in_form(port: int) -> SignIn:
    page = (await ask(port, "GET", "/sign-in/", sender=0)).text
    token, cookie = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page), re.search(r"csrftoken=(\w+)", page)
    if token is None or cookie is None:
        raise RuntimeError("the sign-in page has no token")
    headers, form = {"Cookie": f"csrftoken={cookie[1]}", **FORM}, {"csrfmiddlewaretoken": token[1]}

    def sign_in(name: str, password: str, *, sender: int) -> Coroutine[Any, Any, Answer]:
        body = urlencode({**form, "username": name, "password": password})
        return ask(port, "POST", "/sign-in/", sender=sender, headers=headers, body=body)

    return sign_in


def _percentile(figures: Sequence[float], share: int) -> float:
    return float(np.percentile(figures, share))
