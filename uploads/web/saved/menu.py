"""The menu of a dataset's saved views, and the form that saves the one that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from uploads.models import Dataset
from uploads.services.files.permissions import rights_of
from uploads.services.saving.saved_views import Saved, list_views
from uploads.states import SavedKind
from uploads.web.saved.embedding import frame_line


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewLink:
    name: str
    kind: SavedKind
    href: str
    is_current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewsMenu:
    views: tuple[ViewLink, ...]
    kind: SavedKind
    """Of what is shown."""
    query: str
    """Of what is shown."""
    may_save: bool
    frame_line: str = ""
    """To copy, where a saved view is shown and another site may show it too."""

    def __bool__(self) -> bool:
        """Without anything in it there is none."""
        return bool(self.views) or self.may_save


def views_menu(
    request: HttpRequest,
    *,
    dataset: Dataset,
    kind: SavedKind,
    query: Sequence[tuple[str, str]],
    current: Saved | None = None,
) -> ViewsMenu | None:
    """``query``: of what is shown; ``current``: the saved view that it is. A draft has none."""
    if dataset.is_draft:
        return None
    return ViewsMenu(
        views=tuple(
            ViewLink(
                name=view.name,
                kind=view.kind,
                href=reverse("saved-view", args=[dataset.slug, view.slug]),
                is_current=current is not None and view.slug == current.slug,
            )
            for view in list_views(dataset=dataset)
        ),
        kind=kind,
        query=urlencode(query),
        may_save=rights_of(request.user).changes_datasets,
        frame_line="" if current is None else frame_line(request, dataset=dataset, saved=current),
    )
