"""``/metrics``: figures for Prometheus, for whoever has the token of the settings; without one there is no page."""

from http import HTTPStatus

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from uploads.api.not_found import not_found
from uploads.services.upkeep.figures import figures
from uploads.web.error_json import error_json
from uploads.web.events.stream import PLACES
from uploads.web.http_status import STATUS
from uploads.web.parameters import takes


@require_safe
@never_cache
@takes(as_json=True)
async def metrics(request: HttpRequest) -> HttpResponse:
    """In Prometheus's own text. Which loads ended how is told by files in each state, for all of them are kept."""
    if not settings.METRICS_TOKEN:
        return not_found(request)
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        refusal = error_json(
            code="wrong_credentials",
            message="The figures are for who knows the token of this site alone.",
            hint="Send METRICS_TOKEN as Authorization: Bearer …",
            status=STATUS["wrong_credentials"],
        )
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    return await sync_to_async(_told)()


def _told() -> HttpResponse:
    from uploads.api.watching.exposition import CONTENT_TYPE, told  # noqa: PLC0415 - few sites are watched so

    return HttpResponse(told(figures(), streams=PLACES.taken), status=HTTPStatus.OK, content_type=CONTENT_TYPE)
