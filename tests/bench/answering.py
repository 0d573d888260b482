"""Row 14: how long people wait for pages and programs for answers while large files are being loaded."""

import re
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Self
from urllib.parse import urlencode

import numpy as np
from django.contrib.auth.models import User

from tests.bench import data
from tests.bench.measuring import Result
from tests.bench.place import Place

LOADS = 3
QUIET_ROUNDS = 40
DATASET = "answering"
PASSWORD = "of the benchmark only"
ADDRESSES = ("/", "/datasets/", f"/datasets/{DATASET}/", "/admin/uploads/uploadedfile/", "/api/files")
MUST_MS = 200


class Visitor:
    """A signed-in browser without a cache: one connection, kept open, and its cookies."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, address: str) -> float:
        """Milliseconds until the whole answer is there."""
        began = time.perf_counter()
        self._ask("GET", address, 200)
        return (time.perf_counter() - began) * 1000

    def sign_in(self, name: str, password: str) -> None:
        page = self._ask("GET", "/admin/login/", 200)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token is None:
            raise RuntimeError("the sign-in page has no token")
        form = {"csrfmiddlewaretoken": token[1], "username": name, "password": password, "next": "/"}
        self._ask("POST", "/admin/login/", 302, urlencode(form))

    def _ask(self, method: str, address: str, status: int, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status != status:
            raise RuntimeError(f"{method} {address} was answered by {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return text


def answering(place: Place, rows: int, times: int) -> list[Result]:
    """Ask for each address again and again, first while nothing happens, then while files are loaded one by one.

    The files wait in the queue before the worker starts, so that this process does nothing but ask.
    """
    table = data.geo(place.folder, rows)
    User.objects.create_superuser("bench", password=PASSWORD)
    place.load(table.path, rows, DATASET)
    with place.web() as port, Visitor(port) as visitor:
        visitor.sign_in("bench", PASSWORD)
        quiet = _asked(visitor, _rounds(QUIET_ROUNDS))
        files = [place.receive(table.path, DATASET).pk for _ in range(LOADS)]
        with place.worker(warm=False):
            began = time.perf_counter()
            busy = _asked(visitor, _until_active(place, files))
            seconds = time.perf_counter() - began
    for file in files:
        place.checked(file, rows)
    place.forget()
    asked = sum(map(len, busy.values()))
    loads = f"; {asked} answers in the {seconds:.0f} s of {LOADS} loads of {rows:,} rows"
    return [
        _result("of all five addresses", _flat(busy), _flat(quiet), loads),
        *(_result(f"GET {address}", busy[address], quiet[address]) for address in ADDRESSES),
    ]


def _rounds(count: int) -> Iterator[None]:
    yield from [None] * count


def _until_active(place: Place, files: list[int]) -> Iterator[None]:
    """A round for each look at the files, until the last one is active."""
    while not all(place.is_active(file) for file in files):
        yield


def _asked(visitor: Visitor, rounds: Iterator[None]) -> dict[str, list[float]]:
    """Milliseconds of each address; the first round fills caches and isn't counted."""
    taken: dict[str, list[float]] = {address: [] for address in ADDRESSES}
    for address in ADDRESSES:
        visitor.get(address)
    for _ in rounds:
        for address in ADDRESSES:
            taken[address].append(visitor.get(address))
    return taken


def _flat(taken: dict[str, list[float]]) -> list[float]:
    return [each for figures in taken.values() for each in figures]


def _result(what: str, busy: list[float], quiet: list[float], more: str = "") -> Result:
    p50, p95 = np.percentile(busy, [50, 95])
    quiet_p50, quiet_p95 = np.percentile(quiet, [50, 95])
    return Result(
        row="14",
        work=f"answers while loads run, p95, {what}",
        unit="ms",
        ours=float(p95),
        must=MUST_MS,
        note=(
            f"p50 {p50:.0f}, slowest {max(busy):.0f} ms; without loads p50 {quiet_p50:.0f}, p95 {quiet_p95:.0f}{more}"
        ),
        runs=tuple(busy),
        yardstick_runs=tuple(quiet),
    )
