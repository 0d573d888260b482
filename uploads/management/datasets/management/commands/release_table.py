"""``manage.py release_table``: a dataset that was adopted becomes the table again that it was."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.adopting.release import release_table


class Command(OperatorCommand):
    help = """\
Give a table that was adopted back to the database: under its old name, with its types, defaults, indexes, comments and
privileges. Only as long as nothing else is loaded into its dataset.

examples:
  manage.py release_table items

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, **said: Any) -> None:
        with refusing():
            done = release_table(slug=slug)
        if said["json"]:
            self.stdout.write(json.dumps({**asdict(done), "error": None}, ensure_ascii=False))
            return
        rows = f"{done.rows:,} row{'s' * (done.rows != 1)}"
        self.stdout.write(self.style.SUCCESS(f"{done.table} is a table of its own again, with {rows}."))
