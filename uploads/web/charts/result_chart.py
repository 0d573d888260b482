"""The result of a query as a chart: its first column along the axis, each further column of numbers a series."""

from collections.abc import Mapping, Sequence
from typing import Any

from uploads.services.querying.query import QueryPage
from uploads.tabular.table import ColumnType
from uploads.web.charts.chart import LONGEST_BARS, MOST_LINES, Chart
from uploads.web.shown.cells import NUMBERS, cell_of

_TIMES = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})
BLANK = "(blank)"


def drawing_of(page: QueryPage) -> Mapping[str, Any] | None:
    """For the script, as JSON. ``None``: there is nothing to draw, for no column has numbers, or groups come twice."""
    measures = [at for at, column in enumerate(page.columns) if at and column.type in NUMBERS][:MOST_LINES]
    first = page.columns[0]
    rows = sorted(page.rows, key=_by_time) if first.type in _TIMES else page.rows
    groups = [row[0] for row in rows]
    if not measures or len(set(groups)) < len(groups) or len(groups) < 2 or page.has_more:
        return None
    names = [page.columns[at].name for at in measures]
    is_number = first.type in NUMBERS
    series: list[list[str]] = [] if len(measures) == 1 else [names]
    labels = [[BLANK if group is None else cell_of(group, is_number).text for group in groups], *series]
    return {
        "kind": _kind(first.type, len(groups)),
        "title": f"{', '.join(names)} by {first.name}",
        "measure": names[0] if len(names) == 1 else "",
        "names": [first.name, *("" for _ in series)],
        "labels": labels,
        "isApart": [[group is None for group in groups], *([False] * len(each) for each in series)],
        "numbers": [_plotted(group) for group in groups] if is_number else None,
        "isFlat": first.type is ColumnType.TEXT,
        "isSum": False,
        "ofNoRows": None,
        "isTurned": False,
        "cells": [
            {
                "at": [place, *([nth] if series else [])],
                "value": _plotted(row[at]),
                "words": cell_of(row[at], is_number=True).text,
            }
            for place, row in enumerate(rows)
            for nth, at in enumerate(measures)
        ],
    }


def _by_time(row: Sequence[Any]) -> tuple[bool, bool, str]:
    """Blanks last, and years before Christ first; what PostgreSQL prints sorts by itself."""
    text = row[0] or ""
    return row[0] is None, not text.endswith("BC"), text


def _kind(type_: ColumnType, groups: int) -> Chart:
    if type_ in _TIMES:
        return Chart.LINE
    return Chart.SCATTER if type_ in NUMBERS and groups > LONGEST_BARS else Chart.BAR


def _plotted(value: Any) -> float | None:
    """JSON has neither NaN nor infinity."""
    if value is None:
        return None
    number = float(value)
    return number if abs(number) < float("inf") else None
