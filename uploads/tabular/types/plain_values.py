"""A value that its column cannot take, written as the column writes it: only where nobody could read it otherwise."""

import re
from datetime import UTC, date, datetime

import pyarrow as pa

from uploads.tabular.chunks import ARROW_TYPES
from uploads.tabular.table import Column, ColumnType, Format
from uploads.tabular.types.candidates import candidate_of
from uploads.tabular.types.notations.minus import TO_HYPHEN

_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
"""Characters that take no room: zero-width spaces, marks of direction, the byte order mark, the soft hyphen."""
_SPACES = "[ \u00a0\u2009\u202f]"
_APOSTROPHES = "['\u2019]"

_GROUPED = tuple(
    re.compile(regex)
    for regex in (
        rf"([0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+)(?:[.,]([0-9]+))?",
        rf"([0-9]{{1,3}}(?:{_APOSTROPHES}[0-9]{{3}})+)(?:[.,]([0-9]+))?",
        r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)",
        r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)",
        r"([0-9]{1,3}(?:,[0-9]{3}){2,})()",
        r"([0-9]{1,3}(?:\.[0-9]{3}){2,})()",
    )
)
"""Digits in groups, and those behind the decimal mark: which mark is which is beyond doubt."""
_ONE_MARK = re.compile(r"([0-9]*)([.,])([0-9]*)")

_YEAR_FIRST = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?)?"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_ORDERED = re.compile(r"%-?([dm])([-/.])%-?([dm])\2%Y")


def plain_value(text: str, column: Column) -> str | None:
    """The text as the column's format writes it, or ``None`` where that would be a guess.

    ``1 234`` is 1234 and ``1,5`` is 1.5 in a column of numbers with a point; ``1,234`` may be either, so it is nothing.
    """
    bare = _without_junk(text)
    match column.type:
        case ColumnType.BIGINT | ColumnType.NUMERIC | ColumnType.DOUBLE:
            return _number_in(column, _number(bare, _decimal_mark(column), column.format))
        case ColumnType.DATE:
            moment = _moment(bare, column.format)
            return None if moment is None or moment.time() != datetime.min.time() else _printed(column, moment.date())
        case ColumnType.TIMESTAMP:
            timed = _YEAR_FIRST.fullmatch(bare)
            return None if timed is None or timed[5] is None else _printed(column, _moment(bare, column.format))
        case ColumnType.BOOLEAN:
            words = (column.format.true, column.format.false)
            return next((word for word in words if word.casefold() == bare.casefold()), None)
        case _:
            return bare or None


def _without_junk(text: str) -> str:
    """Without what surrounds a value and says nothing: spaces of all kinds, characters unseen, quotes."""
    bare = _UNSEEN.sub("", text).strip()
    for quote in "\"'":
        bare = bare.removeprefix(quote).removesuffix(quote)
    return bare.strip()


def _decimal_mark(column: Column) -> str:
    """The column's decimal mark, as far as its values show one: whole numbers have none."""
    return "" if column.type is ColumnType.BIGINT else column.format.decimal


def _number(text: str, decimal: str, how: Format) -> str | None:
    """The number in plain digits with a point: ``-1234.50``."""
    text = text.translate(TO_HYPHEN)
    sign = "-" if text.startswith("-") != text.endswith("-") else ""
    parts = _digits(text.removeprefix("+").removeprefix("-").removesuffix("-" if sign else ""), decimal, how)
    if parts is None:
        return None
    whole, fraction = parts
    if len(whole) > 1 and whole.startswith("0"):
        return None  # 007 may be a name
    return f"{sign}{whole or '0'}{'.' if fraction else ''}{fraction}"


def _digits(text: str, decimal: str, how: Format) -> tuple[str, str] | None:
    """Digits before and behind the decimal mark."""
    if text.isascii() and text.isdigit():
        return text, ""
    grouped = next(filter(None, (regex.fullmatch(text) for regex in _GROUPED)), None)
    if grouped:
        return re.sub("[^0-9]", "", grouped[1]), grouped[2] or ""
    found = _ONE_MARK.fullmatch(text)
    if found is None or not (found[1] or found[3]):
        return None
    whole, mark, fraction = found.groups()
    if mark == how.thousands or (mark != decimal and len(fraction) == 3 and 0 < len(whole) <= 3 and whole[0] != "0"):
        return None  # 1,234 may be one thousand or one
    return whole, fraction


def _number_in(column: Column, number: str | None) -> str | None:
    if number is None:
        return None
    if column.type is ColumnType.NUMERIC:
        return _printed(column, number)
    if column.type is ColumnType.DOUBLE:
        return _printed(column, float(number))
    whole, _, fraction = number.partition(".")
    if fraction.strip("0") or len(whole) > len(str(2**63)) - 1:
        return None
    return _printed(column, int(whole))


def _moment(text: str, how: Format) -> datetime | None:
    """A date with the year first, or one in the column's own order with its own mark, if its days cannot be months."""
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        year, month, day, hour, minute, second = (int(found[group] or 0) for group in (1, 3, 4, 5, 6, 7))
    else:
        found, ordered = _YEAR_LAST.fullmatch(text), _ORDERED.fullmatch(how.pattern)
        if found is None or ordered is None or found[2] != ordered[2]:
            return None
        parts = {ordered[1]: int(found[1]), ordered[3]: int(found[3])}
        if set(parts) != {"d", "m"} or (parts["d"] <= 12 and parts["d"] != parts["m"]):
            return None
        year, month, day, hour, minute, second = int(found[4]), parts["m"], parts["d"], 0, 0, 0
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:  # the 31st of February
        return None


def _printed(column: Column, value: str | float | date | datetime | None) -> str | None:
    how = column.format
    if column.type in {ColumnType.BIGINT, ColumnType.NUMERIC} and not how.thousands and not how.pattern:
        return str(value).replace(".", how.decimal)
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    stored = pa.array([value], ARROW_TYPES[column.type])
    text: str | None = candidate_of(column.type, column.format).render(stored)[0].as_py()
    return text
