"""The admin's pages on which a table of the database becomes a dataset, and is given back.

For superusers: what others could not even see in the database becomes readable by whoever reads new datasets.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from uploads.admin.read_only import rights
from uploads.models import Dataset
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.plan import AdoptionPlan, offered_tables, plan_adoption
from uploads.services.adopting.release import release_refusal, release_table
from uploads.services.merging.modes import old_name
from uploads.tabular.errors import UploaderError
from uploads.web.sentences.phrases import counted

type AnyAdmin = admin.ModelAdmin[Any]


def may_adopt(request: HttpRequest) -> bool:
    """Staff with every permission."""
    return rights(request).publishes_tables


def adopt_page(modeladmin: AnyAdmin, request: HttpRequest) -> HttpResponse:
    """The tables there are, what would become of one of them, and the button."""
    check_may_adopt(request)
    said = request.POST if request.method == "POST" else request.GET
    table, merge, cast = said.get("table", "").strip(), "merge" in said, "cast" in said
    plan: AdoptionPlan | None = None
    refusal = ""
    try:
        if request.method == "POST":
            done = adopt_table(table=table, merge=merge, cast=cast, user_id=request.user.pk)
            messages.success(request, f"“{done.table}” is a dataset now, with {counted(done.rows, 'row')}.")
            dataset = Dataset.objects.get(slug=done.slug)
            return HttpResponseRedirect(reverse("admin:uploads_dataset_change", args=[dataset.pk]))
        plan = plan_adoption(table=table, merge=merge, cast=cast) if table else None
    except UploaderError as error:
        refusal = f"{error.message} {error.hint}".rstrip()
    offered, more = ((), 0) if plan else offered_tables()
    context = {
        "title": "Adopt a table of the database",
        "table": table,
        "merge": merge,
        "cast": cast,
        "plan": plan,
        "rows": counted(plan.rows, "row") if plan and plan.rows is not None else "",
        "refusal": refusal,
        "offered": offered,
        "more": more,
    }
    return page(modeladmin, request, "adopt", context, status=409 if refusal else 200)


def release_page(modeladmin: AnyAdmin, request: HttpRequest, dataset_id: int) -> HttpResponse:
    """Ask, and give the table back."""
    check_may_adopt(request)
    dataset = get_object_or_404(Dataset, pk=dataset_id, adopted__isnull=False)
    refusal = release_refusal(dataset)
    if request.method == "POST":
        try:
            done = release_table(slug=dataset.slug, user_id=request.user.pk)
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".rstrip())
            return HttpResponseRedirect(reverse("admin:uploads_dataset_change", args=[dataset.pk]))
        messages.success(request, f"“{done.table}” is a table of its own again, with {counted(done.rows, 'row')}.")
        return HttpResponseRedirect(reverse("admin:uploads_dataset_changelist"))
    context = {
        "title": f"Release “{dataset.name}”",
        "dataset": dataset,
        "old_name": ".".join(old_name(dataset)),
        "refusal": f"{refusal.message} {refusal.hint}" if refusal else "",
    }
    return page(modeladmin, request, "release", context)


def check_may_adopt(request: HttpRequest) -> None:
    """Raise ``PermissionDenied`` for everybody else."""
    if not may_adopt(request):
        raise PermissionDenied


def page(
    modeladmin: AnyAdmin, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    whole = {**modeladmin.admin_site.each_context(request), "opts": modeladmin.opts, **context}
    return TemplateResponse(request, f"admin/uploads/{name}.html", whole, status=status)
