"""``manage.py unpublish_table``: a read-only dataset goes, and its table stays as it is."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.adopting.publication import unpublish_table


class Command(OperatorCommand):
    help = """\
Take a table or view that is shown as it is off the site. Its dataset goes; the table and its rows stay as they are.

examples:
  manage.py unpublish_table prices

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, **said: Any) -> None:
        with refusing():
            done = unpublish_table(slug=slug)
        if said["json"]:
            self.stdout.write(json.dumps({**asdict(done), "error": None}, ensure_ascii=False))
            return
        self.stdout.write(self.style.SUCCESS(f"{done.table} is not shown here any more, and stays as it is."))
