"""Server-sent events as they are written (WHATWG HTML, 9.2), and the answer of Django that a stream begins with."""

from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from uploads.services.visibility import Viewer

CONTENT_TYPE = "text/event-stream"
STREAM = "events"
"""Last word of the addresses of streams."""
RETRY_MS = 3_000
"""After so long a browser comes back by itself where a stream ended."""
FILE, FILES, BEAT = "file", "files", "beat"
"""Names of events: the state of one file, a whole list of files, and a sign of life."""
VIEWER = "uploads.event_viewer"
"""Among a scope's extensions: a function that is told as whom whoever asks sees files."""
_DATA = b"\ndata: "


def event(name: str, data: bytes, *, id_: str = "") -> bytes:
    """One event. ``data`` is JSON on one line; ``id_`` is what a browser names when it comes back."""
    mark = f"id: {id_}\n" if id_ else ""
    return f"{mark}event: {name}".encode() + _DATA + data + b"\n\n"


def beat() -> bytes:
    """An event and no comment: of comments no script hears, so that none would know a dead connection."""
    return event(BEAT, b"{}")


def retry() -> bytes:
    """What the first event begins with."""
    return f"retry: {RETRY_MS}\n".encode()


def data_in(body: bytes) -> bytes:
    """The JSON of the first event that ``in_events`` wrote."""
    return body.partition(_DATA)[2].rstrip(b"\n")


def id_of(data: bytes) -> str:
    """Equal states have one."""
    return sha256(data).hexdigest()[:16]


def in_events(
    name: str, view: Callable[..., Awaitable[HttpResponseBase]]
) -> Callable[..., Awaitable[HttpResponseBase]]:
    """The answer in JSON of a view as a stream of one event, which goes on where our web server has it. Elsewhere it
    ends, and a browser comes back for the next one."""

    @wraps(view)
    async def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = await view(request, *args, **kwargs)
        if found.status_code != HTTPStatus.OK or not isinstance(found, HttpResponse):
            return found
        data = found.content
        stream = HttpResponse(retry() + event(name, data, id_=id_of(data)), content_type=CONTENT_TYPE)
        stream.headers["Cache-Control"] = "no-store"
        stream.headers["X-Accel-Buffering"] = "no"  # nginx would keep events until there are some kilobytes
        return stream

    return answer


def tell_viewer(request: HttpRequest, viewer: Viewer) -> None:
    """Have a stream know whose new files belong to its list."""
    tell = getattr(request, "scope", {}).get("extensions", {}).get(VIEWER)
    if tell is not None:
        tell(viewer)
