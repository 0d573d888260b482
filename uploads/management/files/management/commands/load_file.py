"""``manage.py load_file``: load files in the foreground, by the same services as the page."""

import threading
from argparse import ArgumentTypeError, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus
from uploads.management.foreground import load_each, load_with_bar, summary
from uploads.management.joining_arguments import add_mode_arguments, said_choices
from uploads.management.option_arguments import add_reading_arguments, refuse_useless, said_options
from uploads.models import UploadedFile
from uploads.services.merging.keys import parse_key
from uploads.services.merging.modes import check_mode
from uploads.services.options.catalogue import OPTIONS
from uploads.services.options.sources import useless_options
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.states import FileState, Writer
from uploads.tabular.errors import UploaderError
from uploads.tabular.sandbox.client import WarmReader


class Command(OperatorCommand):
    help = """\
Load files into typed tables, here and now, with the same checks as on the page.

A file whose columns are those of a dataset joins it; another one becomes a new dataset, named after the file or the
sheet. Rows that don't fit are kept as rejected rows, with the reason. A file that fails doesn't stop the others.
A file whose bytes are here already, loaded or active, is not loaded a second time unless you say --again.

examples:
  manage.py load_file prices.csv
  manage.py load_file 2024.csv 2025.csv.gz --dataset prices
  manage.py load_file book.xlsx --sheet "Table 3" --header-row 5 --no-activate
  manage.py load_file export.txt --delimiter tab --encoding cp1252 --all-text
  manage.py load_file sales.csv --decimal , --day-first
  manage.py load_file ledger.csv --one-table
  manage.py load_file prices.csv --again
  manage.py load_file april.csv --dataset prices --mode replace
  manage.py load_file corrections.csv --dataset customers --mode merge --key code
  manage.py load_file mails.csv --dataset customers --mode merge --key code --blanks keep
  manage.py load_file *.csv --json > receipts.json

exit status: 0 all files are loaded or were here already, 1 a file failed, 2 wrong usage (nothing was loaded),
130 stopped by Ctrl-C."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=_file, metavar="PATH", help="a CSV, .csv.gz, workbook or .zip")
        where = parser.add_argument_group("where the rows go")
        where.add_argument("--dataset", default="", metavar="SLUG", help="dataset to join, or to make by this name")
        where.add_argument(
            "--activate",
            action=BooleanOptionalAction,
            default=None,
            help="make the rows visible when they are loaded, or don't (default: the setting ACTIVATE_STAFF_UPLOADS)",
        )
        where.add_argument(
            "--again", action="store_true", help="load and activate files also where the same bytes are here already"
        )
        add_mode_arguments(where, otherwise="as the dataset says, else append")
        add_reading_arguments(parser, title="how to read the file (what you leave out is detected automatically)")
        parser.add_argument("--writer", choices=Writer.values, help="way into the table; same result")
        parser.add_argument("--json", action="store_true", help="print one JSON object, the receipts, and nothing else")

    def handle(self, *, paths: list[Path], **said: Any) -> None:
        options = said_options(said)
        given = [option for option, value in options.items() if value != OPTIONS[option].find_out]
        try:
            said["choices"] = said_choices(said)
            check_mode(
                said["mode"],
                parse_key(said["key"]),
                key_may_be_known=True,
                said=said["choices"],
                is_full=bool(said["full"]),
            )
        except UploaderError as error:
            raise CommandError(f"{error.message} {error.hint}", returncode=ExitStatus.WRONG_USAGE) from error
        useless = useless_options(options=given, paths=paths)
        refuse_useless(useless, what="any of these files" if len(paths) > 1 else paths[0].name)
        receipts = load_each(
            self,
            paths,
            lambda path, reader, stop: self._load(path, options, said, reader, stop),
            json_only=said["json"],
        )
        failed = [receipt for receipt in receipts if receipt["state"] == FileState.FAILED]
        if failed:
            raise CommandError(summary(failed, len(receipts)), returncode=ExitStatus.NOT_DONE)

    def _load(
        self, path: Path, options: dict[str, Any], said: dict[str, Any], reader: WarmReader, stop: threading.Event
    ) -> dict[str, Any]:
        size = path.stat().st_size
        try:
            with path.open("rb") as content:
                file = receive_file(
                    content=content,
                    size=size,
                    name=path.name,
                    uploader=Sender(user_id=None, is_staff=True, visitor="", address=None),
                    via=UploadedFile.Via.COMMAND,
                    options=options,
                    dataset=said["dataset"],
                    activate=said["activate"],
                    again=said["again"],
                    writer=said["writer"],
                    mode=said["mode"],
                    key=said["key"],
                    full=bool(said["full"]),
                    choices=said["choices"],
                )
        except UploaderError as error:
            return _refused(path, size, error)
        return load_with_bar(file=file, reader=reader, stop=stop)


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {text}" if not path.exists() else f"{text} is not a file")
    return path


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
