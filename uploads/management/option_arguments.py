"""The reading options as arguments of commands."""

import shlex
from argparse import BooleanOptionalAction, _ActionsContainer
from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.exit_status import ExitStatus
from uploads.services.options.catalogue import OPTIONS, READING_OPTIONS, parse_options
from uploads.services.options.option import Option, OptionKind
from uploads.tabular.errors import UploaderError


def add_reading_arguments(parser: CommandParser, *, title: str, of_file: bool = True) -> None:
    """One argument for each of the ``OPTIONS``; null words only where a file is meant, a dataset has its own."""
    how = parser.add_argument_group(title)
    for option in OPTIONS.values():
        if of_file or option.of_datasets:
            add_option(how, option)
    how.add_argument(
        "--auto",
        action="append",
        default=[],
        choices=[name.replace("_", "-") for name, option in OPTIONS.items() if of_file or option.of_datasets],
        metavar="OPTION",
        help="detect this option automatically, whatever was given before; may be given several times",
    )


def add_option(how: _ActionsContainer, option: Option) -> None:
    """One option, as the catalogue declares it."""
    words = f"{option.help[0].lower()}{option.help[1:].rstrip('.')}"
    if option.flags:
        either = how.add_mutually_exclusive_group()
        for flag in option.flags:
            either.add_argument(flag.name, action="store_const", const=flag.value, dest=option.name, help=flag.help)
    elif option.kind is OptionKind.YES:
        how.add_argument(option.argument, action=BooleanOptionalAction, default=None, dest=option.name, help=words)
    elif option.kind is OptionKind.WORDS:
        several = f"{words}; may be given several times"
        how.add_argument(option.argument, action="append", dest=option.name, metavar=option.metavar, help=several)
    else:
        how.add_argument(option.argument, dest=option.name, metavar=option.metavar, help=words)


def said_options(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, checked before any file is touched; ``parse_options`` takes it."""
    given = {option: said[option] for option in READING_OPTIONS if said.get(option) is not None}
    auto = [option.replace("-", "_") for option in said["auto"]]
    both = next((option for option in auto if option in given), None)
    if both:
        name = both.replace("_", "-")
        raise CommandError(
            f"“{name}” is given and is to be detected automatically at once.", returncode=ExitStatus.WRONG_USAGE
        )
    for option, value in given.items():
        beside = [other for other in OPTIONS[option].excludes if value and other in given]
        if beside:
            raise CommandError(
                f"Beside {_argument(option)} ({OPTIONS[option].hint.lower()}), {_argument(beside[0])} means nothing."
                " Say one of them.",
                returncode=ExitStatus.WRONG_USAGE,
            )
    words = {option: OPTIONS[option].find_out for option in auto}
    try:
        parse_options(given)
    except UploaderError as error:
        raise CommandError(f"{error.message} {error.hint}".rstrip(), returncode=ExitStatus.WRONG_USAGE) from error
    return {**given, **words}


def arguments_of(options: Mapping[str, Any]) -> str:
    """Options as they are written on a command line."""
    said = ((option, options[name]) for name, option in OPTIONS.items() if name in options)
    words = ([option.argument] if value is True else [option.argument, str(value)] for option, value in said)
    return shlex.join(chain.from_iterable(words))


def refuse_useless(options: Collection[str], *, what: str) -> None:
    """Wrong usage: these were said and would be passed over."""
    if options:
        names = " and ".join(map(_argument, options))
        raise CommandError(
            f"{names} can't apply to {what}. Nothing was loaded; leave it out.", returncode=ExitStatus.WRONG_USAGE
        )


def _argument(option: str) -> str:
    return OPTIONS[option].argument
