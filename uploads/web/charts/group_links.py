"""From a group to its rows: the address of a dataset's page with one more filter for each of its keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from uploads.database.aggregating.terms import SHOWN_LETTERS, ByPeriod, Grouping, GroupKind, Key
from uploads.database.reading.terms import Operator
from uploads.services.reading.parameters import parameter_of
from uploads.services.reading.view import Fields
from uploads.web.charts.group_axis import next_period


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupLinks:
    here: str
    """The path of the dataset's page."""
    filters: Sequence[tuple[str, str]]
    """The query of the filters that there are."""
    fields: Fields

    def to(self, groupings: Sequence[Grouping], keys: Sequence[Key]) -> str:
        """Empty where no filter says it: everything else, or where there is a filter that would be another one."""
        query = list(self.filters)
        for grouping, key in zip(groupings, keys, strict=True):
            found = _filters(grouping, key)
            if not found:
                return ""
            query += [(parameter_of(grouping.field, operator, self.fields), text) for operator, text in found]
        names = [name for name, _ in query]
        return f"{self.here}?{urlencode(query)}" if len(set(names)) == len(names) else ""


def _filters(grouping: Grouping, key: Key) -> list[tuple[Operator, str]]:
    match key.kind, grouping:
        case GroupKind.BLANK, _:
            return [(Operator.ISNULL, "true")]
        case GroupKind.NAN, _:
            return [(Operator.EXACT, "NaN")]
        case GroupKind.VALUE, _:
            return [(Operator.EXACT, _text(key.value))] if len(_text(key.value)) < SHOWN_LETTERS else []
        case GroupKind.PERIOD, ByPeriod(period=period):
            following = next_period(key.value, period) if isinstance(key.value, date) else None
            return [] if following is None else _between(key.value, following)
        case GroupKind.BIN, _:
            return _between(key.start, key.end)
    return []


def _between(start: Any, end: Any) -> list[tuple[Operator, str]]:
    return [
        *([] if start is None else [(Operator.GTE, _text(start))]),
        *([] if end is None else [(Operator.LT, _text(end))]),
    ]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
    return str(value)
