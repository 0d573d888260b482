"""Rejected rows over the API: list them with their proposed mends, load them after all, take that back."""

from collections.abc import Callable
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.files import number_after
from uploads.api.offered_files import LOOKING, check_visible
from uploads.models import RejectedRow, UploadedFile
from uploads.services.errors import FileNotFound
from uploads.services.rejects.edit import find_reject
from uploads.services.rejects.groups import page_rejects
from uploads.services.rejects.mend import load_edited_row, mend_rejected_rows, tables_to_mend, take_back_mends
from uploads.services.rejects.proposals import propose_across
from uploads.services.visibility import is_own
from uploads.states import FileState
from uploads.web.schemas import answers, reject_schemas

type Answer = dict[str, Any]

router = Router(tags=["rejected rows"], auth=CallerAuth())
MENDING = frozenset({400, 401, 403, 404, 409, 503})
"""How an operation that loads rows may be refused."""


@router.get(
    "/files/{int:file_id}/rejects",
    response={200: reject_schemas.RejectPage, LOOKING: answers.Error},
    summary="The rejected rows of a file",
)
async def list_rejects(
    request: HttpRequest, file_id: int, after: str = "", limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> Answer:
    """Rows that were read and not loaded, with the place, the value, the reason and, where it is plain, a mend."""
    last = number_after(after) or 0

    def page() -> Answer:
        check_visible(caller_of(request), file_id)
        rejects, following = page_rejects(file_id=file_id, after=last, limit=limit)
        mends = propose_across(rejects=rejects)
        return {
            "rejects": [{**_reject_json(reject), "mend": mend} for reject, mend in zip(rejects, mends, strict=True)],
            "total": _rejected(file_id),
            "next": None if following is None else str(following),
        }

    return await sync_to_async(page)()


@router.post(
    "/files/{int:file_id}/rejects/mend",
    response={200: reject_schemas.Mended, MENDING: answers.Error},
    summary="Fix rejected rows as proposed and load them",
)
async def mend_rejects(request: HttpRequest, file_id: int, chosen: reject_schemas.ChosenMends) -> Answer:
    """All rows of the file that have a mend, or those that were chosen. A second call finds none left.

    For staff, and for whoever sent the file as long as it is not active.
    """

    def act(user_id: int | None) -> Answer:
        done = [
            mend_rejected_rows(load_id=load_id, ids=chosen.ids, code=chosen.code, column=chosen.column, user_id=user_id)
            for load_id in tables_to_mend(file_id=file_id, load_id=chosen.load)
        ]
        return {"loaded": sum(one.loaded for one in done), "left": sum(one.left for one in done)}

    return await _mend(request, file_id, act)


@router.post(
    "/files/{int:file_id}/rejects/take-back",
    response={200: reject_schemas.TakenBack, MENDING: answers.Error},
    summary="Undo: make rows that were fixed and loaded rejected again",
)
async def take_back(request: HttpRequest, file_id: int, chosen: reject_schemas.ChosenRejects) -> Answer:
    """All of them, or those that were chosen."""

    def act(user_id: int | None) -> Answer:
        loads = tables_to_mend(file_id=file_id, load_id=chosen.load)
        return {"taken_back": sum(take_back_mends(load_id=load, ids=chosen.ids, user_id=user_id) for load in loads)}

    return await _mend(request, file_id, act)


@router.post(
    "/files/{int:file_id}/rejects/{int:reject_id}/load",
    response={200: reject_schemas.Mended, MENDING: answers.Error},
    summary="Load one rejected row with edited cells",
)
async def load_edited(request: HttpRequest, file_id: int, reject_id: int, edited: reject_schemas.EditedCells) -> Answer:
    """Each cell is checked by its column; a refusal (`cells_do_not_fit`) names every column that doesn't take its."""

    def act(user_id: int | None) -> Answer:
        if find_reject(reject_id=reject_id).load.file_id != file_id:
            raise FileNotFound(f"File {file_id} has no such rejected row.", hint="List the file's rejected rows.")
        done = load_edited_row(reject_id=reject_id, cells=edited.cells, user_id=user_id)
        return {"loaded": done.loaded, "left": done.left}

    return await _mend(request, file_id, act)


async def _mend(request: HttpRequest, file_id: int, act: Callable[[int | None], Answer]) -> Answer:
    """Check the right, do it, and say how many rows are still rejected."""
    caller = caller_of(request)

    def run() -> Answer:
        check_visible(caller, file_id)
        state = FileState(UploadedFile.objects.values_list("state", flat=True).get(pk=file_id))
        caller.rights.require_mend(
            state=state, own=is_own(file_id=file_id, user_id=caller.rights.user_id, visitor=caller.visitor)
        )
        return {**act(caller.rights.user_id), "rejected": _rejected(file_id)}

    return await sync_to_async(run)()


def _rejected(file_id: int) -> int:
    return UploadedFile.objects.values_list("rows_rejected", flat=True).get(pk=file_id)


def _reject_json(reject: RejectedRow) -> dict[str, Any]:
    return {
        "id": reject.pk,
        "load": reject.load_id,
        "source": reject.load.source or None,
        "line": reject.row,
        "column": reject.column or None,
        "value": reject.value,
        "code": reject.code,
        "reason": reject.reason,
        "raw": reject.raw,
    }
