"""Row 24: what hostile and clumsy clients do to one open site, and what it is to everybody else meanwhile."""

import asyncio
import base64
import gzip
import http.client
import io
import json
import os
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.crowds import FORM, ask
from tests.bench.measuring import MIB, Result
from tests.bench.place import HOST, Place

FORMS = 200
HEADS = 1_000
SLOW = 200
PLACES = 1_000
PER_SENDER = 100
CLOSED_SECONDS, BESIDE_SECONDS, REFUSED_SECONDS, CELL_SECONDS, ROOM_SECONDS = 20, 1, 10, 2, 60
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}
ENDED = ("failed", "loaded", "active")
MOST_SECONDS = 120.0
LIMITS = {"MAX_ROWS_WAITING_PER_ADDRESS": "2000000"}
"""Of the worker: so that a bomb meets its limit within seconds."""


def attacks(place: Place, rows: int, times: int) -> list[Result]:
    size = max(rows // 5_000, 20) * MIB
    with place.web() as port, place.worker(LIMITS, warm=False):
        return [*asyncio.run(_connections(port)), *_files(place, port, size), *_shapes(port)]


async def _connections(port: int) -> list[Result]:
    await ask(port, "GET", "/", sender=0)
    form, kind = _form("small.csv", b"a;b\n1;2\n")
    sends = (ask(port, "POST", "/api/files", sender=one, headers=kind, body=form) for one in range(FORMS))
    sent = Counter(answer.status for answer in await asyncio.gather(*sends))
    closed = await asyncio.gather(*(_unfinished(port, sender=one) for one in range(HEADS)))
    slow, beside = await _slowly(port)
    return [
        _result(f"{FORMS} small forms at once: failed", "forms", _failed(sent), must=0, note=_told(sent)),
        _result(f"{HEADS:,} unfinished heads, the last closed after", "s", max(closed), must=CLOSED_SECONDS),
        _result(f"{SLOW} PATCHes of a byte a second, the last closed after", "s", slow, must=CLOSED_SECONDS),
        _result(
            "a good upload of 20 kB beside them, the slowest", "s", max(beside), must=BESIDE_SECONDS, goal=0.5,
            note=f"{len(beside)} uploads",
        ),
        *await _places(port),
    ]  # fmt: skip


async def _unfinished(port: int, *, sender: int) -> float:
    """Seconds until the server closes a connection whose headers do not end."""
    reader, writer = await _connect(port, sender)
    began = time.perf_counter()
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-More")
    await _to_the_end(reader)
    writer.close()
    return time.perf_counter() - began


async def _slowly(port: int) -> tuple[float, list[float]]:
    """The last of the slow ones that is closed, and what good uploads take as long as one of them is open."""
    begun = [await _begin(port, 1_000, sender=one) for one in range(SLOW)]
    tasks = [asyncio.create_task(_drip(port, path, sender=one)) for one, path in enumerate(begun)]
    beside = []
    while not all(task.done() for task in tasks):
        began = time.perf_counter()
        said = {**PIECE, "Upload-Length": "20000"}
        answer = await ask(port, "POST", "/files/", sender=5_000, headers=said, body="x;y\n" * 5_000)
        if answer.status != 201:
            raise RuntimeError(f"a good upload was answered {answer.status}")
        beside.append(time.perf_counter() - began)
        await asyncio.sleep(0.5)
    return max(task.result() for task in tasks), beside


async def _drip(port: int, path: str, *, sender: int) -> float:
    reader, writer = await _connect(port, sender)
    said = {"Host": "localhost", **PIECE, "Upload-Offset": "0", "Content-Length": "1000"}
    writer.write("\r\n".join([f"PATCH {path} HTTP/1.1", *(f"{k}: {v}" for k, v in said.items()), "", ""]).encode())
    began = time.perf_counter()
    closed = asyncio.create_task(_to_the_end(reader))
    while not closed.done():
        writer.write(b"x")
        await asyncio.wait([closed], timeout=1)
    writer.close()
    return time.perf_counter() - began


async def _places(port: int) -> list[Result]:
    """One sender begins uploads until it is refused; then its neighbours take every place, and a stranger comes."""
    first = [await _status(port, sender=2_000) for _ in range(PER_SENDER + 1)]
    other = await _status(port, sender=4_000)
    statuses: Counter[int] = Counter()
    for one in range(2_001, 2_001 + PLACES // PER_SENDER):
        statuses.update(await asyncio.gather(*(_status(port, sender=one) for _ in range(PER_SENDER))))
    began = time.perf_counter()
    for _ in range(int(MOST_SECONDS)):
        if await _status(port, sender=8_000) == 201:
            break
        await asyncio.sleep(1)
    waited = time.perf_counter() - began
    return [
        _result(
            "uploads without a byte from one sender", "uploads", float(first.count(201)), must=PER_SENDER,
            note=f"then {first[-1]}; another sender meanwhile {other}",
        ),
        _result(
            "its neighbours took every place: a stranger gets one after", "s", waited, must=ROOM_SECONDS,
            note=_told(statuses),
        ),
    ]  # fmt: skip


async def _status(port: int, *, sender: int) -> int:
    return (await ask(port, "POST", "/files/", sender=sender, headers={**TUS, "Upload-Length": "9"})).status


async def _begin(port: int, size: int, *, sender: int) -> str:
    answer = await ask(port, "POST", "/files/", sender=sender, headers={**TUS, "Upload-Length": str(size)})
    if answer.status != 201:
        raise RuntimeError(f"an upload was answered {answer.status}")
    return next(line.split(": ")[1] for line in answer.text.splitlines() if line.lower().startswith("location:"))


async def _connect(port: int, sender: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = f"127.2.{sender // 200}.{1 + sender % 200}"
    return await asyncio.open_connection(HOST, port, local_addr=(address, 0))


async def _to_the_end(reader: asyncio.StreamReader) -> None:
    try:
        await asyncio.wait_for(reader.read(), MOST_SECONDS)
    except ConnectionError:
        return


def _files(place: Place, port: int, size: int) -> Iterator[Result]:
    """Files that are no tables, or unpack to too much: when their sender is told, after the last byte."""
    control = bytes(byte for byte in range(32) if byte not in b"\n\r\t")
    line_ends = bytes.maketrans(control, b"\n" * len(control))
    made: tuple[tuple[str, Callable[[], bytes], float], ...] = (
        (f"{size // MIB:,} MB of random bytes", lambda: os.urandom(size), REFUSED_SECONDS),
        (
            "the same with line ends for control characters",
            lambda: os.urandom(size).translate(line_ends),
            REFUSED_SECONDS,
        ),
        ("the same behind 1 MB of table", lambda: b"a;b\n" * (MIB // 4) + os.urandom(size), REFUSED_SECONDS),
        (f"a cell of {size // 2 // MIB:,} MB", lambda: b'a;b\n1;"' + b"x" * (size // 2) + b'"\n', CELL_SECONDS),
        ("a zip of 1,000 tables of 1,000 kinds", _zip, REFUSED_SECONDS),
    )
    for name, make, must in made:
        yield _refused(place, port, name, make(), must)
    bomb = gzip.compress(b"a;b\n" + b"1;2\n" * 8_000_000)
    yield _refused(place, port, f"{len(bomb) // 1024} KB of gzip, 8,000,000 rows of 2,000,000", bomb, REFUSED_SECONDS)


def _refused(place: Place, port: int, name: str, content: bytes, must: float) -> Result:
    seconds, told = _send(place.folder / "attack", port, content, name)
    state, code = told["state"], (told["error"] or {}).get("code", "")
    if state != "failed":
        raise RuntimeError(f"{name}: {state}")
    return _result(f"{name}: refused after", "s", seconds, must=must, note=code)


def _send(path: Path, port: int, content: bytes, name: str) -> tuple[float, Any]:
    """Seconds from the last byte to the end of the load, and its receipt."""
    path.write_bytes(content)
    ending = ".zip" if content[:2] == b"PK" else ".csv.gz" if content[:2] == b"\x1f\x8b" else ".csv"
    filename = base64.b64encode((name + ending).encode()).decode()
    said = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {filename}"}
    with closing(http.client.HTTPConnection(HOST, port, timeout=MOST_SECONDS)) as web:
        place = _ask(web, "POST", "/files/", said=said, status=201).headers["Location"]
        with path.open("rb") as body:
            length = {"Content-Length": str(len(content))}
            _ask(web, "PATCH", place, said={**PIECE, "Upload-Offset": "0", **length}, body=body, status=204)
        began = time.perf_counter()
        while True:
            receipt = json.loads(_ask(web, "GET", f"/api/receipts/{place.rpartition('/')[2]}", status=200).text)
            if receipt["state"] in ENDED:
                path.unlink()
                return time.perf_counter() - began, receipt
            if time.perf_counter() - began > MOST_SECONDS:
                raise RuntimeError(f"{name}: {receipt['state']} after {MOST_SECONDS:.0f} s")
            time.sleep(0.05)


class _Said:
    """A whole answer."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.headers, self.text, self.status = answer.headers, answer.read().decode(), answer.status


def _ask(
    web: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    status: int,
    said: dict[str, str] | None = None,
    body: object = b"",
) -> Any:
    web.request(method, path, body=body, headers=said or {})  # type: ignore[arg-type]  # bytes or a file
    answer = _Said(web.getresponse())
    if answer.status != status:
        raise RuntimeError(f"{method} {path} was answered {answer.status}: {answer.text[:200]}")
    return answer


def _shapes(port: int) -> list[Result]:
    """Requests of shapes that no client of ours sends."""
    fields = urlencode({f"field{number}": number for number in range(20_000)})
    large = json.dumps({"a": "x" * (20 * MIB)})
    deep = "[" * 100_000
    kinds: dict[str, Callable[[], tuple[int, str]]] = {
        "JSON of 20 MB": lambda: _shape(port, "/api/receipts/x/answer", large, {"Content-Type": "application/json"}),
        "JSON 100,000 deep": lambda: _shape(port, "/api/receipts/x/answer", deep, {"Content-Type": "application/json"}),
        "20,000 fields": lambda: _shape(port, "/sign-in/", fields, FORM),
        "20,000 fields to the API": lambda: _shape(port, "/api/files", fields, FORM),
        "a multipart form without an end": lambda: _shape(
            port, "/api/files", "--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}
        ),
    }
    answers = {name: kind()[0] for name, kind in kinds.items()}
    failed = sum(status >= 500 or not status for status in answers.values())
    told = ", ".join(f"{name} {status}" for name, status in answers.items())
    return [_result("requests of odd shapes: failed", "requests", float(failed), must=0, note=told)]


def _shape(port: int, path: str, body: str, said: dict[str, str]) -> tuple[int, str]:
    answer = asyncio.run(ask(port, "POST", path, sender=6_000, headers=said, body=body))
    return answer.status, answer.text


def _form(name: str, content: bytes) -> tuple[str, dict[str, str]]:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return f"{head}{content.decode()}\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1_000):
            archive.writestr(f"t{number}.csv", f"a{number};b{number}\n1;2\n")
    return out.getvalue()


def _result(work: str, unit: str, ours: float, *, must: float, goal: float | None = None, note: str = "") -> Result:
    return Result(row="24", work=work, unit=unit, ours=ours, must=must, goal=goal, note=note)


def _failed(statuses: Counter[int]) -> float:
    return float(sum(count for status, count in statuses.items() if status not in (201, 202, 429, 503)))


def _told(statuses: Counter[int]) -> str:
    return ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
