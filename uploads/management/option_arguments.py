"""The reading options as arguments of commands."""

from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.services.options.catalogue import EVERY_SHEET, FIND_OUT, READING_OPTIONS, parse_options
from uploads.tabular.errors import UploaderError

WRONG_USAGE = 2


def add_reading_arguments(parser: CommandParser, *, title: str, of_file: bool = True) -> None:
    """One argument for each of ``READING_OPTIONS``; null words only where a file is meant, a dataset has its own."""
    how = parser.add_argument_group(title)
    how.add_argument("--sheet", metavar="NAME", help="load this sheet only")
    how.add_argument("--header-row", metavar="N", help="row with the column names, from 1; none: there isn't one")
    how.add_argument("--delimiter", metavar="C", help="what separates the cells: a character, or the word tab")
    how.add_argument("--encoding", metavar="E", help="such as utf-8 or cp1252")
    how.add_argument(
        "--decimal", metavar="C", help="decimal mark where 1.234 could mean two things: a point or a comma"
    )
    order = how.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", action="store_const", const=True, dest="day_first", help="01/02/2024 is the 1st of February"
    )
    order.add_argument(
        "--month-first", action="store_const", const=False, dest="day_first", help="01/02/2024 is January the 2nd"
    )
    if of_file:
        how.add_argument(
            "--null-word",
            action="append",
            dest="null_words",
            metavar="WORD",
            help="a word that means an empty cell, such as NA, in a new dataset (may be said several times)",
        )
    how.add_argument("--all-text", action=BooleanOptionalAction, default=None, help="keep every column as text")
    how.add_argument(
        "--one-table",
        action=BooleanOptionalAction,
        default=None,
        help="every row below the header is data: tell no total, note or other table from them",
    )
    how.add_argument(
        "--auto",
        action="append",
        default=[],
        choices=[option.replace("_", "-") for option in READING_OPTIONS],
        metavar="OPTION",
        help="have this option found out, whatever was said before; may be given several times",
    )


def said_options(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, checked before any file is touched; ``parse_options`` takes it."""
    given = {option: said[option] for option in READING_OPTIONS if said.get(option) is not None}
    auto = [option.replace("-", "_") for option in said["auto"]]
    both = next((option for option in auto if option in given), None)
    if both:
        name = both.replace("_", "-")
        raise CommandError(f"“{name}” is said and to be found out at once.", returncode=WRONG_USAGE)
    words = {option: EVERY_SHEET if option == "sheet" else FIND_OUT for option in auto}
    try:
        parse_options(given)
    except UploaderError as error:
        raise CommandError(f"{error.message} {error.hint}".rstrip(), returncode=WRONG_USAGE) from error
    return {**given, **words}
