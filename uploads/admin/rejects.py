"""Rejected rows in the admin: every row that did not fit, and its proposed mend."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from uploads.admin.actions import tell_mended, tell_refusals
from uploads.admin.loads import file_link_of
from uploads.admin.read_only import NOTHING, ReadOnlyAdmin, rights, titled
from uploads.models import Load, RejectedRow
from uploads.services.files.permissions import FileAction
from uploads.services.rejects.mend import mend_rejected_rows
from uploads.services.rejects.proposals import propose
from uploads.tabular.errors import UploaderError

SHOWN_CHARACTERS = 120


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    list_display = ("row", "column", "shown_value", "reason", "proposed", "file_link")
    actions = ("accept_mends",)
    list_filter: ClassVar = [("code", titled(admin.AllValuesFieldListFilter, "kind of fault"))]
    list_select_related = ("load", "load__file", "load__dataset")
    search_fields = ("column", "value", "reason")
    search_help_text = "Column, value or reason"
    ordering = ("-load", "row", "id")
    fields = ("file_link", "row", "column", "value", "reason", "code", "raw", "proposed", "edit")
    readonly_fields = ("file_link", "proposed", "edit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RejectedRow]:
        """Those that are still rejected; what was loaded after all is told by the file's history."""
        return super().get_queryset(request).filter(mended_at=None)

    def has_mend_permission(self, request: HttpRequest) -> bool:
        return FileAction.MEND in rights(request).acts

    @admin.action(permissions=["mend"], description="Fix and load the selected rows")
    def accept_mends(self, request: HttpRequest, queryset: QuerySet[RejectedRow]) -> None:
        """Load the chosen rows that have a mend; a table that refuses does not stop the others."""
        loaded = 0
        refused: list[str] = []
        for load_id in sorted(set(queryset.order_by().values_list("load_id", flat=True))):
            ids = list(queryset.filter(load_id=load_id).values_list("pk", flat=True))
            try:
                loaded += mend_rejected_rows(load_id=load_id, ids=ids, user_id=request.user.pk).loaded
            except UploaderError as error:
                refused.append(f"{error.message} {error.hint}".strip())
        if loaded or not refused:
            tell_mended(request, loaded)
        tell_refusals(request, refused)

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

    @admin.display(description="proposed fix")
    def proposed(self, reject: RejectedRow) -> str | SafeString:
        [mend] = propose(load=reject.load, rejects=[reject])
        return mend.sentence if mend is not None else NOTHING

    @admin.display(description="load it")
    def edit(self, reject: RejectedRow) -> SafeString:
        token = reject.load.file.token
        address = reverse("edit_reject", args=[token, reject.load_id, reject.pk])
        return format_html('<a href="{}">Look at its cells, edit and load them</a>', address)

    @admin.display(description="file")
    def file_link(self, reject: RejectedRow) -> SafeString:
        return file_link_of(reject.load)
