"""``manage.py list_files``: the files that are there, as a table or as JSON."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q
from django.template.defaultfilters import filesizeformat

from uploads.management.base import DatesAsWritten, OperatorCommand
from uploads.management.exit_status import ExitStatus
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.errors import ReadOnlyDataset
from uploads.services.files.receipts import FileReceipt, describe_files
from uploads.services.read_only import check_slug_takes_files
from uploads.services.visibility import OPERATOR, visible_files
from uploads.states import FileState

HEADER = ("ID", "STATE", "ROWS", "REJECTED", "SIZE", "UPLOADED (UTC)", "DATASET", "NAME")
NEEDS_ANSWER = "needs an answer"
"""How it joins, what its columns are, or whether a guard lets it in: ``activate_file`` and ``column_plan`` ask it."""
RIGHT = frozenset({0, 2, 3, 4})
"""Columns of figures are aligned to the right."""


class Command(OperatorCommand):
    help = """\
List files, newest first, with their numbers, states and rows. “Needs an answer” is a file that waits until somebody
says how it joins, what its columns are, or that it is right: activate_file and column_plan show the question.

examples:
  manage.py list_files
  manage.py list_files --state active --dataset prices
  manage.py list_files --json | jq '.files[].id'

exit status: 0 done, 1 there is no such dataset, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--state", choices=FileState.values, help="only files in this state")
        parser.add_argument(
            "--dataset", metavar="SLUG", help="only files with rows in this dataset, or on their way to it"
        )
        parser.add_argument("--limit", type=_at_least_one, metavar="N", help="the newest N only")
        parser.add_argument("--json", action="store_true", help="print one JSON object, the receipts")

    def handle(self, *args: Any, **said: Any) -> None:
        slug = said["dataset"]
        datasets = Dataset.objects.filter(Q(slug=slug) | Q(typed_by__slug=slug) | Q(established_at=None, planned=slug))
        if slug and not datasets.exists():
            raise CommandError(f"There is no dataset “{slug}”.", returncode=ExitStatus.NOT_DONE)
        if slug:
            try:
                check_slug_takes_files(slug)
            except ReadOnlyDataset as error:
                raise CommandError(f"{error.message} It has no files.", returncode=ExitStatus.NOT_DONE) from error
        files = visible_files(user_id=None, visitor="", sees_all=True)
        if said["state"] == FileState.DELETED:
            files = UploadedFile.objects.order_by("-id")
        if said["state"]:
            files = files.filter(state=said["state"])
        if slug:
            files = files.filter(pk__in=Load.objects.filter(dataset__in=datasets).values("file"))
        if said["limit"]:
            files = files[: said["limit"]]
        receipts = describe_files(files=files, viewer=OPERATOR)
        if said["json"]:
            from uploads.web.schemas import answers  # noqa: PLC0415 - it loads pydantic, which the table needs not

            found = [answers.as_json(answers.Receipt, receipt) for receipt in receipts]
            self.stdout.write(json.dumps({"files": found}, ensure_ascii=False, cls=DatesAsWritten))
            return
        if not receipts:
            filtered = said["state"] or said["dataset"]
            none = "No file is like that." if filtered else "There are no files. Load one: manage.py load_file PATH"
            self.stderr.write(none)
            return
        self.stdout.write("\n".join(_aligned([HEADER, *map(_row, receipts)])))


def _at_least_one(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:19]) < 2**31):
        raise ArgumentTypeError(f"“{text}” is not a number from 1")
    return int(text)


def _row(receipt: FileReceipt) -> tuple[str, ...]:
    datasets = dict.fromkeys(load.dataset for load in receipt.loads if load.dataset)
    return (
        str(receipt.file_id),
        _state(receipt),
        f"{receipt.rows_loaded:,}",
        f"{receipt.rows_rejected:,}",
        filesizeformat(receipt.size).replace("\xa0", " ") if receipt.has_bytes else "–",
        f"{receipt.uploaded_at:%Y-%m-%d %H:%M}",
        _named(list(datasets)),
        "".join(character if character.isprintable() else "␀" for character in receipt.name),
    )


def _state(receipt: FileReceipt) -> str:
    if receipt.error:
        return f"{receipt.state.value} ({receipt.error['code']})"
    return f"{receipt.state.value} ({NEEDS_ANSWER})" if receipt.is_open else receipt.state.value


def _named(datasets: Sequence[str]) -> str:
    """A workbook of 19 sheets would widen every line by a thousand blanks."""
    if len(datasets) < 2:
        return datasets[0] if datasets else "–"
    return f"{datasets[0]} and {len(datasets) - 1} more"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (_padded(cell, widths[n], right=n in RIGHT) for n, cell in enumerate(row))
        yield "  ".join(cells).rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """Cells on a terminal: letters of East Asian scripts take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
