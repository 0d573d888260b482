"""The admin's pages on which a table or view of the database is shown as it is, and taken off the site again."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from uploads.admin.adopting import check_may_adopt, page
from uploads.models import Dataset
from uploads.services.adopting.publication import (
    PublicationPlan,
    plan_publication,
    publish_table,
    publishable_tables,
    unpublish_table,
)
from uploads.services.adopting.stated_keys import parse_stated_key
from uploads.services.datasets.reflection import RowsKnown
from uploads.tabular.errors import UploaderError
from uploads.web.sentences.datasets.published import published_words, rows_words

type AnyAdmin = admin.ModelAdmin[Any]


def publish_page(modeladmin: AnyAdmin, request: HttpRequest) -> HttpResponse:
    """The tables and views there are, what would be shown of one of them, and the button."""
    check_may_adopt(request)
    said = request.POST if request.method == "POST" else request.GET
    table = said.get("table", "").strip()
    plan: PublicationPlan | None = None
    refusal, typed = "", request.POST.get("key")
    try:
        if request.method == "POST":
            key = None if typed is None else parse_stated_key(typed)
            done = publish_table(table=table, key=key, user_id=request.user.pk)
            messages.success(request, published_words(done))
            dataset = Dataset.objects.get(slug=done.slug)
            return HttpResponseRedirect(reverse("admin:uploads_dataset_change", args=[dataset.pk]))
        plan = plan_publication(table=table) if table else None
    except UploaderError as error:
        refusal = f"{error.message} {error.hint}".rstrip()
        plan = _plan_for(table) if typed else None
    offered, more = ((), 0) if plan else publishable_tables()
    context = {
        "title": "Publish a table or view of the database",
        "table": table,
        "plan": plan,
        "key": typed or ", ".join(plan.key if plan else ()),
        "rows": rows_words(plan.figure.rows, plan.figure.known) if plan else "",
        "refusal": refusal,
        "offered": [
            (each, rows_words(each.rows, RowsKnown.UNKNOWN if each.rows is None else RowsKnown.ABOUT))
            for each in offered
        ],
        "more": more,
    }
    return page(modeladmin, request, "publish", context, status=409 if refusal else 200)


def _plan_for(table: str) -> PublicationPlan | None:
    """To correct a key that was refused; ``None`` where nothing can be shown of the table any more."""
    try:
        return plan_publication(table=table)
    except UploaderError:
        return None


def unpublish_page(modeladmin: AnyAdmin, request: HttpRequest, dataset_id: int) -> HttpResponse:
    """Ask, and take it off the site."""
    check_may_adopt(request)
    dataset = get_object_or_404(Dataset.objects.exclude(relation=""), pk=dataset_id)
    if request.method == "POST":
        try:
            done = unpublish_table(slug=dataset.slug, user_id=request.user.pk)
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".rstrip())
        else:
            messages.success(request, f"{done.table} is not shown here any more, and stays as it is.")
        return HttpResponseRedirect(reverse("admin:uploads_dataset_changelist"))
    context = {"title": f"Unpublish “{dataset.name}”", "dataset": dataset}
    return page(modeladmin, request, "unpublish", context)
