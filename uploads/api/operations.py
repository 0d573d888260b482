"""The API itself: ninja with our operations, their schemas and their documentation. Only ``urls`` imports it, late."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import sync_to_async
from django.http.response import HttpResponseBase
from django.urls import URLPattern

from uploads.api import changes, columns, datasets, file_acts, rejects
from uploads.api.docs import DescribedOnce, OfflineSwagger
from uploads.api.errors import finished, install_handlers
from uploads.api.joins import guards, joining, plans, visibility
from uploads.api.news import operations as news
from uploads.api.parameters import strict
from uploads.api.reading import (
    aggregates,
    as_in_file,
    description,
    history,
    prepared_exports,
    queries,
    rows,
    saved_views,
    source_lines,
)
from uploads.api.reviewing import operations as reviewing
from uploads.api.tables import operations as tables
from uploads.tabular.formats import SUFFIXES
from uploads.web.events.wire import FILE, FILES, in_events
from uploads.web.parameters import takes

DESCRIPTION = f"""
A tabular file goes in, a typed PostgreSQL table comes out, and every file can be switched on, switched off and taken
back.

- **Send a file** without an account: `curl -F file=@x.csv http://…/api/files`, then follow the `receipt`.
- **What is read**: {", ".join(f"`{suffix}`" for suffix in SUFFIXES)}; by content, whatever the name.
- **Take it back** until it is active: `curl -X DELETE` of its `receipt`.
- **With a token** programs act for the person who made it, on the page “Tokens”, within its scopes:
  `curl -H 'Authorization: Bearer uploader_…' http://…/api/files`. In a browser the session counts, and changes need the
  header `X-CSRFToken`.
- **Errors** have one shape: `{{"error": {{"code", "message", "hint"}}}}`. Programs go by `code`.
- **Parameters** and fields that an address does not know, or that come twice, are refused: 400, `unknown_parameter` or
  `repeated_parameter`. No spelling mistake gives another answer than was asked for.
- **A client of one dataset** with its own columns and types is generated from
  `/api/datasets/{{slug}}/openapi.json`.
- **Pages** of a list: give `next` as `after` until it is null.
"""

api = DescribedOnce(
    title="Uploader",
    version="1.0.0",
    description=DESCRIPTION,
    docs=OfflineSwagger(),
    urls_namespace="api",
)
install_handlers(api)
api.add_decorator(strict, mode="view")
api.add_router("", file_acts.router)  # and that of files
api.add_router("", changes.router)
api.add_router("", source_lines.router)
api.add_router("", as_in_file.router)
api.add_router("", rejects.router)
api.add_router("", datasets.router)
api.add_router("", rows.router)
api.add_router("", prepared_exports.router)
api.add_router("", description.router)
api.add_router("", aggregates.router)
api.add_router("", queries.router)
api.add_router("", saved_views.router)
api.add_router("", history.router)
api.add_router("", joining.router)
api.add_router("", guards.router)
api.add_router("", visibility.router)
api.add_router("", plans.router)
api.add_router("", reviewing.router)
api.add_router("", columns.router)
api.add_router("", tables.router)
api.add_router("", news.router)

STREAMS = {"follow_receipt": FILE, "follow_files": FILES}
"""Operations whose answers in JSON are told as events, and what these are called."""


def _asynchronous(view: Callable[..., Any], name: str) -> Callable[..., Awaitable[HttpResponseBase]]:
    """The description and the page that shows it are ninja's own and synchronous."""
    if iscoroutinefunction(view):
        return finished(in_events(STREAMS[name], view) if name in STREAMS else view)
    return sync_to_async(takes(as_json=name == "openapi-json")(view))


PATTERNS = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
VIEWS = {str(pattern.name): _asynchronous(pattern.callback, str(pattern.name)) for pattern in PATTERNS}
"""What answers, by the name that ``urls`` knows the address by."""
