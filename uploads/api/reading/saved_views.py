"""Saved views of a dataset, and its dashboard, over the API."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.models import Dataset
from uploads.services.reading.view import Fields, fields_of
from uploads.services.saving.dashboards import list_placed
from uploads.services.saving.saved_views import (
    LONGEST_NAME,
    LONGEST_QUERY,
    Saved,
    delete_view,
    find_view,
    list_views,
    rename_view,
    save_view,
)
from uploads.services.visibility import find_dataset
from uploads.states import SavedKind
from uploads.web.saved.described import described
from uploads.web.saved.queries import checked_query
from uploads.web.schemas import answers, saved_schemas
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
CHANGING = frozenset({400, 401, 403, 404, 409})
type Answer = dict[str, Any]


class ViewToSave(Schema):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(description=f"At most {LONGEST_NAME} letters. Letter case makes no other name.")
    kind: SavedKind = SavedKind.ROWS
    query: str = Field(
        "",
        description="The query of the rows' or the aggregate's address, such as `price__gt=11&_sort=-price`; for a"
        f" chart also `_chart`. At most {LONGEST_QUERY:,} letters. A place and a limit in it are not kept.",
    )
    replace: bool = Field(default=False, description="Also where there is a view of this name: that one is replaced.")


class NewName(Schema):
    model_config = ConfigDict(extra="forbid")

    name: str


@router.get(
    "/datasets/{slug}/views",
    response={200: saved_schemas.SavedViews, frozenset({400, 404}): answers.Error},
    summary="List the saved views of a dataset",
)
async def list_saved_views(request: HttpRequest, slug: str) -> Answer:
    """By name, for whoever may see the dataset."""

    def run() -> Answer:
        viewer = viewer_of(request)
        dataset = find_dataset(slug=slug, viewer=viewer)
        fields = fields_of(dataset=dataset, viewer=viewer)
        views = list_views(dataset=dataset)
        return {"views": [described(each, dataset=dataset, fields=fields, viewer=viewer) for each in views]}

    return await sync_to_async(run)()


@router.get(
    "/datasets/{slug}/views/{name}",
    response={200: saved_schemas.SavedView, frozenset({400, 404}): answers.Error},
    summary="One saved view",
)
async def get_saved_view(request: HttpRequest, slug: str, name: str) -> Answer:
    """By the `slug` that the list names, for whoever may see the dataset. Its rows or figures are at `data`."""

    def run() -> Answer:
        viewer = viewer_of(request)
        dataset = find_dataset(slug=slug, viewer=viewer)
        fields = fields_of(dataset=dataset, viewer=viewer)
        return described(find_view(dataset=dataset, slug=name), dataset=dataset, fields=fields, viewer=viewer)

    return await sync_to_async(run)()


@router.get(
    "/datasets/{slug}/dashboard",
    response={200: saved_schemas.Dashboard, frozenset({400, 404}): answers.Error},
    summary="The dashboard of a dataset",
)
async def get_dashboard(request: HttpRequest, slug: str) -> Answer:
    """The saved views on it, in their order, for whoever may see the dataset. What each shows is at its `data`."""

    def run() -> Answer:
        viewer = viewer_of(request)
        dataset = find_dataset(slug=slug, viewer=viewer)
        fields = fields_of(dataset=dataset, viewer=viewer)
        tiles = [
            {**described(each.saved, dataset=dataset, fields=fields, viewer=viewer), "is_wide": each.is_wide}
            for each in list_placed(dataset=dataset)
        ]
        return {"page": reverse("dashboard", args=[dataset.slug]), "tiles": tiles}

    return await sync_to_async(run)()


@router.post(
    "/datasets/{slug}/views",
    response={201: saved_schemas.SavedView, CHANGING: answers.Error},
    summary="Save a view of a dataset",
)
async def save_dataset_view(request: HttpRequest, slug: str, wish: ViewToSave) -> Any:
    """For staff: a name for a filter, order and columns, or for a chart. A dataset has at most 100."""

    def save(dataset: Dataset, fields: Fields) -> Saved:
        query = checked_query(wish.query, kind=wish.kind, fields=fields)
        return save_view(
            dataset=dataset,
            name=wish.name,
            kind=wish.kind,
            query=query,
            replace=wish.replace,
            user_id=request.user.pk,
        )

    return Status(201, await sync_to_async(_changed)(request, slug, save))


@router.patch(
    "/datasets/{slug}/views/{name}",
    response={200: saved_schemas.SavedView, CHANGING: answers.Error},
    summary="Rename a saved view",
)
async def rename_dataset_view(request: HttpRequest, slug: str, name: str, wish: NewName) -> Any:
    """For staff. Its address stays."""

    def rename(dataset: Dataset, fields: Fields) -> Saved:
        return rename_view(dataset=dataset, slug=name, name=wish.name, user_id=request.user.pk)

    return await sync_to_async(_changed)(request, slug, rename)


@router.delete(
    "/datasets/{slug}/views/{name}",
    response={200: saved_schemas.SavedView, CHANGING: answers.Error},
    summary="Delete a saved view",
)
async def delete_dataset_view(request: HttpRequest, slug: str, name: str) -> Any:
    """For staff. No row is touched; the answer is what it was."""

    def delete(dataset: Dataset, fields: Fields) -> Saved:
        return delete_view(dataset=dataset, slug=name, user_id=request.user.pk)

    return await sync_to_async(_changed)(request, slug, delete)


def _changed(request: HttpRequest, slug: str, act: Callable[[Dataset, Fields], Saved]) -> Answer:
    caller_of(request).rights.require_change_dataset()
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    fields = fields_of(dataset=dataset, viewer=viewer)
    return described(act(dataset, fields), dataset=dataset, fields=fields, viewer=viewer)
