"""SQL over all datasets by the API, for those who may."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router
from pydantic import Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.reading.rows import FILES, FORMAT_WORDS, FORMATS, json_value
from uploads.services.errors import BadParameter
from uploads.services.exporting.formats import JSON, ExportFormat
from uploads.services.querying.plan import plan_query
from uploads.services.querying.query import export_query, read_query
from uploads.services.reading.parameters import FORMAT, LIMIT
from uploads.services.reading.view import DEFAULT_PAGE, MAX_PAGE
from uploads.tabular.table import ColumnType
from uploads.web.downloads import export_download
from uploads.web.reading import wanted_format
from uploads.web.schemas import answers, query_schemas
from uploads.web.sentences.query_plans import plan_sentences
from uploads.web.until_gone import until_gone
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
type Answer = dict[str, Any]
FormatWish = Annotated[
    str,
    Field(json_schema_extra={"enum": [each for each in FORMATS if each != ExportFormat.PACKAGE]}),
    Query(JSON, alias=FORMAT, description=FORMAT_WORDS),
]


@router.get(
    "/sql",
    response={200: query_schemas.QueryResult, frozenset({400, 401, 403, 409, 503}): answers.Error},
    summary="The rows of a query in SQL",
    openapi_extra={"responses": {"200": {"content": FILES}}},
)
async def run_query(
    request: HttpRequest,
    query: Annotated[
        str,
        Field(json_schema_extra={"minLength": 1}),
        Query(
            description="One `SELECT` of PostgreSQL's, over `data.<dataset>` and `data._sources`.",
        ),
    ],
    limit: Annotated[int, Query(alias=LIMIT, ge=1, le=MAX_PAGE, description="Rows of a JSON answer.")] = DEFAULT_PAGE,
    format: FormatWish = JSON,  # noqa: A002 - ninja names it so
) -> Answer | HttpResponseBase:
    """For staff with the permission `query_datasets`. It reads the active rows of the datasets that you see, and
    changes nothing.

    A query that PostgreSQL refuses, that takes longer than it may or names what is no dataset: 400, with line and
    column where it has them. 409 where a file of its dataset was switched while it ran: ask again. In another format
    all rows come in one answer, whole or not at all: where there are more than a query may give, 400.
    """
    return await until_gone(partial(_answer, request, query, limit))


@router.get(
    "/sql/plan",
    response={200: query_schemas.QueryPlan, frozenset({400, 401, 403, 409, 503}): answers.Error},
    summary="How a query in SQL would be run",
)
async def plan_sql(
    request: HttpRequest,
    query: Annotated[str, Field(json_schema_extra={"minLength": 1}), Query(description="As for `/api/sql`.")],
) -> Answer:
    """For whoever may run it. Nothing is run: PostgreSQL says which steps it would take, and how many rows it expects.

    Only datasets, and published tables that the query names, are named; of a view nothing is said but that it is read.
    """
    return await until_gone(partial(_plan, request, query))


def _plan(request: HttpRequest, query: str, is_gone: Callable[[], bool]) -> Answer:
    caller_of(request).rights.require_query_datasets()
    plan = plan_query(query=query, most_rows=lambda _: settings.SQL_ROWS, is_over=is_gone)
    return {"sentences": plan_sentences(plan), "steps": plan.steps}


def _answer(request: HttpRequest, query: str, limit: int, is_gone: Callable[[], bool]) -> Answer | HttpResponseBase:
    caller_of(request).rights.require_query_datasets()
    format_, viewer = wanted_format(request), viewer_of(request)
    if format_ is ExportFormat.PACKAGE:
        raise BadParameter("A data package describes a dataset, not a query.", hint="Take csv.", names=[FORMAT])
    if format_ is not None:
        return export_download(request, export_query(query=query, format_=format_, is_over=is_gone, viewer=viewer))
    page = read_query(query=query, most_rows=lambda _: limit, is_over=is_gone, viewer=viewer)
    types = [column.type for column in page.columns]
    names = [column.name for column in page.columns]
    return {
        "columns": page.columns,
        "rows": [dict(zip(names, map(_value, row, types), strict=True)) for row in page.rows],
        "has_more": page.has_more,
    }


def _value(value: Any, type_: ColumnType) -> Any:
    """Moments as ISO 8601; years before Christ keep their ``BC``."""
    if not isinstance(value, str) or type_ not in {ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ}:
        return json_value(value)
    plain = value.replace(" ", "T").replace("TBC", " BC")
    return plain.replace("+00", "Z") if type_ is ColumnType.TIMESTAMPTZ else plain
