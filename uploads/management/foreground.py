"""Load files here and now and tell what became of them."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from uploads.management.base import DatesAsWritten
from uploads.management.column_offers import offers
from uploads.management.exit_status import ExitStatus
from uploads.management.option_arguments import arguments_of
from uploads.management.progress import LoadBar, quiet, stopped_by_ctrl_c
from uploads.management.ways_out import ways_out
from uploads.models import UploadedFile
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.loading.attempt import LoadHooks, load_file
from uploads.services.merging.changes import MergedRows, Uncounted
from uploads.services.options.catalogue import option_words
from uploads.services.rejects.groups import describe_rejects
from uploads.services.visibility import OPERATOR
from uploads.states import HAS_DATA, IN_PROGRESS, FileState, Phase
from uploads.tabular.notes import QUESTIONS, NoteKind
from uploads.tabular.sandbox.client import WarmReader
from uploads.tabular.table import row_word_of
from uploads.web.schemas import answers
from uploads.web.sentences.joining import merged_sentences

LOOK_EVERY_SECONDS = 0.2
"""How often a load that a worker took first is looked at."""

AS_USUAL = frozenset(
    {
        *(NoteKind.DELIMITER, NoteKind.DELIMITER_NAMED, NoteKind.NO_DELIMITER, NoteKind.ALIGNED, NoteKind.SPACED),
        *(NoteKind.APOSTROPHES, NoteKind.OTHER_QUOTE, NoteKind.BACKSLASHES, NoteKind.LINE_ENDS),
        *(NoteKind.BREAKS_IN_CELLS, NoteKind.PREAMBLE, NoteKind.SHEET_HEADER, NoteKind.HEADER_DEPTH),
        *(NoteKind.TRAILING_COLUMNS, NoteKind.SURPLUS_CELLS, NoteKind.EMPTY_COLUMNS, NoteKind.TOTAL),
        *(NoteKind.OPTIONS_GIVEN, NoteKind.OPTIONS_REMEMBERED),
    }
)
"""Notes that a terminal leaves to the receipt: how a usual file is written, and what was said of it before."""

REASONS_SHOWN = 5
"""Of rejected rows, of each table."""

type Receipt = dict[str, Any]


def load_each[T](
    command: BaseCommand,
    items: Iterable[T],
    load_one: Callable[[T, WarmReader, threading.Event], Receipt | None],
    *,
    json_only: bool,
) -> list[Receipt]:
    """Load one after the other and tell each receipt, ``None`` being one that was refused; Ctrl-C ends the command."""
    receipts: list[Receipt] = []
    reader = WarmReader()
    try:
        with stopped_by_ctrl_c() as stop, quiet("procrastinate", "uploads.services"):
            for item in items:
                receipt = load_one(item, reader, stop)
                if receipt is None:
                    continue
                receipts.append(receipt)
                tell(command, receipt, json_only=json_only)
                if stop.is_set():
                    break
    finally:
        reader.close()
    if json_only:
        command.stdout.write(json.dumps({"files": receipts}, ensure_ascii=False, cls=DatesAsWritten))
    if stop.is_set():
        raise CommandError("Stopped. What was not finished waits for a worker.", returncode=ExitStatus.INTERRUPTED)
    return receipts


def load_with_bar(*, file: UploadedFile, reader: WarmReader, stop: threading.Event) -> Receipt:
    """Load one file and show how far it is."""
    bar = LoadBar(name=file.name, size=file.size)
    try:
        receipt = load_in_foreground(file_id=file.pk, reader=reader, bar=bar, stop=stop)
        return answers.as_json(answers.Receipt, receipt)
    finally:
        bar.close()


def load_fitted(*, file_id: int, name: str) -> FileReceipt:
    """Load one file that is to be read again, with a bar of its own."""
    reader, bar = WarmReader(), LoadBar(name=name, size=0)
    try:
        with stopped_by_ctrl_c() as stop, quiet("procrastinate", "uploads.services"):
            return load_in_foreground(file_id=file_id, reader=reader, bar=bar, stop=stop)
    finally:
        bar.close()
        reader.close()


def load_in_foreground(*, file_id: int, reader: WarmReader, bar: LoadBar, stop: threading.Event) -> FileReceipt:
    """Load here until the file is finished; where a worker took it first, or it is tried again, follow it."""
    hooks = LoadHooks(on_progress=bar.follow, should_stop=stop.is_set)
    while not stop.is_set():
        state = load_file(file_id=file_id, reader=reader, hooks=hooks)
        if state is not None:
            if state not in IN_PROGRESS:
                break
            continue
        receipt = describe_file(file_id=file_id, viewer=OPERATOR)
        if receipt.state not in IN_PROGRESS:
            return receipt
        if receipt.state is FileState.LOADING:
            bar.follow(Phase(receipt.progress.phase), receipt.progress.done, receipt.progress.rows)
        time.sleep(LOOK_EVERY_SECONDS)
    return describe_file(file_id=file_id, viewer=OPERATOR)


def tell(command: BaseCommand, receipt: dict[str, Any], *, json_only: bool) -> None:
    """A file that was loaded on stdout; why it failed, and how it was read, on stderr."""
    name, state = receipt["name"], receipt["state"]
    for words in dict.fromkeys(filter(None, map(_remembered, receipt["loads"]))):
        command.stderr.write(f"{name}: format remembered for this dataset: {words}", style_func=str)
    if state == FileState.FAILED:
        error = receipt["error"]
        command.stderr.write(f"{name} ({error['code']}): {error['message']} {error['hint']}".rstrip())
        return
    if json_only:
        return
    style = command.style.SUCCESS if state == FileState.ACTIVE else command.style.WARNING
    command.stdout.write(style(f"{name}: {FileState(state).label} (file {receipt['id']}){_same(receipt)}"))
    for line in ways_out(receipt):
        command.stdout.write(f"  {line}")
    for load in receipt["loads"] if state in HAS_DATA else ():
        _tell_load(command, load, file_id=receipt["id"])


def _tell_load(command: BaseCommand, load: dict[str, Any], *, file_id: int) -> None:
    source = f"{load['source']} → " if load["source"] else ""
    rows = load["rows"]
    others = "".join(f", {rows[kind]:,} {kind}" for kind in ("rejected", "blank") if rows[kind])
    loaded = f"{rows['loaded']:,} row{'s' * (rows['loaded'] != 1)}"
    command.stdout.write(f"  {source}{load['table']}: {loaded}{others}, {load['seconds']:.2f} s")
    command.stdout.write(_account(load))
    for reason in _why_rejected(load):
        command.stdout.write(f"    {reason}")
    unknown = Uncounted(load["merged_unknown"]) if load["merged_unknown"] else None
    for sentence in merged_sentences(MergedRows(**load["merged"]) if load["merged"] else None, unknown=unknown):
        command.stdout.write(f"    {sentence}")
    for note in load["note_details"]:
        if note["kind"] not in AS_USUAL:
            command.stdout.write(f"    {note['sentence']}")
        for way in note["figures"].get("ways", ()) if note["kind"] in QUESTIONS else ():
            said = arguments_of(way["options"])
            command.stdout.write(f"      Change it: manage.py read_again {file_id} {said}")
    for line in offers(load, file_id=file_id):
        command.stdout.write(f"    {line}")


def _why_rejected(load: dict[str, Any]) -> Iterable[str]:
    """With the lines; the list on the receipt has every row."""
    if load["rows"]["rejected"]:
        reasons = describe_rejects(load_id=load["id"], unit=row_word_of(load["format"]))
        yield from reasons[:REASONS_SHOWN]
        left = len(reasons) - REASONS_SHOWN
        yield from [f"… and {left:,} other reason{'s' * (left != 1)}: its receipt lists them."] if left > 0 else []


def _account(load: dict[str, Any]) -> str:
    """What became of its lines, and how its name is settled where that is to be said."""
    return "\n".join(f"    {words}" for words in (load["account"], load["naming"]) if words)


def _same(receipt: dict[str, Any]) -> str:
    """Told of what isn't active: of a file that was added all the same, it was known before."""
    is_news = receipt["same_content_as"] is not None and receipt["state"] != FileState.ACTIVE
    return f", the same as file {receipt['same_content_as']}" if is_news else ""


def _remembered(load: dict[str, Any]) -> str:
    before = (applied for applied in load["told"] if applied["said"] == "before")
    return ", ".join(option_words(applied["option"], applied["value"]) for applied in before)


def summary(failed: list[dict[str, Any]], number: int) -> str:
    """The sentence with which a command ends that could not load everything."""
    if number == 1:
        return f"{failed[0]['name']} was not loaded."
    return f"{len(failed)} of {number} files were not loaded: {', '.join(receipt['name'] for receipt in failed)}."
