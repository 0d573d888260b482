"""A web server of its own process on the tests' database, for tests that need a real connection."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.integration.tus.client import OFFSET_TYPE, metadata
from tests.waiting import GIVE_UP_SECONDS, wait_until

PROJECT = Path(__file__).resolve().parents[3]
HEADERS = {"Tus-Resumable": "1.0.0", "Content-Type": OFFSET_TYPE}


def environment() -> dict[str, str]:
    params = connection.get_connection_params()
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    database = {name: str(params[key]) for name, key in names.items() if params.get(key)}
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "TEST_DATABASE": json.dumps(database),
        "VAR_DIR": str(settings.VAR_DIR),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A web server of its own process."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        command = [sys.executable, "-m", "uploader_project.web", "--port", str(self.port)]
        env = environment() | self.settings
        self.process = subprocess.Popen(command, cwd=PROJECT, env=env, stderr=subprocess.DEVNULL)
        wait_until(self.answers)

    def answers(self) -> bool:
        try:
            return self.ask("OPTIONS", "/files/").status == 204
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(GIVE_UP_SECONDS)
            self.process = None

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> http.client.HTTPResponse:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVE_UP_SECONDS)
        try:
            client.request(method, path, body, {**HEADERS, **(headers or {})})
            response = client.getresponse()
            response.read()
            return response
        finally:
            client.close()

    def create(self, size: int) -> str:
        headers = {"Upload-Length": str(size), "Upload-Metadata": metadata(filename="x.csv")}
        location = self.ask("POST", "/files/", headers).headers["Location"]
        assert location
        return location

    def offset(self, location: str) -> int:
        response = self.ask("HEAD", location)
        assert response.status == 200
        return int(response.headers["Upload-Offset"])

    @contextmanager
    def sending(self, location: str, offset: int, body: bytes, *, announced: int) -> Iterator[socket.socket]:
        """A PATCH that announces more bytes than it has sent so far."""
        head = {**HEADERS, "Host": "127.0.0.1", "Upload-Offset": str(offset), "Content-Length": str(announced)}
        lines = [f"PATCH {location} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        with socket.create_connection(("127.0.0.1", self.port), timeout=GIVE_UP_SECONDS) as wire:
            wire.sendall("\r\n".join(lines).encode() + body)
            yield wire
