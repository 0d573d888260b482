"""Use the embedded server, together with whoever else uses it; the first starts it, after the last it stops.

``make run`` and any number of `manage.py` commands share one server this way, and none leaves an orphan.
"""

import atexit
import fcntl
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from uploader_project.embedded import keeper
from uploader_project.embedded.server import START_SECONDS, Server, running_server
from uploader_project.embedded.server_home import ServerError, ServerHome, find_home

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """This process's share in a server."""

    place: ServerHome
    lock: IO[str]
    process: int


_uses: dict[Path, Use] = {}
_guard = threading.Lock()


def use_server(folder: Path, *, durable: bool = True, listen: str = "") -> Server:
    """Say that this process uses the server of ``folder``, start it if need be, and return how to reach it.

    The server stays at least until this process ends. Cheap when called again: one look at the pid file.
    """
    with _guard:
        use = _uses.get(folder)
        if use is None:
            place = find_home(folder, durable=durable, listen=listen)
            lock = (place.home / "users.lock").open("a")
            fcntl.flock(lock, fcntl.LOCK_SH)  # waits while the last user's server is going down
            use = _uses[folder] = Use(place=place, lock=lock, process=os.getpid())
            atexit.register(leave_server, folder)
        return _ready_server(use.place)


def leave_server(folder: Path) -> None:
    """End this process's use; the last one to leave waits until the server is down."""
    with _guard:
        use = _uses.pop(folder, None)
        if use is None or use.process != os.getpid():
            return
        with use.lock:
            try:
                fcntl.flock(use.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # others use it
            _stop_keeper(use.place)


def _ready_server(place: ServerHome) -> Server:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _kept(place):
            server = running_server(place)
            if server is not None and server.ready:
                return server
            time.sleep(0.02)
        else:
            _start_keeper(place)
    raise ServerError(f"PostgreSQL in {place.home} did not become ready within {START_SECONDS} seconds.")


def _kept(place: ServerHome) -> bool:
    """Whether a keeper lives: it holds its lock as long as it does."""
    try:
        with (place.home / "keeper.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # a throw-away cluster that has just been thrown away
        return False
    return False


def _start_keeper(place: ServerHome) -> None:
    with (place.home / "keeper.log").open("ab") as log:
        process = subprocess.Popen(
            keeper.arguments(place),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C in this terminal is not meant for the server
        )
    said = ""
    if process.stdout is not None:
        with process.stdout as pipe:
            said = pipe.read().strip()
    if said != keeper.READY:
        process.wait()
        raise ServerError(said or f"The keeper of PostgreSQL did not start; see {place.home / 'keeper.log'}.")
    threading.Thread(target=process.wait, daemon=True).start()


def _stop_keeper(place: ServerHome) -> None:
    """Called by the last user, who holds the exclusive lock: newcomers wait until the server is down."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _kept(place):
            with suppress(ProcessLookupError, FileNotFoundError, ValueError):  # it is going, or was killed just now
                os.kill(int((place.home / "keeper.lock").read_text()), signal.SIGTERM)
            time.sleep(0.02)
        elif running_server(place) is None:
            return
        else:
            _start_keeper(place)  # its own was killed: another takes the server over, and down
