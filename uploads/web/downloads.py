"""Send a file that is made while it is sent, or lies in the store, under a synchronous and an asynchronous server."""

import re
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass
from http import HTTPStatus

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from uploads.models import Load
from uploads.services.exporting.export import Export, Pieces, begun
from uploads.store.stored_files import read_range
from uploads.web.sentences.exports import words_not_kept

NOT_KEPT = "X-Words-Not-Kept"
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDownload:
    """A file that lies in the store."""

    name: str
    stored_as: str
    size: int
    media_type: str
    etag: str


def csv_download(request: HttpRequest, *, chunks: Generator[bytes], name: str) -> StreamingHttpResponse:
    """A CSV attachment called ``name``."""
    return _download(request, pieces=chunks, name=name, content_type="text/csv; charset=utf-8")


def export_download(request: HttpRequest, export: Export) -> StreamingHttpResponse:
    """A view of a dataset as a file."""
    charset = "; charset=utf-8" if export.media_type.startswith("text/") else ""
    return _download(request, pieces=export.pieces, name=export.name, content_type=f"{export.media_type}{charset}")


def as_in_file_download(request: HttpRequest, load: Load) -> StreamingHttpResponse:
    """The rows of a table as they stood in its file; what cannot be printed so is said in a header."""
    from uploads.services.exporting.as_in_file import export_table  # noqa: PLC0415 - it loads Arrow

    response = export_download(request, export_table(load))
    if not load.prints_back:
        response.headers[NOT_KEPT] = words_not_kept(load.file_id)
    return response


def stored_download(request: HttpRequest, stored: StoredDownload) -> HttpResponseBase:
    """All of a stored file, or the one range of it that is asked for: a download that broke off goes on.

    As RFC 9110 has it: what is no single range of bytes is not looked at, one that begins behind the end is a 416.
    """
    range_ = _range_asked(request, stored)
    if range_ is not None and range_.start >= stored.size:
        response: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response.headers["Content-Range"] = f"bytes */{stored.size}"
        return response
    sent = range_ or range(stored.size)
    pieces = begun(read_range(stored.stored_as, sent.start, sent.stop))
    response = _download(request, pieces=pieces, name=stored.name, content_type=stored.media_type)
    response.headers["Content-Length"] = str(len(sent))
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = stored.etag
    if range_ is not None:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {sent.start}-{sent.stop - 1}/{stored.size}"
    return response


def _range_asked(request: HttpRequest, stored: StoredDownload) -> range | None:
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", stored.etag) != stored.etag:
        return None
    first, last = found["first"], found["last"]
    if first:
        if last and int(last) < int(first):
            return None
        return range(int(first), min(int(last) + 1, stored.size) if last else stored.size)
    if not last:
        return None
    return range(max(0, stored.size - int(last)), stored.size) if int(last) else range(stored.size, stored.size)


def _download(request: HttpRequest, *, pieces: Pieces, name: str, content_type: str) -> StreamingHttpResponse:
    """Django would gather a synchronous iterator in memory under ASGI."""
    body = _OffTheLoop(pieces) if isinstance(request, ASGIRequest) else pieces
    response = StreamingHttpResponse(body, content_type=content_type)
    # Django quotes and encodes a name only for FileResponse; this one is made of letters that need neither.
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    response.headers["Cache-Control"] = "no-store"
    return response


class _OffTheLoop:
    """Pieces that are made in the request's thread, in which they were begun and have their session of the database.

    Django closes the response in that thread too, also when the client has gone away in the middle of a piece.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        following = sync_to_async(lambda: next(self._pieces, b""))
        while piece := await following():
            yield piece

    def close(self) -> None:
        self._pieces.close()
