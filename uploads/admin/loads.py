"""Loads in the admin: how a table was read, and the rows of it that did not fit."""

from datetime import datetime
from typing import Any, ClassVar, override

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from uploads.admin.actions import tell_mended, tell_refusals
from uploads.admin.read_only import (
    NOTHING,
    DatasetFilter,
    ReadOnlyAdmin,
    account,
    dataset_links,
    number,
    rights,
    state_word,
    titled,
)
from uploads.models import Load
from uploads.services.files.kept_readings import keep_reading
from uploads.services.files.load_receipt import LoadReceipt, describe_load, describe_loads
from uploads.services.files.permissions import FileAction
from uploads.services.options.catalogue import OPTIONS
from uploads.services.rejects.groups import count_mended, group_rejects, page_of_rejects, rejects_csv
from uploads.services.rejects.mend import mend_rejected_rows
from uploads.services.rejects.proposals import count_mends
from uploads.services.source_lines.around import has_lines, sees_lines
from uploads.states import FileState
from uploads.tabular.errors import UploaderError
from uploads.tabular.sentences.notes import for_programmers
from uploads.web.downloads import csv_download
from uploads.web.offers.questions import Answer, Asked, questions_asked
from uploads.web.offers.readings import ways_to_read
from uploads.web.offers.rows import LeaveOut, leave_out_offer
from uploads.web.sentences.reading import KEPT
from uploads.web.sentences.rejects import look_words, mend_all_button
from uploads.web.sentences.tables import names_heading, names_legend
from uploads.web.shown.source_lines import lines_address
from uploads.web.visitors import viewer_of

REJECTS_SHOWN = 50


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
        "read_at",
    )
    list_filter: ClassVar = [
        "file__state",
        ("dataset", DatasetFilter),
        "format",
        ("started_at", titled(admin.DateFieldListFilter, "when it was read")),
    ]
    list_select_related = ("file__uploaded_by", "dataset__typed_by")
    search_fields = ("file__name", "source", "dataset__slug")
    search_help_text = "File, sheet or member, dataset"
    date_hierarchy = "started_at"
    ordering = ("-id",)
    change_form_template = "admin/uploads/load/change_form.html"
    readonly_fields = (
        *("file_link", "in_dataset", "line_account", "row_account", "remarks"),
        *("separated", "escaped", "header"),
    )
    fieldsets = (
        (None, {"fields": ("file_link", "source", "in_dataset", "part")}),
        ("Rows", {"fields": ("line_account", "row_account")}),
        (
            "How it was read",
            {"fields": ("format", "encoding", "separated", "quotechar", "escaped", "line_end", "header", "remarks")},
        ),
        ("How the server worked on it", {"classes": ("collapse",), "fields": ("fence", "started_at", "finished_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Load]:
        return super().get_queryset(request).select_related("file__uploaded_by", "dataset__typed_by")

    def get_urls(self) -> list[URLPattern]:
        download = self.admin_site.admin_view(self.download_rejects)
        mend = self.admin_site.admin_view(require_POST(self.mend_rejects))
        keep = self.admin_site.admin_view(require_POST(self.keep_reading))
        return [
            path("<int:load_id>/rejects.csv", download, name="uploads_load_rejects"),
            path("<int:load_id>/mend/", mend, name="uploads_load_mend"),
            path("<int:load_id>/keep/<int:position>/", keep, name="uploads_load_keep"),
            *super().get_urls(),
        ]

    def download_rejects(self, request: HttpRequest, load_id: int) -> HttpResponseBase:
        """Every rejected row of a load as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        load = Load.objects.filter(pk=load_id).first()
        if load is None:
            raise Http404
        return csv_download(request, chunks=rejects_csv(load_id=load.pk), name=f"rejected-{load.file_id}-{load.pk}.csv")

    def mend_rejects(self, request: HttpRequest, load_id: int) -> HttpResponseBase:
        """Load every rejected row of a load that has a plain mend."""
        if FileAction.MEND not in rights(request).acts or not self.has_view_permission(request):
            raise PermissionDenied
        try:
            tell_mended(request, mend_rejected_rows(load_id=load_id, user_id=request.user.pk).loaded)
        except UploaderError as error:
            tell_refusals(request, [f"{error.message} {error.hint}"])
        return HttpResponseRedirect(reverse("admin:uploads_load_change", args=[load_id]))

    def keep_reading(self, request: HttpRequest, load_id: int, position: int) -> HttpResponseBase:
        """Close a question about how the table was read."""
        if FileAction.READ_AGAIN not in rights(request).acts or not self.has_view_permission(request):
            raise PermissionDenied
        load = Load.objects.filter(pk=load_id).first()
        if load is None:
            raise Http404
        keep_reading(file_id=load.file_id, load_id=load_id, position=position, user_id=request.user.pk)
        messages.success(request, KEPT)
        return HttpResponseRedirect(reverse("admin:uploads_load_change", args=[load_id]))

    @override
    def page_context(self, request: HttpRequest, obj: Load) -> dict[str, Any]:
        can = rights(request).can(state=FileState(obj.file.state), has_bytes=obj.file.has_bytes)
        described = next(table for table in self._tables(obj) if table.load_id == obj.pk)
        mends = count_mends(load_id=obj.pk)
        mended = count_mended(file_id=obj.file_id).get(obj.pk, 0)
        return {
            "groups": group_rejects(load_id=obj.pk),
            "rejects": page_of_rejects(load_id=obj.pk, limit=REJECTS_SHOWN).lines,
            "mended": mended,
            "mend_button": mend_all_button(mends=mends.total, is_whole=mends.whole) if can.mend else "",
            "look": look_words(mended=mended),
            "may_read_again": can.read_again,
            "leave_out": self._leave_out(obj, described) if can.read_again else None,
            "questions": self._questions(obj) if can.read_again else (),
            "columns": described.columns,
            "legend": names_legend(column["renamed"] for column in described.columns),
            "names_heading": names_heading(described),
            "ways": self._ways(obj, described) if can.read_again else (),
            "lines_address": self._lines_address(request, obj, described),
            "has_lines": has_lines(format_=obj.format),
        }

    def _lines_address(self, request: HttpRequest, load: Load, described: LoadReceipt) -> str:
        is_seen = load.file.stored_as and sees_lines(file=load.file, viewer=viewer_of(request))
        return lines_address(load.file.token, described) if is_seen else ""

    def _ways(self, load: Load, described: LoadReceipt) -> tuple[Answer, ...]:
        return ways_to_read(described, file_id=load.file_id, among=self._tables(load))

    def _leave_out(self, load: Load, described: LoadReceipt) -> LeaveOut | None:
        return leave_out_offer(described, file_id=load.file_id, among=self._tables(load))

    def _questions(self, load: Load) -> tuple[Asked, ...]:
        """Those about this table: how they are answered depends on what else its file holds."""
        return questions_asked(self._tables(load), file_id=load.file_id, of=load.pk)

    def _tables(self, load: Load) -> tuple[LoadReceipt, ...]:
        """All of its file."""
        loads = Load.objects.filter(file=load.file_id).select_related("dataset").order_by("position")
        return describe_loads(loads, file=load.file)

    @admin.display(description="rows")
    def row_account(self, load: Load) -> str:
        return account(load.rows_read, load.rows_loaded, load.rows_rejected, load.rows_blank)

    @admin.display(description="every line", empty_value="not known before it is read to its end")
    def line_account(self, load: Load) -> str | None:
        return describe_load(load).account.sentence or None

    @admin.display(description="read at", ordering="started_at")
    def read_at(self, load: Load) -> datetime:
        return load.started_at

    @admin.display(description="cells are separated by")
    def separated(self, load: Load) -> str:
        return ", ".join(OPTIONS["delimiter"].in_effect(load)) if load.delimiter else NOTHING

    @admin.display(description="quotes inside cells")
    def escaped(self, load: Load) -> str:
        if load.escape:
            return "with a backslash before them"
        return "written twice" if load.doubled else NOTHING

    @admin.display(description="header")
    def header(self, load: Load) -> str:
        return f"in row {load.header_row:,}" if load.header_row else "none"

    @admin.display(description="notes", empty_value=NOTHING)
    def remarks(self, load: Load) -> SafeString | None:
        found = next(each for each in self._tables(load) if each.load_id == load.pk)
        sentences = (*found.sentences, *for_programmers(found.notes))
        return format_html_join(mark_safe("<br>"), "{}", ((sentence,) for sentence in sentences)) or None

    @admin.display(description="table")
    def name(self, load: Load) -> str:
        return load.source or load.file.name

    @admin.display(description="file", ordering="file__name")
    def file_link(self, load: Load) -> SafeString:
        return file_link_of(load)

    @admin.display(description="dataset", ordering="dataset__name")
    def in_dataset(self, load: Load) -> SafeString:
        return dataset_links([load])

    @admin.display(description="state", ordering="file__state")
    def file_state(self, load: Load) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', load.file.state, state_word(load.file))

    @admin.display(description="rows", ordering="rows_loaded")
    def loaded(self, load: Load) -> SafeString:
        return number(load.rows_loaded)

    @admin.display(description="rejected", ordering="rows_rejected")
    def rejected(self, load: Load) -> SafeString:
        return number(load.rows_rejected)

    @admin.display(description="blank", ordering="rows_blank")
    def blank(self, load: Load) -> SafeString:
        return number(load.rows_blank)


def file_link_of(load: Load) -> SafeString:
    """A link to the page of the load's file."""
    file: Model = load.file
    return format_html('<a href="{}">{}</a>', reverse("admin:uploads_uploadedfile_change", args=[file.pk]), file)
