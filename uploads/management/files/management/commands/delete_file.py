"""``manage.py delete_file``: take files back, with their rows and stored bytes."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.exit_status import ExitStatus
from uploads.management.file_command import ActCommand, tables_of
from uploads.models import UploadedFile
from uploads.services.datasets.ending import datasets_ending_with
from uploads.services.files.activation import ActionResult, delete_file
from uploads.states import FileState
from uploads.web.sentences.files import ending_sentence
from uploads.web.sentences.phrases import counted


class Command(ActCommand):
    help = """\
Delete files: their rows, their rejected rows and the stored bytes. A dataset ends with its last file: its table, its
columns and its name go. A record (name, size, hash, who, when) of each file stays in the history. This can't be undone.
On a terminal it asks first; --yes, or input that is no terminal, goes ahead.

examples:
  manage.py delete_file 3
  manage.py delete_file 3 4 5 --yes --json

exit status: 0 all done, 1 a file was refused (the others are done) or you said no, 2 wrong usage."""
    state = FileState.DELETED

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", "--no-input", "--noinput", action="store_true", dest="yes", help="don't ask")

    def handle(self, *, ids: list[int], **said: Any) -> None:
        if not said["yes"] and sys.stdin.isatty():
            self._ask(ids)
        super().handle(ids=ids, **said)

    def _ask(self, ids: list[int]) -> None:
        files = UploadedFile.objects.filter(pk__in=ids).exclude(state=FileState.DELETED).order_by("pk")
        for file in files:
            self._say(f"  file {file.pk} “{file.name}”, {file.rows_loaded:,} rows, {file.get_state_display()}\n")
        rows = sum(file.rows_loaded for file in files)
        if ending := ending_sentence(datasets_ending_with(file_ids=[file.pk for file in files])):
            self._say(f"{ending}\n")
        self._say(f"Delete {rows:,} rows and the stored bytes for good? [y/N] ")
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was deleted.", returncode=ExitStatus.NOT_DONE)

    def _say(self, text: str) -> None:
        """On stderr, and not in the red of an error."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()

    def act(self, *, file_id: int) -> ActionResult:
        return delete_file(file_id=file_id)

    def sentence(self, publication: ActionResult) -> str:
        """Also true of a file that was not active, whose rows nobody saw there, and of one that updated rows of others,
        which are seen again."""
        are = "is" if publication.rows == 1 else "are"
        return (
            f"“{publication.name}” is deleted: its {counted(publication.rows, 'row')} for {tables_of(publication)}"
            f" {are} gone."
        )
