"""The form above a chart: what rows can be grouped by and what can be told of them, as addresses have it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uploads.database.aggregating.terms import (
    DATES,
    NUMBERS,
    ByBins,
    ByPeriod,
    ByValue,
    Function,
    Grouping,
    Measure,
    Period,
)
from uploads.database.reading.terms import Field
from uploads.services.aggregating.parameters import USUAL_BINS, USUAL_VALUES, Aggregation, group_word, measure_word
from uploads.services.aggregating.suggestion import SHOWN_VALUES
from uploads.services.reading.parameters import joined
from uploads.services.reading.view import Fields
from uploads.web.charts.chart import CHART_WORDS, MOST_LINES, Chart
from uploads.web.sentences.groups import measure_words

MOST_COLUMNS = 200
"""That are offered: a list of thousands is none. The others can be named in the address."""
_OF_NUMBERS = (Function.SUM, Function.MEAN, Function.MEDIAN, Function.MIN, Function.MAX)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """Of one column, or those of no column."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartForm:
    first: tuple[Choices, ...]
    second: tuple[Choices, ...]
    measures: tuple[Choices, ...]
    charts: tuple[Choice, ...]
    columns_left_out: int


def chart_form(
    aggregation: Aggregation, *, chart: Chart | None, fields: Fields, labels: Mapping[str, str]
) -> ChartForm:
    """With what is asked for now chosen, also where it is nothing that the form offers by itself."""
    shown = list(fields.shown.values())[:MOST_COLUMNS]
    groupings = aggregation.groupings
    return ChartForm(
        first=_groupings(
            groupings[:1], fields, shown, labels, top=USUAL_VALUES[0] if chart is Chart.MAP else SHOWN_VALUES
        ),
        second=_groupings(groupings[1:], fields, shown, labels, top=MOST_LINES),
        measures=_measures(aggregation.measure, shown, labels),
        charts=(
            Choice(value="", words="What suits it", is_chosen=chart is None),
            *(Choice(value=each, words=words, is_chosen=each is chart) for each, words in CHART_WORDS.items()),
        ),
        columns_left_out=len(fields.shown) - len(shown),
    )


def _groupings(
    now: Sequence[Grouping], fields: Fields, shown: Sequence[Field], labels: Mapping[str, str], *, top: int
) -> tuple[Choices, ...]:
    chosen = now[0] if now else None
    offered = {field.name: list(_ways(field, top)) for field in shown}
    if chosen is not None and chosen not in offered.setdefault(chosen.field.name, []):
        offered[chosen.field.name].insert(0, chosen)
    return (
        Choices(label="", choices=(Choice(value="", words="nothing", is_chosen=chosen is None),)),
        *(
            Choices(
                label=labels.get(name) or name,
                choices=tuple(
                    Choice(
                        value=joined([group_word(each, fields)]),
                        words=_way_words(each, labels, top),
                        is_chosen=each == chosen,
                    )
                    for each in ways
                ),
            )
            for name, ways in offered.items()
        ),
    )


def _ways(field: Field, top: int) -> Iterator[Grouping]:
    if field.type in DATES:
        yield from (ByPeriod(field=field, period=period) for period in Period)
    elif field.type in NUMBERS:
        yield ByBins(field=field, bins=USUAL_BINS)
        yield ByValue(field=field, top=USUAL_VALUES[1])
    else:
        yield ByValue(field=field, top=top)


def _way_words(grouping: Grouping, labels: Mapping[str, str], top: int) -> str:
    label = labels.get(grouping.field.name) or grouping.field.name
    match grouping:
        case ByPeriod(period=period):
            return f"{label}, by {period}"
        case ByBins(bins=bins):
            return f"{label}, in ranges" if bins == USUAL_BINS else f"{label}, in {bins} ranges"
        case ByValue(top=most) if most not in (top, *USUAL_VALUES):
            return f"{label}, {most:,} most frequent"
        case ByValue(field=field) if field.type in NUMBERS:
            return f"{label}, each value"
    return label


def _measures(now: Measure, shown: Sequence[Field], labels: Mapping[str, str]) -> tuple[Choices, ...]:
    offered: dict[str, list[Measure]] = {"": [Measure()]}
    for field in shown:
        if field.type in NUMBERS:
            label = labels.get(field.name) or field.name
            offered.setdefault(label, []).extend(Measure(function=each, field=field) for each in _OF_NUMBERS)
    different = [Measure(function=Function.DISTINCT, field=field) for field in shown]
    every = [measure for measures in offered.values() for measure in measures] + different
    if now not in every:
        offered[""].append(now)
    return tuple(
        Choices(
            label=label,
            choices=tuple(
                Choice(value=measure_word(each), words=_measure_words(each, labels), is_chosen=each == now)
                for each in measures
            ),
        )
        for label, measures in [*offered.items(), ("Different values", different)]
    )


def _measure_words(measure: Measure, labels: Mapping[str, str]) -> str:
    return "Number of rows" if measure == Measure() else measure_words(measure, labels)
