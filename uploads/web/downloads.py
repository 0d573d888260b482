"""Send a file that is made while it is sent, under a synchronous and an asynchronous server alike."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse


def csv_download(request: HttpRequest, *, chunks: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A CSV attachment called ``name``. Django would gather a synchronous iterator in memory under ASGI."""
    body = _off_the_loop(chunks) if isinstance(request, ASGIRequest) else chunks
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    # Django quotes and encodes a name only for FileResponse; this one is made of letters that need neither.
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    response.headers["Cache-Control"] = "no-store"
    return response


async def _off_the_loop(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(lambda: next(chunks, b""))
    while chunk := await following():
        yield chunk
