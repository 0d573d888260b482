"""``manage.py ask_sender``: ask whoever sent a file something before it is decided on."""

from typing import Any

from django.core.management.base import CommandParser

from uploads.management.file_command import ActCommand, said_of
from uploads.services.files.activation import ActionResult
from uploads.services.reviewing.acts import ask_sender
from uploads.states import FileState


class Command(ActCommand):
    help = """\
Ask the sender of a file that waits for review. The question stands on the receipt of the file with a box for the
answer; the file waits for its sender until then, and comes before all others in the review afterwards.

examples:
  manage.py ask_sender 3 "Are the prices with or without tax?"
  manage.py ask_sender 3 "Which month is this?" --json

exit status: 0 done, 1 refused (nothing is changed), 2 wrong usage."""
    state = FileState.LOADED

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help="number of a file, as list_files shows it")
        parser.add_argument("question", metavar="QUESTION", help="what its sender is asked")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, **said: Any) -> None:
        self._question: str = said.pop("question")
        super().handle(ids=[said.pop("id")], **said)

    def act(self, *, file_id: int) -> ActionResult:
        done = ask_sender(file_id=file_id, question=self._question)
        return said_of(file_id=done.file_id)

    def sentence(self, publication: ActionResult) -> str:
        return f"The sender of “{publication.name}” is asked on its receipt."
