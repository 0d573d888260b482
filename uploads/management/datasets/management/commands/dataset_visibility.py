"""``manage.py dataset_visibility``: see, and say, who reads a dataset."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.datasets.rights import change_visibility, visibility_of
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.states import Visibility
from uploads.tabular.errors import BadOption
from uploads.web.sentences.datasets.visibility import visibility_sentence


class Command(OperatorCommand):
    help = """\
Show who reads a dataset, or change it: everybody (public), people who are signed in (signed_in), or those of some
groups (groups; without any, staff alone). Staff who may see all files read every dataset. For anybody else the dataset
is not there: no page, list, search or address has it, and PostgreSQL refuses its table to their roles.

examples:
  manage.py dataset_visibility prices
  manage.py dataset_visibility prices signed_in
  manage.py dataset_visibility prices groups --group Sales --group Audit

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("visibility", nargs="?", choices=Visibility.values, help="who reads it from now on")
        parser.add_argument(
            "--group", action="append", default=[], metavar="NAME", help="whose people read it; several may be"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, visibility: str | None, **said: Any) -> None:
        if said["group"] and visibility is None:
            raise CommandError("Say “groups” before --group.", returncode=ExitStatus.WRONG_USAGE)
        with refusing(wrong=BadOption):
            now = visibility_of(find_dataset(slug=slug, viewer=OPERATOR))
            if visibility is not None:
                now = change_visibility(slug=slug, visibility=visibility, groups=said["group"])
        if said["json"]:
            self.stdout.write(json.dumps({"visibility": now.visibility, "groups": list(now.groups)}))
        else:
            self.stdout.write(visibility_sentence(now))
