"""What somebody typed as a value of a column, read as the column's type; and which operators a type has."""

import math
import re
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from uploads.database.reading.terms import Field, Operator, Value
from uploads.tabular.table import ColumnType

LONGEST_VALUE = 2_000
_MOST_DIGITS = 1_000
_MOST_EXPONENT = 10_000
"""PostgreSQL's ``numeric`` has 131,072 digits before the point; nobody means so many."""
TRUE = frozenset({"true", "t", "yes", "y", "1", "on"})
FALSE = frozenset({"false", "f", "no", "n", "0", "off"})
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")
"""In an address a plus means a space: ``12:30:00+02:00`` arrives as ``12:30:00 02:00``."""

_COMPARED = (Operator.EXACT, Operator.NE, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE, Operator.RANGE)
_OF_TEXT = (Operator.ICONTAINS, Operator.CONTAINS, Operator.STARTSWITH)
_OF_ALL = (Operator.IN, Operator.ISNULL)


def operators_of(type_: ColumnType) -> tuple[Operator, ...]:
    """Those that mean something for a type, the most usual first."""
    match type_:
        case ColumnType.BOOLEAN:
            return (Operator.EXACT, Operator.NE, *_OF_ALL)
        case ColumnType.TEXT:
            return (*_OF_TEXT, *_COMPARED, *_OF_ALL)
    return (*_COMPARED, *_OF_ALL)


def read_value(text: str, field: Field) -> Value | None:
    """``None``: it is no value of the type."""
    if len(text) > LONGEST_VALUE:
        return None
    if field.type is ColumnType.TEXT:
        return text if "\0" not in text and _is_unicode(text) else None
    value = _READERS[field.type](text.strip())
    if field.is_real and isinstance(value, float) and math.isfinite(value):
        try:
            struct.pack("f", value)
        except OverflowError:
            return None
    return value


def read_yes_or_no(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in TRUE else False if word in FALSE else None


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole_or_decimal(text: str) -> int | Decimal | None:
    """A number of any size or with a fraction can be compared with whole numbers."""
    value = _decimal(text)
    if value is None or not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else value


def _decimal(text: str) -> Decimal | None:
    if not text.isascii() or "_" in text or ("nan" in text.lower() and text.lower() != "nan"):
        return None  # Python's numbers have underscores and other digits, and NaNs that say more
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if value.is_finite() and (len(value.as_tuple().digits) > _MOST_DIGITS or abs(value.adjusted()) > _MOST_EXPONENT):
        return None
    return value


def _double(text: str) -> float | None:
    value = _decimal(text)
    if value is None:
        return None
    double = float(value)
    return None if math.isinf(double) and value.is_finite() else double


def _date(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _timestamp(text: str) -> datetime | None:
    with suppress(ValueError):
        value = datetime.fromisoformat(text)
        return value if value.tzinfo is None else None
    return None


def _instant(text: str) -> datetime | None:
    with suppress(ValueError, OverflowError):
        value = datetime.fromisoformat(_LOST_PLUS.sub("+", text))
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return None


_READERS: dict[ColumnType, Callable[[str], Value | None]] = {
    ColumnType.BOOLEAN: read_yes_or_no,
    ColumnType.BIGINT: _whole_or_decimal,
    ColumnType.NUMERIC: _decimal,
    ColumnType.DOUBLE: _double,
    ColumnType.DATE: _date,
    ColumnType.TIMESTAMP: _timestamp,
    ColumnType.TIMESTAMPTZ: _instant,
}
