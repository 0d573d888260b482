"""``manage.py dataset_reading``: see, say and forget how the later files of a dataset are read."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus
from uploads.management.option_arguments import add_reading_arguments, said_options
from uploads.services.errors import DatasetNotFound, ReadOnlyDataset
from uploads.services.options.catalogue import parse_options
from uploads.services.options.remembered import DatasetDefaults, change_defaults, defaults_of, forget_defaults
from uploads.services.read_only import check_takes_files
from uploads.services.visibility import OPERATOR, find_dataset

BY = "manage.py"


class Command(OperatorCommand):
    help = """\
Show how the later files of a dataset are read, or change it. What was said with a file that is active is remembered by
itself; a file that says otherwise is read as it says.

examples:
  manage.py dataset_reading prices
  manage.py dataset_reading prices --decimal , --day-first
  manage.py dataset_reading prices --auto encoding
  manage.py dataset_reading prices --forget

exit status: 0 done, 1 there is no such dataset, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("--forget", action="store_true", help="forget all remembered options")
        add_reading_arguments(parser, title="how its later files are read", of_file=False)
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, **said: Any) -> None:
        options = parse_options(said_options(said))
        try:
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            check_takes_files(dataset)
            if said["forget"]:
                forget_defaults(slug=dataset.slug, by=BY)
            if options:
                change_defaults(slug=dataset.slug, options=options, by=BY)
        except (DatasetNotFound, ReadOnlyDataset) as error:
            raise CommandError(f"{error.message} {error.hint}", returncode=ExitStatus.NOT_DONE) from error
        dataset.refresh_from_db()
        defaults = defaults_of(dataset)
        self.stdout.write(json.dumps({"reading": defaults.options}) if said["json"] else _message(defaults))


def _message(defaults: DatasetDefaults) -> str:
    if not defaults:
        return "Nothing is remembered: the format of each file is detected automatically."
    return "\n".join(
        f"{entry.words} ({entry.origin}, {entry.said_at:%Y-%m-%d %H:%M} UTC)" for entry in defaults.entries
    )
