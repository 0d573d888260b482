"""Rows of datasets over the API, by a view that the query describes."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router

from uploads.api.callers import CallerAuth
from uploads.database.reading.terms import Operator
from uploads.models import Dataset
from uploads.services.datasets.browsing import describe_dataset
from uploads.services.datasets.reflection import RowFigure
from uploads.services.reading.counts import count_view
from uploads.services.reading.facets import Facet, facets_of
from uploads.services.reading.pages import Row, read_page
from uploads.services.reading.parameters import (
    AFTER,
    BEFORE,
    COLUMNS,
    COUNT,
    FACET,
    LIMIT,
    MOST_FACETS,
    SEARCH,
    SORT,
)
from uploads.services.reading.view import DEFAULT_PAGE, MAX_PAGE, View, fields_of
from uploads.services.visibility import Viewer, find_dataset
from uploads.web import schemas
from uploads.web.cursors import write_cursor
from uploads.web.reading import view_from
from uploads.web.shown import dataset_schemas
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
type Answer = dict[str, Any]

LARGEST_EXACT = 2**53 - 1
"""JavaScript rounds whole numbers beyond this."""
FILTERS = {
    "name": "filters",
    "in": "query",
    "style": "form",
    "explode": True,
    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    "example": {"price__gt": "11", "area__in": "North,South"},
    "description": "Conditions on columns, each a parameter of its own: `price=11`, or a column, two underscores and"
    f" one of {', '.join(f'`{word}`' for word in Operator)}. Several are joined by *and*. `in` and `range` take values"
    ' with commas between (`"a, b"` for one that has a comma), `isnull` takes `true` or `false`. `ne` is the opposite'
    " of equal, so it finds blanks too. Texts have all of them, numbers and dates all but `contains`, `icontains` and"
    " `startswith`, booleans `exact`, `ne`, `in` and `isnull`. Dates and times are ISO 8601, without a zone UTC."
    " `_file` and `_row` can be filtered too. A column called as an option is filtered by `limit__exact`. What is no"
    " column, or no value of its type, is refused: 400.",
}


@router.get(
    "/datasets/{slug}/rows",
    response={200: dataset_schemas.RowPage, frozenset({400, 404, 409, 503}): schemas.Error},
    summary="The active rows of a dataset",
    openapi_extra={"parameters": [FILTERS]},
)
async def list_rows(  # noqa: PLR0917 - as ninja takes the parameters of a query
    request: HttpRequest,
    slug: str,
    after: Annotated[str, Query(alias=AFTER, description="`next` of a page: the rows that follow it.")] = "",
    before: Annotated[str, Query(alias=BEFORE, description="`previous` of a page: the rows before it.")] = "",
    limit: Annotated[int, Query(alias=LIMIT, ge=1, le=MAX_PAGE, description="Rows on a page.")] = DEFAULT_PAGE,
    sort: Annotated[
        str,
        Query(
            alias=SORT,
            description="Columns to sort by, at most four, with `-` for descending: `-price,area`. Blanks come last,"
            " rows with equal values by file and row; texts are compared by their first 200 letters.",
        ),
    ] = "",
    columns: Annotated[str, Query(alias=COLUMNS, description="The columns wanted, in this order: `area,price`.")] = "",
    search: Annotated[
        str,
        Query(
            alias=SEARCH,
            description="Words that all have to be in a row: as part of a text, in capitals or not, or as a whole"
            " number, date or time.",
        ),
    ] = "",
    facet: Annotated[
        list[str] | None,
        Query(
            alias=FACET,
            max_length=MOST_FACETS,
            description="A column whose most frequent values are counted, for up to a second; repeat it for more.",
        ),
    ] = None,
    count: Annotated[
        bool, Query(alias=COUNT, description="Also say how many rows meet the filters; counted for up to a second.")
    ] = False,
) -> Answer:
    """In the order of the files and of their rows, or sorted; deep pages cost what the first one costs.

    No value is changed on its way: `numeric` comes as a string (`"2023.10"` is not `2023.1`), `bigint` as a number, or
    as a string beyond ±9,007,199,254,740,991 (JavaScript would round it), `double precision` as a number (`"NaN"`,
    `"Infinity"` as strings), dates and times as ISO 8601, those with a time zone in UTC.

    Those of a read-only dataset come in the order of its key, or as they lie in the table; as PostgreSQL prints them
    where a type is none of these. 409 where it is gone or cannot be read, 503 where a page takes longer than a page
    may, or as many are being read as may be at once.
    """
    return await sync_to_async(_rows)(request, slug, limit, count)


def _rows(request: HttpRequest, slug: str, limit: int, with_count: bool) -> Answer:
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    view = view_from(request, fields=fields_of(dataset=dataset, viewer=viewer), apart_from=[COUNT, LIMIT], limit=limit)
    page = read_page(slug=slug, view=view, viewer=viewer)
    names = [column.name for column in page.columns]
    return {
        "columns": page.columns,
        "rows": [{**_origin(row), **dict(zip(names, map(json_value, row.values), strict=True))} for row in page.rows],
        "next": None if page.next is None else write_cursor(page.next),
        "previous": None if page.previous is None else write_cursor(page.previous),
        **_counted(dataset, view, viewer, with_count=with_count),
    }


def _counted(dataset: Dataset, view: View, viewer: Viewer, *, with_count: bool) -> Answer:
    """What is asked for beside the rows."""
    if not with_count and not view.facets:
        return {"count": None, "facets": None}
    summary = describe_dataset(slug=dataset.slug, viewer=viewer)
    whole = RowFigure(rows=summary.rows, known=summary.rows_known)
    facets = facets_of(dataset=dataset, view=view, whole=whole)
    return {
        "count": count_view(dataset=dataset, view=view, whole=whole) if with_count else None,
        "facets": [_facet(each) for each in facets] if facets else None,
    }


def _facet(facet: Facet) -> Answer:
    return {
        "column": facet.column,
        "known": facet.known,
        "values": [{"value": json_value(each.value), "rows": each.rows} for each in facet.values],
        "has_more": facet.has_more,
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
