"""Datasets over the API: which there are, their columns, how their files are read."""

from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.reading_options import ReadingOptions, said_options
from uploads.services.cataloguing.about import About, SaidAbout, change_about, read_tags
from uploads.services.datasets import browsing
from uploads.services.datasets.browsing import describe_dataset, sources_of
from uploads.services.errors import BadParameter
from uploads.services.merging.guards import Guards
from uploads.services.merging.modes import mode_of
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.services.options.remembered import DatasetDefaults, change_defaults, defaults_of
from uploads.services.reading.profile import describe_profile
from uploads.services.visibility import columns_seen, find_dataset
from uploads.web.parameters import TAG
from uploads.web.schemas import about_schemas, answers, dataset_schemas, profile_schemas, reading_schemas
from uploads.web.visitors import viewer_of


class AboutWish(Schema):
    """What is left out stays as it is; an empty text says nothing of it any more."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", description="What people call it, never empty; its table and its address keep theirs.")
    description: str = Field("", description="At most 5,000 letters.")
    licence: str = Field("", description="An identifier of SPDX, such as `CC-BY-4.0`; `other` with its `licence_url`.")
    licence_url: str = Field("", description="Of the terms, for the licence `other` alone.")
    tags: list[str] = Field([], description="At most 20 of at most 40 letters; they are kept in small letters.")
    publisher: str = Field("", description="Who answers for the data.")
    contact: str = Field("", description="An e-mail address, or that of a page.")


router = Router(tags=["datasets"], auth=CallerAuth())
CHANGING = frozenset({400, 401, 403, 404})
type Answer = dict[str, Any]
TagsWish = Annotated[
    list[str],
    Query([], alias=TAG, description="Those that have all of these tags; several times for several."),
]


@router.get("/datasets", response={200: dataset_schemas.DatasetList, 400: answers.Error}, summary="List datasets")
async def list_datasets(request: HttpRequest, tag: TagsWish) -> Answer:
    """Those that you may read, with the figures of their active files; by `_tag=energy` those that have a tag."""
    tags = _read_tags(tag)
    summaries = await sync_to_async(lambda: browsing.list_datasets(viewer_of(request), tags=tags))()
    return {"datasets": summaries}


def _read_tags(said: list[str]) -> tuple[str, ...]:
    """Raises ``BadParameter``, under the name that the address has."""
    try:
        return read_tags(said)
    except BadParameter as error:
        raise BadParameter(error.message, hint=error.hint, names=[TAG]) from error


@router.get(
    "/datasets/{slug}",
    response={200: dataset_schemas.DatasetDetail, frozenset({400, 404}): answers.Error},
    summary="One dataset",
)
async def get_dataset(request: HttpRequest, slug: str) -> Answer:
    """A dataset with its columns, their types and why they have them."""

    def describe() -> Answer:
        viewer = viewer_of(request)
        dataset = find_dataset(slug=slug, viewer=viewer)
        summary = describe_dataset(slug=dataset.slug, viewer=viewer)
        return {
            **answers.as_json(dataset_schemas.Dataset, summary),
            "refusal": summary.refusal,
            "columns": columns_seen(dataset=dataset, viewer=viewer),
            "reading": defaults_of(dataset).entries,
            **answers.as_json(dataset_schemas.DatasetMode, mode_of(dataset)),
            "guards": Guards.of(dataset),
            "sources": sources_of(dataset),
        }

    return await sync_to_async(describe)()


@router.patch(
    "/datasets/{slug}/about",
    response={200: about_schemas.DatasetAbout, CHANGING: answers.Error},
    summary="Say what a dataset is about",
)
async def change_dataset_about(request: HttpRequest, slug: str, wish: AboutWish) -> About:
    """For staff. Everybody sees it on the dataset's page; it stands in `/catalog.jsonld` and in data packages."""
    caller_of(request).rights.require_change_dataset()
    said = SaidAbout(**{name: getattr(wish, name) for name in wish.model_fields_set})

    def run() -> About:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        return change_about(slug=dataset.slug, said=said, user_id=request.user.pk)

    return await sync_to_async(run)()


@router.get(
    "/datasets/{slug}/profile",
    response={200: profile_schemas.DatasetProfile, frozenset({400, 404, 409}): answers.Error},
    summary="Figures of each column of a dataset",
)
async def get_profile(request: HttpRequest, slug: str) -> Answer:
    """Blanks, different values, the least and the greatest, mean, quantiles and the most frequent values, over all rows
    of the active files. They are made for each file in the background once it is loaded (`missing` are still to come),
    and put together: what isn't exact says so. Values are texts, as PostgreSQL prints them. 409 of a read-only dataset.
    """

    def describe() -> Answer:
        viewer = viewer_of(request)
        profile = describe_profile(dataset=find_dataset(slug=slug, viewer=viewer), viewer=viewer)
        return {
            "tables": profile.tables,
            "missing": profile.missing,
            "rows_hidden": profile.hidden,
            "made_at": profile.made_at,
            "columns": [profile_schemas.as_column(each) for each in profile.columns],
        }

    return await sync_to_async(describe)()


@router.patch(
    "/datasets/{slug}/reading",
    response={200: reading_schemas.DatasetReading, CHANGING: answers.Error},
    summary="Say how a dataset's later files are read",
)
async def change_reading(request: HttpRequest, slug: str, said: ReadingOptions) -> DatasetDefaults:
    """For staff. What isn't named stays as it is; `auto` (for the sheet `*`) forgets an option."""
    return await _change_reading(request, slug, said_options(said))


@router.delete(
    "/datasets/{slug}/reading",
    response={200: reading_schemas.DatasetReading, CHANGING: answers.Error},
    summary="Forget the format remembered for a dataset's files",
)
async def forget_reading(request: HttpRequest, slug: str) -> DatasetDefaults:
    """For staff. Each later file is found out from itself again."""
    return await _change_reading(request, slug, dict.fromkeys(READING_OPTIONS))


async def _change_reading(request: HttpRequest, slug: str, options: Answer) -> DatasetDefaults:
    caller_of(request).rights.require_change_dataset()
    user = request.user

    def change() -> DatasetDefaults:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        return change_defaults(slug=dataset.slug, options=options, by=user.get_username(), user_id=user.pk)

    return await sync_to_async(change)()
