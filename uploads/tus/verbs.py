"""The verbs of tus: parse → find → lock → check the offset → append → answer."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from django.conf import settings
from django.utils.http import http_date

from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.receiving.announcing import check_size
from uploads.services.receiving.uploads import Upload, learn_size, note_arrival, state_size
from uploads.store.spool import SpoolFile
from uploads.tabular.errors import UploaderError
from uploads.tus import digests
from uploads.tus.addresses import address_of, token_at
from uploads.tus.arriving import WRITE_BYTES, Moved, held, read_whole, take_in
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import OFFSET_TYPE, PARTIAL, Checksum, metadata_header
from uploads.tus.records import (
    create_part,
    create_upload,
    find_upload,
    give_up,
    hand_over,
    hand_over_again,
    in_database,
    in_joining,
    is_unfinished,
    join_uploads,
    metadata_of,
    parts_of,
    receive_whole,
)
from uploads.tus.threads import in_thread
from uploads.tus.wire import Request


async def create(request: Request, _: str) -> None:
    """POST: an upload of its own, a part, or the file that parts become."""
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
    if parts is None and size is not None and 0 < size <= WRITE_BYTES and headers.integer("Content-Length") == size:
        await _take_whole(request, size, checksum, metadata)
        return
    upload: Upload
    if parts is None:
        upload = await in_database(create_upload, request.django, size, metadata)
    else:
        upload = await in_database(create_part, request.django, size)
    offset = 0
    if request.has_body or size == 0:
        offset = await take_first_bytes(request, upload, checksum)
    await request.answer(
        201, {"Location": address_of(request.scope, upload.token), **standing(request, upload, offset)}
    )


async def _take_whole(request: Request, size: int, checksum: Checksum | None, metadata: dict[str, str]) -> None:
    """A small file that comes whole with its creation: one thread and one connection to the database do all of it."""
    content = await read_whole(request, size=size, checksum=checksum)
    file = await in_database(receive_whole, request.django, content, metadata)
    await request.answer(201, {"Location": address_of(request.scope, file.token), **standing(request, file, file.size)})


async def _join(request: Request, addresses: Sequence[str]) -> None:
    """A final upload: its bytes are those of the parts. Asked again, for the answer was lost, it is the same one."""
    if request.has_body or request.headers.has("Upload-Length") or request.headers.has("Upload-Defer-Length"):
        raise Refused(Refusal.BAD_HEADER, "A final upload has no bytes and no length of its own.")
    tokens = [token_at(request.scope, address) for address in addresses]
    file = await in_joining(join_uploads, request.django, tokens, request.headers.metadata())
    await request.answer(201, {"Location": address_of(request.scope, file.token), **standing(request, file, file.size)})


async def take_first_bytes(
    request: Request, upload: Upload, checksum: Checksum | None = None, *, is_last: bool = False
) -> int:
    """The bytes that came with the creation. If they fail the sender never learns the address: the upload goes too."""
    try:
        return await take_bytes(request, upload, 0, checksum, is_last=is_last)
    except (Refused, UploaderError, Disconnected):
        await in_database(give_up, upload, "cancelled: its first bytes could not be received")
        raise


async def append(request: Request, token: str) -> None:
    """PATCH: bytes at the offset that the sender believes to be the next."""
    headers = request.headers
    if headers.content_type() != OFFSET_TYPE:
        raise Refused(Refusal.BAD_TYPE)
    offset = headers.integer("Upload-Offset")
    if offset is None:
        raise Refused(Refusal.BAD_HEADER, "The header Upload-Offset is missing.")
    checksum = headers.checksum()
    upload = await in_database(find_upload, request.django, token)
    try:
        offset = await take_bytes(request, upload, offset, checksum)
    except Moved:
        upload = await finished(request, upload)
        if await in_database(parts_of, upload):
            raise Refused(Refusal.FINAL) from None
        if offset != upload.size or request.has_body:
            raise Refused(Refusal.BAD_OFFSET) from None
    await request.answer(204, standing(request, upload, offset))


async def take_bytes(
    request: Request, upload: Upload, offset: int, checksum: Checksum | None = None, *, is_last: bool = False
) -> int:
    """Append the request's body at ``offset``; the last byte hands a file over to the workers.

    ``is_last``: the upload ends where this body does, whatever its size was said to be.
    """

    async def note(received: int) -> None:
        await in_database(note_arrival, upload=upload, received=received)

    if not is_unfinished(upload):
        raise Moved
    async with _written(upload, request) as arriving:
        if arriving.size != offset:
            raise Refused(
                Refusal.BAD_OFFSET,
                f"The upload stands at byte {arriving.size}, not at {offset}.",
                expected=arriving.size,
                provided=offset,
            )
        await _note_size(request, upload, offset)
        length = request.headers.integer("Content-Length") or 0
        if not upload.size_known:
            check_size(offset + length)
        room = (upload.size if upload.size_known else settings.MAX_FILE_SIZE) - offset
        if length > room:
            raise Refused(Refusal.TOO_LONG)
        if is_last and request.headers.has("Content-Length"):
            _check_end(upload, offset + length)
        offset = await take_in(request, arriving, room=room, checksum=checksum, note=note)
        if is_last:
            _check_end(upload, offset)
            if not upload.size_known:
                await in_database(state_size, upload=upload, size=offset)
        if upload.size_known and offset == upload.size:
            await hand_over(upload, digests.take(upload.stored_as, at=offset))
        else:
            await note(offset)
    return offset


@asynccontextmanager
async def _written(upload: Upload, request: Request) -> AsyncIterator[SpoolFile]:
    """Its spool file, as the only writer; what a request before this one said of its size is known then."""
    async with held(upload.stored_as, request) as arriving:
        if not upload.size_known:
            await in_database(learn_size, upload=upload)
        yield arriving


def _check_end(upload: Upload, offset: int) -> None:
    if upload.size_known and offset != upload.size:
        raise Refused(Refusal.BAD_LENGTH, f"The upload is to have {upload.size} bytes, and would end at {offset}.")


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


async def state_offset(request: Request, token: str) -> None:
    """HEAD: how far it is."""
    upload, offset = await find_offset(request, token)
    headers = {"Upload-Length": str(upload.size)} if upload.size_known else {"Upload-Defer-Length": "1"}
    if isinstance(upload, PartialUpload):
        headers["Upload-Concat"] = PARTIAL
    else:
        headers["Upload-Metadata"] = metadata_header(metadata_of(upload))
        if parts := await in_database(parts_of, upload):
            headers["Upload-Concat"] = f"final;{' '.join(address_of(request.scope, part) for part in parts)}"
    await request.answer(200, {**headers, **standing(request, upload, offset)})


async def find_offset(request: Request, token: str) -> tuple[Upload, int]:
    """The offset as it is on disk, forced there; an upload that is whole but was never handed over is, now."""
    upload: Upload = await in_database(find_upload, request.django, token)
    offset = upload.size
    if is_unfinished(upload):
        try:
            async with _written(upload, request) as arriving:
                offset = await in_thread(arriving.sync)
                if upload.size_known and offset == upload.size:
                    await hand_over(upload)
        except Moved:
            upload = await finished(request, upload)
            offset = upload.size
    return upload, offset


async def terminate(request: Request, token: str) -> None:
    """DELETE: its bytes go, while it isn't whole yet."""
    upload = await in_database(find_upload, request.django, token)
    if not is_unfinished(upload):
        raise Refused(Refusal.RECEIVED)
    try:
        async with held(upload.stored_as, request):
            await in_database(give_up, upload)
    except (Moved, StateConflict):
        await finished(request, upload)
        raise Refused(Refusal.RECEIVED) from None
    await request.answer(204, {})


async def finished(request: Request, upload: Upload) -> Upload:
    """The upload whose spool file is gone; one whose hand-over was cut off by a crash is handed over now."""
    if isinstance(upload, UploadedFile):
        await hand_over_again(upload)
    found: Upload = await in_database(find_upload, request.django, upload.token)
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


VERBS = {"POST": create, "HEAD": state_offset, "PATCH": append, "DELETE": terminate}
