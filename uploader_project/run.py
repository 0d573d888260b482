"""``make run``: database, migrations, first admin, then web server and worker until Ctrl-C; what dies is restarted."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe

import django
from django.conf import settings
from django.core.management import call_command

from uploader_project.embedded.server_home import ServerError
from uploader_project.embedded.sharing import leave_server, use_server
from uploader_project.sound_settings import require_sound_settings
from uploads.tabular.sandbox.guards import hide_process

HOST = "127.0.0.1"
STOP_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STABLE_SECONDS = 60.0
"""A part that ran this long is restarted without a longer pause."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (the supervisor talks to a person)


@dataclass(kw_only=True)
class ChildProcess:
    """A process that is kept running: the web server or the worker."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uploader_project.parent_watch", *self.arguments],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops the parts in order
        )

    def keep(self) -> None:
        """Start the part if it is down and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.process = None
            self.pause = FIRST_PAUSE if now - self.started > STABLE_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            say(f"The {self.name} ended ({_how(code)}); it starts again in {self.pause:.0f} s.")
        if now >= self.due:
            self.start()

    def tell(self, what: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(what)

    def wait(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def first_admin() -> tuple[str, str] | None:
    """Make an admin where there is none; name and password, or ``None`` where one exists."""
    from django.contrib.auth.models import User  # noqa: PLC0415 (models need the set-up first)

    if User.objects.filter(is_superuser=True).exists():
        return None
    password = token_urlsafe(12)
    User.objects.create_superuser("admin", password=password)
    return "admin", password


def _answers(port: int, ended: Callable[[], bool]) -> bool:
    """Wait until the web server takes connections."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not ended():
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _supervise(parts: list[ChildProcess], stop: threading.Event, *, ready: Callable[[], None]) -> None:
    embedded = settings.DATABASES["default"].get("FOLDER")
    port = settings.PORT
    for part in parts:
        part.start()
    if _answers(port, lambda: stop.is_set() or any(p.process is None or p.process.poll() is not None for p in parts)):
        ready()
    while not stop.wait(0.2):
        for part in parts:
            part.keep()
        if embedded:
            use_server(Path(embedded))  # brings it back should even its keeper have been killed


def _stop(parts: list[ChildProcess]) -> None:
    say("Stopping…")
    for part in parts:
        part.tell(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        part.wait(deadline)


def _prepare() -> tuple[str, list[str]]:
    """Migrate and make the first admin; how to sign in, and what is said at the first start alone."""
    from django.db import connection  # noqa: PLC0415 (needs the set-up first)

    call_command("migrate", verbosity=0, interactive=False)
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    made = first_admin()
    connection.close()
    if made is None:
        sign_in = (
            "sign in with the name and password from the first start"
            " (forgotten: .venv/bin/python manage.py changepassword admin)"
        )
        return sign_in, []
    return f"name {made[0]}, password {made[1]} (shown only this once)", [f"Read   {_readers_at_first()}"]


def _readers_at_first() -> str:
    who = {"public": "everybody", "signed_in": "people who are signed in", "groups": "staff, until groups are chosen"}
    visible = settings.DATASETS_VISIBLE
    return f"a new dataset is read by {who[visible]} (DATASETS_VISIBLE={visible} in .env; or {_others(who, visible)})"


def _others(known: Iterable[str], said: str) -> str:
    return ", ".join(name for name in known if name != said)


def main(arguments: Sequence[str]) -> int:
    """It takes none: whoever asks for help, or means an option, is told where settings are, and nothing is started."""
    ArgumentParser(
        prog="python -m uploader_project.run",
        description="Start the database, the web server and the worker, and keep them running until Ctrl-C.",
        epilog="Settings come from the environment and from .env: PORT, VAR_DIR and those that .env.example lists.",
    ).parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uploader_project.settings")
    require_sound_settings()
    if not port_is_free(settings.PORT):
        say(f"Port {settings.PORT} is in use: stop the other program, or choose another port: make run PORT=8001")
        return 1
    hide_process()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    django.setup()
    address = f"http://{HOST}:{settings.PORT}/"
    parts = [ChildProcess(name="web server", arguments=["web", "--host", HOST, "--port", str(settings.PORT)])]
    parts += [ChildProcess(name="worker", arguments=["run_worker"])]
    try:
        admin, first = _prepare()
        lines = [f"Page   {address}", f"Admin  {address}admin/  {admin}", *first, "Stop   Ctrl-C"]
        _supervise(parts, stop, ready=lambda: say("\n  " + "\n  ".join(lines) + "\n"))
    except ServerError as error:
        say(str(error))
        return 1
    finally:
        _stop(parts)
        if folder := settings.DATABASES["default"].get("FOLDER"):
            leave_server(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
