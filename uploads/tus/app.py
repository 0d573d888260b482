"""The endpoint ``/files/``: resumable uploads by tus 1.0.0, and by the draft that the IETF makes of it.

A browser sends the header ``Tus-Resumable``, or that of the draft's version, to a foreign site only after a preflight,
which is answered for the origins in ``CORS_ORIGINS`` alone, and never so that cookies may come along: with the check of
the host's name, that makes forged requests impossible without a token.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import OperationalError

from uploads.database.sessions import is_away
from uploads.tabular.errors import UploaderError
from uploads.tus import draft, verbs
from uploads.tus.addresses import token_in
from uploads.tus.errors import Disconnected, Refusal, Refused
from uploads.tus.headers import ALGORITHMS
from uploads.tus.records import check_host, check_query
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
        await _answer_error(
            request, told.status, told.code, refused.message, told.hint, facts=draft.problem(request, refused)
        )
    except UploaderError as error:
        await _answer_error(
            request,
            status_of(error),
            error.code,
            error.message,
            error.hint,
            challenge=challenge_of(error),
            seconds=getattr(error, "seconds", 1),
        )
    except OperationalError as error:
        if not is_away(error):
            raise
        logger.exception("the database did not answer")
        await _answer_error(
            request, STATUS["unavailable"], "unavailable", "The database does not answer.", "Try again in a moment."
        )


async def _answer_error(
    request: Request,
    status: int,
    code: str,
    message: str,
    hint: str,
    *,
    challenge: str = "",
    facts: dict[str, Any] | None = None,
    seconds: int = 1,
) -> None:
    if request.answered:
        return
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    if status == Refusal.BAD_VERSION.status:
        headers["Tus-Version"] = "1.0.0"
    if status in (423, 429, 503):
        headers["Retry-After"] = str(seconds)
    if status == Refusal.BAD_METHOD.status:
        headers["Allow"] = ", ".join(UPLOAD_VERBS if _token(request) else COLLECTION_VERBS)
    error = {"error": {"code": code, "message": message, "hint": hint}, **(facts or {})}
    if facts:
        headers["Content-Type"] = "application/problem+json"
    await request.answer(status, headers, None if request.scope["method"] == "HEAD" else error)


def _token(request: Request) -> str:
    return token_in(request.scope, request.scope["path"])


async def _respond(request: Request) -> None:
    check_host(request.django)
    check_query(request.scope)
    verb = _verb(request)
    token = _token(request)
    if verb not in (UPLOAD_VERBS if token else COLLECTION_VERBS):
        raise Refused(Refusal.BAD_METHOD)
    if verb == "OPTIONS":
        await _describe(request)
        return
    if draft.is_spoken(request):
        protocol = draft.VERBS
    elif request.headers.one("Tus-Resumable") == "1.0.0":
        protocol = verbs.VERBS
    else:
        raise Refused(Refusal.BAD_VERSION)
    await protocol[verb](request, token)


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
            **draft.described(),
        },
    )
