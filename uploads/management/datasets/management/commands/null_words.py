"""``manage.py null_words``: see or say which words mean an empty cell in the files of a dataset."""

import json
import shlex
from typing import Any, NoReturn

from django.core.management.base import CommandError, CommandParser

from uploads.management.column_command import ChangeCommand
from uploads.management.column_offers import change_command
from uploads.management.exit_status import ExitStatus, refusing
from uploads.models import Dataset
from uploads.services.columns.change import Change
from uploads.services.columns.suggested import SuggestedChange, suggested_changes
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.tabular.table import ColumnType


class Command(ChangeCommand):
    help = """\
Show which words mean an empty cell in the files of a dataset, or say the whole list anew. In rows that are loaded, the
new words become empty in every text column; rejected rows that fit by it are loaded.

examples:
  manage.py null_words prices
  manage.py null_words prices NA N/A --dry-run
  manage.py null_words prices NA --type price=bigint
  manage.py null_words prices --none

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("words", nargs="*", metavar="WORD", help="the words; without any, the list is shown")
        parser.add_argument("--none", action="store_true", help="no word means an empty cell in later files")
        parser.add_argument(
            "--type",
            action="append",
            default=[],
            dest="types",
            metavar="COLUMN=TYPE",
            help="a column that gets another type by it (may be said several times)",
        )
        super().add_arguments(parser)

    def handle(self, *, slug: str, **said: Any) -> None:
        self._check(said)
        if said["words"] or said["none"]:
            super().handle(slug=slug, **said)
            return
        with refusing():
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
        suggested = [change for change in suggested_changes(dataset=dataset) if change.null_words]
        if said["json"]:
            from uploads.web.schemas import answers, column_schemas  # noqa: PLC0415 - it loads pydantic

            found = {
                "null_words": dataset.null_words,
                "suggestions": [answers.as_json(column_schemas.SuggestedChange, change) for change in suggested],
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(", ".join(dataset.null_words) or "No word means an empty cell.")
        for change in suggested:
            self.stdout.write(f"{change.sentence}:\n  manage.py {shlex.join(_command(slug, dataset, change))}")

    def _check(self, said: dict[str, Any]) -> None:
        if said["words"] and said["none"]:
            _refuse("Words and --none contradict each other. Say one of them.")
        if not said["words"] and not said["none"]:
            useless = [name for name, given in (("--type", said["types"]), ("--dry-run", said["dry_run"])) if given]
            if useless:
                _refuse(f"{useless[0]} is about a change of the words. Say them, or --none.")
        columns = [text.partition("=")[0] for text in said["types"]]
        twice = next((column for column in columns if columns.count(column) > 1), None)
        if twice is not None:
            _refuse(f"“{twice}” is to get two types. Say one of them.")

    def change(self, dataset: Dataset, said: dict[str, Any]) -> Change:
        return Change(types=dict(map(_wanted, said["types"])), null_words=tuple(said["words"]))


def _command(slug: str, dataset: Dataset, change: SuggestedChange) -> list[str]:
    words = (*dataset.null_words, *change.null_words)
    if not change.is_plain:
        return change_command(slug, change.column, change.as_suggestion())
    return ["null_words", slug, *words, "--type", f"{change.column}={change.type}"]


def _refuse(sentence: str) -> NoReturn:
    raise CommandError(sentence, returncode=ExitStatus.WRONG_USAGE)


def _wanted(text: str) -> tuple[str, ColumnType]:
    column, _, type_ = text.partition("=")
    if type_ not in [known.value for known in ColumnType]:
        _refuse(f"“{text}” is not COLUMN=TYPE; types are {', '.join(ColumnType)}.")
    return column, ColumnType(type_)
