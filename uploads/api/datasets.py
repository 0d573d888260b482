"""Datasets over the API: which there are, their columns, their active rows."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.reading_options import ReadingOptions, said_options
from uploads.services.datasets import browsing
from uploads.services.datasets.browsing import MAX_PAGE, Row, describe_dataset, page_rows, sources_of
from uploads.services.merging.guards import Guards
from uploads.services.merging.modes import mode_of
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.services.options.remembered import DatasetDefaults, change_defaults, defaults_of
from uploads.services.visibility import columns_seen, find_dataset
from uploads.web import schemas
from uploads.web.cursors import read_cursor, write_cursor
from uploads.web.shown import dataset_schemas, reading_schemas
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
CHANGING = frozenset({400, 401, 403, 404})
type Answer = dict[str, Any]

LARGEST_EXACT = 2**53 - 1
"""JavaScript rounds whole numbers beyond this."""


@router.get("/datasets", response={200: dataset_schemas.DatasetList, 400: schemas.Error}, summary="List datasets")
async def list_datasets(request: HttpRequest) -> Answer:
    """Every dataset with the figures of its active files."""
    summaries = await sync_to_async(browsing.list_datasets)()
    return {"datasets": summaries}


@router.get(
    "/datasets/{slug}",
    response={200: dataset_schemas.DatasetDetail, frozenset({400, 404}): schemas.Error},
    summary="One dataset",
)
async def get_dataset(request: HttpRequest, slug: str) -> Answer:
    """A dataset with its columns, their types and why they have them."""

    def describe() -> Answer:
        viewer = viewer_of(request)
        dataset = find_dataset(slug=slug, viewer=viewer)
        summary = describe_dataset(slug=dataset.slug, viewer=viewer)
        return {
            **schemas.as_json(dataset_schemas.Dataset, summary),
            "refusal": summary.refusal,
            "columns": columns_seen(dataset=dataset, viewer=viewer),
            "reading": defaults_of(dataset).entries,
            **schemas.as_json(dataset_schemas.DatasetMode, mode_of(dataset)),
            "guards": Guards.of(dataset),
            "sources": sources_of(dataset_id=dataset.pk),
        }

    return await sync_to_async(describe)()


@router.patch(
    "/datasets/{slug}/reading",
    response={200: reading_schemas.DatasetReading, CHANGING: schemas.Error},
    summary="Say how a dataset's later files are read",
)
async def change_reading(request: HttpRequest, slug: str, said: ReadingOptions) -> DatasetDefaults:
    """For staff. What isn't named stays as it is; `auto` (for the sheet `*`) forgets an option."""
    return await _change_reading(request, slug, said_options(said))


@router.delete(
    "/datasets/{slug}/reading",
    response={200: reading_schemas.DatasetReading, CHANGING: schemas.Error},
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


@router.get(
    "/datasets/{slug}/rows",
    response={200: dataset_schemas.RowPage, frozenset({400, 404, 409, 503}): schemas.Error},
    summary="The active rows of a dataset",
)
async def list_rows(
    request: HttpRequest, slug: str, after: str = "", limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100
) -> Answer:
    """In the order of the files and of their rows; deep pages cost what the first one costs.

    No value is changed on its way: `numeric` comes as a string (`"2023.10"` is not `2023.1`), `bigint` as a number, or
    as a string beyond ±9,007,199,254,740,991 (JavaScript would round it), `double precision` as a number (`"NaN"`,
    `"Infinity"` as strings), dates and times as ISO 8601, those with a time zone in UTC.

    Those of a read-only dataset come in the order of its key, or as they lie in the table; as PostgreSQL prints them
    where a type is none of these. 409 where it is gone or cannot be read, 503 where a view takes longer than a page
    may, or as many are being read as may be at once.
    """
    position = read_cursor(after)
    page = await sync_to_async(lambda: page_rows(slug=slug, after=position, limit=limit, viewer=viewer_of(request)))()
    names = [column.name for column in page.columns]
    return {
        "columns": page.columns,
        "rows": [{**_origin(row), **dict(zip(names, map(json_value, row.values), strict=True))} for row in page.rows],
        "next": None if page.next is None else write_cursor(page.next),
    }


def _origin(row: Row) -> Answer:
    """Of a table that is shown as it is rows are of no file."""
    return {"_file": row.file_id, "_row": row.row} if row.file_id else {}


def json_value(value: Any) -> Any:
    """A stored value as JSON that reads back as the same value."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= LARGEST_EXACT else str(value)
        case float():
            return value if math.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")
        case Decimal():
            return f"{value:f}"
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"a dataset has no values of type {type(value).__name__}")
