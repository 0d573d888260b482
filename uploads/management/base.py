"""What all commands share: examples that keep their lines, a quick start, and a database that is ready."""

import json
from argparse import RawDescriptionHelpFormatter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from uploads.management.readiness import make_ready


class DatesAsWritten(json.JSONEncoder):
    """With microseconds and offset, as Python writes them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


EPILOG = "exit status 3: the database cannot be reached or is not migrated (nothing was done)."
"""Below the help of every command."""


class OperatorCommand(BaseCommand):
    """A command for operators. Django's checks are those of ``manage.py check``: they import every page."""

    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's name and type
    requires_migrations_checks = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        return parser

    def check_migrations(self) -> None:
        """Django calls this before ``handle`` and would print a notice; here nothing runs on half a database."""
        make_ready(say=lambda text: self.stderr.write(text, style_func=str))
