"""Error pages: what happened, the way out, and the reference under which the log has it.

They are rendered without the request, so that they appear when the database or a session is what failed.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from uploads.tabular.errors import UploaderError
from uploads.web.http_status import RETRY_AFTER_SECONDS, status_of
from uploads.web.request_id import current_reference

logger = logging.getLogger(__name__)

TITLES: dict[int, str] = {
    400: "That request cannot be used",
    401: "Please sign in",
    403: "You may not do that",
    404: "There is nothing here",
    405: "That is not possible here",
    409: "That is not possible right now",
    413: "That is too large",
    429: "Too much at once",
    500: "Something went wrong",
    503: "Busy right now",
    507: "The server is full",
}
FORGED = (
    "The form did not come from a page of this site, or the page was open for too long.",
    "Go back, reload the page and try again. Cookies must be allowed for this site.",
)


def error_page(*, status: int, message: str, hint: str = "") -> HttpResponse:
    """The page for any error."""
    text = render_to_string(
        "error.html",
        {
            "status": int(status),
            "title": TITLES.get(int(status), HTTPStatus(status).phrase),
            "message": message,
            "hint": hint,
            "reference": current_reference(),
            "sign_in": int(status) == HTTPStatus.UNAUTHORIZED,
        },
    )
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def refused(error: UploaderError) -> HttpResponse:
    """The page for what a service refuses."""
    return error_page(status=status_of(error), message=error.message, hint=error.hint)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(status=400, message="The server could not make sense of it.", hint="Go back and try again.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        status=403,
        message="Your account does not allow this.",
        hint="Sign in with another account, or ask an administrator.",
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        status=404,
        message="No page has this address.",
        hint="Check that the address is complete, or begin at the start.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """After a form that was to do something, nobody knows how far it came."""
    is_act = request.method not in ("GET", "HEAD")
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
    return error_page(status=403, message=message, hint=hint)


class ErrorPages:
    """Turns what a service refuses into its page; the API answers its own errors before they come here."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(exception) if isinstance(exception, UploaderError) else None
