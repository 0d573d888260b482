"""Requests that cannot be read: too much in them, or not what they say they are. Told alike by pages and the API."""

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from uploads.services.errors import BodyTooLarge
from uploads.tabular.errors import UploaderError
from uploads.web.error_json import error_json
from uploads.web.error_pages import refused
from uploads.web.http_status import status_of

UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError)
"""What Django raises of such requests, where their body is asked for."""


class UnreadableRequest(UploaderError):
    """The request is not what it says it is, or holds more fields or files than one may."""

    code = "bad_request"


def unreadable(exception: Exception) -> UploaderError:
    """What to tell whoever sent a request at which Django raised one of ``UNREADABLE``."""
    match exception:
        case RequestDataTooBig():
            return body_too_large()
        case TooManyFieldsSent():
            most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
            return UnreadableRequest(
                f"The form has more than the {most:,} fields that one may have.", hint="Send fewer."
            )
        case TooManyFilesSent():
            most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
            return UnreadableRequest(
                f"The form has more than the {most:,} files that one may have.", hint="Send fewer."
            )
        case MultiPartParserError():
            return UnreadableRequest(
                "The form cannot be read: its parts and the boundary between them do not fit together.",
                hint="Let your program make the header Content-Type itself, with the boundary.",
            )
    return UnreadableRequest("The server could not make sense of it.", hint="Go back and try again.")


def body_too_large() -> BodyTooLarge:
    return BodyTooLarge(
        f"Without files, a request may hold {settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2**20:.1f} MB.",
        hint="Send less at a time; a table is sent as a file.",
    )


def refuse(request: HttpRequest, error: UploaderError) -> HttpResponse:
    """For programs in JSON, for people as a page."""
    if request.path_info.startswith("/api/"):
        return error_json(code=error.code, message=error.message, hint=error.hint, status=status_of(error))
    return refused(error)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler400``."""
    return refuse(request, unreadable(exception))
