"""Datasets in the admin: their columns with the evidence for each type, their first rows, their files."""

from functools import partial
from typing import Any, ClassVar, override

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from uploads.admin.actions import tell_refusals
from uploads.admin.adopting import adopt_page, may_adopt, release_page
from uploads.admin.joining import joining_page
from uploads.admin.publishing import publish_page, unpublish_page
from uploads.admin.read_only import ReadOnlyAdmin, SeesAll, TabularInline, number, rights, state_word
from uploads.admin.reading import dataset_page
from uploads.database.adopting.relation_rows import RelationUnreadable
from uploads.database.statements import TableBusy
from uploads.models import Dataset, DatasetColumn, Load, SavedView, UploadedFile
from uploads.services.cataloguing.about import About
from uploads.services.datasets.browsing import files_of_dataset, with_figures
from uploads.services.datasets.reflection import listed_figures, reflect
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.merging.guards import Guards, guards_words
from uploads.services.merging.modes import mode_of
from uploads.services.options.remembered import defaults_of
from uploads.services.reading.pages import Page, preview_rows
from uploads.services.visibility import OPERATOR, column_facts, visible_datasets
from uploads.states import FileState
from uploads.tabular.errors import UploaderError
from uploads.web.offers.columns import offers
from uploads.web.sentences.datasets.published import rows_words
from uploads.web.sentences.files import datasets_deletion_consequence, datasets_deletion_question
from uploads.web.sentences.phrases import counted
from uploads.web.visitors import viewer_of

FILES_SHOWN = 100
type DatasetsAdmin = admin.ModelAdmin[Dataset]


class ColumnInline(SeesAll, TabularInline):
    model = DatasetColumn
    verbose_name_plural = "Columns"
    classes = ("plain",)
    fields = ("label", "name", "description", "type", "why")
    readonly_fields = ("why",)
    extra = 0
    max_num = 0

    @admin.display(description="why")
    def why(self, column: DatasetColumn) -> str:
        """Only whoever may see files sees columns here, so values and names are shown."""
        return column_facts(column, OPERATOR).why


class SavedViewInline(SeesAll, TabularInline):
    model = SavedView
    verbose_name_plural = "Saved views"
    classes = ("plain",)
    fields = ("name", "slug", "kind", "query", "dashboard_place", "saved_by", "saved_at")
    readonly_fields = ("saved_at",)
    extra = 0
    max_num = 0


@admin.action(permissions=["erase"], description="Delete…")
def delete_datasets(
    modeladmin: DatasetsAdmin, request: HttpRequest, queryset: QuerySet[Dataset]
) -> HttpResponse | None:
    """Ask first, with the files and rows that go; then delete."""
    datasets = list(queryset.order_by("name", "pk"))
    if request.POST.get("confirm") != "yes":
        return TemplateResponse(request, "admin/uploads/confirm.html", _confirmation(modeladmin, request, datasets))
    refused = []
    for dataset in datasets:
        try:
            done = delete_dataset(dataset_id=dataset.pk, user_id=request.user.pk)
        except UploaderError as error:
            refused.append(f"“{dataset.name}”: {error.message} {error.hint}".rstrip())
        else:
            files = f"{done.files:,} file{'s' * (done.files != 1)}"
            messages.success(request, f"Deleted the dataset “{dataset.name}” with {files} and {done.rows:,} rows.")
    tell_refusals(request, refused)
    return None


def _confirmation(modeladmin: DatasetsAdmin, request: HttpRequest, datasets: list[Dataset]) -> dict[str, Any]:
    files = {file.pk: file for dataset in datasets for file in files_of_dataset(dataset_id=dataset.pk)}
    rows = sum(file.rows_loaded for file in files.values())
    return {
        **modeladmin.admin_site.each_context(request),
        "title": "Delete datasets",
        "opts": modeladmin.opts,
        "question": datasets_deletion_question(names=map(str, datasets), files=len(files), rows=rows),
        "consequence": datasets_deletion_consequence(datasets=len(datasets)),
        "yes": f"Delete {counted(rows, 'row')}",
        "ids": [dataset.pk for dataset in datasets],
        "files": list(files.values())[:FILES_SHOWN],
        "more": max(0, len(files) - FILES_SHOWN),
        "action": "delete_datasets",
        "checkbox": ACTION_CHECKBOX_NAME,
    }


def _files(dataset: Dataset) -> QuerySet[UploadedFile]:
    """The dataset's own, and those that wait to join it."""
    waiting = Dataset.objects.filter(typed_by=dataset).values("pk")
    ids = Load.objects.filter(Q(dataset=dataset) | Q(dataset__in=waiting)).values("file")
    return UploadedFile.objects.filter(pk__in=ids).exclude(state=FileState.DELETED).order_by("-pk")


def _with_words(files: QuerySet[UploadedFile]) -> list[tuple[UploadedFile, str]]:
    return [(file, state_word(file)) for file in files.select_related("uploaded_by")[:FILES_SHOWN]]


def _preview(request: HttpRequest, dataset: Dataset) -> tuple[Page | None, str]:
    """The first rows; or why a table of the database cannot be read."""
    try:
        return preview_rows(dataset_id=dataset.pk, viewer=viewer_of(request)), ""
    except (RelationUnreadable, TableBusy) as error:
        reasons = reflect(dataset).reasons if dataset.is_read_only else ""
        return None, reasons or f"{error.message} {error.hint}".rstrip()


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ("name", "sql_name", "column_count", "active_files", "rows", "visibility", "since", "created_at")
    search_fields = ("name", "slug", "description", "columns__label", "columns__name")
    search_help_text = "Name, or a column"
    ordering = ("name", "id")
    date_hierarchy = "created_at"
    actions = (delete_datasets,)
    inlines: ClassVar = [ColumnInline, SavedViewInline]
    change_form_template = "admin/uploads/dataset/change_form.html"
    readonly_fields = ("sql_name", "active_files", "rows", "joins", "reading", "empty_words", "waits_for", "about")
    fieldsets = (
        (None, {"fields": ("name", "sql_name", ("active_files", "rows"), "joins", "reading", "empty_words")}),
        (None, {"fields": ("waits_for", "about", "created_at")}),
    )
    published_fieldsets = ((None, {"fields": ("name", "sql_name", "rows", "reading", "about", "created_at")}),)
    """Of a table that is shown as it is: no file joins it."""

    @override
    def get_fieldsets(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        is_published = obj is not None and obj.is_read_only
        return self.published_fieldsets if is_published else super().get_fieldsets(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dataset]:
        datasets = super().get_queryset(request)
        if rights(request).sees_all:
            return with_figures(datasets)
        seen = visible_datasets(viewer_of(request)).filter(established_at__isnull=False)
        return with_figures(datasets.filter(pk__in=seen.values("pk")))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Anybody may read datasets; here it takes a member of staff who may see files, or datasets alone."""
        return super().has_view_permission(request) or request.user.has_perm("uploads.view_dataset")

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "reading": dataset_page,
            "joining": joining_page,
            "release": release_page,
            "unpublish": unpublish_page,
        }
        views = {name: self.admin_site.admin_view(partial(page, self)) for name, page in pages.items()}
        return [
            path("adopt/", self.admin_site.admin_view(partial(adopt_page, self)), name="uploads_dataset_adopt"),
            path("publish/", self.admin_site.admin_view(partial(publish_page, self)), name="uploads_dataset_publish"),
            *(path(f"<int:dataset_id>/{name}/", view, name=f"uploads_dataset_{name}") for name, view in views.items()),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_adopt": may_adopt(request), **(extra_context or {})})

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return rights(request).deletes_datasets

    @override
    def page_context(self, request: HttpRequest, obj: Dataset) -> dict[str, Any]:
        preview, refusal = _preview(request, obj)
        return {
            "preview": preview,
            "refusal": refusal,
            "files": _with_words(_files(obj)) if rights(request).sees_all else (),
            "may_delete": self.has_erase_permission(request) and not (obj.adopted or obj.is_read_only),
            "may_release": may_adopt(request) and bool(obj.adopted),
            "may_unpublish": may_adopt(request) and obj.is_read_only,
            "may_change": rights(request).changes_datasets and not obj.is_read_only,
            "describes": rights(request).changes_datasets and not obj.is_draft,
            "offers": offers(request, dataset=obj),
        }

    @admin.display(description="active since", ordering="established_at")
    def since(self, dataset: Dataset) -> Any:
        return dataset.established_at or "not active yet"

    @admin.display(description="name in SQL", ordering="slug")
    def sql_name(self, dataset: Dataset) -> SafeString:
        if not dataset.is_draft:
            return format_html("<code>{}</code>", dataset.table)
        words = "asks for" if dataset.typed_by is None else "is to join"
        return format_html("{} <code>{}</code>", words, dataset.table)

    @admin.display(description="how its files are read")
    def reading(self, dataset: Dataset) -> str:
        """What later files that name the dataset are read with."""
        if dataset.is_read_only:
            return "it has no files: it is shown as it is in the database"
        defaults = defaults_of(dataset)
        return f"format remembered from {defaults.sentence}" if defaults else "detected automatically for each file"

    @admin.display(description="how files join it")
    def joins(self, dataset: Dataset) -> str:
        """With the key, and what is kept or deleted where rows merge."""
        return mode_of(dataset).words

    @admin.display(description="read as empty")
    def empty_words(self, dataset: Dataset) -> str:
        return ", ".join(f"“{word}”" for word in dataset.null_words) or "no words"

    @admin.display(description="files wait for a person with")
    def waits_for(self, dataset: Dataset) -> str:
        return guards_words(Guards.of(dataset))

    @admin.display(description="about")
    def about(self, dataset: Dataset) -> str:
        """What staff said of it, a line each."""
        return "\n".join(f"{name}: {text}" for name, text in About.of(dataset).facts) or "nothing is said of it yet"

    @admin.display(description="columns")
    def column_count(self, dataset: Any) -> SafeString:
        return number(dataset.figure_columns or 0)

    @admin.display(description="active files", ordering="figure_files")
    def active_files(self, dataset: Any) -> SafeString:
        return number(dataset.figure_files)

    @admin.display(description="rows", ordering="figure_rows")
    def rows(self, dataset: Any) -> SafeString | str:
        if dataset.is_read_only:
            listed = listed_figures([dataset.relation]).get(dataset.relation)
            return "gone" if listed is None else rows_words(listed.figure.rows, listed.figure.known)
        return number(dataset.figure_rows)
