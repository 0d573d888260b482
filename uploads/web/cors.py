"""What pages of other sites may send and read here (CORS): uploads and the API, for the origins in ``CORS_ORIGINS``.

No cookie comes along and none is honoured: browsers are never told that credentials are allowed, so such a page acts
as nobody, or by a token that it was given. Ours, for django-cors-headers is a middleware of Django, which no tus
request reaches.
"""

import re

from django.conf import settings

from uploads.web.asgi import ASGIApp, Message, Receive, Scope, Send, first_part

OPEN_TO_OTHERS = frozenset({"api", "files"})
"""First part of the paths that other sites may ask; pages, admin and forms are none of them."""
ALLOWED_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
ALLOWED_HEADERS = ", ".join(
    (
        "Authorization",
        "Content-Type",
        "If-Modified-Since",
        "If-None-Match",
        "Last-Event-ID",
        "Range",
        "Tus-Resumable",
        "Upload-Checksum",
        "Upload-Complete",
        "Upload-Concat",
        "Upload-Defer-Length",
        "Upload-Draft-Interop-Version",
        "Upload-Length",
        "Upload-Metadata",
        "Upload-Offset",
        "X-HTTP-Method-Override",
        "X-Request-ID",
        "X-Requested-With",
    )
)
EXPOSED_HEADERS = ", ".join(
    (
        "Content-Disposition",
        "Content-Range",
        "ETag",
        "Link",
        "Location",
        "Receipt",
        "Receipt-API",
        "Retry-After",
        "Tus-Checksum-Algorithm",
        "Tus-Extension",
        "Tus-Max-Size",
        "Tus-Resumable",
        "Tus-Version",
        "Upload-Complete",
        "Upload-Concat",
        "Upload-Defer-Length",
        "Upload-Draft-Interop-Version",
        "Upload-Expires",
        "Upload-Length",
        "Upload-Limit",
        "Upload-Metadata",
        "Upload-Offset",
        "WWW-Authenticate",
        "X-Request-ID",
    )
)
_SUBDOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
PREFLIGHT_SECONDS = 7200
"""How long a browser may remember the answer; Chromium keeps none longer."""


def allows_origin(origin: str) -> bool:
    """Whether pages of this origin may send files and call the API."""
    return any(_matches(origin, allowed) for allowed in settings.CORS_ORIGINS)


def _matches(origin: str, allowed: str) -> bool:
    if allowed == "*" or origin.lower() == allowed.lower():
        return True
    scheme, star, rest = allowed.lower().partition("://*.")
    said, _, host = origin.lower().partition("://")
    subdomain = host.removesuffix(f".{rest}")
    return bool(star) and said == scheme and subdomain != host and _SUBDOMAIN.fullmatch(subdomain) is not None


def with_cors(app: ASGIApp) -> ASGIApp:
    """Answer the preflights of allowed origins, and mark what they may read."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not settings.CORS_ORIGINS or first_part(scope) not in OPEN_TO_OTHERS:
            await app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        marks = _marks(asked.get(b"origin", b"").decode("latin-1"))

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *marks]}
            await send(message)

        if scope["method"] == "OPTIONS" and b"access-control-request-method" in asked and len(marks) > 1:
            await send_marked({"type": "http.response.start", "status": 204, "headers": _preflight()})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send_marked)

    return answer


def _marks(origin: str) -> list[tuple[bytes, bytes]]:
    is_for_all = "*" in settings.CORS_ORIGINS
    marks = [] if is_for_all else [("Vary", "Origin")]
    if origin and allows_origin(origin):
        marks.append(("Access-Control-Allow-Origin", "*" if is_for_all else origin))
        marks.append(("Access-Control-Expose-Headers", EXPOSED_HEADERS))
    return _encoded(marks)


def _preflight() -> list[tuple[bytes, bytes]]:
    return _encoded(
        [
            ("Access-Control-Allow-Methods", ALLOWED_METHODS),
            ("Access-Control-Allow-Headers", ALLOWED_HEADERS),
            ("Access-Control-Max-Age", str(PREFLIGHT_SECONDS)),
        ]
    )


def _encoded(fields: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in fields]
