"""The admin's pages on which staff say how a file, or the later files of a dataset, are read."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from uploads.admin.read_only import rights
from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.browsing import list_targets
from uploads.services.files.permissions import FileAction
from uploads.services.options.catalogue import OF_DATASETS
from uploads.services.options.remembered import change_defaults, defaults_of
from uploads.services.rejects.groups import count_mended_of
from uploads.states import FileState
from uploads.tabular.errors import BadOption
from uploads.web.forms.options_form import ReadingForm, act_on, reading_form
from uploads.web.sentences.phrases import Piece
from uploads.web.sentences.reading import OF_DATASET, given_so_far, reimport_consequence
from uploads.web.visitors import viewer_of

type AnyAdmin = admin.ModelAdmin[Any]


def file_page(modeladmin: AnyAdmin, request: HttpRequest, file_id: int) -> HttpResponse:
    """Have a file read again."""
    if FileAction.READ_AGAIN not in rights(request).acts or not rights(request).sees_all:
        raise PermissionDenied
    file = get_object_or_404(UploadedFile.objects.exclude(via=UploadedFile.Via.TABLE), pk=file_id)
    form = reading_form(request, file=file)
    if request.method == "POST":
        followed = act_on(request, form, file=file)
        if followed is not None:
            messages.success(request, f"“{file.name}” is being read again as file {followed.pk}.")
            return HttpResponseRedirect(reverse("admin:uploads_uploadedfile_change", args=[followed.pk]))
    context = {
        "title": f"Read “{file.name}” again",
        "back": reverse("admin:uploads_uploadedfile_change", args=[file.pk]),
        "back_name": file.name,
        "button": "Read again",
        "lede": reimport_consequence(
            state=FileState(file.state),
            rows=file.rows_loaded,
            may_activate=FileAction.ACTIVATE in rights(request).acts,
            mended=count_mended_of(file_ids=[file.pk]),
        ),
        "datasets": list_targets(viewer_of(request)),
    }
    return _page(modeladmin, request, form, context)


def dataset_page(modeladmin: AnyAdmin, request: HttpRequest, dataset_id: int) -> HttpResponse:
    """Say what holds for the later files of a dataset."""
    if not rights(request).changes_datasets:
        raise PermissionDenied
    dataset = get_object_or_404(Dataset, pk=dataset_id, relation="")
    back = reverse("admin:uploads_dataset_change", args=[dataset.pk])
    defaults = defaults_of(dataset)
    form = ReadingForm(request.POST if request.method == "POST" else None, options=defaults.options, names=OF_DATASETS)
    if request.method == "POST" and form.is_valid():
        user = request.user
        try:
            change_defaults(slug=dataset.slug, options=form.options, by=user.get_username(), user_id=user.pk)
        except BadOption as error:
            form.add_error(None, f"{error.message} {error.hint}")
        else:
            messages.success(request, f"Saved: this holds for later files of “{dataset.name}”.")
            return HttpResponseRedirect(back)
    context = {
        "title": f"How later files of “{dataset.name}” are read",
        "lede": (Piece(f"{OF_DATASET} {given_so_far(defaults)}".rstrip()),),
        "back": back,
        "back_name": dataset.name,
        "button": "Save",
    }
    return _page(modeladmin, request, form, context)


def _page(modeladmin: AnyAdmin, request: HttpRequest, form: ReadingForm, context: dict[str, Any]) -> HttpResponse:
    whole = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "form": form,
        **context,
    }
    return TemplateResponse(request, "admin/uploads/reading.html", whole, status=400 if form.errors else 200)
