"""Which index makes which part of a view quick."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from uploads.database.reading.terms import Condition, Field, Filter, Operator, Search
from uploads.database.reading.trigrams import LETTERS
from uploads.services.reading.view import View
from uploads.states import IndexKind
from uploads.tabular.table import ColumnType

_COMPARING = frozenset({Operator.EXACT, Operator.IN, Operator.ISNULL})
_ORDERED = frozenset({Operator.LT, Operator.LTE, Operator.GT, Operator.GTE, Operator.RANGE})
_WITHIN = frozenset({Operator.CONTAINS, Operator.ICONTAINS, Operator.STARTSWITH})
_LETTERS = re.compile(rf"\w{{{LETTERS}}}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Helper:
    """An index that would, or does, make a view quick."""

    name: str
    """Of the column."""
    kind: IndexKind


def helpers_of(view: View) -> list[Helper]:
    """The index of its order, else those that its rows are chosen by; and those of what is searched in texts."""
    found = []
    if view.sort:
        found.append(Helper(name=view.sort[0].field.name, kind=IndexKind.ORDER))
    for each in view.filters:
        if isinstance(each, Search):
            found += [helper for word in each.words for helper in _of_word(word)]
        elif (helper := helper_of(each)) is not None and (not view.sort or helper.kind is IndexKind.SEARCH):
            found.append(helper)
    return list(dict.fromkeys(found))


def _of_word(filters: Collection[Filter]) -> list[Helper]:
    """All of its columns or none: while one of them is read whole, an index on another helps nobody."""
    found = [helper_of(each) for each in filters]
    return [] if None in found else [helper for helper in found if helper is not None]


def helper_of(each: Filter) -> Helper | None:
    """``None``: no index would serve it, or the condition is of the file or the row, which windows find."""
    name = each.field.name
    if name.startswith("_"):
        return None
    if each.operator in _WITHIN:
        return Helper(name=name, kind=IndexKind.SEARCH) if _LETTERS.search(str(each.values[0])) else None
    is_served = each.operator in _COMPARING or (each.operator in _ORDERED and each.field.type is not ColumnType.TEXT)
    return Helper(name=name, kind=IndexKind.ORDER) if is_served else None


def compared_in(conditions: Collection[Condition]) -> Iterator[Filter]:
    """Each comparison, those of searches too."""
    for each in conditions:
        if isinstance(each, Filter):
            yield each
        else:
            yield from (filter_ for word in each.words for filter_ in word)


def told(each: Condition, there: Collection[Helper]) -> Condition:
    """The condition, told of the indexes that there are."""
    if isinstance(each, Search):
        words = tuple(tuple(_told(filter_, there) for filter_ in word) for word in each.words)
        return replace(each, words=words)
    return _told(each, there)


def _told(each: Filter, there: Collection[Helper]) -> Filter:
    helper = helper_of(each)
    is_indexed = Helper(name=each.field.name, kind=IndexKind.ORDER) in there
    is_searchable = helper is not None and helper.kind is IndexKind.SEARCH and helper in there
    field: Field = replace(each.field, is_indexed=is_indexed, is_searchable=is_searchable)
    return replace(each, field=field)
