"""``manage.py dataset_guards``: see, and say, what the files of a dataset wait for."""

import json
from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.merging.guards import OFF, Guards, SaidGuards, change_guards
from uploads.services.read_only import check_takes_files
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.tabular.errors import BadOption
from uploads.web.sentences.guards import guards_sentence


class Command(OperatorCommand):
    help = """\
Show what has a file of a dataset wait for a person, or change it. A file that would become active by itself is loaded
and waits, with its figures, until somebody activates it: manage.py activate_file ID. At first nothing has it wait.

A file is measured against the files whose place it takes (mode replace, or read again), by key against the rows that
are seen (mode merge), and else against the active file that stands last (mode append, where no row that is seen
changes).

examples:
  manage.py dataset_guards prices
  manage.py dataset_guards prices --fewer-rows 20 --changed 5 --column-gone
  manage.py dataset_guards prices --changed off
  manage.py dataset_guards prices --off

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument(
            "--fewer-rows", metavar="PERCENT", help="wait where a file has more than so many percent fewer rows, or off"
        )
        parser.add_argument(
            "--changed", metavar="PERCENT", help="wait where more than so many percent of the rows change, or off"
        )
        parser.add_argument(
            "--column-gone",
            action=BooleanOptionalAction,
            default=None,
            help="wait where a column is gone that the files before it have, or don't",
        )
        parser.add_argument("--off", action="store_true", help="wait for none of these")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, **said: Any) -> None:
        wish = SaidGuards(fewer_rows=said["fewer_rows"], changed=said["changed"], column_gone=said["column_gone"])
        if said["off"] and wish.says_something:
            raise CommandError(
                "--off takes all guards away. Say it alone, or say which guards there are to be.",
                returncode=ExitStatus.WRONG_USAGE,
            )
        if said["off"]:
            wish = SaidGuards(fewer_rows=OFF, changed=OFF, column_gone=False)
        with refusing(wrong=BadOption):
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            check_takes_files(dataset)
            if wish.says_something:
                change_guards(slug=dataset.slug, said=wish)
        dataset.refresh_from_db()
        now = Guards.of(dataset)
        if said["json"]:
            self.stdout.write(json.dumps(_as_json(now), ensure_ascii=False))
            return
        self.stdout.write(guards_sentence(now))


def _as_json(now: Guards) -> dict[str, Any]:
    from uploads.web.schemas.guard_schemas import DatasetGuards  # noqa: PLC0415 - it loads pydantic

    return DatasetGuards.from_orm(now).model_dump()
