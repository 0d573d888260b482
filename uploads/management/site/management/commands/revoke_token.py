"""``manage.py revoke_token``: end a token before its day."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.tokens.tokens import revoke_token


class Command(OperatorCommand):
    help = """\
Revoke a token: whatever still uses it is refused from its next request on. One that was revoked before stays so.

examples:
  manage.py revoke_token 3

exit status: 0 revoked, 1 there is no such token, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help="its number, as make_token and the admin say it")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, **said: Any) -> None:
        with refusing():
            token = revoke_token(token_id=said["id"])
        if said["json"]:
            self.stdout.write(json.dumps({"id": token.token_id, "state": str(token.state)}))
        else:
            self.stdout.write(
                self.style.SUCCESS(f"Token {token.token_id}, “{token.name}” of {token.user}, is revoked.")
            )
