"""``manage.py replace_file``: let a loaded file take the place of active ones."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.file_command import ActCommand
from uploads.services.files.activation import ActionResult
from uploads.services.files.replacement import replace_files
from uploads.states import FileState
from uploads.web.sentences.duplicates import replacement_words


class Command(ActCommand):
    help = """\
Let a loaded file take the place of active ones, in one moment: whoever reads sees the old rows or the new ones, never
both and never none. The old files stay loaded; replace_file the other way round undoes it.

A file that was not loaded because its bytes are here already is loaded by a worker first.

examples:
  manage.py replace_file 16 17
  manage.py replace_file 14 15 16 17 --json    (17 takes the place of the three others)

exit status: 0 done, 1 refused (nothing is changed), 2 wrong usage."""
    state = FileState.ACTIVE

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old_ids", nargs="+", type=int, metavar="OLD", help="number of an active file")
        parser.add_argument("new_id", type=int, metavar="NEW", help="number of the loaded file that takes their place")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, **said: Any) -> None:
        self._old_ids: Sequence[int] = said.pop("old_ids")
        super().handle(ids=[said.pop("new_id")], **said)

    def act(self, *, file_id: int) -> ActionResult:
        return replace_files(old_ids=self._old_ids, new_id=file_id)

    def sentence(self, publication: ActionResult) -> str:
        return replacement_words(
            new_id=publication.file_id, replaced=publication.replaced, is_done=not publication.is_waiting
        )
