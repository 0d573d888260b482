"""Error pages: what happened, the way out, and the reference under which the log has it.

From 500 on they are rendered without the request, so that they appear when the database or a session is what failed;
below that they say who is signed in, as every page does.
"""

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from uploads.database.sessions import is_away
from uploads.services.errors import DatasetNotFound, UnknownParameter
from uploads.tabular.errors import UploaderError
from uploads.web.http_status import COME_BACK, RETRY_AFTER_SECONDS, seconds_of, status_of
from uploads.web.request_id import current_reference

logger = logging.getLogger(__name__)

TITLES: dict[int, str] = {
    400: "That request cannot be used",
    401: "Please sign in",
    403: "You may not do that",
    404: "There is nothing here",
    405: "That is not possible here",
    409: "That is not possible right now",
    410: "That upload is gone",
    413: "That is too large",
    422: "That file cannot be loaded",
    429: "Too much at once",
    500: "Something went wrong",
    502: "Signing in does not work right now",
    503: "Busy right now",
    507: "The server is full",
}
AWAY = "The database does not answer."
SIGN_IN_HELPS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.BAD_GATEWAY)
FORGED = (
    "The form did not come from a page of this site, or the page was open for too long.",
    "Go back, reload the page and try again. Cookies must be allowed for this site.",
)


def error_page(
    *,
    status: int,
    message: str,
    hint: str = "",
    way_back: str = "",
    request: HttpRequest | None = None,
    offers_sign_in: bool = True,
    is_no_dataset: bool = False,
    may_retry: bool = True,
) -> HttpResponse:
    """The page for any error; where another account may help, with the way to sign in and back to ``request``.

    ``may_retry``: of a busy site, whether the same address may be asked once more. ``way_back`` is one that would have
    worked; where ``is_no_dataset``, the list of datasets helps.
    """
    status = int(status)
    # whether another account would see it is said of none, and so of all
    may_be_hidden = is_no_dataset and not getattr(getattr(request, "user", None), "is_authenticated", False)
    shows_person = status < HTTPStatus.INTERNAL_SERVER_ERROR and hasattr(request, "user")
    text = render_to_string(
        "error.html",
        {
            "status": status,
            "title": TITLES.get(status, HTTPStatus(status).phrase),
            "message": message,
            "hint": hint,
            "way_back": way_back,
            "is_no_dataset": is_no_dataset,
            "may_retry": may_retry and status == HTTPStatus.SERVICE_UNAVAILABLE,
            "reference": current_reference(),
            "sign_in": _sign_in(request) if offers_sign_in and (status in SIGN_IN_HELPS or may_be_hidden) else "",
        },
        request=request if shows_person else None,
    )
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store"
    if status in COME_BACK:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _sign_in(request: HttpRequest | None) -> str:
    """Where to sign in and come back: to the page that was asked for, or the one whose form was sent."""
    back = reverse("upload")
    if request is not None and request.path.startswith(reverse("sign-in")):
        return reverse("sign-in")  # what a provider sent somebody back to works once
    if request is not None and request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    elif request is not None:
        came_from = request.headers.get("Referer", "")
        if came_from.startswith(f"{request.scheme}://{request.get_host()}/"):
            back = came_from.removeprefix(f"{request.scheme}://{request.get_host()}")
    return f"{reverse('sign-in')}?{urlencode({'next': back})}"


def refused(error: UploaderError, request: HttpRequest | None = None) -> HttpResponse:
    """The page for what a service refuses."""
    way_back = error.way_back if isinstance(error, UnknownParameter) else ""
    page = error_page(
        status=status_of(error),
        message=error.message,
        hint=error.hint,
        way_back=way_back,
        request=request,
        is_no_dataset=isinstance(error, DatasetNotFound),
    )
    if page.status_code in COME_BACK:
        page.headers["Retry-After"] = str(seconds_of(error))
    return page


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        status=403,
        message="Your account does not allow this.",
        hint="Sign in with another account, or ask an administrator.",
        request=request,
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        status=404,
        message="No page has this address.",
        hint="Check that the address is complete, or begin at the start.",
        request=request,
    )


def come_back(request: HttpRequest) -> str:
    """What is to be done while the database is away."""
    return "Look whether it was done, and try again in a moment." if _is_act(request) else "Try again in a moment."


def _is_act(request: HttpRequest) -> bool:
    return request.method not in ("GET", "HEAD")


def _unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    logger.error("%s %s: the database did not answer: %s", request.method, request.path, error)
    return error_page(status=503, message=AWAY, hint=come_back(request), may_retry=not _is_act(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """After a form that was to do something, nobody knows how far it came."""
    error = sys.exc_info()[1]  # Django calls this while it handles the error
    if error is not None and is_away(error):
        return _unavailable(request, error)
    is_act = _is_act(request)
    known = "We don’t know whether it happened." if is_act else "Nothing that was loaded before is affected."
    way_out = "Go back and reload the page to see." if is_act else "Try again."
    return error_page(
        status=500,
        message=f"Nobody foresaw this. {known}",
        hint=f"{way_out} If it happens again, tell the people who run this site the reference below.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    logger.warning("forged or outdated form: %s", reason)
    message, hint = FORGED
    return error_page(status=403, message=message, hint=hint, request=request, offers_sign_in=False)


def _in_words(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page for a wrong method, of which Django says nothing but the number; and when to come back, with any page that
    is refused for now."""
    if response.status_code in COME_BACK:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    if not isinstance(response, HttpResponseNotAllowed) or response.content:
        return response
    page = error_page(
        status=response.status_code,
        message="This address cannot be asked in that way.",
        hint=f"Possible: {response.headers['Allow']}.",
    )
    page.headers["Allow"] = response.headers["Allow"]
    return page


class ErrorPages:
    """Turns what a service refuses into its page; the API answers its own errors before they come here."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self.answer_async(request)
        return _in_words(request, self.get_response(request))

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        return _in_words(request, await self.get_response(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, UploaderError):
            return refused(exception, request)
        return _unavailable(request, exception) if is_away(exception) else None
