"""The admin page on which staff say how files join a dataset: mode, key, and what makes one row of several."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from uploads.admin.read_only import rights
from uploads.models import Dataset
from uploads.tabular.errors import UploaderError
from uploads.web.offers.mode_form import mode_form, save_mode

type AnyAdmin = admin.ModelAdmin[Any]


def joining_page(modeladmin: AnyAdmin, request: HttpRequest, dataset_id: int) -> HttpResponse:
    """The form of the dataset's own page."""
    if not rights(request).changes_datasets:
        raise PermissionDenied
    dataset = get_object_or_404(Dataset, pk=dataset_id, established_at__isnull=False, relation="")
    back = reverse("admin:uploads_dataset_change", args=[dataset.pk])
    here = reverse("admin:uploads_dataset_joining", args=[dataset.pk])
    if request.method == "POST":
        try:
            messages.success(request, save_mode(request.POST, slug=dataset.slug, user_id=request.user.pk))
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
            return HttpResponseRedirect(here)
        return HttpResponseRedirect(here if "order" in request.POST else back)
    context = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "title": "What does a new file do?",
        "back": back,
        "back_name": dataset.name,
        **mode_form(dataset),
    }
    return TemplateResponse(request, "admin/uploads/dataset/joining.html", context)
