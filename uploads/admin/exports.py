"""Exports that are prepared in the background, in the admin: whose they are, how large, until when; and their end."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from uploads.admin.read_only import NOTHING, ReadOnlyAdmin, number, rights
from uploads.models import PreparedExport
from uploads.services.files.permissions import FileAction
from uploads.services.preparing.cancelling import stop_export
from uploads.services.preparing.ending import delete_export
from uploads.web.sentences.exports import NOT_UNDER_WAY
from uploads.web.sentences.phrases import counted


@admin.register(PreparedExport)
class PreparedExportAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "dataset", "state", "who", "rows", "size", "asked_at", "expires_at", "page")
    list_filter = ("state",)
    list_select_related = ("dataset", "asked_by")
    search_fields = ("name", "query")
    search_help_text = "Name or filter"
    actions = ("cancel_exports", "delete_exports")
    fields: ClassVar = [
        "dataset",
        "format",
        "query",
        "state",
        "who",
        "asked_at",
        "started_at",
        "finished_at",
        "expires_at",
        "rows",
        "size",
        "attempts",
        "error_message",
        "page",
    ]
    readonly_fields = ("who", "rows", "size", "page")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return rights(request).sees_all and FileAction.DELETE in rights(request).acts

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return rights(request).cancels_exports

    @admin.action(permissions=["cancel"], description="Cancel")
    def cancel_exports(self, request: HttpRequest, queryset: QuerySet[PreparedExport]) -> None:
        """Those under way stop; the others are left as they are."""
        exports = list(queryset)
        stopped = sum(stop_export(export) for export in exports)
        if stopped:
            messages.success(request, f"Cancelled {counted(stopped, 'prepared export')}.")
        if len(exports) > stopped:
            messages.info(request, NOT_UNDER_WAY.format(counted(len(exports) - stopped, "export")))

    @admin.action(permissions=["erase"], description="Delete")
    def delete_exports(self, request: HttpRequest, queryset: QuerySet[PreparedExport]) -> None:
        """No row of a dataset is touched: whoever needs one prepares it again."""
        exports = list(queryset)
        for export in exports:
            delete_export(export)
        messages.success(request, f"Deleted {counted(len(exports), 'prepared export')}.")

    @admin.display(description="asked for by", ordering="asked_by")
    def who(self, export: PreparedExport) -> str | SafeString:
        """The first of those who asked for the same."""
        return str(export.asked_by or export.address or "") or NOTHING

    @admin.display(description="rows", ordering="rows_done")
    def rows(self, export: PreparedExport) -> SafeString:
        return number(export.rows_done)

    @admin.display(description="size", ordering="bytes")
    def size(self, export: PreparedExport) -> str | SafeString:
        return filesizeformat(export.bytes) if export.stored_as and export.bytes else NOTHING

    @admin.display(description="page")
    def page(self, export: PreparedExport) -> str | SafeString:
        if export.dataset_id is None:
            return NOTHING
        return format_html('<a href="{}">Look at it</a>', reverse("prepared-export", args=[export.token]))
