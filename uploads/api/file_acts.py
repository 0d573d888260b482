"""What is done to a file over the API: switched on and off, loaded or read again, replaced, taken back."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query

from uploads.api.callers import Caller, caller_of
from uploads.api.files import router
from uploads.api.offered_files import ACTING, OPEN, SENDING, Answer, check_visible, clean_token, described
from uploads.api.reading_options import ReadAgain, said_options
from uploads.models import UploadedFile
from uploads.services.files import activation, kept_readings, replacement
from uploads.services.files.permissions import FileAction
from uploads.services.files.receipts import FileReceipt, describe_file, describe_files, describe_token
from uploads.services.files.same_bytes import add_duplicate, check_may_add
from uploads.services.files.withdrawal import may_withdraw, withdraw_file
from uploads.services.joining.modes import activate_unasked
from uploads.services.receiving.reimport import ReimportRequest, check_may_reimport, reimport_file
from uploads.services.visibility import is_shown
from uploads.web.schemas import answers
from uploads.web.visitors import uploader_of, viewer_of

__all__ = ["router"]  # of all operations on files
SeenBefore = Annotated[str, Query(description="`activation_seen` of `…/overlaps`, as it was when somebody looked.")]


@router.post(
    "/files/{int:file_id}/activate",
    response={200: answers.File, ACTING | {400}: answers.Error},
    summary="Activate a file",
)
async def activate_file(request: HttpRequest, file_id: int, seen: SeenBefore = "") -> Answer:
    """Make a loaded file's rows visible in its datasets. Milliseconds at any size.

    `seen` is refused (`forecast_changed`) where the file would do something else by now than when it was looked at.

    A file that was typed before its dataset was there is first read again with the types of the dataset: it is
    `waiting` then, and becomes `active` by itself, or `loaded` where more of its rows are rejected than before. One
    that was sent on a page, and of which rows are there already, is refused (`join_undecided`): say with `…/join` how
    it joins.
    """
    return await _act(request, file_id, FileAction.ACTIVATE, partial(activate_unasked, seen=seen))


@router.post(
    "/files/{int:file_id}/deactivate",
    response={200: answers.File, ACTING: answers.Error},
    summary="Deactivate a file",
)
async def deactivate_file(request: HttpRequest, file_id: int) -> Answer:
    """Hide an active file's rows; they stay, ready to be activated again."""
    return await _act(request, file_id, FileAction.DEACTIVATE, activation.deactivate_file)


@router.post(
    "/files/{int:file_id}/retry",
    response={200: answers.File, ACTING: answers.Error},
    summary="Load a file again",
)
async def retry_file(request: HttpRequest, file_id: int) -> Answer:
    """From its stored bytes: a file that failed, or one that is loaded and not active.

    Rejected rows that were loaded after all are rejected again.
    """
    return await _act(request, file_id, FileAction.RETRY, activation.retry_file)


@router.post(
    "/files/{int:file_id}/read-again",
    response={200: answers.File, ACTING | SENDING: answers.Error},
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
        return described(request, file.pk)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/keep-reading",
    response={200: answers.File, ACTING: answers.Error},
    summary="Keep a file as it was read",
)
async def keep_reading(request: HttpRequest, file_id: int) -> Answer:
    """For staff and for its sender: closes what is asked (notes with `ways`; their figure `kept` becomes true).

    Nothing else changes, and to do it twice changes nothing. When the file is read again they stay closed, unless the
    table is laid out in another way then.
    """

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        check_may_reimport(file_id=file_id, rights=caller.rights, visitor=caller.visitor)
        kept_readings.keep_reading(file_id=file_id, user_id=caller.rights.user_id)
        return described(request, file_id)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/add",
    response={200: answers.File, ACTING: answers.Error},
    summary="Load a file although its bytes are here already",
)
async def add_file(request: HttpRequest, file_id: int) -> Answer:
    """Of a `duplicate`, for staff and for its sender: load it, and activate it if that was asked for with it."""

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        check_may_add(file_id=file_id, rights=caller.rights, visitor=caller.visitor)
        add_duplicate(file_id=file_id, user_id=caller.rights.user_id)
        return described(request, file_id)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/withdraw",
    response={200: answers.File, ACTING: answers.Error},
    summary="Withdraw a file",
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
        return described(request, file_id)

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/replace",
    response={200: answers.File, ACTING | {400}: answers.Error},
    summary="Let a file take the place of others",
)
async def replace_files(request: HttpRequest, file_id: int, wish: answers.ReplacedFiles) -> Answer:
    """One moment for all: these files are deactivated and stay loaded, this one is activated.

    A `duplicate` is loaded first and takes their place when that is done. `…/put-back` undoes it.
    """

    def service(*, file_id: int, user_id: int | None) -> object:
        return replacement.replace_files(old_ids=wish.files, new_id=file_id, user_id=user_id)

    return await _act(request, file_id, FileAction.REPLACE, service)


@router.post(
    "/files/{int:file_id}/put-back",
    response={200: answers.File, ACTING: answers.Error},
    summary="Undo a replacement",
)
async def put_files_back(request: HttpRequest, file_id: int) -> Answer:
    """The files whose place this one took are active again, in one moment, and this one stays loaded."""
    return await _act(request, file_id, FileAction.PUT_BACK, replacement.put_back)


def _is_sender(caller: Caller, file_id: int) -> bool:
    """Also of a file that is deleted, which is in no list."""
    found = describe_files(files=UploadedFile.objects.filter(pk=file_id))
    return any(receipt.is_own(user_id=caller.rights.user_id, visitor=caller.visitor) for receipt in found)


@router.delete("/files/{int:file_id}", response={200: answers.File, ACTING: answers.Error}, summary="Delete a file")
async def delete_file(request: HttpRequest, file_id: int) -> Answer:
    """Remove its rows, its rejected rows and its stored bytes. Name, size, hash, who and when stay in the history.

    A dataset ends with its last file: its table, its columns and what it remembers go, and its name is free.

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
        _check_known(request, caller, file_id)
        service(file_id=file_id, user_id=rights.user_id)
        return described(request, file_id)

    return await sync_to_async(run)()


def _check_known(request: HttpRequest, caller: Caller, file_id: int) -> None:
    """Staff who may not see files act on active ones alone whose rows they read: that these are there is no secret."""
    if not caller.rights.sees_all and not is_shown(file_id, viewer_of(request)):
        check_visible(caller, file_id)


@router.delete(
    "/receipts/{token}",
    response={200: answers.Receipt, ACTING: answers.Error},
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
        receipt = describe_token(token=clean_token(token))
        _withdraw(caller, receipt, holds=True)
        return describe_file(file_id=receipt.file_id, viewer=viewer_of(request))

    return await sync_to_async(run)()


def _withdraw(caller: Caller, receipt: FileReceipt, *, holds: bool) -> None:
    user_id = caller.rights.user_id
    own = may_withdraw(receipt=receipt, user_id=user_id, visitor=caller.visitor, holds=holds)
    caller.rights.require_withdraw(own=own)
    withdraw_file(file_id=receipt.file_id, user_id=user_id)
