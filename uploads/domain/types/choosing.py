"""Choose one reading among those that fit all values of a column, or none where they disagree on what values mean."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from uploads.domain.table import ColumnType
from uploads.domain.types.dates import DateReading
from uploads.domain.types.readings import Reading

_ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The reading chosen, or none for text; ``because`` ends the sentence of the evidence."""

    reading: Reading | None
    because: str = ""


def choose(
    readings: Sequence[Reading],
    *,
    varied: bool = True,
    marks: frozenset[str] = frozenset(),
    orders: frozenset[str] = frozenset(),
    told: Collection[str] = (),
) -> Choice:
    """The narrowest reading. Where two fit that read different values, other columns decide, else it is text.

    ``varied`` says whether the column has two different values, ``marks`` are the decimal marks and ``orders`` the
    orders of day, month and year that other columns show; a person has said those that are also in ``told``.
    """
    if not readings:
        return Choice(reading=None)
    if not varied and readings[0].type is ColumnType.BOOLEAN and readings[0].format.true.lower() != "true":
        # NO alone may be Norway, F alone a sex, N alone the north.
        return Choice(reading=None, because="stands alone, without its opposite")
    doubt = ambiguity(readings)
    if not doubt:
        return Choice(reading=readings[0])
    dates = [reading for reading in readings if isinstance(reading, DateReading)]
    if len(marks) == 1 and not dates:
        agreeing = [reading for reading in readings if reading.format.decimal in marks]
        mark = next(iter(marks))
        source = ", as was told" if mark in told else " of other columns"
        return Choice(reading=agreeing[0], because=f', "{mark}" being the decimal mark{source}')
    ordered = [reading for reading in dates if reading.order in orders]
    if len(orders) == 1 and ordered:
        source = "was told" if orders <= set(told) else "in other columns"
        return Choice(reading=ordered[0], because=f", {_ORDERS[ordered[0].order]} as {source}")
    return Choice(reading=None, because=doubt)


def ambiguity(readings: Sequence[Reading]) -> str:
    """What speaks against a choice: readings that fit equally and disagree. Empty where there is no doubt."""
    orders = sorted({reading.order for reading in readings if isinstance(reading, DateReading)})
    if len(orders) > 1:
        return f"and all other values fit {' and '.join(_ORDERS[order] for order in orders)}"
    return _mark_in_doubt(readings)


def evidenced_marks(columns: Iterable[Sequence[Reading]]) -> frozenset[str]:
    """Decimal marks that columns show without doubt."""
    shown = ({r.format.decimal for r in readings if r.type is ColumnType.NUMERIC} for readings in columns)
    return frozenset(mark for marks in shown if len(marks) == 1 for mark in marks)


def evidenced_orders(columns: Iterable[Sequence[Reading]]) -> frozenset[str]:
    """Orders of day and month that columns show without doubt; month names show nothing about numbers."""
    shown = (
        {r.order for r in readings if isinstance(r, DateReading) and "b" not in r.format.pattern.lower()}
        for readings in columns
    )
    return frozenset(order for orders in shown if len(orders) == 1 for order in orders if order != "ymd")


def _mark_in_doubt(readings: Sequence[Reading]) -> str:
    """``1.234`` and nothing longer: a decimal mark or a thousands mark."""
    for mark in (".", ","):
        decimal = any(r.type is ColumnType.NUMERIC and r.format.decimal == mark for r in readings)
        thousands = any(r.format.thousands == mark for r in readings)
        plain = any(r.type is ColumnType.BIGINT and not r.format.thousands for r in readings)
        if decimal and thousands and not plain:
            return f'and all other values fit "{mark}" as decimal mark and as thousands mark'
    return ""
