"""The forms by which a view of a dataset is changed: what they offer, and what their fields make of a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from uploads.database.reading.terms import Operator
from uploads.services.errors import BadParameter
from uploads.services.reading.parameters import (
    COLUMNS,
    CURSORS,
    JOINABLE,
    MOST_FILTERS,
    SEARCH,
    joined,
    parameter_of,
    query_of,
)
from uploads.services.reading.values import operators_of
from uploads.services.reading.view import Fields, View
from uploads.tabular.table import ColumnType

BLANK, FILLED = "blank", "filled"
"""What the form has for ``isnull``, which is true or false."""
_FIELDS_MOST = MOST_FILTERS + 10


class Kind(StrEnum):
    """Columns of a kind are compared in the same words; the values stand in the page for its script."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"


_KINDS = {
    ColumnType.BOOLEAN: Kind.BOOLEAN,
    ColumnType.TEXT: Kind.TEXT,
    ColumnType.DATE: Kind.DATE,
    ColumnType.TIMESTAMP: Kind.MOMENT,
    ColumnType.TIMESTAMPTZ: Kind.MOMENT,
}
_BETWEEN = (Operator.RANGE, "is between")
_GROUPS: tuple[tuple[str, tuple[Kind, ...], tuple[tuple[str, str], ...]], ...] = (
    ("Texts", (Kind.TEXT,), ((Operator.ICONTAINS, "contains"), (Operator.STARTSWITH, "starts with"))),
    (
        "Numbers",
        (Kind.NUMBER,),
        (
            (Operator.GTE, "is at least"),
            (Operator.LTE, "is at most"),
            (Operator.GT, "is more than"),
            (Operator.LT, "is less than"),
            _BETWEEN,
        ),
    ),
    (
        "Dates and times",
        (Kind.DATE, Kind.MOMENT),
        (
            (Operator.GTE, "is on or after"),
            (Operator.LTE, "is on or before"),
            (Operator.GT, "is after"),
            (Operator.LT, "is before"),
            _BETWEEN,
        ),
    ),
    (
        "Any column",
        tuple(Kind),
        (
            (Operator.EXACT, "is"),
            (Operator.NE, "is not"),
            (Operator.IN, "is one of (a,b,c)"),
            (BLANK, "is blank"),
            (FILLED, "is not blank"),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterSent:
    """The fields of the form that adds a filter, as they were sent, and what is wrong with them."""

    column: str = ""
    operator: str = ""
    value: str = ""
    upto: str = ""
    """The second value of “between”."""
    fault: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnChoice:
    """A column that rows may be filtered by, and whether it is among those that are shown."""

    name: str
    label: str
    kind: Kind
    is_shown: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorGroup:
    """Ways to compare columns of some kinds: for each what the form sends, and its words."""

    label: str
    kinds: str
    """With spaces between."""
    operators: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewForms:
    """``now``: the query of the view, which the forms send along; ``others``: its parameters but the search."""

    now: str
    others: tuple[tuple[str, str], ...]
    search: str
    columns: tuple[ColumnChoice, ...]
    groups: tuple[OperatorGroup, ...]
    sent: FilterSent


def view_forms(
    view: View, fields: Fields, *, labels: Mapping[str, str], now: str, sent: FilterSent | None = None
) -> ViewForms:
    """``labels``: of the columns, by name; ``sent``: a filter that cannot be."""
    shown = set(view.columns)
    columns = tuple(
        ColumnChoice(
            name=name,
            label=labels.get(name) or name,
            kind=_KINDS.get(field.type, Kind.NUMBER),
            is_shown=not shown or name in shown,
        )
        for name, field in fields.shown.items()
    )
    kinds = {column.kind for column in columns}
    return ViewForms(
        now=now,
        others=tuple((key, said) for key, said in query_of(view, fields) if key != SEARCH),
        search=view.search.text if view.search else "",
        columns=columns,
        groups=tuple(
            OperatorGroup(label=label, kinds=" ".join(of), operators=operators)
            for label, of, operators in _GROUPS
            if kinds.intersection(of)
        ),
        sent=sent or FilterSent(),
    )


def with_filter(now: str, *, fields: Fields, sent: FilterSent) -> str:
    """The query with one more filter, in the place of one that compares the same column in the same way, unless both
    together mean something.

    Without a value nothing is filtered, but rows without one are found by “is”. What cannot be is left to the page to
    refuse; a number or a date that is to contain a value is to be it. Raises ``BadParameter``.
    """
    query = _query(now)
    field = fields.find(sent.column)
    operator, value = sent.operator, sent.value
    if operator == Operator.RANGE and sent.upto:
        value = joined([value, sent.upto])
    word = Operator.ISNULL if operator in (BLANK, FILLED) or (operator == Operator.EXACT and not value) else operator
    if field is None or word not in Operator or (not value and word is not Operator.ISNULL):
        return urlencode(query)
    how = Operator(word)
    if how is Operator.ICONTAINS and how not in operators_of(field.type):
        how = Operator.EXACT
    text = value if how is not Operator.ISNULL else "false" if operator == FILLED else "true"
    name = parameter_of(field, how, fields)
    kept = [(key, said) for key, said in query if key != name or (how in JOINABLE and said != text)]
    return urlencode([*kept, (name, text)])


def with_columns(now: str, *, fields: Fields, shown: Sequence[str]) -> str:
    """The query with these columns, in the dataset's order; without any, or with all, none is named."""
    names = [name for name in fields.shown if name in set(shown)]
    query = [(key, said) for key, said in _query(now) if key != COLUMNS]
    if names and len(names) < len(fields.shown):
        query.append((COLUMNS, joined(names)))
    return urlencode(query)


def _query(now: str) -> list[tuple[str, str]]:
    """Without a place: the rows are others now. Raises ``BadParameter``."""
    try:
        pairs = parse_qsl(now, keep_blank_values=True, max_num_fields=_FIELDS_MOST)
    except ValueError as error:
        raise BadParameter(
            f"There are more than {MOST_FILTERS} filters.", hint="Remove some of them.", names=["now"]
        ) from error
    return [(key, said) for key, said in pairs if key not in CURSORS]
