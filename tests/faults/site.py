"""What visitors and programs talk to: a web server of its own process, behind nginx where there is one."""

import os
import signal
import ssl
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.faults.system import PROJECT, STOP_SECONDS
from tests.integration.tus.server import free_port
from tests.proxied import NAME, ProgramMissing, Proxy, nginx

ANSWER_SECONDS = 60.0


class Away(Exception):
    """There was no answer, or half of one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    """By lower-case name; of several of one name the last."""
    body: bytes


class Site:
    """``uploader_project.web``; whoever ends it starts it again, and the proxy stays."""

    def __init__(self, home: Path) -> None:
        self._port = free_port()
        self._log = home / "web.log"
        self._proxy: Proxy | None = Proxy(https=free_port(), http=free_port())
        self._front: subprocess.Popen[bytes] | None = None
        folder = home / "proxy"
        folder.mkdir(exist_ok=True)
        try:
            command = nginx(self._port, self._proxy, folder)
        except ProgramMissing:
            self._proxy = None
        else:
            self._front = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self.process = self._start()

    @property
    def is_behind_proxy(self) -> bool:
        return self._proxy is not None

    def _start(self) -> "subprocess.Popen[bytes]":
        settings = {"SITE_ADDRESS": f"https://{NAME}"} if self._proxy is not None else {}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "uploader_project.web", "--port", str(self._port)],
                cwd=PROJECT,
                env={**os.environ, **settings, "LOG_LEVEL": "WARNING"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        self.process = self._start()

    def stop(self) -> bool:
        """With its proxy; false where it does not end in time."""
        if self._front is not None:
            self._front.terminate()
            self._front.wait()
            self._front = None
        self.process.terminate()
        try:
            return self.process.wait(timeout=STOP_SECONDS) in (0, -signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
        """Raises ``Away``."""
        try:
            if self._proxy is not None:
                response, content = self._proxy.ask(method, path, headers, body)
            else:
                client = HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
                try:
                    client.request(method, path, body, headers or {})
                    response = client.getresponse()
                    content = response.read()
                finally:
                    client.close()
        except (OSError, HTTPException, ssl.SSLError) as error:
            raise Away(repr(error)) from error
        return Answer(
            status=response.status, headers={name.lower(): value for name, value in response.getheaders()}, body=content
        )

    def answers(self) -> bool:
        with suppress(Away):
            return self.ask("OPTIONS", "/files/").status == 204
        return False
