"""``manage.py deactivate_file``: hide the rows of active files."""

from typing import Any

from django.core.management.base import CommandParser

from uploads.management.file_command import ActCommand, said_of, tables_of
from uploads.services.columns.left_behind import columns_left_by
from uploads.services.files.activation import ActionResult, deactivate_file
from uploads.services.reviewing.acts import undo_activation
from uploads.states import FileState
from uploads.web.sentences.columns import left_sentence
from uploads.web.sentences.phrases import counted


class Command(ActCommand):
    help = """\
Hide the rows of active files. The rows stay, ready to be activated again. It takes milliseconds at any size.

With --undo it is as if they had not been activated: they wait for review again, the files whose place they took are
active again, and what their datasets learned by them (which column is which, how files join) is forgotten, unless a
later file has made use of it.

examples:
  manage.py deactivate_file 3
  manage.py deactivate_file 3 --undo
  manage.py deactivate_file 3 4 5 --json

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""
    state = FileState.LOADED
    _undo = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--undo", action="store_true", help="as if they had not been activated")

    def handle(self, *, undo: bool = False, **said: Any) -> None:
        self._undo = undo
        super().handle(**said)

    def act(self, *, file_id: int) -> ActionResult:
        if self._undo:
            undo_activation(file_id=file_id)
            return said_of(file_id=file_id)
        return deactivate_file(file_id=file_id)

    def sentence(self, publication: ActionResult) -> str:
        rows = f"{counted(publication.rows, 'row')} {'is' if publication.rows == 1 else 'are'}"
        done = f"“{publication.name}” is not active any more: {rows} hidden from {tables_of(publication)} and kept."
        left = columns_left_by(file_id=publication.file_id) if self._undo else ()
        ways = (f"{left_sentence(each)}\n  manage.py dataset_columns {each.slug} --remove {each.name}" for each in left)
        return "\n".join([done, *ways])
