"""The answer to an address under ``/api/`` that means nothing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from uploads.web.error_json import error_json
from uploads.web.http_status import STATUS

SEE_DOCS = "See /api/docs for what there is."


@csrf_exempt  # nothing is done here, and a program that asks in the wrong way reads JSON, no page about forms
def not_found(request: HttpRequest, error: object = None) -> HttpResponse:
    return error_json(
        code="not_found", message=f"There is nothing at {request.path}.", hint=SEE_DOCS, status=STATUS["not_found"]
    )
