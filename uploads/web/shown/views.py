"""A view of a dataset as its page shows it: filters that can be taken away, headers that sort, links to pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from uploads.database.reading.terms import Condition, Operator, Search, SortKey
from uploads.services.reading.parameters import query_of, sort_words, without_filter
from uploads.services.reading.view import Fields, View

SHOWN_LETTERS = 60
_WORDS = {
    Operator.EXACT: "=",
    Operator.NE: "≠",
    Operator.LT: "<",
    Operator.LTE: "≤",
    Operator.GT: ">",
    Operator.GTE: "≥",
    Operator.RANGE: "between",
    Operator.IN: "is one of",
    Operator.CONTAINS: "contains (exactly)",
    Operator.ICONTAINS: "contains",
    Operator.STARTSWITH: "starts with",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """A filter in words, and the address of the view without it."""

    words: str
    remove: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Where a click on a column leads, and how it is sorted now, as ``aria-sort`` has it."""

    href: str
    sorted: str
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownView:
    """A view on the page whose path is ``here``."""

    here: str
    view: View
    fields: Fields
    labels: Mapping[str, str]
    """Of the columns, by name, as people read them."""
    beside: Sequence[tuple[str, str]] = ()
    """Parameters of the page that are none of the view's."""

    @property
    def query(self) -> str:
        """Of the view, without a place in it."""
        return urlencode(query_of(self.view, self.fields))

    def address(self, view: View | None = None, *, cursor: Mapping[str, str] | None = None) -> str:
        query = [*query_of(view or self.view, self.fields), *self.beside, *(cursor or {}).items()]
        return f"{self.here}?{urlencode(query)}" if query else self.here

    def chips(self) -> tuple[Chip, ...]:
        return tuple(
            Chip(words=self._words(each), remove=self.address(without_filter(self.view, index)))
            for index, each in enumerate(self.view.filters)
        )

    def header(self, name: str) -> Header:
        """Up first, then down, then as it was."""
        now = next((key for key in self.view.sort if key.field.name == name), None)
        sort: tuple[SortKey, ...] = ()
        if now is None or not now.is_descending:
            sort = (SortKey(field=self.fields.shown[name], is_descending=now is not None),)
        href = self.address(replace(self.view, sort=sort, sort_words=sort_words(sort)))
        if now is None:
            return Header(href=href, sorted="", mark="")
        return (
            Header(href=href, sorted="descending", mark="↓")
            if now.is_descending
            else Header(href=href, sorted="ascending", mark="↑")
        )

    def _words(self, each: Condition) -> str:
        if isinstance(each, Search):
            return f"any column contains {_short(each.text)}"
        name = _short(self.labels.get(each.field.name) or each.field.name)
        if each.operator is Operator.ISNULL:
            return f"{name} is blank" if each.values[0] else f"{name} is not blank"
        joined = (" and " if each.operator is Operator.RANGE else ", ").join(each.texts)
        return f"{name} {_WORDS[each.operator]} {_short(joined)}"


def _short(text: str) -> str:
    return text[:SHOWN_LETTERS] + "…" * (len(text) > SHOWN_LETTERS)
