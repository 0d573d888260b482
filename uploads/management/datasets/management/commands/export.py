"""``manage.py export``: a view of a dataset as a file."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import CommandError, CommandParser

from uploads.database.partitions import FILE
from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus
from uploads.models import Load
from uploads.services.errors import UnknownParameter
from uploads.services.exporting.export import Export, Pieces, export_view
from uploads.services.exporting.formats import EXTENSIONS, ExportFormat
from uploads.services.reading.parameters import COLUMNS, KNOWN, SORT, read_view
from uploads.services.reading.view import View, fields_of
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.sentences.exports import words_not_kept

STDOUT = "-"
NAMES = {
    **{each.value: each for each in ExportFormat if each is not ExportFormat.ARROW_FILE},
    "jsonl": ExportFormat.NDJSON,
}
"""What ``--format`` takes."""


class Command(OperatorCommand):
    help = """\
Write rows of a dataset to a file: all of those that readers see, or those that meet conditions, sorted and with some
columns. No value is changed. The file is of one moment, and nobody waits for it; it has its name only when it is whole.

The conditions are those of the API: a column, or a column and one of exact ne lt lte gt gte range in contains icontains
startswith isnull behind two underscores. Several have to be met all.

examples:
  manage.py export prices prices.csv
  manage.py export prices north.jsonl --where area=North --where price__gt=11
  manage.py export prices - --format csv --columns area,price --sort -price | head
  manage.py export prices prices.arrow --file 3
  manage.py export prices back.csv --file 3 --as-in-file

exit status: 0 all of it is written, 1 refused or not whole, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("path", metavar="PATH", help=f"the file to write; {STDOUT} writes to standard output")
        parser.add_argument(
            "--format", choices=sorted(NAMES), help="what the file is; not said: as its name ends", metavar="FORMAT"
        )
        parser.add_argument("--file", type=int, metavar="ID", help="the rows of this file alone")
        parser.add_argument(
            "--as-in-file",
            action="store_true",
            help="with --file, as CSV: its columns in its order, each value written as it stood there",
        )
        parser.add_argument(
            "--where", action="append", default=[], metavar="COLUMN__OP=VALUE", help="a condition; may be said again"
        )
        parser.add_argument("--columns", metavar="a,b", help="the columns wanted, in this order; _file and _row too")
        parser.add_argument("--sort", metavar="a,-b", help="columns to sort by, - for descending; blanks come last")

    def run_from_argv(self, argv: list[str]) -> None:
        """``--sort -price`` is no option ``-p``, as argparse takes it."""
        joined = list(argv)
        while "--sort" in joined[:-1]:
            place = joined.index("--sort")
            joined[place : place + 2] = [f"--sort={joined[place + 1]}"]
        super().run_from_argv(joined)

    def handle(self, *, slug: str, path: str, **said: Any) -> None:
        format_ = _format(said["format"], path)
        try:
            export = _export(slug, format_, said)
            if path == STDOUT:
                _write(export.pieces, cast("BinaryIO", self.stdout.buffer))
            else:
                with _becoming(Path(path)) as file:
                    _write(export.pieces, file)
            if not_kept := _not_kept(said):
                self.stderr.write(not_kept)
        except UploaderError as error:
            wrong = isinstance(error, BadOption | UnknownParameter)
            raise CommandError(
                _as_said(f"{error.message} {error.hint}".rstrip()),
                returncode=ExitStatus.WRONG_USAGE if wrong else ExitStatus.NOT_DONE,
            ) from error
        except OSError as error:
            raise CommandError(
                f"“{path}” cannot be written: {error.strerror or error}.", returncode=ExitStatus.NOT_DONE
            ) from error


def _format(name: str | None, path: str) -> ExportFormat:
    found = EXTENSIONS.get(Path(path).suffix.lower())
    if name is not None:
        named = NAMES[name]
        is_other_arrow = named is ExportFormat.ARROW and path != STDOUT and found is not ExportFormat.ARROW
        return ExportFormat.ARROW_FILE if is_other_arrow else named
    if found is None:
        raise CommandError(
            f"“{path}” does not say what it is to be. Say --format, one of {', '.join(sorted(NAMES))}; or end its name"
            f" in one of {', '.join(EXTENSIONS)}.",
            returncode=ExitStatus.WRONG_USAGE,
        )
    return found


def _export(slug: str, format_: ExportFormat, said: dict[str, Any]) -> Export:
    if not said["as_in_file"]:
        return export_view(slug=slug, view=_view(slug, said), format_=format_, viewer=OPERATOR)
    others = [name for name in ("where", "columns", "sort") if said[name]]
    if said["file"] is None or format_ is not ExportFormat.CSV or others:
        raise BadOption(
            "--as-in-file writes one file as CSV, all of it.",
            hint="Say --file ID with it, and none of --where, --columns and --sort.",
        )
    from uploads.services.exporting.as_in_file import export_file  # noqa: PLC0415 - it loads Arrow

    return export_file(slug=slug, file_id=said["file"], viewer=OPERATOR)


def _not_kept(said: dict[str, Any]) -> str:
    """What the file does not tell that stood in the one that was loaded; empty where nothing is lost."""
    if not said["as_in_file"]:
        return ""
    loads = Load.objects.filter(file_id=said["file"]).select_related("dataset")
    return "" if all(load.prints_back for load in loads) else words_not_kept(said["file"])


def _view(slug: str, said: dict[str, Any]) -> View:
    """Raises ``UnknownParameter`` and ``BadParameter``."""
    fields = fields_of(dataset=find_dataset(slug=slug, viewer=OPERATOR), viewer=OPERATOR)
    sent: dict[str, list[str]] = {}
    for condition in said["where"]:
        name, is_said, value = condition.partition("=")
        if not is_said or name in KNOWN:
            raise BadOption(f"“--where {condition}” is no condition.", hint="Say it as --where price__gt=11.")
        sent.setdefault(name, []).append(value)
    if said["file"] is not None:
        sent.setdefault(FILE, []).append(str(said["file"]))
    for option, parameter in (("columns", COLUMNS), ("sort", SORT)):
        if said[option] is not None:
            sent[parameter] = [said[option]]
    return read_view(sent, fields=fields, with_own=True)


def _as_said(text: str) -> str:
    """Options are called here as on a terminal."""
    return text.replace(f"“{SORT}”", "--sort").replace(f"“{COLUMNS}”", "--columns")


def _write(pieces: Pieces, file: BinaryIO) -> None:
    try:
        file.writelines(pieces)
        file.flush()
    finally:
        pieces.close()


@contextmanager
def _becoming(path: Path) -> Iterator[BinaryIO]:
    """A file beside ``path`` that takes its name and place when the context ends well, and goes where it does not.

    What is no file, such as a named pipe, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as there:
            yield there
        return
    path = path.resolve()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            yield file
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
