"""Resumable uploads as the IETF's draft has them (draft-ietf-httpbis-resumable-upload-03 and -05, which tus-js-client
speaks): the verbs of tus with other headers.

``Upload-Complete`` says whether a body is the last of its upload, so that no size need be known. The interim answer
104 by which a client learns an upload's address before its end is not sent: ASGI has no way to send one, and the draft
does not ask for it; clients that need to go on after a cut begin with an empty body.
"""

from typing import Any, Literal

from django.conf import settings

from uploads.models import PartialUpload
from uploads.services.receiving.uploads import Upload
from uploads.tus.addresses import address_of
from uploads.tus.arriving import Moved
from uploads.tus.errors import Refusal, Refused
from uploads.tus.records import create_upload, find_upload, in_database
from uploads.tus.verbs import find_offset, finished, standing, take_bytes, take_first_bytes, terminate
from uploads.tus.wire import Request

VERSION_HEADER = "Upload-Draft-Interop-Version"
VERSIONS = ("5", "6")
"""Of the drafts 03 and 05."""
BODY_TYPE = "application/partial-upload"
BODY_TYPE_SINCE = "6"
_PROBLEM = "https://iana.org/assignments/http-problem-types#"
PROBLEMS = {
    Refusal.BAD_OFFSET: "mismatching-upload-offset",
    Refusal.COMPLETED: "completed-upload",
    Refusal.BAD_LENGTH: "inconsistent-upload-length",
}


def is_spoken(request: Request) -> bool:
    """Whether the request is of the draft; its answer is then, too. Raises ``Refused`` for a version not known here."""
    version = request.headers.one(VERSION_HEADER)
    if version is None:
        return False
    if version not in VERSIONS:
        raise Refused(
            Refusal.BAD_VERSION, f"Of the draft the interop versions {' and '.join(VERSIONS)} are known here."
        )
    request.marks = {VERSION_HEADER: version}
    return True


def described() -> dict[str, str]:
    """What OPTIONS says of it."""
    return {"Accept-Patch": f"application/offset+octet-stream, {BODY_TYPE}", "Upload-Limit": _limit()}


def _limit() -> str:
    return f"max-size={settings.MAX_FILE_SIZE}"


def problem(request: Request, refused: Refused) -> dict[str, Any]:
    """What the draft has in the body of an answer to a request that could not be carried out (RFC 9457)."""
    if VERSION_HEADER not in request.marks or refused.refusal not in PROBLEMS:
        return {}
    told = {"type": _PROBLEM + PROBLEMS[refused.refusal], "title": refused.message, "status": refused.refusal.status}
    return {**told, **{f"{name}-offset": value for name, value in refused.facts.items()}}


async def create(request: Request, _: str) -> None:
    """POST: an upload, with its first bytes or all of them."""
    headers = request.headers
    is_last = headers.flag("Upload-Complete") is not False
    size, length = headers.integer("Upload-Length"), headers.integer("Content-Length")
    if size is None and is_last:
        size = length or 0 if not headers.has("Transfer-Encoding") else None
    if size is not None and (length or 0) > size:
        raise Refused(Refusal.TOO_LONG)
    upload = await in_database(create_upload, request.django, size, headers.metadata())
    offset = 0
    if request.has_body or is_last or size == 0:
        offset = await take_first_bytes(request, upload, is_last=is_last)
    told = {"Location": address_of(request.scope, upload.token), "Upload-Limit": _limit()}
    await request.answer(201, {**told, **_standing(request, upload, offset)})


async def append(request: Request, token: str) -> None:
    """PATCH: bytes at an offset, perhaps the last ones."""
    headers = request.headers
    if request.marks[VERSION_HEADER] >= BODY_TYPE_SINCE and headers.content_type() != BODY_TYPE:
        raise Refused(Refusal.BAD_TYPE, f"The body must be {BODY_TYPE}.")
    offset = headers.integer("Upload-Offset")
    if offset is None:
        raise Refused(Refusal.BAD_HEADER, "The header Upload-Offset is missing.")
    is_last = bool(headers.flag("Upload-Complete"))
    upload = await in_database(find_upload, request.django, token)
    if isinstance(upload, PartialUpload):
        raise Refused(Refusal.NOT_FOUND)
    try:
        offset = await take_bytes(request, upload, offset, is_last=is_last)
    except Moved:
        upload = await finished(request, upload)
        if offset != upload.size or request.has_body:
            raise Refused(Refusal.COMPLETED) from None
    await request.answer(204, _standing(request, upload, offset))


async def state_offset(request: Request, token: str) -> None:
    """HEAD: how far it is."""
    upload, offset = await find_offset(request, token)
    told = {"Upload-Length": str(upload.size)} if upload.size_known else {}
    await request.answer(204, {**told, "Upload-Limit": _limit(), **_standing(request, upload, offset)})


def _standing(request: Request, upload: Upload, offset: int) -> dict[str, str]:
    complete: Literal["?1", "?0"] = "?1" if upload.size_known and offset == upload.size else "?0"
    return {**standing(request, upload, offset), "Upload-Complete": complete}


VERBS = {"POST": create, "HEAD": state_offset, "PATCH": append, "DELETE": terminate}
