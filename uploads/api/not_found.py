"""The answer to an address under ``/api/`` that means nothing."""

from django.http import HttpRequest, HttpResponse

from uploads.web.error_json import error_json
from uploads.web.http_status import STATUS

SEE_DOCS = "See /api/docs for what there is."


def not_found(request: HttpRequest, error: object = None) -> HttpResponse:
    return error_json(
        code="not_found", message=f"There is nothing at {request.path}.", hint=SEE_DOCS, status=STATUS["not_found"]
    )
