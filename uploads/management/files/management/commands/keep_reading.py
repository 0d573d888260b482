"""``manage.py keep_reading``: close what is asked about how files were read."""

from uploads.management.file_command import ActCommand
from uploads.models import UploadedFile
from uploads.services.files.activation import ActionResult
from uploads.services.files.kept_readings import keep_reading
from uploads.states import FileState


class Command(ActCommand):
    help = """\
Keep files as they were read: what is asked at the top of their receipts is closed. Nothing else changes.

When the file is read again they stay closed, unless the table is laid out in another way then.

examples:
  manage.py keep_reading 3
  manage.py keep_reading 3 4 5 --json

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""

    def act(self, *, file_id: int) -> ActionResult:
        closed = keep_reading(file_id=file_id)
        file = UploadedFile.objects.get(pk=file_id)
        type(self).state, self.closed = FileState(file.state), closed
        return ActionResult(file_id=file_id, name=file.name, rows=file.rows_loaded, datasets=(), milliseconds=0)

    def sentence(self, publication: ActionResult) -> str:
        asked = "1 question is" if self.closed == 1 else f"{self.closed:,} questions are"
        return f"“{publication.name}” is kept as it was read: {asked} closed."
