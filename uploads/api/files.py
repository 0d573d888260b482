"""Files over the API: send one, follow it by its receipt, list, switch on and off, take back."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Status

from uploads.api.callers import Caller, CallerAuth, caller_of
from uploads.api.reading_options import OPTION_PROPERTIES, ReadAgain, said_options
from uploads.models import UploadedFile
from uploads.services.errors import FileNotFound, NotSignedIn
from uploads.services.files import activation, replacement
from uploads.services.files.duplicates import add_duplicate, check_may_add
from uploads.services.files.permissions import Abilities, FileAction
from uploads.services.files.receipts import FileReceipt, describe_file, describe_files, describe_token, without_content
from uploads.services.files.withdrawal import may_withdraw, withdraw_file
from uploads.services.options.catalogue import option_words
from uploads.services.receiving.reimport import ReimportRequest, check_may_reimport, reimport_file
from uploads.services.visibility import visible_files
from uploads.states import FileState
from uploads.tabular.errors import BadOption
from uploads.web import schemas
from uploads.web.form_uploads import FIELD, receive_form
from uploads.web.sentences.files import FileButton, RelatedFile, buttons_of, file_notice, related_file
from uploads.web.visitors import uploader_of, viewer_of

router = Router(tags=["files"], auth=CallerAuth())
OPEN: dict[str, Any] = {"security": [{}, {"CallerAuth": []}]}
"""For the documentation: works without an account too."""
SENDING = frozenset({400, 401, 403, 413, 429, 507})
LOOKING = frozenset({400, 401, 404})
ACTING = frozenset({400, 401, 403, 404, 409, 503})
"""How each kind of operation may be refused."""
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
                        "activate": {"type": "boolean", "description": "Staff only: show the rows once loaded."},
                        "again": {
                            "type": "boolean",
                            "description": "Load and activate it also where the same bytes are here already.",
                        },
                        **OPTION_PROPERTIES,
                        "writer": {"type": "string", "enum": ["copy", "bulk_create"]},
                    },
                }
            }
        },
    },
}
type Answer = dict[str, Any] | FileReceipt


@router.post(
    "/files",
    response={201: schemas.Accepted, SENDING: schemas.Error},
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
    response={200: schemas.Receipt, frozenset({400, 404}): schemas.Error},
    auth=None,
    summary="The receipt of a file",
)
async def get_receipt(request: HttpRequest, token: str) -> Answer:
    """What the file was taken for, what became of every row, and how far it is. Whoever has the address may read it."""
    return await sync_to_async(lambda: describe_token(token=_clean(token), viewer=viewer_of(request)))()


@router.delete(
    "/receipts/{token}",
    response={200: schemas.Receipt, ACTING: schemas.Error},
    openapi_extra=OPEN,
    summary="Withdraw a file by its receipt",
)
async def withdraw_by_receipt(request: HttpRequest, token: str) -> Answer:
    """Remove a file that never was active, and everything read from it; its name, size and date stay in the history.

    A file that was sent without an account and without a cookie, as by `curl`, is withdrawn by whoever has this
    address; any other by its sender alone, as at `/api/files/{file_id}/withdraw`.
    """
    caller = caller_of(request)

    def run() -> Answer:
        receipt = describe_token(token=_clean(token))
        _withdraw(caller, receipt, holds=True)
        return describe_file(file_id=receipt.file_id, viewer=viewer_of(request))

    return await sync_to_async(run)()


def _clean(token: str) -> str:
    if "\0" in token:
        raise FileNotFound("There is no receipt at this address.", hint="Check that the address is complete.")
    return token


def _withdraw(caller: Caller, receipt: FileReceipt, *, holds: bool) -> None:
    user_id = caller.rights.user_id
    own = may_withdraw(receipt=receipt, user_id=user_id, visitor=caller.visitor, holds=holds)
    caller.rights.require_withdraw(own=own)
    withdraw_file(file_id=receipt.file_id, user_id=user_id)


@router.get("/files", response={200: schemas.FilePage, LOOKING: schemas.Error}, summary="List files")
async def list_files(
    request: HttpRequest,
    mine: bool = False,
    state: FileState | None = None,
    after: str = "",
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


@router.get("/files/{int:file_id}", response={200: schemas.File, LOOKING: schemas.Error}, summary="One file")
async def get_file(request: HttpRequest, file_id: int) -> Answer:
    """For staff, and in a browser session for one's own files."""

    def describe() -> Answer:
        check_visible(caller_of(request), file_id)
        return _described(request, file_id)

    return await sync_to_async(describe)()


@router.post(
    "/files/{int:file_id}/activate", response={200: schemas.File, ACTING: schemas.Error}, summary="Activate a file"
)
async def activate_file(request: HttpRequest, file_id: int) -> Answer:
    """Make a loaded file's rows visible in its datasets. Milliseconds at any size.

    A file that was typed before its dataset was there is first read again with the types of the dataset: it is
    `waiting` then, and becomes `active` by itself, or `loaded` where more of its rows are rejected than before.
    """
    return await _act(request, file_id, FileAction.ACTIVATE, activation.activate_file)


@router.post(
    "/files/{int:file_id}/deactivate", response={200: schemas.File, ACTING: schemas.Error}, summary="Deactivate a file"
)
async def deactivate_file(request: HttpRequest, file_id: int) -> Answer:
    """Hide an active file's rows; they stay, ready to be activated again."""
    return await _act(request, file_id, FileAction.DEACTIVATE, activation.deactivate_file)


@router.post(
    "/files/{int:file_id}/retry", response={200: schemas.File, ACTING: schemas.Error}, summary="Load a file again"
)
async def retry_file(request: HttpRequest, file_id: int) -> Answer:
    """From its stored bytes: a file that failed, or one that is loaded and not active.

    Rejected rows that were loaded after all are rejected again.
    """
    return await _act(request, file_id, FileAction.RETRY, activation.retry_file)


@router.post(
    "/files/{int:file_id}/read-again",
    response={200: schemas.File, ACTING | SENDING: schemas.Error},
    summary="Read a file again in another way",
)
async def read_again(request: HttpRequest, file_id: int, wish: ReadAgain) -> Answer:
    """From its stored bytes; for staff and for its sender. The answer is the file to follow.

    A file that failed is tried again as itself. One that has rows stays, and the same bytes become a file of their own;
    when that is loaded it takes the place of an active one in the same moment. Activating the old one undoes it.
    Rejected rows that were loaded after all stay so in the old file; in the new one they are rejected again.
    """

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        check_may_reimport(file_id=file_id, rights=caller.rights, visitor=caller.visitor)
        file = reimport_file(
            file_id=file_id,
            wish=ReimportRequest(options=said_options(wish), dataset=wish.dataset),
            reader=uploader_of(request),
            via=UploadedFile.Via.API,
        )
        return _described(request, file.pk)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/add",
    response={200: schemas.File, ACTING: schemas.Error},
    summary="Load a file although its bytes are here already",
)
async def add_file(request: HttpRequest, file_id: int) -> Answer:
    """Of a `duplicate`, for staff and for its sender: load it, and activate it if that was asked for with it."""

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        check_may_add(file_id=file_id, rights=caller.rights, visitor=caller.visitor)
        add_duplicate(file_id=file_id, user_id=caller.rights.user_id)
        return _described(request, file_id)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/withdraw", response={200: schemas.File, ACTING: schemas.Error}, summary="Withdraw a file"
)
async def withdraw(request: HttpRequest, file_id: int) -> Answer:
    """For its sender, in any state until it is active for the first time: from then on it is the public's.

    Removes the file and everything read from it. Only its name, size and date stay in the history.
    """
    caller = caller_of(request)

    def run() -> Answer:
        if not _is_sender(caller, file_id):
            check_visible(caller, file_id)
        _withdraw(caller, describe_file(file_id=file_id), holds=False)
        return _described(request, file_id)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/replace",
    response={200: schemas.File, ACTING | {400}: schemas.Error},
    summary="Let a file take the place of others",
)
async def replace_files(request: HttpRequest, file_id: int, wish: schemas.ReplacedFiles) -> Answer:
    """One moment for all: these files are deactivated and stay loaded, this one is activated.

    A `duplicate` is loaded first and takes their place when that is done. `…/put-back` undoes it.
    """

    def service(*, file_id: int, user_id: int | None) -> object:
        return replacement.replace_files(old_ids=wish.files, new_id=file_id, user_id=user_id)

    return await _act(request, file_id, FileAction.REPLACE, service)


@router.post(
    "/files/{int:file_id}/put-back", response={200: schemas.File, ACTING: schemas.Error}, summary="Undo a replacement"
)
async def put_files_back(request: HttpRequest, file_id: int) -> Answer:
    """The files whose place this one took are active again, in one moment, and this one stays loaded."""
    return await _act(request, file_id, FileAction.PUT_BACK, replacement.put_back)


def _is_sender(caller: Caller, file_id: int) -> bool:
    """Also of a file that is deleted, which is in no list."""
    found = describe_files(files=UploadedFile.objects.filter(pk=file_id))
    return any(receipt.is_own(user_id=caller.rights.user_id, visitor=caller.visitor) for receipt in found)


@router.delete("/files/{int:file_id}", response={200: schemas.File, ACTING: schemas.Error}, summary="Delete a file")
async def delete_file(request: HttpRequest, file_id: int) -> Answer:
    """Remove its rows, its rejected rows and its stored bytes. Name, size, hash, who and when stay in the history.

    For staff. Its sender withdraws it by this, as at `/api/files/{file_id}/withdraw`.
    """
    caller = caller_of(request)
    if FileAction.DELETE not in caller.rights.acts and await sync_to_async(_is_sender)(caller, file_id):
        return await withdraw(request, file_id)
    return await _act(request, file_id, FileAction.DELETE, activation.delete_file)


async def _act(request: HttpRequest, file_id: int, act: FileAction, service: Callable[..., object]) -> Answer:
    """Check the right, do it, and answer with the file as it is then."""
    caller = caller_of(request)
    rights = caller.rights
    rights.require(act)

    def run() -> Answer:
        _check_known(caller, file_id)
        service(file_id=file_id, user_id=rights.user_id)
        return _described(request, file_id)

    return await sync_to_async(run)()


def receipt_address(request: HttpRequest, token: str) -> str:
    """The absolute address of the receipt."""
    return request.build_absolute_uri(reverse("api:get_receipt", args=[token]))


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedFile(FileReceipt):
    """A file with what a page shows beside the facts."""

    address: str
    """Of its receipt; empty for one who may not see the file."""
    can: Abilities
    notice: str
    related: RelatedFile | None
    buttons: tuple[FileButton, ...]

    @property
    def option_words(self) -> tuple[str, ...]:
        """What was said about how to read it, for people."""
        return tuple(option_words(key, value) for key, value in self.options.items())


def offered(request: HttpRequest, receipt: FileReceipt) -> OfferedFile:
    """A file as whoever asks may see it."""
    caller = caller_of(request)
    own = receipt.is_own(user_id=caller.rights.user_id, visitor=caller.visitor)
    can = caller.rights.can(state=receipt.state, own=own, was_active=receipt.was_active)
    return OfferedFile(
        **{field.name: getattr(receipt, field.name) for field in fields(receipt)},
        address=receipt_address(request, receipt.token) if receipt.token else "",
        can=can,
        notice=file_notice(receipt, can=can),
        related=related_file(receipt),
        buttons=buttons_of(receipt, can=can),
    )


def _described(request: HttpRequest, file_id: int) -> OfferedFile:
    viewer = viewer_of(request)
    receipt = describe_file(file_id=file_id, viewer=viewer)
    is_seen = viewer.sees_all or receipt.is_own(user_id=viewer.user_id, visitor=viewer.visitor)
    return offered(request, receipt if is_seen else without_content(receipt))


def visible_to(caller: Caller) -> Any:
    return visible_files(user_id=caller.rights.user_id, visitor=caller.visitor, sees_all=caller.rights.sees_all)


def check_visible(caller: Caller, file_id: int) -> None:
    """What isn't one's own doesn't exist."""
    if not visible_to(caller).filter(pk=file_id).exists():
        if caller.rights.user_id is None and not caller.visitor:
            raise NotSignedIn("Files are for staff to see.", hint="Sign in, or follow the receipt of your file.")
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")


def _check_known(caller: Caller, file_id: int) -> None:
    """Staff who may not see files act on active ones alone: that these are there is no secret."""
    if not UploadedFile.objects.filter(pk=file_id, state=FileState.ACTIVE).exists() and not caller.rights.sees_all:
        check_visible(caller, file_id)


def number_after(after: str) -> int | None:
    if not after:
        return None
    if after.isascii() and after.isdigit() and len(after) <= 18:
        return int(after)
    raise BadOption("This page of the list doesn't exist.", hint="Begin again at the first page.")
