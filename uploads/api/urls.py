"""The addresses under ``/api/``, and ``/healthz``."""

from inspect import iscoroutinefunction

from django.urls import URLPattern, include, path, re_path
from django.views.generic import RedirectView
from ninja import NinjaAPI

from uploads.api import columns, datasets, files, rejects
from uploads.api.docs import OfflineSwagger
from uploads.api.errors import finished, install_handlers, not_found
from uploads.api.health import healthz

DESCRIPTION = """
A tabular file goes in, a typed PostgreSQL table comes out, and every file can be switched on, switched off and taken
back.

- **Send a file** without an account: `curl -F file=@x.csv http://…/api/files`, then follow the `receipt`.
- **Take it back** until it is active: `curl -X DELETE` of its `receipt`.
- **With an account** scripts sign in by HTTP Basic: `curl -u name:password http://…/api/files`. In a browser the
  session counts, and changes need the header `X-CSRFToken`.
- **Errors** have one shape: `{"error": {"code", "message", "hint"}}`. Programs go by `code`.
- **Pages** of a list: give `next` as `after` until it is null.
"""

api = NinjaAPI(
    title="Uploader",
    version="1.0.0",
    description=DESCRIPTION,
    docs=OfflineSwagger(),
    urls_namespace="api",
)
install_handlers(api)
api.add_router("", files.router)
api.add_router("", rejects.router)
api.add_router("", datasets.router)
api.add_router("", columns.router)

_patterns, _app, _namespace = api.urls
for pattern in _patterns:
    if isinstance(pattern, URLPattern) and iscoroutinefunction(pattern.callback):
        pattern.callback = finished(pattern.callback)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    re_path(r"^api/?$", RedirectView.as_view(pattern_name="api:openapi-view"), name="api-docs"),
    path("api/", include((_patterns, _app), namespace=_namespace)),
    re_path(r"^api/.*$", not_found),
]
