"""``manage.py activate_file``: make the rows of loaded files visible."""

from uploads.management.file_command import ActCommand, tables_of
from uploads.services.files.activation import ActionResult, activate_file
from uploads.states import FileState


class Command(ActCommand):
    help = """\
Make the rows of loaded files visible in their datasets. It takes milliseconds at any size.

examples:
  manage.py activate_file 3
  manage.py activate_file 3 4 5 --json

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""
    state = FileState.ACTIVE

    def act(self, *, file_id: int) -> ActionResult:
        return activate_file(file_id=file_id)

    def sentence(self, publication: ActionResult) -> str:
        return f"“{publication.name}” is active: {publication.rows:,} rows are visible in {tables_of(publication)}."
