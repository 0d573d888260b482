"""The addresses under ``/api/``, and ``/healthz``.

Pages link to the API, so its addresses are known from the start. What answers there is imported for the first request:
ninja and the schemas took 0.2 s, a quarter of the computing until a web server's first answer.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from uploads.api.not_found import not_found
from uploads.api.watching.health import healthz
from uploads.api.watching.metrics import metrics
from uploads.web.parameters import takes

ADDRESSES = {
    "openapi-json": "openapi.json",
    "openapi-view": "docs",
    "send_file": "files",
    "list_files": "files",
    "get_receipt": "receipts/<token>",
    "follow_files": "files/events",
    "follow_receipt": "receipts/<token>/events",
    "get_file": "files/<int:file_id>",
    "delete_file": "files/<int:file_id>",
    "activate_file": "files/<int:file_id>/activate",
    "deactivate_file": "files/<int:file_id>/deactivate",
    "retry_file": "files/<int:file_id>/retry",
    "withdraw_by_receipt": "receipts/<token>",
    "withdraw": "files/<int:file_id>/withdraw",
    "add_file": "files/<int:file_id>/add",
    "replace_files": "files/<int:file_id>/replace",
    "put_files_back": "files/<int:file_id>/put-back",
    "get_changes": "files/<int:file_id>/changes",
    "read_again": "files/<int:file_id>/read-again",
    "get_overlaps": "files/<int:file_id>/overlaps",
    "join": "files/<int:file_id>/join",
    "get_plan": "files/<int:file_id>/plan",
    "answer_plan": "files/<int:file_id>/plan",
    "decline": "files/<int:file_id>/decline",
    "take_up": "files/<int:file_id>/take-up",
    "ask": "files/<int:file_id>/ask",
    "answer": "files/<int:file_id>/answer",
    "answer_by_receipt": "receipts/<token>/answer",
    "keep_reading": "files/<int:file_id>/keep-reading",
    "get_lines": "files/<int:file_id>/lines",
    "get_lines_by_receipt": "receipts/<token>/lines",
    "get_as_in_file": "files/<int:file_id>/as-in-file",
    "get_as_in_file_by_receipt": "receipts/<token>/as-in-file",
    "list_rejects": "files/<int:file_id>/rejects",
    "mend_rejects": "files/<int:file_id>/rejects/mend",
    "take_back": "files/<int:file_id>/rejects/take-back",
    "load_edited": "files/<int:file_id>/rejects/<int:reject_id>/load",
    "list_datasets": "datasets",
    "get_dataset": "datasets/<slug>",
    "change_dataset_about": "datasets/<slug>/about",
    "get_profile": "datasets/<slug>/profile",
    "change_reading": "datasets/<slug>/reading",
    "forget_reading": "datasets/<slug>/reading",
    "get_dataset_mode": "datasets/<slug>/mode",
    "change_dataset_mode": "datasets/<slug>/mode",
    "change_dataset_guards": "datasets/<slug>/guards",
    "get_dataset_visibility": "datasets/<slug>/visibility",
    "change_dataset_visibility": "datasets/<slug>/visibility",
    "change_order": "datasets/<slug>/order",
    "run_query": "sql",
    "plan_sql": "sql/plan",
    "describe_dataset_api": "datasets/<slug>/openapi.json",
    "list_rows": "datasets/<slug>/rows",
    "aggregate_rows": "datasets/<slug>/aggregate",
    "list_saved_views": "datasets/<slug>/views",
    "save_dataset_view": "datasets/<slug>/views",
    "get_saved_view": "datasets/<slug>/views/<name>",
    "rename_dataset_view": "datasets/<slug>/views/<name>",
    "delete_dataset_view": "datasets/<slug>/views/<name>",
    "prepare_export": "datasets/<slug>/exports",
    "get_export": "exports/<token>",
    "cancel_prepared_export": "exports/<token>",
    "get_export_file": "exports/<token>/file",
    "get_dashboard": "datasets/<slug>/dashboard",
    "get_history": "datasets/<slug>/history",
    "get_columns": "datasets/<slug>/columns",
    "add_dataset_column": "datasets/<slug>/columns",
    "change_dataset_column": "datasets/<slug>/columns/<name>",
    "remove_dataset_column": "datasets/<slug>/columns/<name>",
    "change_dataset_strictness": "datasets/<slug>/strictness",
    "change_type": "datasets/<slug>/columns/<name>/type",
    "change_null_words": "datasets/<slug>/null-words",
    "list_tables": "tables",
    "adopt_table": "tables/adopt",
    "publish_table": "tables/publish",
    "release_table": "datasets/<slug>/release",
    "unpublish_table": "datasets/<slug>/unpublish",
    "list_news_subscriptions": "news/subscriptions",
    "make_news_subscription": "news/subscriptions",
    "get_news_subscription": "news/subscriptions/<int:subscription_id>",
    "change_news_subscription": "news/subscriptions/<int:subscription_id>",
    "delete_news_subscription": "news/subscriptions/<int:subscription_id>",
    "renew_news_secret": "news/subscriptions/<int:subscription_id>/secret",
    "send_news_test": "news/subscriptions/<int:subscription_id>/test",
    "list_sent_news": "news/sent",
    "send_news_again": "news/sent/<int:news_id>/send-again",
    "api-root": "",
}
"""By the name of the operation; ``manage.py check`` holds them to what the operations themselves say."""


def view_of(name: str) -> Callable[..., Coroutine[Any, Any, HttpResponseBase]]:
    """What answers at an address. First requests that come at once wait for one import, in threads of their own."""
    view: Callable[..., Awaitable[HttpResponseBase]] | None = None

    @csrf_exempt  # ``CallerAuth`` asks for the token, where a browser calls
    async def answer(request: HttpRequest, **found: Any) -> HttpResponseBase:
        nonlocal view
        if view is None:
            view = await sync_to_async(_imported)(name)
        return await view(request, **found)

    return answer


def _imported(name: str) -> Callable[..., Awaitable[HttpResponseBase]]:
    from uploads.api.operations import VIEWS  # noqa: PLC0415 - it loads ninja and pydantic

    return VIEWS[name]


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    re_path(r"^api/?$", takes()(RedirectView.as_view(pattern_name="api:openapi-view")), name="api-docs"),
    path(
        "api/",
        include(([path(address, view_of(name), name=name) for name, address in ADDRESSES.items()], "ninja"), "api"),
    ),
    re_path(r"^api/", not_found),  # whatever follows, line ends too
]
