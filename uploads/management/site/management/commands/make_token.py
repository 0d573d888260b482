"""``manage.py make_token``: a token by which a program acts for a person."""

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser

from uploads.management.base import DatesAsWritten, OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.scopes import FORMS
from uploads.services.tokens.tokens import DEFAULT_DAYS, NewToken, make_token
from uploads.tabular.errors import BadOption
from uploads.web.sentences.tokens import scope_words


class Command(OperatorCommand):
    help = f"""\
Make a token for a program that acts for a person: over the API and by tus, as “Authorization: Bearer …”. It never may
more than its person may at that moment, ends after some days, and is shown once.

scopes: {FORMS}

examples:
  manage.py make_token ana --scope upload
  manage.py make_token ana --scope upload:prices read:prices --days 365 --name "Nightly prices"
  manage.py make_token ana --scope manage --json

exit status: 0 made, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the name of the person's account")
        parser.add_argument(
            "--scope", nargs="+", action="extend", required=True, metavar="SCOPE", help="what it may do; several may be"
        )
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="until it ends (default: %(default)s)")
        parser.add_argument("--name", help="what it is for")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, user: str, **said: Any) -> None:
        person = get_user_model().objects.filter(username=user).first()
        if person is None or not person.is_active:
            raise CommandError(f"No open account has the name “{user}”.", returncode=ExitStatus.NOT_DONE)
        with refusing(wrong=BadOption):
            made = make_token(user=person, scopes=said["scope"], name=said["name"], days=said["days"])
        self._tell(made, as_json=said["json"])

    def _tell(self, made: NewToken, *, as_json: bool) -> None:
        facts = made.facts
        if as_json:
            told = {
                "id": facts.token_id,
                "token": made.secret,
                "name": facts.name,
                "user": facts.user,
                "scopes": [str(scope) for scope in facts.scopes],
                "expires_at": facts.expires_at,
            }
            self.stdout.write(json.dumps(told, cls=DatesAsWritten))
            return
        words = scope_words(facts).removesuffix(".")
        self.stdout.write(self.style.SUCCESS(f"Token {facts.token_id} of {facts.user}, shown only now:"))
        self.stdout.write(f"  {made.secret}")
        self.stdout.write(
            f"{words}, until {facts.expires_at:%-d %B %Y}. To end it: manage.py revoke_token {facts.token_id}"
        )
