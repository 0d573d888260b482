"""``manage.py activate_file``: make the rows of loaded files visible."""

from dataclasses import replace

from uploads.management.file_command import ActCommand, tables_of
from uploads.services.errors import StateConflict
from uploads.services.files.activation import ActionResult, activate_file
from uploads.states import FileState


class Command(ActCommand):
    help = """\
Make the rows of loaded files visible in their datasets. It takes milliseconds at any size.

A file that was typed before its dataset was there is first read again with the types of the dataset. Where more of its
rows are rejected then, it stays loaded and says how many: look at them, and activate it again to leave them out.

examples:
  manage.py activate_file 3
  manage.py activate_file 3 4 5 --json

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""
    state = FileState.ACTIVE

    def act(self, *, file_id: int) -> ActionResult:
        done = activate_file(file_id=file_id)
        return _fitted(done) if done.fitting else done

    def sentence(self, publication: ActionResult) -> str:
        return f"“{publication.name}” is active: {publication.rows:,} rows are visible in {tables_of(publication)}."


def _fitted(done: ActionResult) -> ActionResult:
    """Read it again here and now. Raises ``StateConflict`` where it is not active then, with the reason."""
    from uploads.management.foreground import load_fitted  # noqa: PLC0415 - it loads pydantic

    receipt = load_fitted(file_id=done.file_id, name=done.name)
    if receipt.state is FileState.FAILED and receipt.error is not None:
        raise StateConflict(f"{done.fitting} {receipt.error['message']}", hint=receipt.error["hint"])
    if receipt.state is not FileState.ACTIVE:
        tried = receipt.rows_loaded + receipt.rows_rejected
        raise StateConflict(
            f"{done.fitting} With its types {receipt.rows_rejected:,} of {tried:,} rows are rejected.",
            hint="Look at the rejected rows on its receipt; activate it again to leave them out.",
        )
    return replace(
        done, rows=receipt.rows_loaded, datasets=tuple(sorted({load.dataset or "" for load in receipt.loads}))
    )
