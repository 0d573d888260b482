"""``manage.py deactivate_file``: hide the rows of active files."""

from uploads.management.file_command import ActCommand, tables_of
from uploads.services.files.activation import ActionResult, deactivate_file
from uploads.states import FileState


class Command(ActCommand):
    help = """\
Hide the rows of active files. The rows stay, ready to be activated again. It takes milliseconds at any size.

examples:
  manage.py deactivate_file 3
  manage.py deactivate_file 3 4 5 --json

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""
    state = FileState.LOADED

    def act(self, *, file_id: int) -> ActionResult:
        return deactivate_file(file_id=file_id)

    def sentence(self, publication: ActionResult) -> str:
        return (
            f"“{publication.name}” is not active any more: {publication.rows:,} rows are hidden from"
            f" {tables_of(publication)} and kept."
        )
