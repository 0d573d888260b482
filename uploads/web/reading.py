"""The view of a dataset that an address describes, the same for pages and the API."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qs

from django.http import HttpRequest

from uploads.database.prepared import Prepared
from uploads.database.reading.terms import Condition
from uploads.services.aggregating.parameters import OPTIONS, Aggregation, read_aggregation
from uploads.services.errors import UnknownParameter
from uploads.services.exporting.formats import MEDIA_TYPES, ExportFormat, read_format
from uploads.services.reading.indexes import WANTED
from uploads.services.reading.pages import FORMATS, LOADS
from uploads.services.reading.parameters import AFTER, BEFORE, FORMAT, KNOWN, SEARCH, SORT, read_filters, read_view
from uploads.services.reading.view import Fields, View
from uploads.services.visibility import COLUMNS
from uploads.web.cursors import read_view_cursor
from uploads.web.parameters import SAFE_METHODS, address_without

UNFILTERED = frozenset(KNOWN) - {SEARCH}
"""Parameters that are no filters."""


def view_from(
    request: HttpRequest,
    *,
    fields: Fields,
    apart_from: Iterable[str] = (),
    limit: int | None = None,
    with_own: bool = False,
) -> View:
    """Of all query parameters but those that are named; ``limit`` is one read already.

    Raises ``UnknownParameter`` and ``BadParameter``, with an address without what is wrong, and ``BadOption``.
    """
    others = set(apart_from)
    sent = {name: values for name, values in request.GET.lists() if name not in others}
    after, before = (read_view_cursor(request.GET.get(name, "")) for name in (AFTER, BEFORE))
    with with_way_back(request):
        view = read_view(sent, fields=fields, after=after, before=before, with_own=with_own)
    return view if limit is None else replace(view, limit=limit)


def page_questions(request: HttpRequest) -> tuple[Prepared, ...]:
    """What a page of rows asks of its dataset before it reads one; which indexes there are matters to filters alone,
    and which files sorted rows are of is asked for after them."""
    of_rows = FORMATS if SORT in request.GET else LOADS
    return (COLUMNS, of_rows, WANTED) if request.GET.keys() - UNFILTERED else (COLUMNS, of_rows)


def aggregation_from(
    request: HttpRequest, *, fields: Fields, apart_from: Iterable[str] = ()
) -> tuple[Aggregation, tuple[Condition, ...]]:
    """What is asked of which rows, of all query parameters but those that are named. Raises as ``view_from`` does."""
    others = tuple(apart_from)
    sent = {name: values for name, values in request.GET.lists() if name not in others}
    with with_way_back(request):
        return read_aggregation(sent, fields), read_filters(sent, fields=fields, options=OPTIONS)


@contextmanager
def with_way_back(request: HttpRequest) -> Iterator[None]:
    """Give an error the address that was asked for without what is wrong."""
    try:
        yield
    except UnknownParameter as error:
        if request.method in SAFE_METHODS:
            error.way_back = address_without(request, error.names)
        raise


def view_of_query(query: str, *, fields: Fields) -> View:
    """Of a query without a place. Raises ``UnknownParameter`` and ``BadParameter``."""
    return read_view(parse_qs(query, keep_blank_values=True), fields=fields)


def wanted_format(request: HttpRequest) -> ExportFormat | None:
    """What the address says, else what the request accepts; ``None``: JSON. Raises ``BadParameter``."""
    if FORMAT in request.GET:
        return read_format(request.GET[FORMAT])
    return MEDIA_TYPES.get(request.get_preferred_type(["application/json", *MEDIA_TYPES]) or "")
