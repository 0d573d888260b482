"""What every page knows: who looks at it and what that person may do."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from uploads.services.files.permissions import rights_of


def site(request: HttpRequest) -> dict[str, Any]:
    """``rights`` of the person, asked for only by pages that use it; whether robots may name the site's pages."""
    return {
        "rights": SimpleLazyObject(lambda: rights_of(request.user)),
        "in_search_engines": settings.IN_SEARCH_ENGINES,
    }
