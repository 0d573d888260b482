"""Query parameters ↔ a chart: what is asked of which rows, and how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from uploads.database.aggregating.terms import ByValue
from uploads.database.reading.terms import Condition
from uploads.services.aggregating.parameters import (
    GROUP,
    MEASURE,
    OPTIONS,
    USUAL_VALUES,
    Aggregation,
    read_aggregation,
)
from uploads.services.errors import BadParameter
from uploads.services.reading.parameters import read_filters
from uploads.services.reading.view import Fields
from uploads.web.charts.chart import Chart
from uploads.web.charts.coordinates import for_places

CHART = "_chart"
OWN = (GROUP, MEASURE, CHART)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartQuery:
    """Checked against the columns that there are."""

    wanted: Aggregation
    filters: tuple[Condition, ...] = ()
    chosen: Chart | None = None
    """``None``: the one that suits."""
    says_what: bool = True
    """False where nothing is asked for, and a first suggestion is to be shown."""


def read_chart(sent: Mapping[str, Sequence[str]], fields: Fields) -> ChartQuery:
    """Raises ``UnknownParameter`` and ``BadParameter``."""
    asked = {name: texts for name, texts in sent.items() if name != CHART}
    chosen = _chosen(sent[CHART][0]) if CHART in sent else None
    wanted = read_aggregation(asked, fields)
    return ChartQuery(
        wanted=for_map(wanted) if chosen is Chart.MAP else wanted,
        filters=read_filters(asked, fields=fields, options=OPTIONS),
        chosen=chosen,
        says_what=any(name in sent for name in (GROUP, MEASURE)),
    )


def for_map(wanted: Aggregation) -> Aggregation:
    """A map has room for every country, where bars are the most frequent and everything else, and for smaller ranges of
    coordinates than other charts."""
    match wanted.groupings:
        case (ByValue() as only,):
            return replace(wanted, groupings=(replace(only, top=USUAL_VALUES[0]),))
    return replace(wanted, groupings=for_places(wanted.groupings))


def _chosen(word: str) -> Chart:
    if word in Chart:
        return Chart(word)
    raise BadParameter(f"“{CHART}” knows no such chart.", hint=f"Possible are {', '.join(Chart)}.", names=[CHART])
