"""The page on which people who may write SQL over all datasets: the query is in the address, its rows below."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from uploads.services.errors import BadParameter
from uploads.services.files.permissions import rights_of
from uploads.services.querying.plan import plan_query
from uploads.services.querying.query import LONGEST, read_query
from uploads.services.querying.tables import list_tables
from uploads.services.querying.wording import BadQuery
from uploads.tabular.errors import UploaderError
from uploads.web.charts.result_chart import drawing_of
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.shown.queries import (
    examples,
    fitting_rows,
    limits_words,
    query_downloads,
    result_words,
    shown_plan,
    shown_rows,
)
from uploads.web.until_gone import until_gone
from uploads.web.visitors import viewer_of

CHART, PLAN, SHOWN = "chart", "plan", "shown"


@require_safe
@takes(query=["query", CHART, PLAN])
async def sql(request: HttpRequest) -> HttpResponse:
    """The form alone, or with the first rows of the query's result."""
    return await until_gone(partial(_page, request))


def _page(request: HttpRequest, is_gone: Callable[[], bool]) -> HttpResponse:
    rights_of(request.user).require_query_datasets()
    query = request.GET.get("query", "").replace("\r\n", "\n")
    is_drawn, is_planned = _is_shown(request, CHART), _is_shown(request, PLAN)
    viewer = viewer_of(request)
    tables = list_tables(viewer)
    here = reverse("sql")
    context = {
        "query": query,
        "is_drawn": is_drawn,
        "most_letters": LONGEST,
        "tables": tables.tables,
        "tables_left_out": tables.left_out,
        "examples": examples(tables.tables, here=here),
        "limits": limits_words(seconds=settings.SQL_SECONDS, rows=settings.SQL_ROWS),
    }
    if not query.strip():
        return render(request, "sql.html", context)
    try:
        if is_planned:
            plan = plan_query(query=query, most_rows=fitting_rows, is_over=is_gone, viewer=viewer)
            return render(request, "sql.html", {**context, "plan": shown_plan(plan), "run": _address(here, query)})
        page = read_query(query=query, most_rows=fitting_rows, is_over=is_gone, viewer=viewer)
    except UploaderError as error:
        place = error.place if isinstance(error, BadQuery) else None
        return render(request, "sql.html", {**context, "refusal": error, "place": place}, status=status_of(error))
    drawing = drawing_of(page)
    return render(
        request,
        "sql.html",
        {
            **context,
            "drawing": drawing if is_drawn else None,
            "chart": _address(here, query, is_drawn=not is_drawn) if drawing or is_drawn else "",
            "result": shown_rows(page),
            "words": result_words(page, most=settings.SQL_ROWS),
            "downloads": query_downloads(address=reverse("api:run_query"), query=query) if page.rows else (),
        },
    )


def _is_shown(request: HttpRequest, name: str) -> bool:
    said = request.GET.get(name, "")
    if said not in {"", SHOWN}:
        what = "chart" if name == CHART else "plan"
        raise BadParameter(f"A {what} is shown or left out.", hint=f"Say {name}={SHOWN}.", names=[name])
    return bool(said)


def _address(here: str, query: str, *, is_drawn: bool = False) -> str:
    return f"{here}?{urlencode({'query': query} | ({CHART: SHOWN} if is_drawn else {}))}"
