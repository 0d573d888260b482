"""``manage.py decline_file``: say that files that wait for review do not become active, and why."""

from typing import Any

from django.core.management.base import CommandParser

from uploads.management.file_command import ActCommand, said_of
from uploads.services.files.activation import ActionResult
from uploads.services.reviewing.acts import decline_file, take_up_file
from uploads.states import FileState
from uploads.web.sentences.phrases import counted


class Command(ActCommand):
    help = """\
Decline files that are loaded, wait for review and never were active. Their rows stay off and are kept, and their
senders read the reason on the receipts. Neither activate_file nor anything else shows them until they are taken up
again by --undo, which withdraws an open question too.

examples:
  manage.py decline_file 3 --reason "These are last year's prices."
  manage.py decline_file 3 4 --reason "Not ours." --json
  manage.py decline_file 3 --undo

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""
    state = FileState.LOADED

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        said = parser.add_mutually_exclusive_group(required=True)
        said.add_argument("--reason", metavar="TEXT", help="why; the sender reads it")
        said.add_argument("--undo", action="store_true", help="take them up again: they wait for review as before")

    def handle(self, **said: Any) -> None:
        self._reason: str | None = said.pop("reason")
        said.pop("undo")
        super().handle(**said)

    def act(self, *, file_id: int) -> ActionResult:
        if self._reason is None:
            done = take_up_file(file_id=file_id)
        else:
            done = decline_file(file_id=file_id, reason=self._reason)
        return said_of(file_id=done.file_id)

    def sentence(self, publication: ActionResult) -> str:
        if self._reason is None:
            return f"“{publication.name}” waits for review again."
        stay = "stays" if publication.rows == 1 else "stay"
        return f"“{publication.name}” is declined: its {counted(publication.rows, 'row')} {stay} off."
