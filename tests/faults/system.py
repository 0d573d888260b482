"""What is hurt: an embedded PostgreSQL and real workers, each with its warm reader and reading children."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings

from uploader_project.embedded.server import running_server
from uploader_project.embedded.server_home import find_home

PROJECT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """What a worker with its readers holds."""

    mebibytes: float
    descriptors: int
    threads: int


class Worker:
    """``manage.py run_worker``, started again by whoever ends it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.process = self._start()
        self.guard = threading.Lock()
        """Held by whoever hurts it: a frozen worker is woken before it is ended."""

    def _start(self) -> "subprocess.Popen[bytes]":
        temporary = Path(settings.VAR_DIR) / "tmp"
        temporary.mkdir(exist_ok=True)
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "run_worker"],
                cwd=PROJECT,
                env={**os.environ, "TMPDIR": str(temporary), "LOG_LEVEL": "WARNING"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def restart(self) -> None:
        self.process = self._start()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> bool:
        """Ask it to end; false where it does not in time."""
        self.process.terminate()
        try:
            # One that has only just been started knows of no signal yet, and has nothing to end.
            return self.process.wait(timeout=STOP_SECONDS) in (0, -signal.SIGTERM)
        except subprocess.TimeoutExpired:
            return False

    def readers(self) -> tuple[list[psutil.Process], list[psutil.Process]]:
        """The warm reader, and the children in which it reads files."""
        try:
            warm = psutil.Process(self.process.pid).children()
            return warm, [child for process in warm for child in process.children()]
        except psutil.NoSuchProcess:
            return [], []

    def weight(self) -> Weight:
        mine = psutil.Process(self.process.pid)
        everyone = [mine, *mine.children(recursive=True)]
        return Weight(
            mebibytes=sum(process.memory_full_info().pss for process in everyone) / 2**20,
            descriptors=sum(process.num_fds() for process in everyone),
            threads=sum(process.num_threads() for process in everyone),
        )


def kill_process(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def postmaster() -> int | None:
    """Process number of the server, while it runs."""
    server = running_server(find_home(Path(settings.DATABASES["default"]["FOLDER"])))
    return None if server is None else server.pid


def scratch() -> Path:
    return Path(tempfile.gettempdir())
