"""Save a view of a dataset under a name, list, rename and delete what was saved.

What a view says comes here checked against the columns of the moment, and is checked again by whoever shows it: a
column may have been renamed since.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.text import slugify

from uploads.database.prepared import Prepared
from uploads.models import Dataset, SavedView
from uploads.services.admin_log import log_act
from uploads.services.errors import DatasetNotFound, ViewExists, ViewNotFound
from uploads.states import SavedKind
from uploads.tabular.errors import BadOption

MOST_VIEWS = 100
"""Of one dataset: a menu of more is none."""
LONGEST_NAME = 100
LONGEST_QUERY = 4_000
"""Letters; browsers and proxies carry addresses of that length."""
_LONGEST_WORD = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """A saved view, as it stands; what it says may no longer fit the dataset's columns."""

    name: str
    slug: str
    kind: SavedKind
    query: str
    saved_at: datetime
    saved_by: str
    """The name of an account, for staff to see; empty: the command line, or an account that is gone."""


def list_views(*, dataset: Dataset) -> tuple[Saved, ...]:
    """By name."""
    return tuple(
        Saved(name=name, slug=slug, kind=SavedKind(kind), query=query, saved_at=saved_at, saved_by=saved_by or "")
        for name, slug, kind, query, saved_at, saved_by in VIEWS.rows(dataset=dataset.pk)
    )


def _ask_views(*, dataset: int) -> QuerySet[SavedView, Any]:
    views = SavedView.objects.filter(dataset=dataset).order_by("name_key")
    return views.values_list(
        *("name", "slug", "kind", "query", "saved_at"), f"saved_by__{get_user_model().USERNAME_FIELD}"
    )


VIEWS = Prepared(_ask_views)


def find_view(*, dataset: Dataset, slug: str) -> Saved:
    """By its address. Raises ``ViewNotFound``."""
    return saved_of(find_saved(dataset, slug))


def save_view(
    *, dataset: Dataset, name: str, kind: SavedKind, query: str, replace: bool = False, user_id: int | None = None
) -> Saved:
    """Keep a checked query under a name; ``replace``: also where the name has another one, whose address stays.

    Raises ``BadOption`` for a name that cannot be and a query that is too long, ``ViewExists`` for a name that is taken
    or one view too many, and ``DatasetNotFound`` for a draft and for a dataset that is gone.
    """
    name = _checked_name(name)
    if len(query) > LONGEST_QUERY:
        raise BadOption(
            f"The view takes {len(query):,} letters in its address, and {LONGEST_QUERY:,} can be saved.",
            hint="Use fewer filters.",
        )
    with transaction.atomic():
        hold_dataset(dataset)
        now = views_of(dataset).filter(name_key=_key(name)).first()
        if now is not None and not replace:
            raise _taken(now)
        if now is None:
            if views_of(dataset).count() >= MOST_VIEWS:
                raise ViewExists(f"This dataset has {MOST_VIEWS} saved views already.", hint="Delete one first.")
            now = SavedView(dataset=dataset, slug=_free_slug(dataset, name))
        now.name, now.name_key, now.kind, now.query = name, _key(name), kind, query
        now.saved_by_id, now.saved_at = user_id, Now()
        now.save()
        log_act(user_id=user_id, to=dataset, words=f"saved the view “{name}”")
    return find_view(dataset=dataset, slug=now.slug)


def rename_view(*, dataset: Dataset, slug: str, name: str, user_id: int | None = None) -> Saved:
    """Its address stays. Raises ``ViewNotFound``, ``BadOption`` and ``ViewExists``."""
    name = _checked_name(name)
    with transaction.atomic():
        hold_dataset(dataset)
        view = find_saved(dataset, slug)
        other = views_of(dataset).filter(name_key=_key(name)).exclude(pk=view.pk).first()
        if other is not None:
            raise _taken(other)
        before, view.name, view.name_key = view.name, name, _key(name)
        view.save(update_fields=["name", "name_key"])
        if before != name:
            log_act(user_id=user_id, to=dataset, words=f"renamed the view “{before}” to “{name}”")
    return saved_of(view)


def delete_view(*, dataset: Dataset, slug: str, user_id: int | None = None) -> Saved:
    """Forget it; no row is touched. Raises ``ViewNotFound``."""
    with transaction.atomic():
        hold_dataset(dataset)
        view = find_saved(dataset, slug)
        saved = saved_of(view)
        view.delete()
        log_act(user_id=user_id, to=dataset, words=f"deleted the view “{view.name}”")
    return saved


def views_of(dataset: Dataset) -> QuerySet[SavedView]:
    return SavedView.objects.filter(dataset=dataset).select_related("saved_by").order_by("name_key")


def hold_dataset(dataset: Dataset) -> None:
    """Whoever saves under the same name at the same moment comes after; a draft has no address that lasts."""
    held = Dataset.objects.select_for_update(no_key=True).filter(pk=dataset.pk, established_at__isnull=False)
    if held.first() is None:
        raise DatasetNotFound(
            f"“{dataset.name}” has no active file, or is gone.", hint="Views of it can be saved once a file is active."
        )


def find_saved(dataset: Dataset, slug: str) -> SavedView:
    view = None if "\0" in slug else views_of(dataset).filter(slug=slug).first()
    if view is None:
        raise ViewNotFound(
            f"“{dataset.name}” has no saved view “{slug[:LONGEST_NAME]}”.", hint="Look at the list of its views."
        )
    return view


def saved_of(view: SavedView) -> Saved:
    return Saved(
        name=view.name,
        slug=view.slug,
        kind=SavedKind(view.kind),
        query=view.query,
        saved_at=view.saved_at,
        saved_by="" if view.saved_by is None else view.saved_by.get_username(),
    )


def _checked_name(said: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(said.split()))
    if not name:
        raise BadOption("The view needs a name.", hint="Such as “Open orders”.")
    if len(name) > LONGEST_NAME:
        raise BadOption(f"A name has at most {LONGEST_NAME} letters, and this one has {len(name):,}.")
    if not name.isprintable():
        raise BadOption("The name has letters that cannot be seen.", hint="Type it anew.")
    return name


def _key(name: str) -> str:
    """Names that look alike are one name."""
    return unicodedata.normalize("NFKC", name).casefold()[:400]


def _free_slug(dataset: Dataset, name: str) -> str:
    word = slugify(name, allow_unicode=True)[:_LONGEST_WORD].strip("-_") or "view"
    taken = set(views_of(dataset).values_list("slug", flat=True))
    return next(slug for slug in (word, *(f"{word}-{n}" for n in range(2, MOST_VIEWS + 2))) if slug not in taken)


def _taken(view: SavedView) -> ViewExists:
    return ViewExists(f"There is a view “{view.name}” already.", hint="Take another name, or replace that one.")
