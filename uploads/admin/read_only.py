"""What all admin pages of this app share: facts are shown, never typed in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from uploads.admin.words import form_words
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.files.permissions import Rights, rights_of
from uploads.services.files.progress import awaits_review
from uploads.states import FileState

NOTHING = mark_safe("–")

# Generic for the type checker only.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline


def rights(request: HttpRequest) -> Rights:
    """The rights of whoever is signed in, asked once a request."""
    found = getattr(request, "_rights", None)
    if not isinstance(found, Rights):
        found = rights_of(request.user)
        request._rights = found  # type: ignore[attr-defined]  # noqa: SLF001 - a cache of our own on the request
    return found


class SeesAll:
    """Whoever may see files may see all that belongs to them, in the words of the pages."""

    if TYPE_CHECKING:
        model: type[Model]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **form_words(self.model), **kwargs)  # type: ignore[misc]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **form_words(self.model), **kwargs)  # type: ignore[misc]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rights(request).sees_all

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(SeesAll, ModelAdmin):
    """Lists and pages without a form. A post for an act that this person does not have is refused, not overlooked."""

    show_full_result_count = False  # a second COUNT for each page
    list_per_page = 50
    empty_value_display = NOTHING

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST":
            asked = {name for name in request.POST.getlist("action") if name}
            if not asked or asked - self.get_actions(request).keys():
                raise PermissionDenied
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the page of one object shows besides its fields."""
        return {}

    @override
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context |= {"title": str(obj), "subtitle": None, **self.page_context(request, obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)


class GoesWithItsOwner:
    """What nobody deletes by itself, and goes with the account or whatever else it belongs to: on the page that deletes
    that, Django asks whether each piece may be deleted, and would refuse all of it."""

    if TYPE_CHECKING:
        opts: Any

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        page = (request.resolver_match and request.resolver_match.url_name) or ""
        own = f"{self.opts.app_label}_{self.opts.model_name}_"
        return page.endswith(("_delete", "_changelist")) and not page.startswith(own)


def titled(base: type[admin.FieldListFilter], title: str) -> type[admin.FieldListFilter]:
    """A filter that is called something else than the field of the database."""

    class Titled(base):  # type: ignore[valid-type,misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

    return Titled


class DatasetFilter(admin.RelatedOnlyFieldListFilter):
    """Datasets as the column beside it calls them."""

    @override
    def field_choices(self, field: Any, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        found = super().field_choices(field, request, model_admin)
        named = Dataset.objects.select_related("typed_by").in_bulk([pk for pk, _ in found])
        return sorted(((pk, dataset_name(named[pk])) for pk, _ in found), key=lambda choice: choice[1].casefold())


def dataset_name(dataset: Dataset) -> str:
    """One that no file is in yet as it would be called then."""
    return f"{dataset.public_slug} (planned)" if dataset.is_draft else dataset.name


def dataset_links(loads: Iterable[Load]) -> SafeString:
    """The datasets of some loads, each once."""
    found = {load.dataset.pk: load.dataset for load in loads if load.dataset is not None}
    links = (
        (reverse("admin:uploads_dataset_change", args=[pk]), dataset_name(dataset)) for pk, dataset in found.items()
    )
    return format_html_join(", ", '<a href="{}">{}</a>', links) or NOTHING


def state_word(file: UploadedFile) -> str:
    """The state of a file as the public pages call it."""
    if file.state != FileState.LOADED:
        return file.get_state_display()
    is_asked = bool(file.overlaps or file.columns_open or file.guards_tripped)
    return FileState.LOADED.badge_for(awaits_review=awaits_review(file), review=file.review, is_asked=is_asked)


def account(read: int, loaded: int, rejected: int, blank: int) -> str:
    """The sum that every receipt must show."""
    return f"{read:,} read = {loaded:,} loaded + {rejected:,} rejected + {blank:,} blank"


def number(value: int) -> SafeString:
    """A figure with its thousands marked, aligned by the stylesheet."""
    return mark_safe(f'<span class="figure">{value:,}</span>')  # noqa: S308 - digits and commas
