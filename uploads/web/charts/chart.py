"""Groups as a chart and as the table beside it: what both show, prepared for a template and a script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.templatetags.static import static

from uploads.database.aggregating.terms import NUMBERS, ByPeriod, ByValue, Function, Group, GroupKind, Groups, Key
from uploads.services.aggregating.parameters import Aggregation
from uploads.tabular.table import ColumnType
from uploads.web.charts.coordinates import Place, places_of
from uploads.web.charts.countries import LANGUAGES, WITHOUT_OUTLINE, countries_of
from uploads.web.charts.group_axis import axis_of
from uploads.web.charts.group_links import GroupLinks
from uploads.web.sentences.groups import (
    figure_words,
    grouping_words,
    key_words,
    measure_words,
    no_map_words,
    off_map_words,
)

MOST_LINES = 8
"""Lines or bars of different colours that are told apart."""
MOST_ACROSS = 12
"""Columns of the table by two groupings; beyond, it has a line for each pair."""
LONGEST_BARS = 30
_LAST = {GroupKind.REST: 1, GroupKind.BLANK: 2}
"""Values of a number that stand side by side as bars; more are points."""


class Chart(StrEnum):
    """The values stand in addresses and are never renamed."""

    BAR = "bar"
    LINE = "line"
    SCATTER = "scatter"
    HEAT = "heat"
    MAP = "map"


CHART_WORDS = {Chart.BAR: "Bars", Chart.LINE: "Line", Chart.SCATTER: "Points", Chart.HEAT: "Heat map", Chart.MAP: "Map"}
OUTLINES = "vendor/world/countries.json"
"""Of the countries, among the static files."""
_FEWEST_COUNTRIES = 5
"""Different ones, for which a map is offered to somebody who did not ask for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What a line of the table is about, and the address of its rows."""

    words: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    heads: tuple[Head, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownGroups:
    """Figures of groups as a page shows them."""

    aggregation: Aggregation
    found: Groups
    chosen: Chart | None
    """The chart that somebody asked for."""
    labels: Mapping[str, str]
    """Of the columns, by name."""
    links: GroupLinks

    @cached_property
    def axes(self) -> tuple[tuple[Key, ...], ...]:
        groupings = self.aggregation.groupings
        if len(groupings) == 1 and groupings[0].field.type is ColumnType.TEXT:
            return (tuple(group.keys[0] for group in self.groups),)
        return tuple(axis_of(each, self.groups, at) for at, each in enumerate(groupings))

    @cached_property
    def groups(self) -> Sequence[Group]:
        """Texts by the figure, for that is what is compared."""
        groups, groupings = self.found.groups, self.aggregation.groupings
        is_number = self.aggregation.measure.type in NUMBERS
        if len(groupings) != 1 or groupings[0].field.type is not ColumnType.TEXT or not is_number:
            return groups
        return sorted(groups, key=lambda group: (_LAST.get(group.keys[0].kind, 0), -(_plotted(group.value) or 0)))

    @property
    def names(self) -> list[str]:
        return [grouping_words(each, self.labels) for each in self.aggregation.groupings]

    @property
    def measure(self) -> str:
        return measure_words(self.aggregation.measure, self.labels)

    @property
    def title(self) -> str:
        return f"{self.measure} by {' and '.join(self.names)}" if self.names else self.measure

    @property
    def usual(self) -> Chart:
        """What suits the groupings: time is a line, values are bars, two of many values each a heat map."""
        if not self.axes:
            return Chart.BAR
        first = self.aggregation.groupings[0]
        if len(self.axes) > 1 and len(self.axes[1]) > MOST_LINES:
            return Chart.HEAT
        if isinstance(first, ByPeriod):
            return Chart.LINE
        is_long = isinstance(first, ByValue) and first.field.type in NUMBERS and len(self.axes[0]) > LONGEST_BARS
        return Chart.SCATTER if is_long else Chart.BAR

    @property
    def kind(self) -> Chart:
        """A heat map needs two groupings, a map countries or places."""
        if self.chosen is None or (self.chosen is Chart.HEAT and len(self.axes) < 2):
            return self.usual
        has_map = self._is_of_countries or any(self.places)
        return self.usual if self.chosen is Chart.MAP and not has_map else self.chosen

    @cached_property
    def places(self) -> tuple[Place | None, ...]:
        """Of each group, where rows are grouped by a latitude and a longitude."""
        return places_of(self.groups, self.aggregation.groupings)

    @cached_property
    def countries(self) -> tuple[str | None, ...]:
        """Of each group along the only axis, if that has texts: the ISO 3166 code of the country that it names.

        Other languages than English are asked where somebody wants a map. Of two groups of one country one is left
        where their figures do not add up to its own.
        """
        groupings = self.aggregation.groupings
        if (
            len(groupings) != 1
            or not isinstance(groupings[0], ByValue)
            or groupings[0].field.type is not ColumnType.TEXT
        ):
            return ()
        texts = [str(key.value) if key.kind is GroupKind.VALUE else "" for key in self.axes[0]]
        languages = LANGUAGES if self.chosen is Chart.MAP else LANGUAGES[:1]
        found = [None if code in WITHOUT_OUTLINE else code for code in countries_of(texts, languages=languages)]
        if self._adds_up:
            return tuple(found)
        return tuple(None if code in found[:at] else code for at, code in enumerate(found))

    @property
    def _is_of_countries(self) -> bool:
        """Half of the values name one."""
        values = sum(key.kind is GroupKind.VALUE for key in self.axes[0]) if self.countries else 0
        return 0 < values <= 2 * len(self.countries) - 2 * self.countries.count(None)

    @property
    def offers_map(self) -> bool:
        """A map would suit, and is not what is shown."""
        if self.kind is Chart.MAP or not self._is_of_countries or self.aggregation.measure.type not in NUMBERS:
            return False
        return len(set(self.countries) - {None}) >= _FEWEST_COUNTRIES

    @property
    def map_words(self) -> str:
        """What the map does not show, or why there is none; empty: nothing is to be said."""
        if self.chosen is not Chart.MAP or not self.axes or not self.groups:
            return ""
        grouping = self.aggregation.groupings[0]
        if self.kind is not Chart.MAP:
            return no_map_words(grouping, self.labels, countries=len(self.countries) - self.countries.count(None))
        if self.places:
            return off_map_words(
                [self._named(group) for group, place in zip(self.groups, self.places, strict=True) if not place]
            )
        words = zip(self.axes[0], self.countries, strict=True)
        return off_map_words([key_words(key, grouping) for key, country in words if country is None])

    def _named(self, group: Group) -> str:
        return " and ".join(map(key_words, group.keys, self.aggregation.groupings))

    @property
    def _adds_up(self) -> bool:
        """The figure of two groups together is the sum of theirs."""
        return self.aggregation.measure.function in (Function.COUNT, Function.SUM)

    @property
    def is_pivot(self) -> bool:
        """The table has a column for each group of the second grouping, not a line for each pair."""
        return len(self.axes) > 1 and len(self.axes[1]) <= MOST_ACROSS

    @property
    def heads(self) -> list[str]:
        return self.names[:1] if self.is_pivot else self.names

    @property
    def columns(self) -> list[str]:
        if self.is_pivot:
            return [key_words(key, self.aggregation.groupings[1]) for key in self.axes[1]]
        return [self.measure] if self.aggregation.measure.field is None else [self.measure, "Rows"]

    @property
    def lines(self) -> Iterator[Line]:
        if self.is_pivot:
            yield from self._lines_across()
            return
        for group in self.groups:
            figures = (self._figure(group), f"{group.rows:,}")
            yield Line(heads=self._heads(group.keys), figures=figures[: len(self.columns)])

    def _lines_across(self) -> Iterator[Line]:
        by_keys = {group.keys: group for group in self.groups}
        first, second = self.axes
        there = {group.keys[0] for group in self.groups}
        for key in first:
            if key in there:
                yield Line(
                    heads=self._heads((key,)),
                    figures=tuple(self._figure(by_keys.get((key, across))) for across in second),
                )

    def _heads(self, keys: Sequence[Key]) -> tuple[Head, ...]:
        """The second one leads to the rows of both."""
        groupings = self.aggregation.groupings
        return tuple(
            Head(words=key_words(key, groupings[at]), href=self.links.to(groupings[: at + 1], keys[: at + 1]))
            for at, key in enumerate(keys)
        )

    def _figure(self, group: Group | None) -> str:
        return "" if group is None else figure_words(group.value, self.aggregation.measure)

    @property
    def drawing(self) -> Mapping[str, Any] | None:
        """For the script, as JSON: figures as numbers, as exact as a chart is. ``None``: there is nothing to draw."""
        groupings, measure = self.aggregation.groupings, self.aggregation.measure
        if not self.axes or not self.groups or measure.type not in NUMBERS:
            return None
        places = [{key: at for at, key in enumerate(axis)} for axis in self.axes]
        first = groupings[0]
        is_number = isinstance(first, ByValue) and first.field.type in NUMBERS
        return {
            "kind": self.kind,
            "title": self.title,
            "measure": self.measure,
            "names": self.names,
            "labels": [[key_words(key, each) for key in axis] for axis, each in zip(self.axes, groupings, strict=True)],
            "isApart": [[key.kind in (GroupKind.REST, GroupKind.BLANK) for key in axis] for axis in self.axes],
            "numbers": [_plotted(key.value) for key in self.axes[0]] if is_number else None,
            "isFlat": isinstance(first, ByValue) and first.field.type is ColumnType.TEXT,
            "isSum": self._adds_up,
            "ofNoRows": 0 if measure.function in (Function.COUNT, Function.DISTINCT) else None,
            "isTurned": self.kind is Chart.HEAT and isinstance(groupings[-1], ByPeriod),
            "cells": [
                {
                    "at": [place[key] for place, key in zip(places, group.keys, strict=True)],
                    "value": _plotted(group.value),
                    "words": self._figure(group),
                }
                for group in self.groups
            ],
            **(self._on_map if self.kind is Chart.MAP else {}),
        }

    @property
    def _on_map(self) -> Mapping[str, Any]:
        where = {"places": self.places} if self.places else {"countries": self.countries}
        return {**where, "outlines": static(OUTLINES)}


def _plotted(value: Any) -> float | None:
    """JSON has neither NaN nor infinity."""
    if value is None:
        return None
    number = float(value)
    return number if abs(number) < float("inf") else None
