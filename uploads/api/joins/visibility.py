"""Who reads a dataset, over the API."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.services.datasets.rights import DatasetVisibility, change_visibility, visibility_of
from uploads.services.visibility import find_dataset
from uploads.states import Visibility
from uploads.web.schemas import answers, visibility_schemas
from uploads.web.visitors import viewer_of

router = Router(auth=CallerAuth(), tags=["datasets"])


class VisibilityWish(Schema):
    model_config = ConfigDict(extra="forbid")

    visibility: Visibility
    groups: list[str] = Field([], description="Names of groups, for `groups`; none: staff alone.")


@router.get(
    "/datasets/{slug}/visibility",
    response={200: visibility_schemas.DatasetVisibility, frozenset({400, 401, 403, 404}): answers.Error},
    summary="Who reads a dataset",
)
async def get_dataset_visibility(request: HttpRequest, slug: str) -> DatasetVisibility:
    """For staff."""
    caller_of(request).rights.require_change_dataset()
    return await sync_to_async(lambda: visibility_of(find_dataset(slug=slug, viewer=viewer_of(request))))()


@router.put(
    "/datasets/{slug}/visibility",
    response={200: visibility_schemas.DatasetVisibility, frozenset({400, 401, 403, 404}): answers.Error},
    summary="Say who reads a dataset",
)
async def change_dataset_visibility(request: HttpRequest, slug: str, wish: VisibilityWish) -> DatasetVisibility:
    """For staff. The roles of PostgreSQL change in the same moment."""
    caller_of(request).rights.require_change_dataset()

    def run() -> DatasetVisibility:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        return change_visibility(
            slug=dataset.slug, visibility=wish.visibility, groups=wish.groups, user_id=request.user.pk
        )

    return await sync_to_async(run)()
