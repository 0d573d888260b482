"""The query parameters of one dataset, as its OpenAPI document has them."""

from collections.abc import Iterator
from typing import Any

from uploads.api.reading.described_values import asked_schema, listed_schema, names_pattern, written
from uploads.database.aggregating.terms import DATES, NUMBERS, Period
from uploads.database.reading.terms import Field, Operator
from uploads.services.aggregating.parameters import BINS, GROUP, MEASURE, MOST_GROUPINGS, TOP, functions_of
from uploads.services.exporting.formats import JSON, ExportFormat
from uploads.services.reading.parameters import (
    AFTER,
    BEFORE,
    COLUMNS,
    COUNT,
    FACET,
    FORMAT,
    LIMIT,
    MOST_FACETS,
    MOST_SORTED,
    SEARCH,
    SORT,
    parameter_of,
)
from uploads.services.reading.searching import LONGEST_SEARCH
from uploads.services.reading.values import operators_of
from uploads.services.reading.view import DEFAULT_PAGE, MAX_PAGE, Fields

_WORDS = {
    Operator.EXACT: "is",
    Operator.NE: "is not; blanks are not either",
    Operator.LT: "is less than",
    Operator.LTE: "is at most",
    Operator.GT: "is greater than",
    Operator.GTE: "is at least",
    Operator.RANGE: "is between two values, both included, with a comma between them",
    Operator.IN: 'is one of several values with commas between (`"a, b"` for one that has a comma)',
    Operator.CONTAINS: "contains",
    Operator.ICONTAINS: "contains, in capitals or not",
    Operator.STARTSWITH: "begins with",
    Operator.ISNULL: "is blank",
}

type Parameter = dict[str, Any]


def filter_parameters(fields: Fields) -> dict[str, Parameter]:
    """Every column with every operator of its type, by keys that OpenAPI allows whatever a column is called."""
    every = [*fields.shown.values(), *fields.own.values()]
    return {
        f"column{number}_{operator}": _filter(field, operator, fields)
        for number, field in enumerate(every, 1)
        for operator in operators_of(field.type)
    }


def _filter(field: Field, operator: Operator, fields: Fields) -> Parameter:
    match operator:
        case Operator.ISNULL:
            schema: Parameter = {"type": "boolean"}
        case Operator.IN:
            schema = listed_schema(field.type)
        case Operator.RANGE:
            schema = listed_schema(field.type, least=2, most=2)
        case _:
            schema = asked_schema(field.type)
    return _parameter(parameter_of(field, operator, fields), schema, f"`{field.name}` {_WORDS[operator]}.")


def row_options(fields: Fields) -> Iterator[Parameter]:
    """All that is no filter."""
    names = list(fields.shown)
    listed = list(map(written, names))
    yield _parameter(AFTER, {"type": "string"}, "`next` of a page: the rows that follow it.")
    yield _parameter(BEFORE, {"type": "string"}, "`previous` of a page: the rows before it.")
    yield _parameter(
        LIMIT, {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": DEFAULT_PAGE}, "Rows on a page."
    )
    yield _search()
    if names:
        sort = {"type": "string", "pattern": names_pattern([f"-?(?:{'|'.join(listed)})"], most=MOST_SORTED)}
        yield _parameter(SORT, sort, "At most four columns with commas between, with `-` for descending.")
        wanted = {"type": "string", "pattern": names_pattern([*listed, *fields.own], most=len(names) + len(fields.own))}
        yield _parameter(COLUMNS, wanted, "The columns wanted, in this order, with commas between.")
        facets = {
            "type": "array",
            "items": {"type": "string", "enum": names},
            "maxItems": MOST_FACETS,
            "uniqueItems": True,
        }
        yield _parameter(FACET, facets, "Columns whose most frequent values are counted.")
    yield _parameter(COUNT, {"type": "boolean", "default": False}, "Also say how many rows meet the conditions.")
    yield _parameter(
        FORMAT,
        {"type": "string", "enum": [JSON, *map(str, ExportFormat)]},
        "All rows in one answer of this format; with `after`, `_before` or `limit` one page.",
    )


def aggregate_options(fields: Fields) -> Iterator[Parameter]:
    """What is counted, and by what."""
    every = [*fields.shown.values(), *fields.own.values()]
    measures = ["count", *(f"{function}:{field.name}" for field in every for function in functions_of(field))]
    groups = [f"{written(field.name)}{_ways(field)}" for field in every]
    yield _parameter(
        GROUP,
        {"type": "string", "pattern": names_pattern(groups, most=MOST_GROUPINGS)},
        "At most two groupings with a comma between: a column, `column:top:10`, a date's `column:month` (`day`, `week`,"
        " `month`, `quarter`, `year`), a number's `column:bins:20`. None: all rows are one group.",
    )
    yield _parameter(MEASURE, {"type": "string", "enum": measures, "default": "count"}, "The figure of each group.")
    yield _search()


def _ways(field: Field) -> str:
    """What may follow a column that is grouped by, as a pattern."""
    ways = [f"{TOP}:[1-9][0-9]{{0,3}}"]
    if field.type in DATES:
        ways += Period
    if field.type in NUMBERS:
        ways.append(f"{BINS}:(?:[2-9]|[1-9][0-9]|100)")
    return f"(?::(?:{'|'.join(ways)}))?"


def _search() -> Parameter:
    words = {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": r"^[^\x00-\x08\n-\x1f\x7f-\x9f]*$"}
    return _parameter(SEARCH, words, "Words that all have to be in a row.")


def _parameter(name: str, schema: Parameter, description: str) -> Parameter:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
