"""``manage.py activate_file``: make the rows of loaded files visible."""

from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.exit_status import ExitStatus
from uploads.management.file_command import ActCommand, tables_of
from uploads.management.joining_arguments import add_mode_arguments, said_choices
from uploads.management.joining_offers import ways_to_join
from uploads.management.ways_out import replaced_lines
from uploads.services.errors import ColumnsUndecided, JoinUndecided, StateConflict
from uploads.services.files.activation import ActionResult
from uploads.services.files.same_content import replaced_by
from uploads.services.joining.modes import activate_unasked, join_file
from uploads.services.merging.keys import parse_key
from uploads.services.merging.modes import check_mode, parse_mode
from uploads.services.visibility import OPERATOR
from uploads.states import FileState
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.sentences.phrases import counted


class Command(ActCommand):
    help = """\
Make the rows of loaded files visible in their datasets. It takes milliseconds at any size.

A file of which rows are there already waits until somebody says how it joins: by --mode, for this file alone, or with
--remember for those that come later too.

A file that was typed before its dataset was there is first read again with the types of the dataset. Where more of its
rows are rejected then, it stays loaded and says how many: look at them, and activate it again to leave them out.

examples:
  manage.py activate_file 3
  manage.py activate_file 3 4 5 --json
  manage.py activate_file 6 --mode replace
  manage.py activate_file 7 --mode merge --key code --blanks keep --remember

exit status: 0 all done, 1 a file was refused (the others are done), 2 wrong usage."""
    state = FileState.ACTIVE

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        how = parser.add_argument_group("how they join")
        add_mode_arguments(how, otherwise="as the dataset says, else append; asked where rows are there already")
        how.add_argument("--remember", action="store_true", help="with --mode: later files join in the same way")

    def handle(self, *, ids: list[int], **said: Any) -> None:
        try:
            self._wish = _wish(said)
        except UploaderError as error:
            raise CommandError(f"{error.message} {error.hint}", returncode=ExitStatus.WRONG_USAGE) from error
        super().handle(ids=ids, **said)

    def act(self, *, file_id: int) -> ActionResult:
        try:
            done = self._activate(file_id)
        except ColumnsUndecided as error:
            here = f"Here: manage.py column_plan {file_id}"  # it shows what is proposed, and how to answer
            raise ColumnsUndecided(error.message, hint=f"{error.hint} {here}") from error
        done = _fitted(done) if done.fitting else done
        return replace(done, replaced=tuple(replaced_by({file_id}, OPERATOR).get(file_id, ())))

    def _activate(self, file_id: int) -> ActionResult:
        if self._wish is not None:
            return join_file(file_id=file_id, **self._wish)
        try:
            return activate_unasked(file_id=file_id)
        except JoinUndecided as error:
            asked = ways_to_join(file_id=file_id)
            ways = "".join(f"\n  {words}: manage.py {command}" for words, command in asked.ways)
            raise JoinUndecided(asked.question, hint=f"Say how it joins:{ways}") from error

    def sentence(self, publication: ActionResult) -> str:
        rows = f"{counted(publication.rows, 'row')} {'is' if publication.rows == 1 else 'are'}"
        active = f"“{publication.name}” is active: {rows} visible in {tables_of(publication)}."
        return "\n  ".join((active, *replaced_lines(publication.file_id, publication.replaced)))


def _wish(said: dict[str, Any]) -> dict[str, Any] | None:
    """How the files join, checked before any of them is touched; ``None`` where nothing is said. Raises
    ``BadOption``."""
    choices, key = said_choices(said), parse_key(said["key"])
    check_mode(said["mode"], key, key_may_be_known=True, said=choices, is_full=bool(said["full"]))
    if not said["mode"]:
        if said["remember"]:
            raise BadOption("It is not said what is to be remembered.", hint="Say --mode with it.")
        return None
    wish = {"full": said["full"], "remember": said["remember"], "choices": choices}
    return {"mode": parse_mode(said["mode"]), "key": key, **wish}


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
