"""``manage.py run_worker``: load the files that wait, and mend what lost workers left behind."""

import asyncio
import threading
import time
from typing import Any

from django.core.management import CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection

from uploads.management.base import OperatorCommand
from uploads.management.readiness import AGAIN_SECONDS, is_opening, is_unready, wait_until_open
from uploads.management.worker import PATIENCE_SECONDS, keep_sessions, look_for_garbage_less, work
from uploads.services.loading.reader import reader
from uploads.services.upkeep.stalled_jobs import retire_stalled_jobs
from uploads.services.upkeep.steps import attempt_step
from uploads.services.upkeep.sweep import sweep
from uploads.services.upkeep.worker_reports import report_start, report_sweep
from uploads.tabular.sandbox.guards import hide_process

SWEEP_SECONDS = 10.0


class Command(OperatorCommand):
    """A thin frame around Procrastinate's worker."""

    help = (
        "Load the files that wait in the queue until SIGTERM or Ctrl-C: one at a time, and small ones beside it. "
        "Run as many as you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--one-shot", action="store_true", help="stop when the queue is empty")

    def check_migrations(self) -> None:
        """A worker that begins while the database recovers waits for it, as one does that is at work already."""
        while True:
            wait_until_open(say=lambda text: self.stderr.write(text, style_func=str))
            try:
                super().check_migrations()
            except CommandError as error:
                if not (is_unready(error) and is_opening()):
                    raise
            else:
                return

    def begin_report(self) -> None:
        """The database may have gone again since the look at the migrations: a worker waits for it here as well."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                report_start(guards=reader.guards())
            except (OperationalError, InterfaceError):
                connection.close()
                if time.monotonic() > until:
                    raise
                wait_until_open(say=lambda text: self.stderr.write(text, style_func=str))
                time.sleep(AGAIN_SECONDS)
            else:
                return

    def handle(self, *args: Any, **options: Any) -> None:
        connection.close()  # loads and sweeps have their own sessions; this one was for the look at the migrations
        hide_process()
        reader.start()
        self.begin_report()
        connection.close()
        keep_sessions()
        look_for_garbage_less()
        stop = threading.Event()
        sweeper = threading.Thread(target=_sweep_until, args=(stop,), name="sweeper", daemon=True)
        sweeper.start()
        try:
            asyncio.run(work(wait=not options["one_shot"]))
        finally:
            stop.set()
            sweeper.join()
            reader.close()


def _sweep_until(stop: threading.Event) -> None:
    """Sweep now and every few seconds, whatever happens: a database that is away is asked again the next time."""
    while True:
        attempt_step(lambda: report_sweep(sweep()), name="the sweep")
        attempt_step(retire_stalled_jobs, name="the look after jobs of lost workers")
        connection.close()
        if stop.wait(SWEEP_SECONDS):
            return
