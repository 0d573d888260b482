"""Row 22: files sent over tus, to our web server and, in turns, to the reference server of the protocol.

That one is in ``tests/bench/tus_server`` (``npm ci --prefix tests/bench/tus_server``); without it the rows say so. It
keeps bytes as they come; ours are durable before they are acknowledged, and hashed, and a row tells of each file.
"""

import base64
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

import numpy as np
import psutil
from django.contrib.auth.models import User

from tests.bench.measuring import MIB, Result, interleaved, median
from tests.bench.place import HOST, PROJECT, Place
from uploads.services.tokens.tokens import make_token

PEER = PROJECT / "tests" / "bench" / "tus_server"
INSTALL = "the reference server is not installed (npm ci --prefix tests/bench/tus_server)"
SECONDS = 600
LARGE, AT_ONCE, EACH = 1_000, 50, 20
"""Megabytes of one upload; uploads at once and megabytes of each; of fewer rows, as much less."""
SMALL, SMALL_BYTES = 200, 15_000
LOOK_SECONDS = 0.02
PIECE_BYTES = 2**18
type Working = Callable[[], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """A server that speaks tus."""

    port: int
    pid: int
    headers: dict[str, str] = field(default_factory=dict)
    path: str = "/files/"

    def create(self, size: int, content: bytes = b"") -> str:
        """Announce a file, with its bytes or without; gives its address."""
        name = base64.b64encode(b"bench.bin").decode()
        said = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
        if content:
            said["Content-Type"] = "application/offset+octet-stream"
        location = self._ask("POST", self.path, said, content, 201)
        return urlsplit(location).path

    def send(self, path: Path) -> None:
        """A whole file in one PATCH."""
        location = self.create(path.stat().st_size)
        with path.open("rb") as content:
            said = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            said["Content-Length"] = str(path.stat().st_size)
            self._ask("PATCH", location, said, content, 204)

    def healthy(self) -> None:
        """Whatever the answer is; no worker runs here."""
        connection = HTTPConnection(HOST, self.port, timeout=SECONDS)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        connection.close()

    def _ask(self, method: str, path: str, said: dict[str, str], body: object, status: int) -> str:
        connection = HTTPConnection(HOST, self.port, timeout=SECONDS, blocksize=2**18)
        try:
            connection.request(method, path, body, {"Tus-Resumable": "1.0.0", **self.headers, **said})  # type: ignore[arg-type]
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != status:
                raise RuntimeError(f"{method} {path} was answered by {answer.status}: {text[:200]!r}")
            return answer.headers.get("Location", "")
        finally:
            connection.close()


def receiving(place: Place, rows: int, times: int) -> list[Result]:
    large = _file(place.folder / "large.bin", max(LARGE * rows // 5_000_000, 8))
    each = _file(place.folder / "each.bin", max(EACH * rows // 5_000_000, 1))
    user = User.objects.create_superuser("bench_sender", password="of the benchmark only")
    secret = make_token(user=user, scopes=["upload"]).secret
    with place.web() as port, _peer(place.folder / "peer") as peer:
        ours = Receiver(port=port, pid=_pid_on(port), headers={"Authorization": f"Bearer {secret}"})
        ours.send(each)
        ours.healthy()  # the first page that is asked for imports all of them: 13 MiB, which no upload takes
        before = psutil.Process(ours.pid).memory_info().rss
        with _watching(ours) as watched:
            figures = [
                _one(ours, peer, large, times),
                _many(ours, peer, each, min(times, 2)),
                _small(ours, peer, times),
            ]
        return [*figures, _memory(before, watched), _health(watched)]


def _one(ours: Receiver, peer: Receiver | None, path: Path, times: int) -> Result:
    size = path.stat().st_size / 1e6
    result = _against(f"one upload of {size:,.0f} MB", ours, peer, times, lambda to: _rate(size, lambda: to.send(path)))
    disk = [_rate(size, lambda: _force(path)) for _ in range(min(times, 3))]
    said = f"{min(result.runs):.0f} to {max(result.runs):.0f}; a copy that is forced to this disk {min(disk):.0f} to"
    return replace(result, note=f"{said} {max(disk):.0f} MB/s. {result.note}".strip())


def _force(path: Path) -> None:
    """What the disk itself takes for the same bytes."""
    target = path.with_suffix(".copy")
    with path.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, PIECE_BYTES)
        os.fsync(copy.fileno())
    target.unlink()


def _many(ours: Receiver, peer: Receiver | None, path: Path, times: int) -> Result:
    size = path.stat().st_size / 1e6

    def send(to: Receiver) -> float:
        with ThreadPoolExecutor(AT_ONCE) as people:
            return _rate(AT_ONCE * size, lambda: [None for _ in people.map(to.send, [path] * AT_ONCE)])

    work = f"{AT_ONCE} uploads of {size:,.0f} MB at once"
    return _against(work, ours, peer, times, send, must=1.3)


def _small(ours: Receiver, peer: Receiver | None, times: int) -> Result:
    """Each with its creation, one after the other; held to what we promise, the other server stands in the note."""

    def send(to: Receiver) -> float:
        content = b"a;b\n" + b"1;2\n" * (SMALL_BYTES // 4 - 1)

        def all_of_them() -> None:
            for number in range(SMALL):
                to.create(SMALL_BYTES, b"%08d" % number + content[8:])

        return _rate(SMALL, all_of_them)

    taken = interleaved(min(times, 3), lambda: send(ours), *([lambda: send(peer)] if peer else []))
    note = f"the reference server {median(taken[1]):.0f}" if peer else INSTALL
    return Result(
        row="22",
        work=f"{SMALL} files of {SMALL_BYTES:,} bytes, one after the other",
        unit="files/s",
        ours=median(taken[0]),
        must=25,
        goal=40,
        more_is_better=True,
        note=note,
        runs=taken[0],
    )


def _against(
    work: str,
    ours: Receiver,
    peer: Receiver | None,
    times: int,
    send: Callable[[Receiver], float],
    *,
    must: float = 1.0,
) -> Result:
    taken = interleaved(min(times, 3), lambda: send(ours), *([lambda: send(peer)] if peer else []))
    return Result(
        row="22",
        work=f"{work}, over tus",
        unit="MB/s",
        ours=median(taken[0]),
        yardstick=median(taken[1]) if peer else None,
        against="@tus/server" if peer else "",
        must=must if peer else None,
        goal=2 if peer else None,
        more_is_better=True,
        note="" if peer else INSTALL,
        runs=taken[0],
        yardstick_runs=taken[1] if peer else (),
    )


def _memory(before: int, watched: "Watched") -> Result:
    grown = (watched.most_memory - before) / MIB
    return Result(
        row="22", work="memory of the web process meanwhile, more than before", unit="MiB", ours=grown, must=10
    )


def _health(watched: "Watched") -> Result:
    worst = float(np.percentile(watched.health_ms, 99))
    work = f"GET /healthz meanwhile, 99th percentile of {len(watched.health_ms):,}"
    return Result(row="22", work=work, unit="ms", ours=worst, must=100)


@dataclass(kw_only=True, slots=True)
class Watched:
    """Of our web server while it takes uploads, and while it takes none because the other one does."""

    most_memory: int = 0
    health_ms: list[float] = field(default_factory=list)


@contextmanager
def _watching(ours: Receiver) -> Iterator[Watched]:
    watched, done = Watched(), threading.Event()
    process = psutil.Process(ours.pid)

    def look() -> None:
        connection = HTTPConnection(HOST, ours.port, timeout=SECONDS)
        while not done.wait(LOOK_SECONDS):
            began = time.perf_counter()
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            watched.health_ms.append((time.perf_counter() - began) * 1000)
            watched.most_memory = max(watched.most_memory, process.memory_info().rss)
        connection.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield watched
    finally:
        done.set()
        watcher.join()


@contextmanager
def _peer(folder: Path) -> Iterator[Receiver | None]:
    node = which("node")
    if node is None or not (PEER / "node_modules").is_dir():
        yield None
        return
    folder.mkdir()
    process = subprocess.Popen([node, str(PEER / "serve.js"), str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Receiver(port=int(process.stdout.readline()), pid=process.pid, path="/files")
    finally:
        process.terminate()
        process.communicate()


def _file(path: Path, megabytes: int) -> Path:
    """Rows of a table, no two megabytes alike."""
    dice = np.random.default_rng(22)
    with path.open("wb") as file:
        for _ in range(megabytes):
            numbers = dice.integers(10**8, 10**9, 100_000).astype("S9")
            file.write(b"\n".join(numbers.tolist()) + b"\n")
    return path


def _rate(amount: float, work: Working) -> float:
    """An amount a second. What earlier work left to the system is on the disk by then: whoever forces bytes waits for
    those of others too, and who doesn't has them written during somebody else's turn."""
    os.sync()
    began = time.perf_counter()
    work()
    return amount / (time.perf_counter() - began)


def _pid_on(port: int) -> int:
    """The web server that the benchmark has started."""
    for process in psutil.Process().children(recursive=True):
        if str(port) in process.cmdline():
            return process.pid
    sys.exit(f"no process serves port {port}")
