"""What a saved view says, read against the columns of the moment: checked when it is saved and when it is used."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from uploads.services.aggregating.parameters import MEASURE, aggregation_query, measure_word
from uploads.services.errors import UnknownParameter
from uploads.services.reading.parameters import query_of
from uploads.services.reading.view import Fields, View
from uploads.states import SavedKind
from uploads.tabular.errors import BadOption
from uploads.web.charts.chart_query import CHART, ChartQuery, read_chart
from uploads.web.reading import view_of_query


def rows_of(query: str, *, fields: Fields) -> View:
    """Raises ``UnknownParameter`` and ``BadParameter``."""
    return replace(view_of_query(query, fields=fields), limit=None)


def chart_of(query: str, *, fields: Fields) -> ChartQuery:
    """Of nothing that is said the number of rows: a suggestion is made of what is there, and would change with it.

    Raises ``UnknownParameter`` and ``BadParameter``.
    """
    return replace(read_chart(parse_qs(query, keep_blank_values=True), fields), says_what=True)


def checked_query(query: str, *, kind: SavedKind, fields: Fields) -> str:
    """The same in the one way in which it is stored, without a place in the rows. Raises as the others do."""
    if kind is SavedKind.ROWS:
        return urlencode(query_of(rows_of(query, fields=fields), fields))
    return urlencode(chart_parameters(chart_of(query, fields=fields), fields))


def chart_parameters(chart: ChartQuery, fields: Fields) -> list[tuple[str, str]]:
    """The query of the chart's page, which says what is shown in any case."""
    own = aggregation_query(chart.wanted, fields) or [(MEASURE, measure_word(chart.wanted.measure))]
    drawn = [(CHART, chart.chosen.value)] if chart.chosen else []
    return [*own, *drawn, *query_of(View(filters=chart.filters), fields)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """How a saved query fits the columns that there are."""

    rest: str
    """What of it can be shown: all of it where there is no problem."""
    problems: tuple[UnknownParameter, ...] = ()
    """Why the others cannot: a column was renamed, removed or took another type."""

    @property
    def sentence(self) -> str:
        """What is wrong, each in a sentence, and one way out; empty where nothing is."""
        hints = [each.hint for each in self.problems[:1]]
        return " ".join(filter(None, [*(each.message for each in self.problems), *hints]))


def fit_of(query: str, *, kind: SavedKind, fields: Fields) -> Fit:
    """Take out one thing after the other that does not fit."""
    sent, problems = parse_qs(query, keep_blank_values=True), []
    while True:
        rest = urlencode(sent, doseq=True)
        try:
            checked_query(rest, kind=kind, fields=fields)
        except UnknownParameter as error:
            problems.append(error)
            kept = {name: texts for name, texts in sent.items() if name not in error.names}
            sent = kept if len(kept) < len(sent) else {}
        else:
            return Fit(rest=rest, problems=tuple(problems))


def read_kind(word: str) -> SavedKind:
    """Raises ``BadOption``."""
    if word in SavedKind.values:
        return SavedKind(word)
    raise BadOption("A saved view shows rows or a chart.", hint=f"Possible are {', '.join(SavedKind.values)}.")
