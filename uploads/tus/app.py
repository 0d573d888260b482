"""The tus endpoint ``/files/``: one method for each verb, parse → find → lock → check the offset → append → answer.

A browser sends the header ``Tus-Resumable`` to a foreign site only after a preflight, which nothing here answers:
with the check of the host's name, that makes forged requests impossible without a token.
"""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.http import http_date

from uploads.models import UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.receiving.uploads import cancel_upload, complete_upload, note_arrival
from uploads.states import FileState
from uploads.tabular.errors import UploaderError
from uploads.tus.arriving import Moved, held, take_in
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import ALGORITHMS, OFFSET_TYPE, Checksum, metadata_header
from uploads.tus.records import check_host, check_query, create_upload, find_upload, in_database, in_thread, metadata_of
from uploads.tus.wire import Request
from uploads.web.asgi import TUS_MOUNT, Receive, Scope, Send
from uploads.web.error_json import challenge_of
from uploads.web.http_status import STATUS, status_of

logger = logging.getLogger(__name__)

EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
COLLECTION_VERBS = ("OPTIONS", "POST")
UPLOAD_VERBS = ("OPTIONS", "HEAD", "PATCH", "DELETE")


async def tus_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request below ``/files``."""
    if scope["type"] != "http":
        await send({"type": "websocket.close"})
        return
    request = Request(scope, receive, send)
    try:
        await _respond(request)
    except Disconnected:
        logger.info("the connection broke in the middle of an upload; what arrived is kept")
    except Refused as refused:
        told = refused.refusal
        await _answer_error(request, told.status, told.code, refused.message, told.hint)
    except UploaderError as error:
        await _answer_error(
            request, status_of(error), error.code, error.message, error.hint, challenge=challenge_of(error)
        )
    except (OperationalError, InterfaceError):
        logger.exception("the database did not answer")
        await _answer_error(
            request, STATUS["unavailable"], "unavailable", "The database does not answer.", "Try again in a moment."
        )


async def _answer_error(
    request: Request, status: int, code: str, message: str, hint: str, *, challenge: str = ""
) -> None:
    if request.answered:
        return
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    if status == Refusal.BAD_VERSION.status:
        headers["Tus-Version"] = "1.0.0"
    if status in (423, 429, 503):
        headers["Retry-After"] = "1"
    if status == Refusal.BAD_METHOD.status:
        headers["Allow"] = ", ".join(UPLOAD_VERBS if _token(request) else COLLECTION_VERBS)
    error = {"error": {"code": code, "message": message, "hint": hint}}
    await request.answer(status, headers, None if request.scope["method"] == "HEAD" else error)


def _token(request: Request) -> str:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return str(path.removeprefix(TUS_MOUNT).strip("/"))


async def _respond(request: Request) -> None:
    check_host(request.scope)
    check_query(request.scope)
    verb = _verb(request)
    token = _token(request)
    if verb not in (UPLOAD_VERBS if token else COLLECTION_VERBS):
        raise Refused(Refusal.BAD_METHOD)
    if verb == "OPTIONS":
        await _describe(request)
        return
    if request.headers.one("Tus-Resumable") != "1.0.0":
        raise Refused(Refusal.BAD_VERSION)
    match verb:
        case "POST":
            await _create(request)
        case "HEAD":
            await _state_offset(request, token)
        case "PATCH":
            await _append(request, token)
        case "DELETE":
            await _terminate(request, token)


def _verb(request: Request) -> str:
    """The method; behind proxies that know only GET and POST, the one in ``X-HTTP-Method-Override``."""
    method: str = request.scope["method"]
    if method == "POST":
        return (request.headers.one("X-HTTP-Method-Override") or method).upper()
    return method


async def _describe(request: Request) -> None:
    await request.answer(
        204,
        {
            "Tus-Version": "1.0.0",
            "Tus-Max-Size": str(settings.MAX_FILE_SIZE),
            "Tus-Extension": EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


async def _create(request: Request) -> None:
    headers = request.headers
    for unknown in ("Upload-Defer-Length", "Upload-Concat"):
        if headers.has(unknown):
            raise Refused(Refusal.BAD_HEADER, f"The header {unknown} belongs to an extension that is not offered here.")
    size = headers.integer("Upload-Length")
    if size is None:
        raise Refused(Refusal.BAD_HEADER, "The header Upload-Length is missing.")
    if request.has_body and headers.content_type() != OFFSET_TYPE:
        raise Refused(Refusal.BAD_TYPE)
    length = headers.integer("Content-Length") or 0
    if length > size:
        raise Refused(Refusal.TOO_LONG)
    checksum = headers.checksum()
    file = await in_database(create_upload, request.scope, size, headers.metadata())
    offset = 0
    if request.has_body or size == 0:
        offset = await _first_bytes(request, file, checksum)
    location = f"{request.scope.get('root_path', '')}{TUS_MOUNT}/{file.token}"
    await request.answer(201, {"Location": location, **_standing(request, file, offset)})


async def _first_bytes(request: Request, file: UploadedFile, checksum: Checksum | None) -> int:
    """The bytes that came with the creation. If they fail the sender never learns the address: the upload goes too."""
    try:
        return await _take_in(request, file, 0, checksum)
    except (Refused, UploaderError, Disconnected):
        await in_database(cancel_upload, file_id=file.pk, text="cancelled: its first bytes could not be received")
        raise


async def _append(request: Request, token: str) -> None:
    headers = request.headers
    if headers.content_type() != OFFSET_TYPE:
        raise Refused(Refusal.BAD_TYPE)
    offset = headers.integer("Upload-Offset")
    if offset is None:
        raise Refused(Refusal.BAD_HEADER, "The header Upload-Offset is missing.")
    checksum = headers.checksum()
    file = await in_database(find_upload, request.scope, token)
    try:
        offset = await _take_in(request, file, offset, checksum)
    except Moved:
        file = await _finished(request, file)
        if offset != file.size or request.has_body:
            raise Refused(Refusal.BAD_OFFSET) from None
    await request.answer(204, _standing(request, file, offset))


async def _take_in(request: Request, file: UploadedFile, offset: int, checksum: Checksum | None) -> int:
    """Append the request's body at ``offset``; the last byte hands the file over to the workers."""

    async def note(received: int) -> None:
        await in_database(note_arrival, file=file, received=received)

    if file.state != FileState.RECEIVING:
        raise Moved
    async with held(file.stored_as, request) as arriving:
        if arriving.size != offset:
            raise Refused(Refusal.BAD_OFFSET, f"The upload stands at byte {arriving.size}, not at {offset}.")
        room = file.size - offset
        if (request.headers.integer("Content-Length") or 0) > room:
            raise Refused(Refusal.TOO_LONG)
        offset = await take_in(request, arriving, room=room, checksum=checksum, note=note)
        if offset == file.size:
            await in_database(complete_upload, file_id=file.pk)
        else:
            await note(offset)
    return offset


async def _state_offset(request: Request, token: str) -> None:
    """The offset as it is on disk, forced there; an upload that is whole but was never handed over is, now."""
    file = await in_database(find_upload, request.scope, token)
    offset = file.size
    if file.state == FileState.RECEIVING:
        try:
            async with held(file.stored_as, request) as arriving:
                offset = await in_thread(arriving.sync)
                if offset == file.size:
                    await in_database(complete_upload, file_id=file.pk)
        except Moved:
            file = await _finished(request, file)
    headers = {"Upload-Length": str(file.size), "Upload-Metadata": metadata_header(metadata_of(file))}
    await request.answer(200, {**headers, **_standing(request, file, offset)})


async def _terminate(request: Request, token: str) -> None:
    file = await in_database(find_upload, request.scope, token)
    if file.state != FileState.RECEIVING:
        raise Refused(Refusal.RECEIVED)
    try:
        async with held(file.stored_as, request):
            await in_database(cancel_upload, file_id=file.pk, user_id=file.uploaded_by_id)
    except (Moved, StateConflict):
        await _finished(request, file)
        raise Refused(Refusal.RECEIVED) from None
    await request.answer(204, {})


async def _finished(request: Request, file: UploadedFile) -> UploadedFile:
    """The upload whose spool file is gone; one whose hand-over was cut off by a crash is handed over now."""
    await in_database(complete_upload, file_id=file.pk)
    return await in_database(find_upload, request.scope, file.token)


def _standing(request: Request, file: UploadedFile, offset: int) -> dict[str, str]:
    """Where the upload stands, and where its receipt is: a page for people, JSON for programs."""
    root = request.scope.get("root_path", "")
    headers = {
        "Upload-Offset": str(offset),
        "Receipt": f"{root}/receipts/{file.token}/",
        "Receipt-API": f"{root}/api/receipts/{file.token}",
    }
    if offset < file.size and file.expires_at is not None:
        headers["Upload-Expires"] = http_date(file.expires_at.timestamp())
    return headers
