"""The worker's half of reading: starts the warm process, follows one child at a time, and outlives both."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uploads
from uploads.tabular.chunks import TypedChunk
from uploads.tabular.column_json import column_from_json, column_to_json, reject_from_json
from uploads.tabular.errors import FileError, ReaderDied
from uploads.tabular.kept_cells import KeptCells
from uploads.tabular.notes import Note
from uploads.tabular.sandbox.channel import BrokenFrame, Channel, ChannelClosed
from uploads.tabular.sandbox.guards import Guard
from uploads.tabular.sandbox.messages import GRACE_SECONDS, CopyFormat, Request, TableEnd, TableFound
from uploads.tabular.table import Column, LineAccount, Reject
from uploads.tabular.type_events import NeedsJointTypes, TypesChanged

ROOT = Path(uploads.__file__).parents[1]
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
"""All that the reading process gets: no database address, no secret."""
SET_ENVIRONMENT = {
    # numpy and pyarrow start a thread each as they are imported; a process that forks must have none.
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # Blocks of some megabytes come and go all the time. Given back to the system each time, they cost a page fault for
    # every 4 KiB, of 400 MB of quoted text a tenth of the child's computing; it lives for one file. Arrow on jemalloc
    # peaks 30 MiB lower than on its default, and on glibc's heap 200 MiB higher where there are 100 columns;
    # a build without it says so and takes its default.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
    "ARROW_DEFAULT_MEMORY_POOL": "jemalloc",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadChunk:
    """Some rows, the rejects among them, and how many blank rows were passed over.

    The rows are there typed, or as ``frames`` of bytes for COPY, according to what was asked for.
    """

    rows: int
    size: int
    """Bytes, about."""
    last_row: int | None
    rejects: tuple[Reject, ...]
    blank: int
    kept: KeptCells
    """Texts of cells that the stored values do not print back."""
    typed: TypedChunk | None
    frames: Iterator[bytearray]
    """Arrive as they are taken, and have to be taken before the next chunk."""


class WarmReader:
    """The warm process, started when first needed and again if it is lost. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Start it now, so that the first file doesn't wait for the libraries to load (about half a second)."""
        with self._lock:
            self._ensure()

    def guards(self) -> frozenset[Guard]:
        """What keeps a child of this machine from reaching anything but its file. Asked once more where the process was
        ended just then: whoever starts a worker loses nothing by it, as a file that is being read would."""
        try:
            answer = self._ask({"kind": "guards"})
        except ReaderDied:
            answer = self._ask({"kind": "guards"})
        return frozenset(map(Guard, answer["guards"]))

    def close(self) -> None:
        """Let the warm process end."""
        with self._lock:
            self._discard()

    @contextmanager
    def read(self, request: Request, on_progress: Callable[[str, int], None]) -> Iterator["ChildSession"]:
        """Read one file in a child of its own; the child is gone when the context ends, or about to end itself."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                pid = int(self._ask({"kind": "read", "request": request.as_json()}, theirs)["pid"])
            reading = ChildSession(
                Channel(ours), request, on_progress, lambda: self._wait(pid), lambda: self._leave(pid)
            )
            try:
                yield reading
            finally:
                if not reading.ended:
                    with suppress(ProcessLookupError):  # it went just now
                        os.kill(pid, signal.SIGKILL)
                    reading.reap()

    def _wait(self, pid: int) -> int:
        """The exit code of a child that is about to end. One that a file has taken over may sleep instead, and is
        killed; nobody else's question waits for it."""
        kill_at, pause = time.monotonic() + GRACE_SECONDS, 0.001
        while (status := self._ask({"kind": "wait", "pid": pid})["status"]) is None:
            if time.monotonic() >= kill_at:
                with suppress(ProcessLookupError):  # it went just now
                    os.kill(pid, signal.SIGKILL)
            time.sleep(pause)
            pause = min(2 * pause, 0.1)
        return int(status)

    def _leave(self, pid: int) -> None:
        """Have the warm process see to the end of a child that has done its work: nobody waits for its exit code."""
        with suppress(ReaderDied):  # its children went with it, and all of the file is there
            self._ask({"kind": "leave", "pid": pid})

    def _ask(self, order: dict[str, Any], descriptor: socket.socket | None = None) -> dict[str, Any]:
        """One question, one answer. A warm process that is gone is replaced, its children died with it."""
        with self._lock:
            control = self._ensure()
            message = json.dumps(order).encode() + b"\n"
            try:
                if descriptor is None:
                    control.sendall(message)
                else:
                    sent = socket.send_fds(control, [message], [descriptor.fileno()])
                    control.sendall(message[sent:])
                answer = control.recv(2**16)
            except ConnectionError:
                answer = b""
            if not answer:
                self._discard()
                raise ReaderDied("The process that reads files was ended from outside.", hint="Load the file again.")
        reply = json.loads(answer)
        if not isinstance(reply, dict):
            raise BrokenFrame("an answer must be an object")
        return reply

    def _ensure(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._discard()
        if self._control is None:
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "uploads.tabular.sandbox"],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    cwd=ROOT,
                    env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ} | SET_ENVIRONMENT,
                )
            self._control = ours
        return self._control

    def _discard(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class ChildSession:
    """One file being read by one child."""

    def __init__(
        self,
        channel: Channel,
        request: Request,
        on_progress: Callable[[str, int], None],
        wait: Callable[[], int],
        leave: Callable[[], None],
    ) -> None:
        self._channel = channel
        self._bounds = request.bounds
        self._on_progress = on_progress
        self._wait = wait
        self._leave = leave
        self._deadline = time.monotonic() + request.bounds.wall_seconds
        self.ended = False

    def tables(self) -> Iterator["ReadTable"]:
        """The file's tables, one after the other; each must be read to its end, or declined, before the next."""
        while True:
            message = self.expect("table", "done")
            if message["kind"] == "done":
                self.ended = True
                self._leave()
                return
            yield ReadTable(self, TableFound.from_json(message))

    def say(self, message: dict[str, Any]) -> None:
        """Raises ``ReaderDied``, also where the child does not listen until its time is over."""
        self._until_deadline(lambda: self._channel.send(message))

    def reap(self) -> int:
        """Wait for the child's end and return its exit code, negative for a signal."""
        self.ended = True
        return self._wait()

    def chunk(self, message: dict[str, Any]) -> ReadChunk:
        count = message["frames"]
        batch = None if count or not message["arrow"] else self._until_deadline(self._channel.receive_batch)
        rejects = tuple(map(reject_from_json, message["rejects"]))
        return ReadChunk(
            rows=message["rows"],
            size=message["bytes"],
            last_row=message["last_row"],
            rejects=rejects,
            blank=message["blank"],
            kept=KeptCells.from_json(message["kept"]),
            typed=None if batch is None else TypedChunk(batch=batch, rejects=rejects),
            frames=(self._until_deadline(self._channel.receive_rows) for _ in range(count)),
        )

    def expect(self, *kinds: str) -> dict[str, Any]:
        """The next message of one of these kinds; progress on the way is passed on, an error is raised."""
        while True:
            message = self._until_deadline(self._channel.receive)
            match message["kind"]:
                case "progress":
                    self._on_progress(message["phase"], message["bytes"])
                case "error":
                    self.reap()
                    raise _file_error(message)
                case kind if kind in kinds:
                    return message
                case kind:
                    raise BrokenFrame(f"{kind!r} came where one of {kinds} was due")

    def _until_deadline[T](self, talk: Callable[[], T]) -> T:
        left = self._deadline - time.monotonic()
        try:
            self._channel.settimeout(max(left, 0.001))
            return talk()
        except TimeoutError as error:
            raise ReaderDied(
                f"Reading this file took longer than the {self._bounds.wall_seconds:,} seconds that a file may take.",
                hint="Split it into smaller files, or save the table as CSV.",
            ) from error
        except ChannelClosed as error:
            raise self._died() from error

    def _died(self) -> ReaderDied:
        status = self.reap()
        if status == -signal.SIGXCPU:
            message = f"Reading this file took more than {self._bounds.cpu_seconds:,} seconds of computing."
        elif status < 0:
            megabytes = self._bounds.memory_bytes // 2**20
            message = (
                f"The file made the program that reads it crash ({signal.Signals(-status).name}): it is damaged, made"
                f" to do harm, or needs more than {megabytes:,} MB of memory."
            )
        else:
            message = f"The program that reads files failed on this one (exit code {status}); the log has details."
        return ReaderDied(
            message, hint="Open the file in the program it was made with, save the table as CSV, and send that."
        )


class ReadTable:
    """One table of the file: say what columns are planned, learn what they are, then take its chunks."""

    def __init__(self, reading: ChildSession, found: TableFound) -> None:
        self._reading = reading
        self.found = found
        self.end: TableEnd | None = None
        self.copy_format = CopyFormat(binary=True)
        """Of the frames, once ``columns`` are told."""

    def columns(
        self,
        planned: Sequence[Column] | None,
        *,
        chosen: Sequence[Column] = (),
        own: bool = False,
        typing: Mapping[str, Any] | None = None,
    ) -> tuple[Column, ...]:
        """The columns that the table's beginning shows.

        ``planned``: those of the dataset, in the file's order; ``chosen``: single ones for which a person chose a type,
        where nothing is planned; ``own``: earlier tables of this very file decided them,
        so they may be decided anew; ``typing``: options of ``ReadOptions`` on how values are read as types, which are
        known only now that the dataset is.
        """
        plan = None if planned is None else [column_to_json(column) for column in planned]
        held = [column_to_json(column) for column in chosen]
        self._reading.say({"kind": "plan", "columns": plan, "chosen": held, "own": own, "typing": dict(typing or {})})
        message = self._reading.expect("columns")
        self.copy_format = CopyFormat(**message["copy"])
        return _columns(message)

    def chunks(self, *, slice_rows: int | None = None) -> Iterator[ReadChunk]:
        """The rows, with ``slice_rows`` as frames of so many rows for COPY; ``end`` is there afterwards.

        Raises ``TypesChanged`` where the columns turn out not to be those of the whole table, and ``NeedsJointTypes``
        where they are this file's own and not those of all its tables.
        """
        self._reading.say({"kind": "go", "go": True, "slice_rows": slice_rows})
        while True:
            message = self._reading.expect("chunk", "again", "together", "end")
            match message["kind"]:
                case "chunk":
                    yield self._reading.chunk({**message, "arrow": slice_rows is None})
                case "again":
                    self.copy_format = CopyFormat(**message["copy"])
                    raise TypesChanged(_columns(message))
                case "together":
                    raise NeedsJointTypes
                case _:
                    self.end = TableEnd(
                        account=LineAccount(**message["account"]),
                        notes=tuple(map(Note.from_json, message["notes"])),
                        columns=_columns(message),
                        first_rows=tuple((row, tuple(cells)) for row, cells in message["first_rows"]),
                        line_index=None if message["line_index"] is None else b64decode(message["line_index"]),
                    )
                    return


def _columns(message: dict[str, Any]) -> tuple[Column, ...]:
    return tuple(map(column_from_json, message["columns"]))


def _file_error(message: dict[str, Any]) -> FileError:
    """The child's error with its own code: the class is of the child, the code is what callers go by."""
    error = FileError(message["message"], hint=message["hint"])
    error.code = message["code"]
    return error
