"""The forms by which a view of a dataset is changed: what they offer, and what their fields make of a query."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from uploads.database.reading.terms import Operator
from uploads.services.errors import BadParameter
from uploads.services.reading.parameters import COLUMNS, CURSORS, JOINABLE, MOST_FILTERS, joined, parameter_of
from uploads.services.reading.values import operators_of
from uploads.services.reading.view import Fields, View
from uploads.tabular.table import ColumnType

BLANK, FILLED = "blank", "filled"
"""What the form has for ``isnull``, which is true or false."""
_ANY = (
    (Operator.EXACT, "is"),
    (Operator.NE, "is not"),
    (Operator.LT, "is less than, or before"),
    (Operator.LTE, "is at most"),
    (Operator.GT, "is more than, or after"),
    (Operator.GTE, "is at least"),
    (Operator.RANGE, "is between (two values: 1,9)"),
    (Operator.IN, "is one of (a,b,c)"),
)
_TEXTS = (
    (Operator.ICONTAINS, "contains"),
    (Operator.STARTSWITH, "starts with"),
)
_FIELDS_MOST = MOST_FILTERS + 10


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnChoice:
    """A column that rows may be filtered by, and whether it is among those that are shown."""

    name: str
    label: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewForms:
    """``now``: the query of the view, which the forms send along."""

    now: str
    columns: tuple[ColumnChoice, ...]
    operators: tuple[tuple[str, str], ...]


def view_forms(view: View, fields: Fields, *, labels: dict[str, str], now: str) -> ViewForms:
    """``labels``: of the columns, by name."""
    shown = set(view.columns)
    texts = _TEXTS if any(field.type is ColumnType.TEXT for field in fields.shown.values()) else ()
    return ViewForms(
        now=now,
        columns=tuple(
            ColumnChoice(name=name, label=labels.get(name) or name, is_shown=not shown or name in shown)
            for name in fields.shown
        ),
        operators=(*texts, *_ANY, (BLANK, "is blank"), (FILLED, "is not blank")),
    )


def with_filter(now: str, *, fields: Fields, column: str, operator: str, value: str) -> str:
    """The query with one more filter, in the place of one that compares the same column in the same way, unless both
    together mean something.

    Without a value nothing is filtered, but rows without one are found by “is”. What cannot be is left to the page to
    refuse; a number or a date that is to contain a value is to be it. Raises ``BadParameter``.
    """
    query = _query(now)
    field = fields.find(column)
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
