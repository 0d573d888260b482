"""``manage.py change_column``: give a column of a dataset another type, in all of its files."""

from typing import Any

from django.core.management.base import CommandParser

from uploads.management.column_command import ChangeCommand
from uploads.management.option_arguments import add_option
from uploads.models import Dataset
from uploads.services.columns.change import Change, parse_truth, words_besides
from uploads.services.options.catalogue import OF_COLUMNS, OPTIONS, parse_option
from uploads.tabular.table import ColumnType, FormatHints


class Command(ChangeCommand):
    help = """\
Give a column another type, in all files of the dataset. No value changes: each is printed back as it stood in its file
and read again. One that doesn't fit refuses the whole change; with --reject its row becomes a rejected row, which comes
back when the column is made text again. Readers see the old or the new, never a mix.

examples:
  manage.py change_column prices price numeric --dry-run
  manage.py change_column prices price numeric
  manage.py change_column prices day date --day-first
  manage.py change_column prices price numeric --reject --dry-run
  manage.py change_column people born date --first-year 1930
  manage.py change_column members active boolean --true ja --false nein
  manage.py change_column prices price numeric --decimal . --empty=- --empty n/a

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("column", metavar="COLUMN", help="name of the column in SQL")
        parser.add_argument(
            "type", choices=[type_.value for type_ in ColumnType], metavar="TYPE", help=", ".join(ColumnType)
        )
        for name in OF_COLUMNS:
            add_option(parser, OPTIONS[name])
        parser.add_argument("--reject", action="store_true", help="reject the rows that don't fit")
        parser.add_argument("--true", default="", metavar="WORD", help="the word for yes, of a column of two words")
        parser.add_argument("--false", default="", metavar="WORD", help="the word for no")
        parser.add_argument(
            "--empty",
            action="append",
            default=[],
            metavar="WORD",
            help="a word that is read as empty then, in all columns and later files (may be said several times)",
        )
        super().add_arguments(parser)

    def change(self, dataset: Dataset, said: dict[str, Any]) -> Change:
        mark = parse_option("decimal", said["decimal"]) if said["decimal"] else None
        year = parse_option("first_year", said["first_year"]) if said["first_year"] else None
        hints = FormatHints(decimal=mark, day_first=said["day_first"], first_year=year)
        types = {said["column"]: ColumnType(said["type"])}
        truth = parse_truth(said["true"], said["false"])
        words = words_besides(dataset, said["empty"])
        return Change(types=types, null_words=words, hints=hints, reject_misfits=said["reject"], truth=truth)
