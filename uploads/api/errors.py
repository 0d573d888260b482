"""One handler for everything that goes wrong under ``/api/``: ``{"error": {"code", "message", "hint"}}``."""

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from uploads.api.callers import is_browser
from uploads.api.not_found import SEE_DOCS, not_found
from uploads.database.sessions import is_away
from uploads.tabular.errors import UploaderError
from uploads.web.error_json import challenge_of, error_json
from uploads.web.error_pages import AWAY, come_back
from uploads.web.http_status import COME_BACK, STATUS, seconds_of, status_of
from uploads.web.limits.unreadable import UNREADABLE, refuse, unreadable
from uploads.web.request_id import current_reference

logger = logging.getLogger(__name__)


def install_handlers(api: NinjaAPI) -> None:
    """Replace ninja's handlers, whose answers have another shape."""
    api.add_exception_handler(UploaderError, _refuse)
    api.add_exception_handler(ValidationError, _bad_request)
    api.add_exception_handler(HttpError, _unreadable)
    for kind in UNREADABLE:
        api.add_exception_handler(kind, _misread)
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(Exception, _bug)


def _refuse(request: HttpRequest, error: UploaderError | type[UploaderError]) -> HttpResponse:
    if isinstance(error, type):
        raise TypeError("an error must be raised with its message")
    response = error_json(code=error.code, message=error.message, hint=error.hint, status=status_of(error))
    if response.status_code in COME_BACK:
        response.headers["Retry-After"] = str(seconds_of(error))
    challenge = challenge_of(error, offers_basic=settings.HTTP_BASIC and not is_browser(request))
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    return response


def _bad_request(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    details = [] if isinstance(error, type) else error.errors
    words = "; ".join(f"{'.'.join(map(str, detail['loc'][1:]))}: {detail['msg']}" for detail in details)
    return error_json(
        code="bad_request",
        message=f"The request can't be used. {words}".rstrip(),
        hint=SEE_DOCS,
        status=STATUS["bad_request"],
    )


def _unreadable(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """A body that is no JSON, all that ninja itself refuses."""
    return error_json(
        code="bad_request",
        message="The body is not JSON that can be read.",
        hint=SEE_DOCS,
        status=STATUS["bad_request"],
    )


def _misread(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Whoever asks for the body first hears of it: the check of a browser's token does, before any operation."""
    if isinstance(error, type):
        raise TypeError("an error must be raised with what it is about")
    return refuse(request, unreadable(error))


def _bug(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    if isinstance(error, Exception) and is_away(error):
        logger.error("%s %s: the database did not answer: %s", request.method, request.path, error)
        return error_json(code="unavailable", message=AWAY, hint=come_back(request), status=STATUS["unavailable"])
    logger.error("%s %s failed", request.method, request.path, exc_info=error if isinstance(error, Exception) else None)
    return internal_error(request)


def internal_error(request: HttpRequest) -> HttpResponse:
    """The answer to a bug: nothing of its inside, but the reference under which the log has it."""
    reference = current_reference()
    return error_json(
        code="internal_error",
        message="Something went wrong that nobody foresaw.",
        hint=f"Tell the people who run this site the reference {reference}: the log has the details under it.",
        status=STATUS["internal_error"],
        reference=reference,
    )


def finished(view: Callable[..., Awaitable[HttpResponseBase]]) -> Callable[..., Awaitable[HttpResponseBase]]:
    """What every answer has: no cache keeps it, and a wrong method is told in JSON (ninja has plain text for it)."""

    @wraps(view)
    async def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = await view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        refusal = error_json(
            code="method_not_allowed",
            message=f"{request.method} is not possible at {request.path}.",
            hint=f"Possible: {response.headers['Allow']}.",
            status=STATUS["method_not_allowed"],
        )
        refusal.headers["Allow"] = response.headers["Allow"]
        return refusal

    return answer
