"""``manage.py read_again``: load stored files anew, read in another way."""

import threading
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus
from uploads.management.foreground import Receipt, load_each, load_with_bar
from uploads.management.option_arguments import add_reading_arguments, refuse_useless, said_options
from uploads.models import UploadedFile
from uploads.services.options.catalogue import parse_options
from uploads.services.options.in_effect import options_that_apply
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.rejects.groups import count_mended_of
from uploads.states import FileState
from uploads.tabular.errors import UploaderError
from uploads.tabular.sandbox.client import WarmReader


class Command(OperatorCommand):
    help = """\
Read files again from their stored bytes, here and now. What isn't said stays as it was said before.

A file that failed, or was not loaded because its bytes are here already, is read as itself. One that has rows stays as
it is, and the same bytes become a file of their own. When that is loaded, it takes the place of an active one in the
same moment; activating the old one undoes it.
Rejected rows that were loaded after all are rejected again in the new reading.

examples:
  manage.py read_again 3 --delimiter tab
  manage.py read_again 3 --header-row 5 --dataset prices
  manage.py read_again 3 --auto delimiter --day-first

exit status: 0 all are loaded, 1 a file failed or was refused, 2 wrong usage, 130 stopped by Ctrl-C."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", type=int, metavar="ID", help="number of a file, as list_files shows it")
        parser.add_argument(
            "--dataset", metavar="SLUG", help="dataset to join or to found; empty: the one of the same columns"
        )
        add_reading_arguments(parser, title="how to read the file now")
        parser.add_argument("--json", action="store_true", help="print one JSON object, the receipts, and nothing else")

    def handle(self, *, ids: list[int], **said: Any) -> None:
        wish = ReimportRequest(options=parse_options(said_options(said)), dataset=said["dataset"])
        files = UploadedFile.objects.filter(pk__in=ids)
        applying = set[str]().union(*(options_that_apply(file=file) for file in files))
        useless = [option for option, value in wish.options.items() if value is not None and option not in applying]
        if files:
            refuse_useless(useless, what="any of these files" if len(files) > 1 else f"file {files[0].pk}")
        refused = 0

        def read(file_id: int, reader: WarmReader, stop: threading.Event) -> Receipt | None:
            nonlocal refused
            try:
                mended = count_mended_of(file_ids=[file_id])
                if mended:
                    rows = "1 fixed row is" if mended == 1 else f"{mended:,} fixed rows are"
                    self.stderr.write(f"file {file_id}: {rows} rejected again in the new reading", style_func=str)
                sender = Sender(is_staff=True)
                file = reimport_file(file_id=file_id, wish=wish, reader=sender, via=UploadedFile.Via.COMMAND)
                return load_with_bar(file=file, reader=reader, stop=stop)
            except UploaderError as error:
                refused += 1
                self.stderr.write(f"file {file_id}: {error.message} {error.hint}".rstrip())
                return None

        receipts = load_each(self, dict.fromkeys(ids), read, json_only=said["json"])
        failed = refused + sum(receipt["state"] == FileState.FAILED for receipt in receipts)
        if failed:
            raise CommandError(
                f"{failed} of {len(receipts) + refused} files could not be read.", returncode=ExitStatus.NOT_DONE
            )
