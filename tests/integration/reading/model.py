"""A slow reader that is obviously right: a list, filtered and sorted in Python."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from uploads.database.reading.terms import SORTED_LETTERS, Condition, Filter, Operator, Search, SortKey
from uploads.services.reading.pages import Row, read_page
from uploads.services.reading.parameters import read_view
from uploads.services.reading.values import operators_of
from uploads.services.reading.view import Cursor, Fields, View, fields_of
from uploads.services.visibility import ANYBODY, find_dataset
from uploads.tabular.table import ColumnType
from uploads.web.cursors import read_view_cursor, write_cursor

type Record = dict[str, Any]

POOLS: dict[ColumnType, list[Any]] = {
    ColumnType.BOOLEAN: [True, False],
    ColumnType.BIGINT: [0, -1, 7, 8, 10, 2**63 - 1, -(2**63), 9007199254740993],
    ColumnType.NUMERIC: [Decimal(text) for text in ("0.5", "-2.25", "2023.10", "12345678901234567890.123", "0.0001")],
    ColumnType.DOUBLE: [0.5, -2.5e-10, 1.5e300, 0.1, -1.5e300],
    ColumnType.DATE: [date(2024, 2, 29), date(1900, 1, 1), date(2024, 3, 1)],
    ColumnType.TIMESTAMP: [datetime(2024, 2, 29, 12, 30), datetime(1999, 12, 31, 23, 59, 59), datetime(2024, 3, 1, 1)],  # noqa: DTZ001 - as the column has it
    ColumnType.TIMESTAMPTZ: [
        datetime(2024, 2, 29, 10, 30, tzinfo=UTC),
        datetime(1999, 12, 31, 22, 59, 59, tzinfo=UTC),
    ],
    ColumnType.TEXT: [
        *("a", "A", "b", "ab", "é", "É", "ß", "日本", "𝒳", "مرحبا"),
        *("100%", "a_c", "back\\slash", '"q', "x" * 250, "x" * 251),
    ],
}
"""Values that differ in what matters: signs, sizes, letters in all planes, what SQL or a pattern could misread."""
NAMES = {
    ColumnType.BOOLEAN: "yes",
    ColumnType.BIGINT: "whole",
    ColumnType.NUMERIC: "exact",
    ColumnType.DOUBLE: "real",
    ColumnType.DATE: "day",
    ColumnType.TIMESTAMP: "moment",
    ColumnType.TIMESTAMPTZ: "instant",
    ColumnType.TEXT: "text",
}


def records(count: int, *, pools: dict[ColumnType, list[Any]] = POOLS) -> list[Record]:
    """Rows in which every value comes several times, beside others each time, and blanks among them."""
    return [
        {
            NAMES[type_]: None if (number * step) % 7 == 3 else pool[(number * step) % len(pool)]
            for step, (type_, pool) in enumerate(pools.items(), start=1)
        }
        | {"id": number}
        for number in range(1, count + 1)
    ]


def key_of(value: Any) -> Any:
    """What PostgreSQL compares by: NaN is equal to itself and greater than all else; texts by their letters."""
    if isinstance(value, float | Decimal) and math.isnan(value):
        return (1, 0)
    return value if isinstance(value, str) else (0, value)


def meets(record: Record, each: Condition) -> bool:
    if isinstance(each, Search):
        return all(any(_meets(record, one) for one in word) for word in each.words)
    return _meets(record, each)


def _meets(record: Record, each: Filter) -> bool:
    value, wanted = record[each.field.name], each.values
    if each.operator is Operator.ISNULL:
        return (value is None) is wanted[0]
    if value is None:
        return each.operator is Operator.NE
    if isinstance(value, str):
        first = str(wanted[0])
        match each.operator:
            case Operator.CONTAINS:
                return first in value
            case Operator.ICONTAINS:
                return first.lower() in value.lower()
            case Operator.STARTSWITH:
                return value.startswith(first)
    key, keys = key_of(value), [key_of(one) for one in wanted]
    answers: dict[Operator, bool] = {
        Operator.EXACT: key == keys[0],
        Operator.NE: key != keys[0],
        Operator.LT: key < keys[0],
        Operator.LTE: key <= keys[0],
        Operator.GT: key > keys[0],
        Operator.GTE: key >= keys[0],
        Operator.IN: key in keys,
        Operator.RANGE: keys[0] <= key <= keys[-1],
    }
    return answers[each.operator]


def expected(every: Sequence[Record], view: View) -> list[int]:
    """The ``id`` of each row of the view; ``every`` is in the order of the table."""
    found = [record for record in every if all(meets(record, each) for each in view.filters)]
    if view.sort and view.sort[-1].is_descending:
        found.reverse()
    for key in reversed(view.sort):
        found = _sorted(found, key)
    return [record["id"] for record in found]


def _sorted(found: list[Record], key: SortKey) -> list[Record]:
    name = key.field.name
    filled = [record for record in found if record[name] is not None]

    def by(record: Record) -> Any:
        value = record[name]
        return value[:SORTED_LETTERS] if isinstance(value, str) else key_of(value)

    return sorted(filled, key=by, reverse=key.is_descending) + [record for record in found if record[name] is None]


def text_of(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}" if value.is_finite() else str(value)
    return str(value)


def csv_of(texts: Sequence[str]) -> str:
    return ",".join('"' + text.replace('"', '""') + '"' for text in texts)


@st.composite
def queries(draw: st.DrawFn, pools: dict[ColumnType, list[Any]] = POOLS) -> dict[str, list[str]]:
    """Query parameters: up to two filters and three columns to sort by."""
    sent: dict[str, list[str]] = {}
    for _ in range(draw(st.integers(0, 2))):
        type_ = draw(st.sampled_from(list(pools)))
        operator = draw(st.sampled_from(operators_of(type_)))
        values = [text_of(each) for each in draw(st.lists(st.sampled_from(pools[type_]), min_size=2, max_size=3))]
        if operator is Operator.ISNULL:
            text = draw(st.sampled_from(["true", "false"]))
        elif operator in (Operator.IN, Operator.RANGE):
            text = csv_of(values if operator is Operator.IN else values[:2])
        elif operator in (Operator.CONTAINS, Operator.ICONTAINS, Operator.STARTSWITH):
            text = values[0][: draw(st.integers(1, 3))]
        else:
            text = values[0]
        sent[f"{NAMES[type_]}__{operator}"] = [text]
    if draw(st.booleans()):
        found = [
            draw(st.sampled_from(pools[draw(st.sampled_from(list(pools)))])) for _ in range(draw(st.integers(1, 2)))
        ]
        sent["_q"] = [" ".join(text_of(each)[: draw(st.sampled_from([1, 30]))] for each in found)]
    sort = draw(st.lists(st.sampled_from(list(pools)), max_size=3, unique=True))
    if sort:
        sent["_sort"] = [",".join(draw(st.sampled_from(["", "-"])) + NAMES[type_] for type_ in sort)]
    return sent


def fields_at(slug: str) -> Fields:
    return fields_of(dataset=find_dataset(slug=slug), viewer=ANYBODY)


def through_an_address(cursor: Cursor | None) -> Cursor | None:
    return None if cursor is None else read_view_cursor(write_cursor(cursor))


def walk(slug: str, sent: dict[str, list[str]], limit: int) -> tuple[View, list[list[Row]], list[list[Row]]]:
    """All pages forward from the first one; and those backward from the last one, in their order."""
    fields = fields_at(slug)
    sent = {**sent, "limit": [str(limit)]}
    view = read_view(sent, fields=fields)
    page = read_page(slug=slug, view=view)
    forward, backward = [list(page.rows)], [list(page.rows)]
    while page.next is not None:
        page = read_page(slug=slug, view=read_view(sent, fields=fields, after=through_an_address(page.next)))
        forward.append(list(page.rows))
        backward = [list(page.rows)]
    while page.previous is not None:
        page = read_page(slug=slug, view=read_view(sent, fields=fields, before=through_an_address(page.previous)))
        backward.insert(0, list(page.rows))
    return view, forward, backward
