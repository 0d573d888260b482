"""The one shape of an error in JSON."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from uploads.web.http_status import RETRY_AFTER_SECONDS


def error_json(*, code: str, message: str, hint: str = "", status: HTTPStatus, **more: Any) -> JsonResponse:
    """The one shape of an error."""
    error = {"code": code, "message": message, "hint": hint, **more}
    response = JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
