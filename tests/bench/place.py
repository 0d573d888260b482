"""The place where everything is measured: one server, our loads and ``psql`` on it, and real workers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.bench.data import Table
from tests.bench.measuring import timed
from uploader_project.embedded.server_home import find_home
from uploader_project.embedded.sharing import leave_server
from uploads.models import Dataset, UploadedFile
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.loading.attempt import load_file
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.states import FileState
from uploads.tabular.sandbox.client import WarmReader

PROJECT = Path(__file__).resolve().parents[2]
WORKER_SECONDS = 600.0
START_SECONDS = 60.0
HOST = "127.0.0.1"


class Place:
    """Made once for all rows. ``folder`` is for the data files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        call_command("migrate", verbosity=0)
        self.reader = WarmReader()
        self.reader.start()
        self._numbers = iter(range(1, 1_000_000))

    def close(self) -> None:
        self.reader.close()
        connection.close()
        leave_server(Path(settings.DATABASES["default"]["FOLDER"]))

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def slug(self) -> str:
        """A dataset that isn't there yet: every load that is measured founds its own."""
        return f"bench_{next(self._numbers)}"

    def receive(self, path: Path, dataset: str = "", *, activate: bool = True, again: bool = True) -> UploadedFile:
        """``again``: without being asked whether its bytes are here already, for most rows load the same ones often."""
        with path.open("rb") as content:
            return receive_file(
                content=content,
                size=path.stat().st_size,
                name=path.name,
                uploader=Sender(is_staff=True),
                via=UploadedFile.Via.COMMAND,
                dataset=dataset,
                activate=activate,
                again=again,
            )

    def load(self, path: Path, rows: int, dataset: str = "", *, activate: bool = True) -> tuple[float, FileReceipt]:
        """Seconds from opening the stored file to committed, counted and attached, as the receipt says.

        The planner's statistics follow, as they do (by autovacuum) after ``psql``. All rows must be there.
        """
        file = self.receive(path, dataset or self.slug(), activate=activate)
        self.settle()
        load_file(file_id=file.pk, reader=self.reader)
        receipt = self.checked(file.pk, rows, FileState.ACTIVE if activate else FileState.LOADED)
        return receipt.loads[0].seconds or 0.0, receipt

    def checked(self, file_id: int, rows: int, state: FileState = FileState.ACTIVE) -> FileReceipt:
        receipt = describe_file(file_id=file_id)
        if receipt.state is not state or receipt.rows_loaded != rows:
            raise RuntimeError(f"{receipt.name} is {receipt.state} with {receipt.rows_loaded:,} of {rows:,} rows")
        return receipt

    def load_and_forget(self, path: Path, rows: int) -> float:
        seconds, _ = self.load(path, rows)
        self.forget()
        return seconds

    def forget(self) -> None:
        """Drop all datasets."""
        for dataset in Dataset.objects.all():
            delete_dataset(dataset_id=dataset.pk)

    def settle(self) -> None:
        """Write out what earlier work left, so that nobody pays for it later."""
        self.execute("CHECKPOINT")

    def psql_copy(self, table: Table) -> float:
        r"""Seconds that ``psql \copy`` takes into a typed table made beforehand, in its committed form."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(table.names, table.types, strict=True))
        self.execute(f"CREATE TABLE yardstick ({columns})")
        self.settle()
        options = "WITH (FORMAT csv, HEADER true, DELIMITER ';')"
        seconds = timed(lambda: self.psql(rf"\copy yardstick FROM '{table.path}' {options}"))
        [(rows,)] = self.execute("SELECT count(*) FROM yardstick")
        if rows != table.rows:
            raise RuntimeError(f"psql loaded {rows:,} of {table.rows:,} rows")
        self.execute("DROP TABLE yardstick")
        return seconds

    def psql(self, command: str) -> None:
        parameters = connection.get_connection_params()
        program = find_home(Path(settings.DATABASES["default"]["FOLDER"])).program("psql")
        words = [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command]
        for option, name in (("-h", "host"), ("-p", "port"), ("-U", "user"), ("-d", "dbname")):
            words += [option, str(parameters[name])]
        subprocess.run(words, check=True)

    @contextmanager
    def worker(self, variables: Mapping[str, str] | None = None, *, warm: bool = True) -> Iterator[int]:
        """A real worker process; gives its process number. ``variables`` are settings in its environment.

        Unless it is ``warm``, it finds the queue as it is, and hasn't loaded a file yet.
        """
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker"], cwd=PROJECT, env=self.environment() | dict(variables or {})
        )
        try:
            if warm:
                first = self.folder / "warm.csv"
                first.write_text("a;b\n1;2\n")
                self.load_by_worker(first)
            yield process.pid
        finally:
            process.terminate()
            process.wait()

    @contextmanager
    def web(self) -> Iterator[int]:
        """A real web server that answers; gives its port."""
        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # as `make run` does
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "uploader_project.web", "--host", HOST, "--port", str(port)],
            cwd=PROJECT,
            env=self.environment(),
        )
        try:
            wait_for_port(port, process)
            yield port
        finally:
            process.terminate()
            process.wait()

    def environment(self) -> dict[str, str]:
        """For a process of the application that works on this server and these files."""
        return {
            **os.environ,
            "DATABASE_URL": self.address("postgres"),
            "VAR_DIR": str(settings.VAR_DIR),
            "DJANGO_SETTINGS_MODULE": "uploader_project.settings",
            "SECRET_KEY": "of the benchmark",
        }

    def address(self, scheme: str) -> str:
        """The server as an address; its socket's folder is an option, for it is no host name."""
        parameters = connection.get_connection_params()
        options = urlencode({key: parameters[key] for key in ("host", "port")})
        return f"{scheme}://{quote(str(parameters['user']))}@/{parameters['dbname']}?{options}"

    def load_by_worker(self, path: Path, dataset: str = "", *, again: bool = True) -> tuple[float, int]:
        """Seconds from the last byte received to active, and the file."""
        began = time.perf_counter()
        file = self.receive(path, dataset, again=again)
        self.wait_until_active(file.pk)
        return time.perf_counter() - began, file.pk

    def wait_until_active(self, file_id: int) -> None:
        deadline = time.monotonic() + WORKER_SECONDS
        while not self.is_active(file_id):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the worker has not finished file {file_id} in {WORKER_SECONDS:.0f} s")
            time.sleep(0.002)

    def is_active(self, file_id: int) -> bool:
        state = UploadedFile.objects.values_list("state", flat=True).get(pk=file_id)
        if state == FileState.FAILED:
            raise RuntimeError(f"the worker failed on file {file_id}")
        return state == FileState.ACTIVE


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until ``process`` takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the web server did not start")
