"""``/healthz``: for load balancers and container engines."""

from http import HTTPStatus

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from uploads.services.upkeep.health import check_health
from uploads.web.parameters import takes


@require_safe
@never_cache
@takes(as_json=True)
async def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and queue work, else 503 with the part that fails."""
    health = await sync_to_async(check_health)()
    return JsonResponse(health.as_json(), status=HTTPStatus.OK if health.works else HTTPStatus.SERVICE_UNAVAILABLE)
