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
from uploads.services.datasets.browsing import MAX_PAGE, dataset_columns, describe_dataset, page_rows
from uploads.services.errors import DatasetNotFound
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.services.options.remembered import DatasetDefaults, change_defaults, remembered_options
from uploads.web import schemas
from uploads.web.cursors import read_cursor, write_cursor

router = Router(tags=["datasets"], auth=None)
CHANGING = frozenset({400, 401, 403, 404})
type Answer = dict[str, Any]

LARGEST_EXACT = 2**53 - 1
"""JavaScript rounds whole numbers beyond this."""


@router.get("/datasets", response=schemas.DatasetList, summary="List datasets")
async def list_datasets(request: HttpRequest) -> Answer:
    """Every dataset with the figures of its active files."""
    summaries = await sync_to_async(browsing.list_datasets)()
    return {"datasets": summaries}


@router.get("/datasets/{slug}", response={200: schemas.DatasetDetail, 404: schemas.Error}, summary="One dataset")
async def get_dataset(request: HttpRequest, slug: str) -> Answer:
    """A dataset with its columns, their types and why they have them."""
    _check_slug(slug)

    def describe() -> Answer:
        return {
            **schemas.as_json(schemas.Dataset, describe_dataset(slug=slug)),
            "columns": dataset_columns(slug=slug),
            "reading": remembered_options(dataset=slug).entries,
        }

    return await sync_to_async(describe)()


@router.patch(
    "/datasets/{slug}/reading",
    auth=CallerAuth(),
    response={200: schemas.DatasetReading, CHANGING: schemas.Error},
    summary="Say how a dataset's later files are read",
)
async def change_reading(request: HttpRequest, slug: str, said: ReadingOptions) -> DatasetDefaults:
    """For staff. What isn't named stays as it is; `auto` (for the sheet `*`) forgets an option."""
    return await _change_reading(request, slug, said_options(said))


@router.delete(
    "/datasets/{slug}/reading",
    auth=CallerAuth(),
    response={200: schemas.DatasetReading, CHANGING: schemas.Error},
    summary="Forget what was said about a dataset's files",
)
async def forget_reading(request: HttpRequest, slug: str) -> DatasetDefaults:
    """For staff. Each later file is found out from itself again."""
    return await _change_reading(request, slug, dict.fromkeys(READING_OPTIONS))


async def _change_reading(request: HttpRequest, slug: str, options: Answer) -> DatasetDefaults:
    caller_of(request).rights.require_change_dataset()
    _check_slug(slug)
    user = request.user
    return await sync_to_async(change_defaults)(slug=slug, options=options, by=user.get_username(), user_id=user.pk)


@router.get(
    "/datasets/{slug}/rows",
    response={200: schemas.RowPage, frozenset({400, 404}): schemas.Error},
    summary="The active rows of a dataset",
)
async def list_rows(
    request: HttpRequest, slug: str, after: str = "", limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100
) -> Answer:
    """In the order of the files and of their rows; deep pages cost what the first one costs.

    No value is changed on its way: `numeric` comes as a string (`"2023.10"` is not `2023.1`), `bigint` as a number, or
    as a string beyond ±9,007,199,254,740,991 (JavaScript would round it), `double precision` as a number (`"NaN"`,
    `"Infinity"` as strings), dates and times as ISO 8601, those with a time zone in UTC.
    """
    _check_slug(slug)
    page = await sync_to_async(page_rows)(slug=slug, after=read_cursor(after), limit=limit)
    names = [column.name for column in page.columns]
    return {
        "columns": page.columns,
        "rows": [
            {"_file": row.file_id, "_row": row.row, **dict(zip(names, map(json_value, row.values), strict=True))}
            for row in page.rows
        ],
        "next": None if page.next is None else write_cursor(page.next),
    }


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


def _check_slug(slug: str) -> None:
    if "\0" in slug:  # PostgreSQL would refuse the question, not answer it
        raise DatasetNotFound("There is no such dataset.", hint="Look at the list of datasets.")
