"""What all commands share: examples that keep their lines, and a quick start."""

import json
from argparse import RawDescriptionHelpFormatter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class DatesAsWritten(json.JSONEncoder):
    """With microseconds and offset, as Python writes them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class OperatorCommand(BaseCommand):
    """A command for operators. Django's checks are those of ``manage.py check``: they import every page."""

    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's name and type

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser
