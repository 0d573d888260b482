"""From when to when the rows of a dataset are, as the profiles of its files know it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value

from uploads.database.prepared import Prepared
from uploads.models import DatasetColumn, Load
from uploads.states import FileState
from uploads.tabular.table import ColumnType

_OF_TIME = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=$| (?!BC))")
"""As ISO 8601 has it; years before Christ, and those after 9999, have other letters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Both days included, as ``2024-02-29``."""

    first: str
    last: str


def coverage_of(
    dataset_ids: Collection[int], *, types: Mapping[int, Mapping[str, str]] | None = None
) -> dict[int, Coverage]:
    """Of those in which one column alone has dates or times: of several nobody knows which of them is meant.

    None of a dataset of whose active rows some are in no profile yet, or are hidden by later ones. ``types``: of the
    columns, by dataset and name, where they are at hand.
    """
    found: dict[int, Coverage] = {}
    for name, of in _by_column(_of_time(dataset_ids) if types is None else types).items():
        spans: dict[int, list[tuple[str, str] | None]] = {}
        for dataset_id, is_known, least, greatest in _ends(name, of):
            spans.setdefault(dataset_id, []).append((least or "", greatest or "") if is_known else None)
        for dataset_id, each in spans.items():
            if (coverage := _over(each)) is not None:
                found[dataset_id] = coverage
    return found


def _of_time(dataset_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The types of such columns, by dataset and name."""
    columns = DatasetColumn.objects.filter(dataset__in=dataset_ids, type__in=_OF_TIME).order_by("dataset_id")
    found: dict[int, dict[str, str]] = {}
    for dataset_id, name, type_ in columns.values_list("dataset_id", "name", "type"):
        found.setdefault(dataset_id, {})[name] = type_
    return found


def _by_column(types: Mapping[int, Mapping[str, str]]) -> dict[str, list[int]]:
    """The datasets that have one such column, by its name."""
    found: dict[str, list[int]] = {}
    for dataset_id, each in types.items():
        names = [name for name, type_ in each.items() if type_ in _OF_TIME]
        if len(names) == 1:
            found.setdefault(names[0], []).append(dataset_id)
    return found


def _ends(name: str, dataset_ids: Collection[int]) -> Iterable[tuple[int, bool, str | None, str | None]]:
    known = (
        _OF_ONE.rows(dataset=next(iter(dataset_ids)), name=name)
        if len(dataset_ids) == 1
        else _ask(Load.objects.filter(dataset__in=dataset_ids), name)
    )
    for dataset_id, part, of_part, rows, of_rows, hidden, least, greatest in known:
        yield dataset_id, (part, rows) == (of_part, of_rows) and not hidden, least, greatest


def _ask(loads: QuerySet[Load], name: str) -> QuerySet[Load, Any]:
    active = loads.filter(file__state=FileState.ACTIVE, rows_loaded__gt=0).exclude(part="").order_by()
    profiled = active.annotate(of_part=F("profile__part"), of_rows=F("profile__rows"))
    told = profiled.annotate(least=_figure(name, "least"), greatest=_figure(name, "greatest"))
    return told.values_list(
        "dataset_id", "part", "of_part", "rows_loaded", "of_rows", "rows_hidden", "least", "greatest"
    )


def _figure(name: str, figure: str) -> Func:
    path = F("profile__columns"), Value(name), Value(figure)
    return Func(*path, function="jsonb_extract_path_text", output_field=TextField())


_OF_ONE = Prepared(lambda dataset, name: _ask(Load.objects.filter(dataset=dataset), name))


def _over(spans: Collection[tuple[str, str] | None]) -> Coverage | None:
    filled = [span for span in spans if span is not None and any(span)]
    if None in spans or not filled or not all(_DAY.match(end) for span in filled for end in span):
        return None
    return Coverage(first=min(first for first, _ in filled)[:10], last=max(last for _, last in filled)[:10])
