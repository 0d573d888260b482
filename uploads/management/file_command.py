"""What the commands that act on files share: ids in, one service each, a line for each file out."""

import json
from typing import Any, ClassVar

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus
from uploads.services.files.activation import ActionResult
from uploads.services.files.receipts import describe_file
from uploads.services.visibility import OPERATOR
from uploads.states import FileState
from uploads.tabular.errors import UploaderError


class ActCommand(OperatorCommand):
    """One act on some files; one that is refused doesn't stop the others, and makes the exit status 1."""

    state: ClassVar[FileState]
    """The state in which a file is afterwards."""

    def act(self, *, file_id: int) -> ActionResult:
        raise NotImplementedError

    def sentence(self, publication: ActionResult) -> str:
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", type=int, metavar="ID", help="number of a file, as list_files shows it")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, ids: list[int], **said: Any) -> None:
        results = [self._one(file_id, quiet=said["json"]) for file_id in dict.fromkeys(ids)]
        if said["json"]:
            self.stdout.write(json.dumps({"files": results}, ensure_ascii=False))
        failed = [result for result in results if result["error"]]
        if len(failed) == 1:
            raise CommandError(_text(failed[0]["error"]), returncode=ExitStatus.NOT_DONE)
        if failed:
            lines = (f"file {result['id']}: {_text(result['error'])}" for result in failed)
            raise CommandError(
                "\n  ".join((f"{len(failed)} of {len(results)} files:", *lines)), returncode=ExitStatus.NOT_DONE
            )

    def _one(self, file_id: int, *, quiet: bool) -> dict[str, Any]:
        try:
            done = self.act(file_id=file_id)
        except UploaderError as error:
            refusal = {"code": error.code, "message": error.message, "hint": error.hint}
            return {"id": file_id, "state": None, "error": refusal}
        if not quiet:
            self.stdout.write(self.style.SUCCESS(self.sentence(done)))
        return {
            "id": done.file_id,
            "name": done.name,
            "state": (FileState.WAITING if done.is_waiting else self.state).value,
            "rows": done.rows,
            "datasets": list(done.datasets),
            "milliseconds": round(done.milliseconds, 1),
            **({"replaced": list(done.replaced)} if done.replaced else {}),
            "error": None,
        }


def _text(error: dict[str, str]) -> str:
    return f"{error['message']} {error['hint']}".rstrip()


def said_of(*, file_id: int) -> ActionResult:
    """A file about which something was said, and nothing done to its rows."""
    receipt = describe_file(file_id=file_id, viewer=OPERATOR)
    return ActionResult(
        file_id=file_id,
        name=receipt.name,
        rows=receipt.rows_loaded,
        datasets=tuple(sorted({load.dataset for load in receipt.loads if load.dataset})),
        milliseconds=0,
    )


def tables_of(publication: ActionResult) -> str:
    """``data.a and data.b``, for sentences."""
    return " and ".join(f"data.{slug}" for slug in publication.datasets) or "its dataset"
