"""``manage.py read_again``: load stored files anew, read in another way."""

import json
import threading
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from uploads.domain.errors import UploaderError
from uploads.management.foreground import load_in_foreground, tell
from uploads.management.progress import LoadBar, quiet, stopped_by_ctrl_c
from uploads.management.reading_options import add_reading_arguments, said_options
from uploads.models import UploadedFile
from uploads.reader.client import WarmReader
from uploads.services.receiving import Uploader
from uploads.services.rereading import Wish, read_again
from uploads.services.upload_options import parse_options
from uploads.states import FileState

SOME_FAILED, INTERRUPTED = 1, 130


class Command(BaseCommand):
    help = """\
Read files again from their stored bytes, here and now. What isn't said stays as it was said before.

A file that failed is tried again as itself. One that has rows stays as it is, and the same bytes become a file of their
own. When that is loaded, it takes the place of an active one in the same moment; activating the old one undoes it.

examples:
  manage.py read_again 3 --delimiter tab
  manage.py read_again 3 --header-row 5 --dataset prices
  manage.py read_again 3 --auto delimiter --day-first

exit status: 0 all are loaded, 1 a file failed or was refused, 2 wrong usage."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", type=int, metavar="ID", help="number of a file, as list_files shows it")
        parser.add_argument(
            "--dataset", metavar="SLUG", help="dataset to join or to found; empty: the one of the same columns"
        )
        add_reading_arguments(parser, title="how to read the file now")
        parser.add_argument("--json", action="store_true", help="print one JSON object, the receipts, and nothing else")

    def handle(self, *, ids: list[int], **said: Any) -> None:
        wish = Wish(options=parse_options(said_options(said)), dataset=said["dataset"])
        receipts: list[dict[str, Any]] = []
        refused = 0
        reader = WarmReader()
        try:
            with stopped_by_ctrl_c() as stop, quiet("procrastinate", "uploads.services"):
                for file_id in dict.fromkeys(ids):
                    try:
                        receipt = self._read(file_id, wish, reader, stop)
                    except UploaderError as error:
                        refused += 1
                        self.stderr.write(f"file {file_id}: {error.message} {error.hint}".rstrip())
                        continue
                    receipts.append(receipt)
                    tell(self, receipt, json_only=said["json"])
                    if stop.is_set():
                        break
        finally:
            reader.close()
        if said["json"]:
            self.stdout.write(json.dumps({"files": receipts}, ensure_ascii=False))
        if stop.is_set():
            raise CommandError("Stopped. What was not finished waits for a worker.", returncode=INTERRUPTED)
        failed = refused + sum(receipt["state"] == FileState.FAILED for receipt in receipts)
        if failed:
            raise CommandError(
                f"{failed} of {len(receipts) + refused} files could not be read.", returncode=SOME_FAILED
            )

    def _read(self, file_id: int, wish: Wish, reader: WarmReader, stop: threading.Event) -> dict[str, Any]:
        sender = Uploader(is_staff=True)
        file = read_again(file_id=file_id, wish=wish, reader=sender, via=UploadedFile.Via.COMMAND)
        bar = LoadBar(name=file.name, size=file.size)
        try:
            return load_in_foreground(file_id=file.pk, reader=reader, bar=bar, stop=stop).as_json()
        finally:
            bar.close()
