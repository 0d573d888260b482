"""Files in the admin: what came, what became of it, and what may be done to it now."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, override

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from uploads.admin.actions import (
    activate_files,
    add_files,
    deactivate_files,
    decline_files,
    delete_files,
    load_again,
    put_files_back,
    replace_by_one,
)
from uploads.admin.read_only import (
    NOTHING,
    DatasetFilter,
    ReadOnlyAdmin,
    SeesAll,
    TabularInline,
    account,
    dataset_links,
    number,
    rights,
    state_word,
    titled,
)
from uploads.admin.reading import file_page
from uploads.models import FileEvent, Load, UploadedFile
from uploads.services.files.load_receipt import describe_load
from uploads.services.files.permissions import FileAction
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.joining.seen import datasets_seen
from uploads.services.options.catalogue import given_options, options_in_words
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import HAS_DATA, FileState, Writer
from uploads.web.sentences.files import buttons_of, expiry_sentence, keeping_sentence
from uploads.web.sentences.phrases import Piece, joined
from uploads.web.sentences.receipts import names_in_doubt, receipt_notice
from uploads.web.sentences.tables import table_title
from uploads.web.shown.first_rows import Preview, previews_of
from uploads.web.shown.source_lines import lines_address
from uploads.web.visitors import viewer_of

WRITERS_IN_WORDS = {Writer.COPY: "COPY, PostgreSQL's fast way", Writer.BULK_CREATE: "bulk_create, Django's way"}
BUTTON_ACTIONS = {
    FileAction.ACTIVATE: "activate_files",
    FileAction.DEACTIVATE: "deactivate_files",
    FileAction.RETRY: "load_again",
    FileAction.DELETE: "delete_files",
    FileAction.ADD: "add_files",
    FileAction.PUT_BACK: "put_files_back",
}
"""The admin's action behind each button of a file's page; what a file replaces is chosen on a page of its own."""


CAME_BY = (
    ("via", titled(admin.ChoicesFieldListFilter, "how it came")),
    ("created_at", titled(admin.DateFieldListFilter, "when it was sent")),
)


class SeenForm(ActionForm):
    """The bar of actions; what holds of the datasets that the files of the list are to join goes with each click."""

    seen = forms.CharField(required=False, label="", widget=forms.HiddenInput)


class StateFilter(admin.SimpleListFilter):
    """Deleted files are history: they show when asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [*FileState.choices, ("all", "all, with deleted")]

    def choices(self, changelist: ChangeList) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "All but deleted"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset.exclude(state=FileState.DELETED)
            case "all":
                return queryset
            case state:
                return queryset.filter(state=state)


class LoadInline(SeesAll, TabularInline):
    model = Load
    verbose_name_plural = "Tables in this file"
    fields = ("source", "in_dataset", "format", "line_account")
    readonly_fields = ("in_dataset", "line_account")
    show_change_link = True
    extra = 0
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Load]:
        return super().get_queryset(request).select_related("dataset__typed_by")

    @admin.display(description="dataset")
    def in_dataset(self, load: Load) -> SafeString:
        return dataset_links([load])

    @admin.display(description="every line", empty_value=NOTHING)
    def line_account(self, load: Load) -> str | None:
        return describe_load(load).account.sentence or None


class EventInline(SeesAll, TabularInline):
    model = FileEvent
    fk_name = "file"
    verbose_name_plural = "History"
    classes = ("plain",)
    fields = ("at", "state", "user", "text")
    extra = 0
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[FileEvent]:
        return super().get_queryset(request).select_related("user")


@admin.register(UploadedFile)
class UploadedFileAdmin(ReadOnlyAdmin):
    list_display = (
        "file_name",
        "state_badge",
        "is_active",
        "rows",
        "rejected",
        "datasets",
        "bytes",
        "sender",
        "sent",
    )
    list_filter: ClassVar = [StateFilter, ("loads__dataset", DatasetFilter), *CAME_BY]
    list_select_related = ("uploaded_by",)
    search_fields = ("name", "sha256", "loads__dataset__slug", "error_message")
    search_help_text = "Name, SHA-256, dataset or error"
    date_hierarchy = "created_at"
    ordering = ("-id",)
    actions = (
        activate_files,
        deactivate_files,
        replace_by_one,
        put_files_back,
        add_files,
        load_again,
        decline_files,
        delete_files,
    )
    action_form = SeenForm
    inlines = (LoadInline, EventInline)
    change_form_template = "admin/uploads/uploadedfile/change_form.html"
    readonly_fields = ("state_badge", "row_account", "bytes", "sender", "problem", "reading", "loaded_by")
    fieldsets = (
        (None, {"fields": ("name", "state_badge", "state_changed_at", "row_account", "problem")}),
        ("Upload", {"fields": ("bytes", "sha256", "via", "sender", "address", "created_at", "received_at")}),
        ("As asked for", {"fields": ("reading", "dataset_wanted", "activate", "loaded_by")}),
        (
            "How the server worked on it",
            {"classes": ("collapse",), "fields": ("fence", "attempts", "worker", "phase", "started_at", "finished_at")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[UploadedFile]:
        loads = Load.objects.select_related("dataset__typed_by").defer("columns", "notes").order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("loads", queryset=loads))

    def has_activate_permission(self, request: HttpRequest) -> bool:
        return FileAction.ACTIVATE in rights(request).acts

    def has_deactivate_permission(self, request: HttpRequest) -> bool:
        return FileAction.DEACTIVATE in rights(request).acts

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return FileAction.RETRY in rights(request).acts

    def has_replace_permission(self, request: HttpRequest) -> bool:
        return FileAction.REPLACE in rights(request).acts

    def has_put_back_permission(self, request: HttpRequest) -> bool:
        return FileAction.PUT_BACK in rights(request).acts

    def has_anyway_permission(self, request: HttpRequest) -> bool:
        """Not called “add”: that is Django's word for making a record by hand."""
        return FileAction.ADD in rights(request).acts

    def has_decline_permission(self, request: HttpRequest) -> bool:
        return FileAction.DECLINE in rights(request).acts

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Not called “delete”: that is Django's word for removing the record, which is kept here."""
        return FileAction.DELETE in rights(request).acts

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(file_page, self))
        return [path("<int:file_id>/read-again/", page, name="uploads_uploadedfile_read_again"), *super().get_urls()]

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = response.context_data if isinstance(response, TemplateResponse) else None
        if context and context.get("action_form") is not None:
            numbers = [file.pk for file in context["cl"].result_list if file.state == FileState.LOADED]
            context["action_form"].fields["seen"].initial = datasets_seen(file_ids=numbers)
        return response

    @override
    def page_context(self, request: HttpRequest, obj: UploadedFile) -> dict[str, Any]:
        receipt = describe_file(file_id=obj.pk, viewer=viewer_of(request))
        can = rights(request).can(
            state=receipt.state,
            was_active=receipt.was_active,
            has_bytes=receipt.has_bytes,
            review=receipt.review,
            is_open=receipt.is_open,
        )
        buttons = [button for button in buttons_of(receipt, can=can) if button.act in BUTTON_ACTIONS]
        beside = filter(None, [expiry_sentence(receipt.answer_by), keeping_sentence(receipt), *names_in_doubt(receipt)])
        return {
            "can": can,
            "has_rows": receipt.state in HAS_DATA,
            "seen": datasets_seen(file_ids=[obj.pk]),
            "tables": _tables(request, receipt),
            "buttons": [(BUTTON_ACTIONS[button.act], button.label) for button in buttons],
            "notice": joined(
                [
                    *filter(None, [receipt_notice(receipt, can=can, address=_file_page)]),
                    *((Piece(sentence),) for sentence in beside),
                ]
            ),
        }

    @admin.display(description="file", ordering="name")
    def file_name(self, file: UploadedFile) -> str:
        return file.name

    @admin.display(description="state", ordering="state")
    def state_badge(self, file: UploadedFile) -> SafeString:
        return format_html(
            '<span class="state state-{}" title="{}">{}</span>',
            file.state,
            file.error_message,
            state_word(file),
        )

    @admin.display(description="active")
    def is_active(self, file: UploadedFile) -> str:
        return "yes" if file.state == FileState.ACTIVE else "no"

    @admin.display(description="dataset")
    def datasets(self, file: UploadedFile) -> SafeString:
        return dataset_links(file.loads.all())

    @admin.display(description="rows", ordering="rows_loaded")
    def rows(self, file: UploadedFile) -> SafeString:
        return number(file.rows_loaded)

    @admin.display(description="rejected", ordering="rows_rejected")
    def rejected(self, file: UploadedFile) -> SafeString:
        if not file.rows_rejected:
            return number(0)
        address = reverse("admin:uploads_rejectedrow_changelist")
        return format_html('<a href="{}?load__file__id__exact={}">{}</a>', address, file.pk, number(file.rows_rejected))

    @admin.display(description="size", ordering="size")
    def bytes(self, file: UploadedFile) -> str:
        return filesizeformat(file.size) if file.has_bytes else "–"

    @admin.display(description="from", ordering="uploaded_by")
    def sender(self, file: UploadedFile) -> str:
        if file.uploaded_by is not None:
            return file.uploaded_by.get_username()
        return file.get_via_display() if file.via in WITHOUT_SENDER else "visitor"

    @admin.display(description="how to read it")
    def reading(self, file: UploadedFile) -> str:
        return options_in_words(given_options(file.options)) or "detected automatically"

    @admin.display(description="loaded by")
    def loaded_by(self, file: UploadedFile) -> str:
        return WRITERS_IN_WORDS[Writer(file.writer)]

    @admin.display(description="sent", ordering="created_at")
    def sent(self, file: UploadedFile) -> datetime:
        return file.created_at

    @admin.display(description="rows")
    def row_account(self, file: UploadedFile) -> str:
        if file.state != FileState.FAILED:
            return account(file.rows_read, file.rows_loaded, file.rows_rejected, file.rows_blank)
        loads = file.loads.all()
        if not any(load.rows_read for load in loads):
            return "none loaded"
        fit, rejected = sum(load.rows_loaded for load in loads), sum(load.rows_rejected for load in loads)
        return f"none loaded: {fit:,} would fit, {rejected:,} rejected"

    @admin.display(description="error")
    def problem(self, file: UploadedFile) -> SafeString:
        if not file.error_code:
            return NOTHING
        return format_html(
            "<strong>{}</strong><br>{}<br><code>{}</code>", file.error_message, file.error_hint, file.error_code
        )


def _tables(request: HttpRequest, receipt: FileReceipt) -> list[tuple[str, Preview, str]]:
    """Title and first rows of each table, and the address of its lines."""
    loads = {load.load_id: load for load in receipt.loads}
    return [
        (table_title(load, receipt.loads), preview, lines_address(receipt.token, load))
        for preview in previews_of(file_id=receipt.file_id, viewer=viewer_of(request))
        for load in [loads[preview.load_id]]
    ]


def _file_page(file_id: int) -> str:
    return reverse("admin:uploads_uploadedfile_change", args=[file_id])
