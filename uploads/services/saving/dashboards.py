"""The dashboard of a dataset: some of its saved views, in an order that staff arrange."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from uploads.models import Dataset, SavedView
from uploads.services.admin_log import log_act
from uploads.services.errors import ViewExists
from uploads.services.saving.saved_views import Saved, find_saved, hold_dataset, saved_of, views_of
from uploads.states import DashboardAct

MOST_TILES = 12
"""Each is computed when the page is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A saved view on the dashboard."""

    saved: Saved
    is_wide: bool


def list_placed(*, dataset: Dataset) -> tuple[Placed, ...]:
    """In the order of the dashboard."""
    return tuple(Placed(saved=saved_of(view), is_wide=view.is_wide) for view in _placed(dataset))


def arrange(*, dataset: Dataset, slug: str, act: DashboardAct, user_id: int | None = None) -> Saved:
    """Do one thing to a saved view; what is so already stays so.

    Raises ``ViewNotFound``, ``ViewExists`` for one too many, and ``DatasetNotFound`` for a draft.
    """
    with transaction.atomic():
        hold_dataset(dataset)
        view = find_saved(dataset, slug)
        placed = _placed(dataset)
        order = [each.pk for each in placed]
        if view.pk not in order and act is DashboardAct.ADD:
            if len(order) >= MOST_TILES:
                raise ViewExists(f"The dashboard has {MOST_TILES} views already.", hint="Remove one first.")
            order.append(view.pk)
            log_act(user_id=user_id, to=dataset, words=f"put the view “{view.name}” on the dashboard")
        elif view.pk in order:
            order = _moved(order, view.pk, act)
            if act is DashboardAct.REMOVE:
                log_act(user_id=user_id, to=dataset, words=f"took the view “{view.name}” off the dashboard")
        if act in (DashboardAct.WIDE, DashboardAct.NARROW):
            view.is_wide = act is DashboardAct.WIDE
        _write(placed, view, order)
    return saved_of(view)


def _placed(dataset: Dataset) -> list[SavedView]:
    return list(views_of(dataset).filter(dashboard_place__isnull=False).order_by("dashboard_place", "pk"))


def _moved(order: Sequence[int], moved: int, act: DashboardAct) -> list[int]:
    at, others = order.index(moved), [each for each in order if each != moved]
    match act:
        case DashboardAct.REMOVE:
            return others
        case DashboardAct.EARLIER:
            at = max(0, at - 1)
        case DashboardAct.LATER:
            at += 1
    return [*others[:at], moved, *others[at:]]


def _write(placed: Sequence[SavedView], view: SavedView, order: Sequence[int]) -> None:
    views = {each.pk: each for each in placed} | {view.pk: view}
    for each in views.values():
        each.dashboard_place = order.index(each.pk) if each.pk in order else None
    SavedView.objects.bulk_update(views.values(), ["dashboard_place", "is_wide"])
