"""The faults: one at a time, at random, until it is over."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random

import psutil
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from tests.faults.site import Site
from tests.faults.system import Worker, kill_process, postmaster

PAUSES = (0.05, 0.3, 1.0, 2.0, 4.0)


CRASHES = ("backend killed", "database restarted")
"""What has PostgreSQL recover."""


class Faults:
    """``workers[0]`` is killed and stopped; the others live on, frozen at times, and what they hold can be weighed."""

    def __init__(self, workers: list[Worker], site: Site, random: Random) -> None:
        self.done: Counter[str] = Counter()
        self.broken: list[str] = []
        self._workers = workers
        self._site = site
        self._random = random
        self._kinds: dict[Callable[[], str], int] = {
            self._kill_worker: 4,
            self._stop_worker: 2,
            self._freeze_worker: 2,
            self._kill_warm_reader: 3,
            self._kill_child: 6,
            self._freeze_child: 2,
            self._end_load_session: 4,
            self._end_any_session: 3,
            self._kill_load_backend: 1,
            self._restart_database: 1,
            self._kill_site: 2,
        }

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(self._random.choice(PAUSES)):
            self._look_after_workers()
            [fault] = self._random.choices(list(self._kinds), list(self._kinds.values()))
            try:
                name = fault()
            except (OperationalError, InterfaceError):
                name = ""  # the database is just coming back
            finally:
                connection.close()
            if name:
                self.done[name] += 1

    def _kill_site(self) -> str:
        self._site.kill()
        time.sleep(self._random.choice((0, 0, 1)))
        self._site.restart()
        return "web server killed"

    def _look_after_workers(self) -> None:
        if (ended := self._site.process.poll()) is not None:
            self.broken.append(f"the web server ended by itself, with {ended}")
            self._site.restart()
        for worker in self._workers:
            code = worker.process.poll()
            if code is not None:
                self.broken.append(f"a worker ended by itself, with {code}")
                worker.restart()

    def _worker(self) -> Worker:
        return self._random.choice(self._workers)

    def _kill_worker(self) -> str:
        self._workers[0].kill()
        time.sleep(self._random.choice((0, 0, 1, 4)))
        self._workers[0].restart()
        return "worker killed"

    def _stop_worker(self) -> str:
        if self._workers[0].process.poll() is None and not self._workers[0].stop():
            self.broken.append("a worker did not end cleanly after SIGTERM")
            self._workers[0].kill()
        self._workers[0].restart()
        return "worker stopped"

    def _freeze_worker(self) -> str:
        worker = self._worker()
        worker.send(signal.SIGSTOP)
        time.sleep(settings.LEASE_SECONDS + self._random.choice((-2, 1, 5)))
        worker.send(signal.SIGCONT)
        return "worker frozen"

    def _kill_warm_reader(self) -> str:
        warm, _ = self._worker().readers()
        for process in warm:
            kill_process(process.pid)
        return "warm reader killed" if warm else ""

    def _kill_child(self) -> str:
        children = [child for worker in self._workers for child in worker.readers()[1]]
        if not children:
            return ""
        kill_process(self._random.choice(children).pid)
        return "reading child killed"

    def _freeze_child(self) -> str:
        children = [child for worker in self._workers for child in worker.readers()[1]]
        if not children:
            return ""
        child = self._random.choice(children)
        try:
            child.suspend()
            time.sleep(settings.LEASE_SECONDS + 1)
            child.resume()
        except psutil.NoSuchProcess:
            return ""
        return "reading child frozen"

    def _sessions(self, like: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE %s"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
                [like],
            )
            return [pid for (pid,) in cursor.fetchall()]

    def _end_session(self, like: str) -> bool:
        found = self._sessions(like)
        if not found:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [self._random.choice(found)])
        return True

    def _end_load_session(self) -> str:
        return "load's session ended" if self._end_session("load %") else ""

    def _end_any_session(self) -> str:
        return "any session ended" if self._end_session("%") else ""

    def _kill_load_backend(self) -> str:
        """PostgreSQL then ends all sessions and recovers."""
        found = self._sessions("load %")
        if not found:
            return ""
        connection.close()
        kill_process(self._random.choice(found))
        return "backend killed"

    def _restart_database(self) -> str:
        pid = postmaster()
        if pid is None:
            return ""
        connection.close()
        try:
            psutil.Process(pid).send_signal(self._random.choice((signal.SIGINT, signal.SIGQUIT)))
        except psutil.NoSuchProcess:
            return ""
        return "database restarted"
