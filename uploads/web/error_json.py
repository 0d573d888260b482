"""The one shape of an error in JSON."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from uploads.services.errors import MissingScope, WrongToken
from uploads.tabular.errors import UploaderError
from uploads.web.http_status import COME_BACK, RETRY_AFTER_SECONDS, status_of

_REALM = 'realm="Uploader"'


def error_json(*, code: str, message: str, hint: str = "", status: HTTPStatus, **more: Any) -> JsonResponse:
    """The one shape of an error."""
    error = {"code": code, "message": message, "hint": hint, **more}
    response = JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False})
    if status in COME_BACK:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def challenge_of(error: UploaderError, *, offers_basic: bool = False) -> str:
    """The header ``WWW-Authenticate`` with which a program is told how to come back; empty where none belongs to it.

    ``offers_basic``: names and passwords are taken too, and the caller is no browser, which would open a dialogue of
    its own over the page.
    """
    if isinstance(error, MissingScope):
        return f'Bearer {_REALM}, error="insufficient_scope", scope="{error.scope}"'
    if isinstance(error, WrongToken):
        return f'Bearer {_REALM}, error="invalid_token"'
    if status_of(error) != HTTPStatus.UNAUTHORIZED:
        return ""
    return f"Bearer {_REALM}" + (f', Basic {_REALM}, charset="UTF-8"' if offers_basic else "")
