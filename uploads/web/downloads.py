"""Send a file that is made while it is sent, under a synchronous and an asynchronous server alike."""

from collections.abc import AsyncIterator, Generator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

from uploads.services.exporting.export import Export, Pieces


def csv_download(request: HttpRequest, *, chunks: Generator[bytes], name: str) -> StreamingHttpResponse:
    """A CSV attachment called ``name``."""
    return _download(request, pieces=chunks, name=name, content_type="text/csv; charset=utf-8")


def export_download(request: HttpRequest, export: Export) -> StreamingHttpResponse:
    """A view of a dataset as a file."""
    charset = "; charset=utf-8" if export.media_type.startswith("text/") else ""
    return _download(request, pieces=export.pieces, name=export.name, content_type=f"{export.media_type}{charset}")


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
