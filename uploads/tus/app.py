"""The tus endpoint ``/files/``: one method for each verb, parse → find → lock → check the offset → append → answer.

A browser sends the header ``Tus-Resumable`` to a foreign site only after a preflight, which is answered for the
origins in ``CORS_ORIGINS`` alone, and never so that cookies may come along: with the check of the host's name, that
makes forged requests impossible without a token.
"""

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.http import http_date

from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.receiving.announcing import check_size
from uploads.services.receiving.uploads import Upload, note_arrival, state_size
from uploads.tabular.errors import UploaderError
from uploads.tus.addresses import address_of, token_in
from uploads.tus.arriving import Moved, held, take_in
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import ALGORITHMS, OFFSET_TYPE, PARTIAL, Checksum, metadata_header
from uploads.tus.records import (
    check_host,
    check_query,
    create_part,
    create_upload,
    find_upload,
    finish,
    give_up,
    in_database,
    in_thread,
    is_unfinished,
    join_uploads,
    metadata_of,
    parts_of,
)
from uploads.tus.wire import Request
from uploads.web.asgi import Receive, Scope, Send
from uploads.web.error_json import challenge_of
from uploads.web.http_status import STATUS, status_of

logger = logging.getLogger(__name__)

EXTENSIONS = "creation,creation-with-upload,creation-defer-length,checksum,expiration,termination,concatenation"
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
    return token_in(request.scope, request.scope["path"])


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
    parts = headers.concatenation()
    if parts:
        await _join(request, parts)
        return
    size = headers.stated_size()
    if request.has_body and headers.content_type() != OFFSET_TYPE:
        raise Refused(Refusal.BAD_TYPE)
    if size is not None and (headers.integer("Content-Length") or 0) > size:
        raise Refused(Refusal.TOO_LONG)
    checksum, metadata = headers.checksum(), headers.metadata()
    upload: Upload
    if parts is None:
        upload = await in_database(create_upload, request.scope, size, metadata)
    else:
        upload = await in_database(create_part, request.scope, size)
    offset = 0
    if request.has_body or size == 0:
        offset = await _first_bytes(request, upload, checksum)
    await request.answer(
        201, {"Location": address_of(request.scope, upload.token), **standing(request, upload, offset)}
    )


async def _join(request: Request, addresses: Sequence[str]) -> None:
    """A final upload: its bytes are those of the parts. Asked again, for the answer was lost, it is the same one."""
    if request.has_body or request.headers.has("Upload-Length") or request.headers.has("Upload-Defer-Length"):
        raise Refused(Refusal.BAD_HEADER, "A final upload has no bytes and no length of its own.")
    tokens = [token_in(request.scope, urlsplit(address).path) for address in addresses]
    file = await in_database(join_uploads, request.scope, tokens, request.headers.metadata())
    await request.answer(201, {"Location": address_of(request.scope, file.token), **standing(request, file, file.size)})


async def _first_bytes(request: Request, upload: Upload, checksum: Checksum | None) -> int:
    """The bytes that came with the creation. If they fail the sender never learns the address: the upload goes too."""
    try:
        return await _take_in(request, upload, 0, checksum)
    except (Refused, UploaderError, Disconnected):
        await in_database(give_up, upload, "cancelled: its first bytes could not be received")
        raise


async def _append(request: Request, token: str) -> None:
    headers = request.headers
    if headers.content_type() != OFFSET_TYPE:
        raise Refused(Refusal.BAD_TYPE)
    offset = headers.integer("Upload-Offset")
    if offset is None:
        raise Refused(Refusal.BAD_HEADER, "The header Upload-Offset is missing.")
    checksum = headers.checksum()
    upload = await in_database(find_upload, request.scope, token)
    try:
        offset = await _take_in(request, upload, offset, checksum)
    except Moved:
        upload = await _finished(request, upload)
        if await in_database(parts_of, upload):
            raise Refused(Refusal.FINAL) from None
        if offset != upload.size or request.has_body:
            raise Refused(Refusal.BAD_OFFSET) from None
    await request.answer(204, standing(request, upload, offset))


async def _take_in(request: Request, upload: Upload, offset: int, checksum: Checksum | None) -> int:
    """Append the request's body at ``offset``; the last byte hands a file over to the workers."""

    async def note(received: int) -> None:
        await in_database(note_arrival, upload=upload, received=received)

    if not is_unfinished(upload):
        raise Moved
    async with held(upload.stored_as, request) as arriving:
        if arriving.size != offset:
            raise Refused(Refusal.BAD_OFFSET, f"The upload stands at byte {arriving.size}, not at {offset}.")
        await _note_size(request, upload, offset)
        length = request.headers.integer("Content-Length") or 0
        if not upload.size_known:
            check_size(offset + length)
        room = (upload.size if upload.size_known else settings.MAX_FILE_SIZE) - offset
        if length > room:
            raise Refused(Refusal.TOO_LONG)
        offset = await take_in(request, arriving, room=room, checksum=checksum, note=note)
        if upload.size_known and offset == upload.size:
            await in_database(finish, upload)
        else:
            await note(offset)
    return offset


async def _note_size(request: Request, upload: Upload, offset: int) -> None:
    """The size of the whole, which a request says where it was not said at the beginning."""
    size = request.headers.integer("Upload-Length")
    if size is None:
        return
    if upload.size_known and size != upload.size:
        raise Refused(Refusal.BAD_HEADER, f"The upload has {upload.size} bytes, as was said before, not {size}.")
    if size < offset:
        raise Refused(Refusal.BAD_HEADER, f"The upload has {offset} bytes already, more than {size}.")
    if not upload.size_known:
        await in_database(state_size, upload=upload, size=size)


async def _state_offset(request: Request, token: str) -> None:
    """The offset as it is on disk, forced there; an upload that is whole but was never handed over is, now."""
    upload = await in_database(find_upload, request.scope, token)
    offset = upload.size
    if is_unfinished(upload):
        try:
            async with held(upload.stored_as, request) as arriving:
                offset = await in_thread(arriving.sync)
                if upload.size_known and offset == upload.size:
                    await in_database(finish, upload)
        except Moved:
            upload = await _finished(request, upload)
            offset = upload.size
    headers = {"Upload-Length": str(upload.size)} if upload.size_known else {"Upload-Defer-Length": "1"}
    if isinstance(upload, PartialUpload):
        headers["Upload-Concat"] = PARTIAL
    else:
        headers["Upload-Metadata"] = metadata_header(metadata_of(upload))
        if parts := await in_database(parts_of, upload):
            headers["Upload-Concat"] = f"final;{' '.join(address_of(request.scope, part) for part in parts)}"
    await request.answer(200, {**headers, **standing(request, upload, offset)})


async def _terminate(request: Request, token: str) -> None:
    upload = await in_database(find_upload, request.scope, token)
    if not is_unfinished(upload):
        raise Refused(Refusal.RECEIVED)
    try:
        async with held(upload.stored_as, request):
            await in_database(give_up, upload)
    except (Moved, StateConflict):
        await _finished(request, upload)
        raise Refused(Refusal.RECEIVED) from None
    await request.answer(204, {})


async def _finished(request: Request, upload: Upload) -> Upload:
    """The upload whose spool file is gone; one whose hand-over was cut off by a crash is handed over now."""
    if isinstance(upload, UploadedFile):
        await in_database(finish, upload)
    found: Upload = await in_database(find_upload, request.scope, upload.token)
    if is_unfinished(found):
        raise Refused(Refusal.GONE)  # a part whose bytes were lost
    return found


def standing(request: Request, upload: Upload, offset: int) -> dict[str, str]:
    """Where the upload stands, and where its receipt is: a page for people, JSON for programs. A part has none."""
    root = request.scope.get("root_path", "")
    headers = {"Upload-Offset": str(offset)}
    if isinstance(upload, UploadedFile):
        headers["Receipt"] = f"{root}/receipts/{upload.token}/"
        headers["Receipt-API"] = f"{root}/api/receipts/{upload.token}"
    is_whole = upload.size_known and offset == upload.size
    if is_unfinished(upload) and upload.expires_at is not None and (isinstance(upload, PartialUpload) or not is_whole):
        headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return headers
