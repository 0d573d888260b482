"""Loads and rejected rows in the admin: how a table was read, and every row that did not fit."""

from typing import Any, ClassVar, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet, Sum
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from uploads.admin.files import dataset_links
from uploads.admin.read_only import NOTHING, ReadOnlyAdmin, account, number
from uploads.downloads import csv_download
from uploads.models import Load, RejectedRow
from uploads.services.receipts import describe_load
from uploads.services.rejects import group_rejects, rejects_csv

REJECTS_SHOWN = 50
SHOWN_CHARACTERS = 120


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "file_state",
        "loaded",
        "rejected",
        "blank",
        "in_dataset",
        "file_link",
        "format",
        "started_at",
    )
    list_filter: ClassVar = ["file__state", ("dataset", admin.RelatedOnlyFieldListFilter), "format", "started_at"]
    list_select_related = ("file", "dataset")
    search_fields = ("file__name", "source", "dataset__slug")
    search_help_text = "File, sheet or member, dataset"
    date_hierarchy = "started_at"
    ordering = ("-id",)
    change_form_template = "admin/uploads/load/change_form.html"
    readonly_fields = ("file_link", "in_dataset", "line_account", "row_account")
    fieldsets = (
        (None, {"fields": ("file_link", "source", "in_dataset", "part")}),
        ("Rows", {"fields": ("line_account", "row_account")}),
        (
            "How it was read",
            {"fields": ("format", "encoding", "delimiter", "quotechar", "escape", "line_end", "header_row", "notes")},
        ),
        ("Work", {"classes": ("collapse",), "fields": ("fence", "started_at", "finished_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Load]:
        return super().get_queryset(request).select_related("file", "dataset")

    def get_urls(self) -> list[URLPattern]:
        download = self.admin_site.admin_view(self.download_rejects)
        return [path("<int:load_id>/rejects.csv", download, name="uploads_load_rejects"), *super().get_urls()]

    def download_rejects(self, request: HttpRequest, load_id: int) -> HttpResponseBase:
        """Every rejected row of a load as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        load = Load.objects.filter(pk=load_id).first()
        if load is None:
            raise Http404
        return csv_download(request, chunks=rejects_csv(load_id=load.pk), name=f"rejected-{load.file_id}-{load.pk}.csv")

    @override
    def page_context(self, request: HttpRequest, obj: Load) -> dict[str, Any]:
        return {
            "groups": group_rejects(load_id=obj.pk),
            "rejects": RejectedRow.objects.filter(load=obj, mended_at=None).order_by("row", "id")[:REJECTS_SHOWN],
        }

    @admin.display(description="rows")
    def row_account(self, load: Load) -> str:
        return account(load.rows_read, load.rows_loaded, load.rows_rejected, load.rows_blank)

    @admin.display(description="every line", empty_value="not known before it is read to its end")
    def line_account(self, load: Load) -> str | None:
        return describe_load(load).account.sentence or None

    @admin.display(description="table")
    def name(self, load: Load) -> str:
        return load.source or load.file.name

    @admin.display(description="file", ordering="file__name")
    def file_link(self, load: Load) -> SafeString:
        return _file_link(load)

    @admin.display(description="dataset", ordering="dataset__name")
    def in_dataset(self, load: Load) -> SafeString:
        return dataset_links([load])

    @admin.display(description="state", ordering="file__state")
    def file_state(self, load: Load) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', load.file.state, load.file.get_state_display())

    @admin.display(description="rows", ordering="rows_loaded")
    def loaded(self, load: Load) -> SafeString:
        return number(load.rows_loaded)

    @admin.display(description="rejected", ordering="rows_rejected")
    def rejected(self, load: Load) -> SafeString:
        return number(load.rows_rejected)

    @admin.display(description="blank", ordering="rows_blank")
    def blank(self, load: Load) -> SafeString:
        return number(load.rows_blank)


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    list_display = ("row", "column", "shown_value", "reason", "file_link")
    list_filter: ClassVar = ["code"]
    list_select_related = ("load", "load__file")
    search_fields = ("column", "value", "reason")
    search_help_text = "Column, value or reason"
    ordering = ("-load", "row", "id")
    fields = ("file_link", "row", "column", "value", "reason", "code", "raw")
    readonly_fields = ("file_link",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in {"load__file__id__exact", "load__id__exact"} or super().lookup_allowed(lookup, value, request)

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[RejectedRow], *args: Any, **kwargs: Any
    ) -> "Paginator[RejectedRow]":
        """Where only a load or file is chosen, its stored figure is the count: no counting of millions."""
        paginator = super().get_paginator(request, queryset, *args, **kwargs)
        chosen = {key: value for key, value in request.GET.items() if value and key != "p"}
        if chosen.keys() <= {"load__id__exact", "load__file__id__exact"}:
            lookups = {key.removeprefix("load__"): value for key, value in chosen.items()}
            figure = Load.objects.filter(**lookups).exclude(file__state="deleted").aggregate(sum=Sum("rows_rejected"))
            paginator.count = figure["sum"] or 0
        return paginator

    @admin.display(description="value", ordering="value")
    def shown_value(self, reject: RejectedRow) -> str | SafeString:
        return Truncator(reject.value).chars(SHOWN_CHARACTERS) or NOTHING

    @admin.display(description="file")
    def file_link(self, reject: RejectedRow) -> SafeString:
        return _file_link(reject.load)


def _file_link(load: Load) -> SafeString:
    file: Model = load.file
    return format_html('<a href="{}">{}</a>', reverse("admin:uploads_uploadedfile_change", args=[file.pk]), file)
