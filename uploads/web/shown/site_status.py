"""How the site is, in sentences for the people who run it: what works, waits and fails, and how much room is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince

from uploads.models import WorkerReport
from uploads.services.upkeep.figures import Figures
from uploads.services.upkeep.health import OK, Health
from uploads.states import FileState
from uploads.tabular.sandbox.guards import Guard
from uploads.web.news.sentences import RESUME, held_sentence
from uploads.web.sentences.phrases import counted, listed

SILENT = timedelta(minutes=5)
"""A worker sweeps every few seconds; of one that has not for so long nobody knows whether it works."""
LONG_WAIT = timedelta(minutes=10)
_GUARDS = {
    Guard.NETWORK: "a network without a way out",
    Guard.CALLS: "no connection, no program, no signal",
    Guard.FILES: "no file but its own",
}
_SWEPT = {
    "lapsed": "files of lost workers taken up again",
    "nudged": "waiting files called up again",
    "expired": "uploads and questions whose time was over",
    "parts": "parts of uploads whose time was over",
    "freed": "deleted files freed",
    "dropped": "tables without an owner dropped",
    "roles": "database roles of deleted accounts dropped",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusLine:
    """One thing that is looked at."""

    what: str
    says: str
    state: FileState | None = None
    """Its files are a list of the admin's."""
    is_bad: bool = False
    """Somebody should do something about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusGroup:
    title: str
    lines: tuple[StatusLine, ...]


def status_groups(found: Figures, health: Health, *, now: datetime) -> tuple[StatusGroup, ...]:
    return (
        StatusGroup(title="The site", lines=tuple(_site(found, health))),
        StatusGroup(title="Files", lines=tuple(_files(found))),
        StatusGroup(title="Workers", lines=tuple(_workers(found.workers, now))),
    )


def _site(found: Figures, health: Health) -> Iterator[StatusLine]:
    for what, said in (("Database", health.database), ("Queue", health.queue)):
        words = "Works." if said == OK else f"{said[:1].upper()}{said[1:].rstrip('.')}."
        yield StatusLine(what=what, says=words, is_bad=said != OK)
    free, size = _size(found.disk_free), _size(found.disk_size)
    if found.keeps_reserve:
        yield StatusLine(what="Disk", says=f"{free} of {size} are free.")
    else:
        yield StatusLine(
            what="Disk", says=f"{free} of {size} are free: uploads are refused. Make room on it.", is_bad=True
        )
    yield StatusLine(what="Sent files", says=f"{_size(found.bytes_stored)} of files that are not deleted.")
    if found.bytes_arriving:
        parts = f", with {counted(found.parts, 'part')} that no file is made of yet" if found.parts else ""
        yield StatusLine(what="Arriving", says=f"{_size(found.bytes_arriving)} of uploads that are not whole{parts}.")
    rows = f"{counted(found.rows_loaded, 'row')} loaded, {found.rows_rejected:,} rejected."
    yield StatusLine(what="Rows", says=rows)
    if found.held_news:
        says = f"{held_sentence(found.held_news)} Where this site takes the place of another: {RESUME}."
        yield StatusLine(what="News", says=says, is_bad=True)
    if found.exports_waiting:
        words = counted(found.exports_waiting, "export is", "exports are")
        yield StatusLine(what="Exports", says=f"{words} being prepared.")


def _files(found: Figures) -> Iterator[StatusLine]:
    for state in FileState:
        count = found.files[state]
        if not count:
            continue
        says, is_bad = counted(count, "file"), False
        if state is FileState.WAITING:
            waited = timedelta(seconds=found.oldest_waiting_seconds)
            says, is_bad = f"{says}, the first for {_length(waited)}", waited > LONG_WAIT
        if state is FileState.FAILED:
            most = sorted(found.failures.items(), key=lambda each: (-each[1], each[0]))
            says = f"{says}: {listed([f'{number:,} {code}' for code, number in most], most=4)}"
        yield StatusLine(what=state.label.capitalize(), says=f"{says}.", state=state, is_bad=is_bad)
    if not any(found.files.values()):
        yield StatusLine(what="None", says="Nobody has sent a file yet.")


def _workers(workers: tuple[WorkerReport, ...], now: datetime) -> Iterator[StatusLine]:
    for worker in workers:
        heard = worker.swept_at or worker.started_at
        is_silent = now - heard > SILENT
        said = [f"Started {_length(now - worker.started_at)} ago, heard of {_length(now - heard)} ago."]
        swept = [f"{worker.swept[kind]:,} {words}" for kind, words in _SWEPT.items() if worker.swept.get(kind)]
        if swept:
            said.append(f"Mended since: {listed(swept, most=len(swept))}.")
        if failed := worker.swept.get("failed"):
            said.append(f"{counted(failed, 'step')} of its sweeps failed: its log says why.")
        missing = [words for guard, words in _GUARDS.items() if guard not in worker.guards]
        if missing:
            said.append(f"This machine cannot hold the process that reads a file to: {listed(missing, most=3)}.")
        if is_silent:
            said.append("See whether it runs: manage.py run_worker.")
        yield StatusLine(what=worker.machine, says=" ".join(said), is_bad=is_silent or bool(missing))
    if not workers:
        yield StatusLine(
            what="None",
            says="No worker has started: files that are sent wait. Start one: manage.py run_worker.",
            is_bad=True,
        )


def _size(number: int) -> str:
    return filesizeformat(number).replace("\xa0", " ")


def _length(passed: timedelta) -> str:
    """``less than a minute``, ``2 hours``."""
    if passed < timedelta(minutes=1):
        return "less than a minute"
    now = datetime(2000, 1, 31)  # noqa: DTZ001 - only the difference is told
    return timesince(now - passed, now, depth=1).replace("\xa0", " ")
