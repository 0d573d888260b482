"""Rows of datasets over the API, by a view that the query describes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router
from pydantic import Field as Described

from uploads.api.callers import CallerAuth
from uploads.database.reading.terms import Field, Operator
from uploads.database.sessions import leave_as_found
from uploads.models import Dataset
from uploads.services.datasets.browsing import summary_of
from uploads.services.datasets.opening import opened_dataset
from uploads.services.datasets.reflection import RowFigure
from uploads.services.exporting.export import export_page, export_view
from uploads.services.exporting.formats import JSON, MEDIA_TYPES, ExportFormat
from uploads.services.reading.counts import count_view
from uploads.services.reading.facets import Facet, facets_of
from uploads.services.reading.indexes import with_indexes
from uploads.services.reading.pages import Page, Row, read_page
from uploads.services.reading.parameters import (
    AFTER,
    BEFORE,
    COLUMNS,
    COUNT,
    FACET,
    FORMAT,
    LIMIT,
    MOST_FACETS,
    SEARCH,
    SORT,
)
from uploads.services.reading.view import DEFAULT_PAGE, MAX_PAGE, Cursor, Fields, View, fields_of
from uploads.services.visibility import find_dataset
from uploads.web.cursors import write_cursor
from uploads.web.downloads import export_download
from uploads.web.parameters import address_without
from uploads.web.reading import page_questions, view_from, wanted_format
from uploads.web.schemas import answers, dataset_schemas
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
type Answer = dict[str, Any]

LARGEST_EXACT = 2**53 - 1
"""JavaScript rounds whole numbers beyond this."""
FORMAT_WORDS = (
    f"One of `{JSON}` (the default: a page), {', '.join(f'`{each}`' for each in ExportFormat)}; where it is not said,"
    ' what `Accept` names. CSV is UTF-8 with commas: nothing at all is a blank, `""` an empty text. Arrow has typed'
    " columns; a decimal number whose values have different numbers of places, and a date outside of the years 1 to"
    " 9999, are text in it."
)
FILES = {each: {"schema": {"type": "string", "format": "binary"}} for each in MEDIA_TYPES}
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


SortWish = Annotated[
    str,
    Query(
        alias=SORT,
        description="Columns to sort by, at most four, with `-` for descending: `-price,area`. Blanks come last,"
        " rows with equal values by file and row; texts are compared by their first 200 letters.",
    ),
]
ColumnsWish = Annotated[
    str,
    Query(
        alias=COLUMNS,
        description="The columns wanted, in this order: `area,price`. A file has `_file` and `_row` only where"
        " they are named here.",
    ),
]
SearchWish = Annotated[
    str,
    Query(
        alias=SEARCH,
        description="Words that all have to be in a row: as part of a text, in capitals or not, or as a whole"
        " number, date or time.",
    ),
]
FORMATS = [JSON, *map(str, ExportFormat)]
FormatWish = Annotated[
    str,
    Described(json_schema_extra={"enum": FORMATS}),
    Query(JSON, alias=FORMAT, description=FORMAT_WORDS),
]
FacetsWish = Annotated[
    list[str] | None,
    Query(
        alias=FACET,
        max_length=MOST_FACETS,
        description="A column whose most frequent values are counted, for up to a second; repeat it for more.",
    ),
]


@router.get(
    "/datasets/{slug}/rows",
    response={200: dataset_schemas.RowPage, frozenset({400, 404, 409, 503}): answers.Error},
    summary="The active rows of a dataset",
    openapi_extra={"parameters": [FILTERS], "responses": {"200": {"content": FILES}}},
)
async def list_rows(  # noqa: PLR0917 - as ninja takes the parameters of a query
    request: HttpRequest,
    slug: str,
    after: Annotated[str, Query(alias=AFTER, description="`next` of a page: the rows that follow it.")] = "",
    before: Annotated[str, Query(alias=BEFORE, description="`previous` of a page: the rows before it.")] = "",
    limit: Annotated[int, Query(alias=LIMIT, ge=1, le=MAX_PAGE, description="Rows on a page.")] = DEFAULT_PAGE,
    sort: SortWish = "",
    columns: ColumnsWish = "",
    search: SearchWish = "",
    facet: FacetsWish = None,
    count: Annotated[
        bool, Query(alias=COUNT, description="Also say how many rows meet the filters; counted for up to a second.")
    ] = False,
    format: FormatWish = JSON,  # noqa: A002 - ninja names it so
) -> Answer | HttpResponseBase:
    """In the order of the files and of their rows, or sorted; deep pages cost what the first one costs.

    No value is changed on its way: `numeric` comes as a string (`"2023.10"` is not `2023.1`), `bigint` as a number, or
    as a string beyond ±9,007,199,254,740,991 (JavaScript would round it), `double precision` as a number (`"NaN"`,
    `"Infinity"` as strings), dates and times as ISO 8601, those with a time zone in UTC.

    Those of a read-only dataset come in the order of its key, or as they lie in the table; as PostgreSQL prints them
    where a type is none of these. 409 where it is gone or cannot be read, 503 where a page takes longer than a page
    may, or as many are being read as may be at once.

    In another format all rows of the view come in one answer of any size, which is sent while it is made; with
    `after`, `_before` or `limit` those of that page alone, and a `Link` to the next one. It has the rows of one
    moment: an answer that breaks off before its end is not whole, and is to be asked for again.
    """
    return await sync_to_async(_answer)(request, slug, limit, count)


def _answer(request: HttpRequest, slug: str, limit: int, with_count: bool) -> Answer | HttpResponseBase:
    viewer = viewer_of(request)
    format_ = wanted_format(request)
    if format_ is not None and not {AFTER, BEFORE, LIMIT} & request.GET.keys():
        whole = find_dataset(slug=slug, viewer=viewer)
        view = _view(request, fields_of(dataset=whole, viewer=viewer), limit)
        return export_download(request, export_view(slug=slug, view=view, format_=format_, viewer=viewer))
    with opened_dataset(slug, viewer, page_questions(request)) as dataset:
        fields = fields_of(dataset=dataset, viewer=viewer)
        view = with_indexes(dataset=dataset, view=_view(request, fields, limit))
        seen = replace(view, columns=_without(view.columns, fields.own))
        page = read_page(slug=slug, view=seen, viewer=viewer, dataset=dataset, columns=fields.columns)
    if format_ is None:
        answer = _page_json(dataset, page, view, with_count=with_count, own=fields.own)
        leave_as_found()
        return answer
    response = export_download(request, export_page(slug=slug, view=view, page=page, format_=format_, viewer=viewer))
    if page.next is not None:
        response.headers["Link"] = f'<{_address_of_next(request, page.next)}>; rel="next"'
    return response


def _view(request: HttpRequest, fields: Fields, limit: int) -> View:
    return view_from(request, fields=fields, apart_from=[COUNT, LIMIT, FORMAT], limit=limit, with_own=True)


def _without(names: Sequence[str], own: Mapping[str, Field]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in own)


def _address_of_next(request: HttpRequest, place: Cursor) -> str:
    """The address of the page behind a place, in the format of this one."""
    address = address_without(request, [AFTER, BEFORE])
    return f"{address}{'&' if '?' in address else '?'}{urlencode({AFTER: write_cursor(place)})}"


def _page_json(dataset: Dataset, page: Page, view: View, *, with_count: bool, own: Mapping[str, Field]) -> Answer:
    shown = () if view.columns and own.keys() >= set(view.columns) else page.columns
    names = [column.name for column in shown]
    return {
        "columns": shown,
        "rows": [{**_origin(row), **dict(zip(names, map(json_value, row.values), strict=False))} for row in page.rows],
        "next": None if page.next is None else write_cursor(page.next),
        "previous": None if page.previous is None else write_cursor(page.previous),
        **_counted(dataset, view, page, with_count=with_count),
    }


def _counted(dataset: Dataset, view: View, page: Page, *, with_count: bool) -> Answer:
    """What is asked for beside the rows."""
    if not with_count and not view.facets:
        return {"count": None, "facets": None}
    summary = summary_of(dataset)
    whole = RowFigure(rows=summary.rows, known=summary.rows_known)
    facets = facets_of(dataset=dataset, view=view, whole=whole)
    return {
        "count": count_view(dataset=dataset, view=view, whole=whole, page=page) if with_count else None,
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
