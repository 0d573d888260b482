"""Files over the API: send one, follow it by its receipt, list."""

from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.offered_files import (
    LOOKING,
    OPEN,
    SENDING,
    Answer,
    check_visible,
    clean_token,
    described,
    offered,
    receipt_address,
    visible_to,
)
from uploads.api.reading_options import FLAG, OPTION_PROPERTIES
from uploads.models import UploadedFile
from uploads.services.errors import NotSignedIn
from uploads.services.files.receipts import describe_file, describe_files, describe_token
from uploads.services.visibility import Viewer
from uploads.states import FileState, Kept, Mode, Writer
from uploads.tabular.errors import BadOption
from uploads.web.events.wire import tell_viewer
from uploads.web.form_uploads import FIELD, receive_form
from uploads.web.schemas import answers
from uploads.web.visitors import viewer_of

_NUMBER = Field(json_schema_extra={"pattern": "^[0-9]{0,18}$"})

router = Router(tags=["files"], auth=CallerAuth())
"""For ``file_acts`` too: ninja answers each address from the first router that has it."""
FORM: dict[str, Any] = {
    **OPEN,
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [FIELD],
                    "properties": {
                        FIELD: {"type": "string", "format": "binary", "description": "The file itself."},
                        "dataset": {"type": "string", "description": "Dataset to join, or to found by this name."},
                        "activate": {**FLAG, "description": "Staff only: show the rows once loaded."},
                        "again": {
                            **FLAG,
                            "description": "Load and activate it also where the same bytes are here already.",
                        },
                        "mode": {
                            "type": "string",
                            "enum": Mode.values,
                            "description": "Staff only: how it joins its dataset; left out, as the dataset says.",
                        },
                        "key": {
                            "type": "string",
                            "description": "Columns to merge by, with commas between them.",
                        },
                        "full": {
                            **FLAG,
                            "description": "Staff only, for merge: it has all rows, so keys that it lacks are not seen"
                            " while it is active.",
                        },
                        "blanks": {
                            "type": "string",
                            "enum": Kept.values,
                            "description": "Staff only, for merge: whether a blank replaces or keeps the old value. It"
                            " holds for the dataset, as do the two that follow.",
                        },
                        "missing_columns": {
                            "type": "string",
                            "enum": Kept.values,
                            "description": "The same for a column that a file lacks.",
                        },
                        "delete_when": {
                            "type": "string",
                            "description": "Staff only, for merge: COLUMN=VALUE,VALUE; such a row deletes its key.",
                        },
                        **OPTION_PROPERTIES,
                        "writer": {"type": "string", "enum": Writer.values},
                        "email": {
                            "type": "string",
                            "description": "Where its sender gets one mail: that it is active, declined, failed or here"
                            " already; and one for each question of staff. Refused where the site sends none.",
                        },
                    },
                }
            }
        },
    },
}


@router.post(
    "/files",
    response={201: answers.Accepted, SENDING: answers.Error},
    exclude_none=True,
    openapi_extra=FORM,
    summary="Send a file",
)
async def send_file(request: HttpRequest) -> Any:
    """Send one file as multipart, up to MAX_FORM_SIZE; larger ones go by the tus protocol to `/files/`.

    Works without an account: `curl -F file=@x.csv …/api/files`. The answer comes when the file is received; follow
    `receipt` to see it being loaded. One whose bytes are here already, loaded or active, is a `duplicate`: nothing is
    loaded until `…/add` or `…/replace` asks for it, or it is sent with `again=true`.
    """
    file = await sync_to_async(receive_form)(request, via=UploadedFile.Via.API)
    same = await sync_to_async(_same_content)(request, file) if file.state == FileState.DUPLICATE else None
    receipt = receipt_address(request, file.token)
    answer = {"id": file.pk, "name": file.name, "state": file.state, "same_content_as": same, "receipt": receipt}
    return Status(201, answer)


def _same_content(request: HttpRequest, file: UploadedFile) -> int | None:
    return describe_file(file_id=file.pk, viewer=viewer_of(request)).same_content_as


@router.get(
    "/receipts/{token}",
    response={200: answers.Receipt, frozenset({400, 404}): answers.Error},
    auth=None,
    summary="The receipt of a file",
)
async def get_receipt(request: HttpRequest, token: str) -> Answer:
    """What the file was taken for, what became of every row, and how far it is. Whoever has the address may read it."""
    return await sync_to_async(lambda: describe_token(token=clean_token(token), viewer=viewer_of(request)))()


@router.get(
    "/receipts/{token}/events",
    response={200: answers.Receipt, frozenset({400, 404, 503}): answers.Error},
    auth=None,
    summary="Follow a file by its receipt",
)
async def follow_receipt(request: HttpRequest, token: str) -> Answer:
    """Server-sent events (`text/event-stream`) instead of asking `/api/receipts/{token}` again and again: `curl -N`, or
    `EventSource` in a browser.

    Each event `file` has in `data` what that address answers. The first comes at once, the others when something
    changes, a second apart at least; `beat` every 15 s is a sign of life. The stream ends when nothing more happens to
    the file by itself; whoever comes back with the `Last-Event-ID` of that state gets 204, which browsers stop at. 503,
    with `Retry-After`, where as many follow as may: 1,000 in all, 100 from one network.
    """
    return await get_receipt(request, token)


@router.get(
    "/files",
    response={200: answers.FilePage, LOOKING: answers.Error},
    openapi_extra=OPEN,
    summary="List files",
)
async def list_files(
    request: HttpRequest,
    mine: bool = False,
    state: FileState | None = None,
    after: Annotated[str, _NUMBER, Query("")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Answer:
    """Newest first. Staff see all files; a browser session its own. Deleted files are not listed.

    `mine` makes the list empty, not forbidden, for a browser that has sent nothing yet.
    """
    caller = caller_of(request)
    if not (mine or caller.visitor or caller.rights.user_id is not None):
        raise NotSignedIn("The list of files is for staff.", hint="Sign in, or follow the receipt of your file.")
    before = number_after(after)

    def page() -> Answer:
        files = visible_to(caller)
        if before is not None:
            files = files.filter(pk__lt=before)
        if state is not None:
            files = files.filter(state=state)
        receipts = describe_files(files=files[: limit + 1], viewer=viewer_of(request))
        following = str(receipts[limit - 1].file_id) if len(receipts) > limit else None
        return {"files": [offered(request, receipt) for receipt in receipts[:limit]], "next": following}

    return await sync_to_async(page)()


@router.get(
    "/files/events",
    response={200: answers.FilePage, LOOKING | {503}: answers.Error},
    openapi_extra=OPEN,
    summary="Follow a list of files",
)
async def follow_files(
    request: HttpRequest,
    mine: bool = False,
    state: FileState | None = None,
    after: Annotated[str, _NUMBER, Query("")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Answer:
    """The list as server-sent events, for all of a page's files over one connection; `beat`, limits and refusals as of
    `/api/receipts/{token}/events`.

    An event `files` has in `data` what `/api/files` answers to the same question: the first comes at once, others when
    files come or go. An event `file` has one file of the list that changed. The stream goes on until it is closed; at
    least once a minute it is asked anew who may see what.
    """
    caller = caller_of(request)
    rights = caller.rights
    tell_viewer(request, Viewer(user_id=rights.user_id, visitor=caller.visitor, sees_all=rights.sees_all))
    return await list_files(request, mine=mine, state=state, after=after, limit=limit)


@router.get("/files/{int:file_id}", response={200: answers.File, LOOKING: answers.Error}, summary="One file")
async def get_file(request: HttpRequest, file_id: int) -> Answer:
    """For staff, and in a browser session for one's own files."""

    def describe() -> Answer:
        check_visible(caller_of(request), file_id)
        return described(request, file_id)

    return await sync_to_async(describe)()


def number_after(after: str) -> int | None:
    if not after:
        return None
    if after.isascii() and after.isdigit() and len(after) <= 18:
        return int(after)
    raise BadOption("This page of the list doesn't exist.", hint="Begin again at the first page.")
