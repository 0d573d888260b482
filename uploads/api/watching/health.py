"""``/healthz``: for load balancers and container engines."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from uploads.services.upkeep.health import check_health
from uploads.web.parameters import takes


@require_safe
@never_cache
@takes(as_json=True)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and queue work, else 503 with the part that fails.

    By one thread: an asynchronous view is handed from the thread to the event loop and back, and waits for each.
    """
    health = check_health()
    return JsonResponse(health.as_json(), status=HTTPStatus.OK if health.works else HTTPStatus.SERVICE_UNAVAILABLE)
