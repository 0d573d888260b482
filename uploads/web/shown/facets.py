"""The most frequent values of columns as a page shows them: each is a link that chooses it, or lets it go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from uploads.database.reading.terms import Field, Filter, Operator
from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.facets import Facet, choices, others
from uploads.services.reading.parameters import MOST_FACETS, query_of
from uploads.services.reading.values import read_value
from uploads.services.reading.view import View
from uploads.web.sentences.datasets.published import rows_words
from uploads.web.shown.cells import cell_of
from uploads.web.shown.views import ShownView

NOTES = {
    RowsKnown.EXACT: "",
    RowsKnown.ABOUT: "Estimated from a sample of the rows.",
    RowsKnown.UNKNOWN: "Counting them takes too long here. Filter the rows first.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownValue:
    """A value and how many rows have it; ``href`` is empty where no address can hold it."""

    text: str
    is_blank: bool
    rows: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownFacet:
    """``remove``: the address of the view without it."""

    name: str
    label: str
    values: tuple[ShownValue, ...]
    note: str
    has_more: bool
    remove: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownFacets:
    """Also the form that adds one: the query that it sends along, and the columns to choose from."""

    facets: tuple[ShownFacet, ...]
    query: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]


def shown_facets(shown: ShownView, facets: Sequence[Facet]) -> ShownFacets:
    """On the page of a view."""
    view = shown.view
    taken = {field.name for field in view.facets}
    left = () if len(taken) >= MOST_FACETS else [name for name in shown.fields.shown if name not in taken]
    return ShownFacets(
        facets=tuple(_shown(shown, facet) for facet in facets),
        query=tuple(query_of(view, shown.fields)),
        columns=tuple((name, shown.labels.get(name) or name) for name in left),
    )


def _shown(shown: ShownView, facet: Facet) -> ShownFacet:
    view, field = shown.view, facet.field
    return ShownFacet(
        name=field.name,
        label=shown.labels.get(field.name) or field.name,
        values=tuple(
            ShownValue(
                text=cell_of(each.value, is_number=False).text,
                is_blank=each.value is None,
                rows=rows_words(each.rows, facet.known),
                href=_href(shown, field, each.value),
                is_chosen=_is_chosen(view, field, each.value),
            )
            for each in facet.values
        ),
        note=NOTES[facet.known],
        has_more=facet.has_more and bool(facet.values),
        remove=shown.address(replace(view, facets=tuple(each for each in view.facets if each.name != field.name))),
    )


def _href(shown: ShownView, field: Field, value: Any) -> str:
    toggled = toggled_view(shown.view, field, value)
    return "" if toggled is None else shown.address(toggled)


def toggled_view(view: View, field: Field, value: Any) -> View | None:
    """The view with one more value chosen of a column, or without it; ``None`` is a blank, which no other value can be
    beside. ``None`` where no filter takes the value."""
    kept, now = others(view.filters, field), choices(view.filters, field)
    if value is None:
        blank = Filter(field=field, operator=Operator.ISNULL, values=(True,), texts=("true",))
        is_chosen = any(each.operator is Operator.ISNULL for each in now)
        return replace(view, filters=kept if is_chosen else (*kept, blank), cursor=None)
    text = value_text(value)
    read = read_value(text, field)
    if read is None:
        return None
    chosen = [
        (one, said)
        for each in now
        if each.operator is not Operator.ISNULL
        for one, said in zip(each.values, each.texts, strict=True)
    ]
    left = [(one, said) for one, said in chosen if one != read]
    wanted = left if len(left) < len(chosen) else [*chosen, (read, text)]
    if not wanted:
        return replace(view, filters=kept, cursor=None)
    one_of = Filter(
        field=field,
        operator=Operator.EXACT if len(wanted) == 1 else Operator.IN,
        values=tuple(one for one, _ in wanted),
        texts=tuple(said for _, said in wanted),
    )
    return replace(view, filters=(*kept, one_of), cursor=None)


def _is_chosen(view: View, field: Field, value: Any) -> bool:
    now = choices(view.filters, field)
    if value is None:
        return any(each.operator is Operator.ISNULL for each in now)
    read = read_value(value_text(value), field)
    return any(read in each.values for each in now if each.operator is not Operator.ISNULL)


def value_text(value: Any) -> str:
    """A stored value as an address has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
    return str(value)
