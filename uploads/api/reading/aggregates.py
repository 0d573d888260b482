"""Figures of groups of a dataset's rows over the API."""

from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router

from uploads.api.callers import CallerAuth
from uploads.api.reading.rows import FILTERS, json_value
from uploads.database.aggregating.terms import ByBins, ByPeriod, Grouping, Key
from uploads.services.aggregating.aggregates import aggregate
from uploads.services.aggregating.parameters import BINS, GROUP, MEASURE, MOST_BINS, MOST_VALUES, VALUE
from uploads.services.reading.parameters import SEARCH
from uploads.services.reading.view import fields_of
from uploads.services.visibility import find_dataset
from uploads.web.reading import aggregation_from
from uploads.web.schemas import aggregate_schemas, answers
from uploads.web.sentences.groups import key_words
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
type Answer = dict[str, Any]


@router.get(
    "/datasets/{slug}/aggregate",
    response={200: aggregate_schemas.Aggregate, frozenset({400, 404, 409, 503}): answers.Error},
    summary="Figures of groups of a dataset's rows",
    openapi_extra={"parameters": [FILTERS]},
)
async def aggregate_rows(
    request: HttpRequest,
    slug: str,
    group: Annotated[
        str,
        Query(
            alias=GROUP,
            description="At most two groupings: `area`, `area,sold:month`. By a column's values (`area:top:10`: its ten"
            f" most frequent and everything else; else {MOST_VALUES:,} of them, or a hundred of each of two); dates by"
            " `day`, `week` (from Monday), `month`, `quarter`, `year`, in UTC; numbers in ranges by `price:bins:20`,"
            f" of one width with round edges, at most so many (2 to {MOST_BINS}). None: all rows are one group.",
        ),
    ] = "",
    measure: Annotated[
        str,
        Query(
            alias=MEASURE,
            description="`count` of rows, or with a column (`count:price`) of those that are not blank; `distinct`:"
            " different values; `sum`, `mean`, `median` of numbers; `min`, `max` of numbers and dates.",
        ),
    ] = "count",
    search: Annotated[str, Query(alias=SEARCH, description="Words that rows have, as for rows.")] = "",
) -> Answer:
    """Of the rows that meet the filters, the same ones as for rows.

    Sums, means and medians of `bigint` and `numeric` are exact, and come as strings as `numeric` does in rows; those of
    `double precision` as numbers. A group with NaN among its values has NaN as their sum. 400 names what is unknown or
    wrong; 503 where it takes longer than it may, or as many are being computed as may be at once.
    """
    return await sync_to_async(_aggregate)(request, slug)


def _aggregate(request: HttpRequest, slug: str) -> Answer:
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    wanted, filters = aggregation_from(request, fields=fields_of(dataset=dataset, viewer=viewer))
    found = aggregate(dataset=dataset, filters=filters, wanted=wanted)
    measure = wanted.measure
    return {
        "groupings": [
            {"column": each.field.name, "type": each.field.type, "by": _by(each)} for each in wanted.groupings
        ],
        "measure": {
            "function": measure.function,
            "column": None if measure.field is None else measure.field.name,
            "type": measure.type,
        },
        "groups": [
            {
                "keys": [_key(key, each) for key, each in zip(group.keys, wanted.groupings, strict=True)],
                "rows": group.rows,
                "value": json_value(group.value),
            }
            for group in found.groups
        ],
        "total_groups": found.total_groups,
        "total_rows": found.total_rows,
    }


def _by(grouping: Grouping) -> str:
    match grouping:
        case ByPeriod(period=period):
            return period
        case ByBins():
            return BINS
    return VALUE


def _key(key: Key, grouping: Grouping) -> Answer:
    return {
        "kind": key.kind,
        "value": json_value(key.value),
        "start": json_value(key.start),
        "end": json_value(key.end),
        "label": key_words(key, grouping),
    }
