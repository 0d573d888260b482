"""``python -m tests.faults``: hurt a running system for a while, then check what was promised; ends with 1 if broken.

Environment: ``SECONDS`` of faults (300), ``SEED`` of the chances (from the clock), ``WORKERS`` (2). The moments at
which faults come are the machine's, so that a seed makes a similar run, not the same. ``FAULTS_VAR`` names a home that
is kept, with the workers' log in it; ``LOG_LEVEL=WARNING`` fills that log.
"""

import os
import random
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"

import django
from django.conf import settings

django.setup()

from django.core.management import call_command  # noqa: E402 (Django comes first)
from django.db import connection  # noqa: E402

from tests.faults import files  # noqa: E402
from tests.faults.faults import CRASHES, Faults  # noqa: E402
from tests.faults.people import People, Reader, Truth  # noqa: E402
from tests.faults.promises import answers, becomes_true, broken_promises, connections, is_quiet, settle  # noqa: E402
from tests.faults.settings import THROW_AWAY  # noqa: E402
from tests.faults.site import Site  # noqa: E402
from tests.faults.system import Weight, Worker  # noqa: E402
from tests.faults.visitors import Browser, Passer, Program, Sent, Visitor, kept_promises  # noqa: E402
from uploader_project.embedded.sharing import leave_server  # noqa: E402
from uploads.services.columns.change import Change  # noqa: E402
from uploads.services.columns.requests import ask_for_change  # noqa: E402
from uploads.tabular.table import ColumnType  # noqa: E402

MORE_MEBIBYTES = 40.0
"""So much may the long-lived worker grow: its peak depends on which files came last."""
MORE_DESCRIPTORS = 6
MORE_SESSIONS = 2


def main() -> int:
    seconds, seed = float(os.environ.get("SECONDS") or 300), int(os.environ.get("SEED") or time.time())
    count = int(os.environ.get("WORKERS") or 2)
    home = Path(settings.VAR_DIR)
    call_command("migrate", verbosity=0)
    workers = [Worker(home / "workers.log")]
    broken = ["the run itself was cut short"]
    try:
        broken = _run(workers, count, seconds, seed)
    finally:
        for worker in workers:
            worker.kill()
        connection.close()
        leave_server(Path(settings.DATABASES["default"]["FOLDER"]))
        if broken or not THROW_AWAY:
            _say(f"home and log of the workers: {home}")
        else:
            shutil.rmtree(home)
    return int(bool(broken))


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowd:
    """Everybody who is at work meanwhile."""

    faults: Faults
    reader: Reader
    people: list[People]
    visitors: list[Visitor]
    program: Program
    sent: Sent

    @property
    def actors(self) -> list[People | Visitor]:
        return [*self.people, *self.visitors, self.program]


def _crowd(workers: list[Worker], site: Site, truth: Truth, seed: int) -> Crowd:
    def chances(name: object) -> random.Random:
        return random.Random(f"{seed} {name}")  # noqa: S311

    sent, visitors = Sent(), list[Visitor]()
    for kind, name in ((Passer, "passer"), (Passer, "other"), (Browser, "anna"), (Browser, "ben")):
        visitors.append(kind(name, site, truth, sent, chances(name)))
    return Crowd(
        faults=Faults(workers, site, chances("faults")),
        reader=Reader(truth),
        people=[People(truth, chances(n)) for n in range(2)],
        visitors=visitors,
        program=Program("program", site, truth, sent, chances("program")),
        sent=sent,
    )


def _run(workers: list[Worker], count: int, seconds: float, seed: int) -> list[str]:
    truth = Truth()
    if not _warm(truth, random.Random(seed)):  # noqa: S311 (nothing here is a secret)
        return ["the first files were not loaded in time"]
    before, sessions = workers[0].weight(), connections().total() * count  # the others open theirs in their own time
    workers[:0] = [Worker(Path(settings.VAR_DIR) / "workers.log") for _ in range(count - 1)]
    if not becomes_true(lambda: all(worker.readers()[0] for worker in workers)):
        return ["the other workers did not start"]
    site = Site(Path(settings.VAR_DIR))
    try:
        if not becomes_true(site.answers):
            return ["the web server did not start"]
        crowd = _crowd(workers, site, truth, seed)
        connection.close()
        broken = _hurt(seconds, crowd)
        broken += _come_back(site, crowd)
    finally:
        is_clean = site.stop()
    if not is_clean:
        broken.append("the web server did not end cleanly")
    began = time.monotonic()
    broken += settle(truth)
    quiet = time.monotonic() - began
    crashes = sum(crowd.faults.done[name] for name in CRASHES)
    broken += [*broken_promises(truth, crashes=crashes), *kept_promises(crowd.sent)]
    after = workers[-1].weight()
    broken += _level(before, after, sessions)
    left = connections().total()
    broken += [f"a worker did not end cleanly: {worker.process.poll()}" for worker in workers if not worker.stop()]
    _say(f"seed {seed}: {seconds:.0f} s of faults, quiet after {quiet:.0f} s, {len(truth.sent)} files sent")
    _say_of(crowd, site)
    _say(f"the worker that lived on, before {before}, after {after}; sessions {sessions} and {left}")
    _say("\n".join(f"BROKEN: {sentence}" for sentence in broken) or "every promise was kept")
    return broken


def _come_back(site: Site, crowd: Crowd) -> Iterator[str]:
    if not becomes_true(answers, 60):
        yield "the database did not come back"
    elif not becomes_true(site.answers, 60):
        yield "the web server did not come back"
    else:
        yield from crowd.program.end()


def _say_of(crowd: Crowd, site: Site) -> None:
    _say(f"faults: {_told(crowd.faults.done)}")
    for name, counts in (("done", [a.done for a in crowd.actors]), ("refused", [a.refused for a in crowd.actors])):
        _say(f"{name}: {_told(sum(counts, start=type(counts[0])()))}")
    _say(f"visitors came {'through nginx' if site.is_behind_proxy else 'to the web server itself: there is no nginx'}")
    _say(f"reader: {crowd.reader.looks:,} looks, the longest {crowd.reader.longest:.1f} s")


def _warm(truth: Truth, chances: random.Random) -> bool:
    """One of everything for the worker that will be weighed: what it loads of libraries, it loads now."""
    data = files.text(1_000_000)
    for _ in range(2):
        truth.send(
            files.Made(kind="csv", name="first.csv", dataset="whole", data=data, tables={"number": 1_000_000}),
            activate=True,
        )
    for kind in (files.spoiled, files.archive, files.workbook):
        truth.send(kind(chances), activate=True)
    if not becomes_true(is_quiet):
        return False
    ask_for_change(slug="whole", change=Change(types={"price": ColumnType.TEXT}))
    ask_for_change(slug="spoiled", change=Change(null_words=(files.WORD,)))
    return becomes_true(is_quiet)


def _hurt(seconds: float, crowd: Crowd) -> list[str]:
    """All at once; what a thread dies of is a broken promise."""
    stop, died = threading.Event(), list[str]()

    def live(run: object, name: str) -> None:
        try:
            run(stop)  # type: ignore[operator]
        except Exception as error:
            died.append(f"{name}: {error!r}")
            raise
        finally:
            connection.close()

    runs = [(crowd.faults.run, "faults"), (crowd.reader.run, "reader")]
    runs += [(each.run, type(each).__name__.lower()) for each in crowd.actors]
    threads = [threading.Thread(target=live, args=run) for run in runs]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    seen = [sentence for visitor in (*crowd.visitors, crowd.program) for sentence in visitor.broken]
    return [*died, *crowd.faults.broken, *crowd.reader.broken, *seen]


def _level(before: Weight, after: Weight, sessions: int) -> list[str]:
    broken = []
    if after.mebibytes > before.mebibytes + MORE_MEBIBYTES:
        broken.append(f"memory grew from {before.mebibytes:.0f} to {after.mebibytes:.0f} MiB")
    if after.descriptors > before.descriptors + MORE_DESCRIPTORS:
        broken.append(f"descriptors grew from {before.descriptors} to {after.descriptors}")
    now = connections()
    if now.total() > sessions + MORE_SESSIONS:
        broken.append(f"sessions grew from {sessions} to {now}")
    return broken


def _told(counts: "dict[str, int]") -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda each: -each[1]))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
