"""``manage.py news_sent``: what was told of files, to whom, and what became of it."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.news.managing import SentNews, list_sent, send_news_again
from uploads.states import DeliveryState
from uploads.web.news.sentences import sent_sentence


class Command(OperatorCommand):
    help = """\
List what was told of files within a month, the newest first, with its tries and the last answer; or have one piece of
news sent again, with all its tries. What went to the sender of a file is not sent twice: the address is forgotten.

examples:
  manage.py news_sent
  manage.py news_sent --subscription 3 --state given_up
  manage.py news_sent --again 17

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", type=int, metavar="ID", help="send this piece of news again")
        parser.add_argument("--subscription", type=int, metavar="ID", help="only what went to this subscription")
        parser.add_argument("--state", choices=DeliveryState.values, help="only what is in this state")
        parser.add_argument("--limit", type=int, default=50, metavar="N", help="the newest N (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, **said: Any) -> None:
        if said["limit"] < 1:
            raise CommandError("--limit is a number from 1.", returncode=ExitStatus.WRONG_USAGE)
        with refusing():
            self._print(self._found(said), as_json=said["json"])

    def _found(self, said: dict[str, Any]) -> tuple[SentNews, ...]:
        if said["again"] is not None:
            return (send_news_again(news_id=said["again"]),)
        state = None if said["state"] is None else DeliveryState(said["state"])
        return list_sent(most=said["limit"], subscription_id=said["subscription"], state=state)

    def _print(self, found: tuple[SentNews, ...], *, as_json: bool) -> None:
        if as_json:
            from uploads.web.news.schemas import Sent  # noqa: PLC0415 - it loads pydantic

            told = [Sent.from_orm(each).model_dump(mode="json") for each in found]
            self.stdout.write(json.dumps({"sent": told}, ensure_ascii=False))
            return
        if not found:
            self.stderr.write("Nothing like that was sent within a month.")
        for each in found:
            self.stdout.write(sent_sentence(each))
