"""``manage.py load_file``: load files in the foreground, by the same services as the page."""

import json
import threading
import time
from argparse import ArgumentTypeError, BooleanOptionalAction, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from uploads.domain.errors import UploaderError
from uploads.management.progress import LoadBar, quiet, stopped_by_ctrl_c
from uploads.models import UploadedFile
from uploads.reader.client import WarmReader
from uploads.services import loading, receiving
from uploads.services.receipts import FileReceipt, describe_file
from uploads.services.upload_options import parse_options
from uploads.states import HAS_DATA, IN_PROGRESS, FileState, Phase

LOOK_EVERY_SECONDS = 0.2
"""How often a load that a worker took first is looked at."""
ALL_LOADED, SOME_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class Command(BaseCommand):
    help = """\
Load files into typed tables, here and now, with the same checks as on the page.

A file whose columns are those of a dataset joins it; another one founds a new dataset, named after the file or the
sheet. Rows that don't fit are kept as rejected rows, with the reason. A file that fails doesn't stop the others.

examples:
  manage.py load_file prices.csv
  manage.py load_file 2024.csv 2025.csv.gz --dataset prices
  manage.py load_file book.xlsx --sheet "Table 3" --header-row 5 --no-activate
  manage.py load_file export.txt --delimiter tab --encoding cp1252 --all-text
  manage.py load_file sales.csv --decimal , --day-first
  manage.py load_file *.csv --json > receipts.json

exit status: 0 all files are loaded, 1 a file failed, 2 wrong usage (nothing was loaded)."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=_file, metavar="PATH", help="a CSV, .csv.gz, workbook or .zip")
        where = parser.add_argument_group("where the rows go")
        where.add_argument("--dataset", default="", metavar="SLUG", help="dataset to join, or to found by this name")
        where.add_argument(
            "--activate",
            action=BooleanOptionalAction,
            default=None,
            help="make the rows visible when they are loaded, or don't (default: the setting ACTIVATE_STAFF_UPLOADS)",
        )
        how = parser.add_argument_group("how to read the file (found out by itself where nothing is said)")
        how.add_argument("--sheet", metavar="NAME", help="load this sheet only")
        how.add_argument("--header-row", metavar="N", help="row with the column names, from 1; none: there isn't one")
        how.add_argument("--delimiter", metavar="C", help="what separates the cells: a character, or the word tab")
        how.add_argument("--encoding", metavar="E", help="such as utf-8 or cp1252")
        how.add_argument(
            "--decimal", metavar="C", help="decimal mark where 1.234 could mean two things: a point or a comma"
        )
        order = how.add_mutually_exclusive_group()
        order.add_argument(
            "--day-first", action="store_const", const=True, dest="day_first", help="01/02/2024 is the 1st of February"
        )
        order.add_argument(
            "--month-first", action="store_const", const=False, dest="day_first", help="01/02/2024 is January the 2nd"
        )
        how.add_argument(
            "--null-word",
            action="append",
            dest="null_words",
            metavar="WORD",
            help="a word that means an empty cell, such as NA, in a new dataset (may be said several times)",
        )
        how.add_argument("--all-text", action="store_true", help="keep every column as text")
        parser.add_argument("--writer", choices=["copy", "bulk_create"], help="way into the table; same result")
        parser.add_argument("--json", action="store_true", help="print one JSON object, the receipts, and nothing else")

    def handle(self, *, paths: list[Path], **said: Any) -> None:
        options = _options(said)
        receipts: list[dict[str, Any]] = []
        reader = WarmReader()
        try:
            with stopped_by_ctrl_c() as stop, quiet("procrastinate", "uploads.services"):
                for path in paths:
                    receipt = self._load(path, options, said, reader, stop)
                    receipts.append(receipt)
                    self._tell(receipt, json_only=said["json"])
                    if stop.is_set():
                        break
        finally:
            reader.close()
        if said["json"]:
            self.stdout.write(json.dumps({"files": receipts}, ensure_ascii=False))
        if stop.is_set():
            raise CommandError("Stopped. What was not finished waits for a worker.", returncode=INTERRUPTED)
        failed = [receipt for receipt in receipts if receipt["state"] == FileState.FAILED]
        if failed:
            raise CommandError(_summary(failed, len(receipts)), returncode=SOME_FAILED)

    def _load(
        self, path: Path, options: dict[str, Any], said: dict[str, Any], reader: WarmReader, stop: threading.Event
    ) -> dict[str, Any]:
        size = path.stat().st_size
        try:
            with path.open("rb") as content:
                file = receiving.receive_file(
                    content=content,
                    size=size,
                    name=path.name,
                    uploader=receiving.Uploader(user_id=None, is_staff=True, visitor="", address=None),
                    via=UploadedFile.Via.COMMAND,
                    options=options,
                    dataset=said["dataset"],
                    activate=said["activate"],
                    writer=said["writer"],
                )
        except UploaderError as error:
            return _refused(path, size, error)
        bar = LoadBar(name=path.name, size=size)
        try:
            return load_in_foreground(file_id=file.pk, reader=reader, bar=bar, stop=stop).as_json()
        finally:
            bar.close()

    def _tell(self, receipt: dict[str, Any], *, json_only: bool) -> None:
        name, state = receipt["name"], receipt["state"]
        if state == FileState.FAILED:
            error = receipt["error"]
            self.stderr.write(f"{name} ({error['code']}): {error['message']} {error['hint']}".rstrip())
            return
        if json_only:
            return
        style = self.style.SUCCESS if state == FileState.ACTIVE else self.style.WARNING
        self.stdout.write(style(f"{name}: {FileState(state).label} (file {receipt['id']})"))
        for load in receipt["loads"] if state in HAS_DATA else ():
            source = f"{load['source']} → " if load["source"] else ""
            rows = load["rows"]
            others = "".join(f", {rows[kind]:,} {kind}" for kind in ("rejected", "blank") if rows[kind])
            loaded = f"{rows['loaded']:,} row{'s' * (rows['loaded'] != 1)}"
            self.stdout.write(f"  {source}{load['table']}: {loaded}{others}, {load['seconds']:.2f} s")
            self.stdout.write(f"    {load['account']}")


def load_in_foreground(*, file_id: int, reader: WarmReader, bar: LoadBar, stop: threading.Event) -> FileReceipt:
    """Load here until the file is finished; where a worker took it first, or it is tried again, follow it."""
    hooks = loading.LoadHooks(on_progress=bar.follow, should_stop=stop.is_set)
    while not stop.is_set():
        state = loading.load_file(file_id=file_id, reader=reader, hooks=hooks)
        if state is not None:
            if state not in IN_PROGRESS:
                break
            continue
        receipt = describe_file(file_id=file_id)
        if receipt.state not in IN_PROGRESS:
            return receipt
        if receipt.state is FileState.LOADING:
            bar.follow(Phase(receipt.progress.phase), receipt.progress.done, receipt.progress.rows)
        time.sleep(LOOK_EVERY_SECONDS)
    return describe_file(file_id=file_id)


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {text}" if not path.exists() else f"{text} is not a file")
    return path


def _options(said: dict[str, Any]) -> dict[str, Any]:
    """Check what was said before the first file is touched."""
    names = ("sheet", "header_row", "delimiter", "encoding", "decimal", "day_first", "null_words")
    given = {name: said[name] for name in names if said[name] is not None}
    if said["all_text"]:
        given["all_text"] = "true"
    try:
        return parse_options(given)
    except UploaderError as error:
        raise CommandError(f"{error.message} {error.hint}".rstrip(), returncode=WRONG_USAGE) from error


def _refused(path: Path, size: int, error: UploaderError) -> dict[str, Any]:
    """In the shape of a receipt: a file that was not even received."""
    return {
        "id": None,
        "name": path.name,
        "bytes": size,
        "sha256": None,
        "state": FileState.FAILED.value,
        "error": {"code": error.code, "message": error.message, "hint": error.hint},
        "loads": [],
    }


def _summary(failed: list[dict[str, Any]], number: int) -> str:
    if number == 1:
        return f"{failed[0]['name']} was not loaded."
    return f"{len(failed)} of {number} files were not loaded: {', '.join(receipt['name'] for receipt in failed)}."
