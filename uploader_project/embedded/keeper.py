"""The process that keeps the server while anybody uses it: starts it, restarts it if it dies, stops it after the last.

Every user holds a shared lock on ``users.lock``; the kernel lets go of it however a user ends, `kill -9` included. The
keeper waits for the exclusive lock: getting it means that nobody is left.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from uploader_project.embedded.server import (
    AT_ONCE,
    Server,
    make_cluster,
    running_server,
    start_server,
    stop_server,
)
from uploader_project.embedded.server_home import NetworkAddress, ServerError, ServerHome, SystemUser

READY = "ready"
STUCK_SECONDS = 30.0
"""So long a server that somebody else has asked to stop may take. PostgreSQL 18.6 takes for ever where that comes while
it recovers from a crash, and lets nobody in."""


def arguments(place: ServerHome) -> list[str]:
    """Command line that starts a keeper for the place."""
    account = place.account and [place.account.name, place.account.uid, place.account.gid]
    network = place.network and [place.network.host, place.network.port]
    words: dict[str, object] = {"home": str(place.home), "binaries": str(place.binaries), "account": account}
    words |= {"network": network, "durable": place.durable}
    return [sys.executable, "-m", "uploader_project.embedded.keeper", json.dumps(words)]


def _place(words: Mapping[str, object]) -> ServerHome:
    account, network = words["account"], words["network"]
    return ServerHome(
        home=Path(str(words["home"])),
        binaries=Path(str(words["binaries"])),
        account=SystemUser(name=account[0], uid=account[1], gid=account[2]) if isinstance(account, list) else None,
        network=NetworkAddress(host=network[0], port=network[1]) if isinstance(network, list) else None,
        durable=bool(words["durable"]),
    )


class Keeper:
    """Holds one server from its start to the end of its last user."""

    def __init__(self, place: ServerHome) -> None:
        self.place = place
        self.ended = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping_since: float | None = None

    def start(self) -> None:
        """Make the cluster if there is none, then start the server or take over one whose keeper was killed."""
        make_cluster(self.place)
        if running_server(self.place) is None:
            self.process = start_server(self.place)

    def keep(self) -> None:
        """Return once nobody uses the server any more; meanwhile restart it if it dies."""
        threading.Thread(target=self._wait_for_last_user, daemon=True).start()
        pause = 0.1
        while not self.ended.wait(0.25):
            if self.process is not None:
                self.process.poll()
            server = running_server(self.place)
            if server is not None:
                pause = 0.1
                self._see_it_stop(server)
                continue
            try:
                self.process = start_server(self.place)
            except ServerError as error:
                sys.stderr.write(f"{error}\n")
                sys.stderr.flush()
                pause = min(pause * 2, 10.0)
                self.ended.wait(pause)

    def _see_it_stop(self, server: Server) -> None:
        if not server.stopping:
            self._stopping_since = None
        elif self._stopping_since is None:
            self._stopping_since = time.monotonic()
        elif time.monotonic() - self._stopping_since > STUCK_SECONDS:
            sys.stderr.write(f"PostgreSQL was asked to stop {STUCK_SECONDS:.0f} s ago, and did not: it is ended.\n")
            sys.stderr.flush()
            stop_server(self.place, self.process, ways=AT_ONCE)

    def stop(self) -> None:
        stop_server(self.place, self.process)
        if not self.place.durable:
            shutil.rmtree(self.place.home)

    def _wait_for_last_user(self) -> None:
        with (self.place.home / "users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            self.ended.set()
            threading.Event().wait()  # hold the lock until this process ends: newcomers wait for the server to be down


def _answer(text: str) -> None:
    """Tell the process that started us, once, then let go of its pipe: it may end long before us."""
    sys.stdout.write(text)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def main() -> int:
    place = _place(json.loads(sys.argv[1]))
    keeper = Keeper(place)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: keeper.ended.set())
    with (place.home / "keeper.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _answer(READY)
            return 0
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            keeper.start()
        except ServerError as error:
            _answer(str(error))
            return 1
        _answer(READY)
        keeper.keep()
        keeper.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
