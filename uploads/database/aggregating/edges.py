"""Round edges of ranges: where numbers from here to there are cut into at most so many of one width.

numpy's ``histogram`` cuts the range into exactly so many, at edges like 3.4719 that no person would choose.
"""

import struct
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor, isfinite, log10

from uploads.database.reading.terms import Field
from uploads.tabular.table import ColumnType

FEWEST_BINS = 2
"""Whatever the width, -1 and 1 are in two of them."""
_TENTHS = (10, 20, 25, 50)
"""Widths of 1, 2, 2.5 and 5, and these times any power of ten."""


def round_edges(least: Decimal, greatest: Decimal, *, bins: int, whole: bool = False) -> list[Decimal]:
    """Two or more, each a multiple of the width: the first at or below ``least``, the last above ``greatest``.

    ``bins`` is at least ``FEWEST_BINS``. ``whole``: all are whole numbers.
    """
    low, high = Fraction(least), Fraction(greatest)
    for tenths, power in _widths((high - low) / bins):
        width = Fraction(tenths) * Fraction(10) ** (power - 1)
        first, last = floor(low / width), floor(high / width) + 1
        if last - first <= bins and not (whole and width.denominator > 1):
            return [_scaled(number * tenths, power - 1) for number in range(first, last + 1)]
    raise AssertionError("widths grow for ever")


def _widths(least: Fraction) -> Iterator[tuple[int, int]]:
    """Tenths and powers of ten, growing, from below ``least`` on; from 1 on where that is nothing."""
    power = floor(log10(least.numerator) - log10(least.denominator)) - 1 if least else 0
    while True:
        for tenths in _TENTHS:
            yield tenths, power
        power += 1


def _scaled(number: int, power: int) -> Decimal:
    """``number × 10 ** power``, exact at any size, without zeros that say nothing."""
    sign, digits, _ = Decimal(number).as_tuple()
    while len(digits) > 1 and digits[-1] == 0:
        digits, power = digits[:-1], power + 1
    if number == 0:
        return Decimal(0)
    return Decimal((sign, digits + (0,) * max(0, power), min(0, power)))


def fitting(edges: Sequence[Decimal], field: Field) -> list[Decimal]:
    """Those of them that the column's type can hold and tell apart; without the last one the last range is open."""
    if field.type is not ColumnType.DOUBLE:
        return list(edges)
    found: dict[float, Decimal] = {}
    for edge in edges:
        number = _as_stored(edge, field)
        if isfinite(number):
            found.setdefault(number, edge)
    return list(found.values())


def _as_stored(edge: Decimal, field: Field) -> float:
    number = float(edge)
    if not field.is_real or not isfinite(number):
        return number
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf")
