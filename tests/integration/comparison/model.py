"""A comparison as anybody would do it by hand: slow, and obviously right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

type Row = Mapping[str, Any]
type Plain = tuple[Any, ...]


@dataclass(frozen=True)
class Counts:
    new: int
    changed: int
    gone: int
    equal: int


class NoKey(Exception):
    """It is blank in a row, or two rows have the same."""


def plain(value: Any) -> Plain:
    """Equal values alike: a blank is a blank, no number is no number, and a number is what it is worth."""
    if value is None:
        return ("blank",)
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, int | float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return ("no number",) if number.is_nan() else ("number", number + 0)
    return ("other", value)


def picked(row: Row, names: Sequence[str]) -> Plain:
    return tuple(plain(row[name]) for name in names)


def by_rows(old: Sequence[Row], new: Sequence[Row], names: Sequence[str]) -> Counts:
    before, now = (Counter(picked(row, names) for row in rows) for rows in (old, new))
    return Counts(new=(now - before).total(), changed=0, gone=(before - now).total(), equal=(now & before).total())


def by_key(old: Sequence[Row], new: Sequence[Row], key: Sequence[str], others: Sequence[str]) -> Counts:
    before, now = _keyed(old, key), _keyed(new, key)
    both = before.keys() & now.keys()
    changed = sum(picked(before[each], others) != picked(now[each], others) for each in both)
    return Counts(new=len(now) - len(both), changed=changed, gone=len(before) - len(both), equal=len(both) - changed)


def _keyed(rows: Sequence[Row], key: Sequence[str]) -> dict[Plain, Row]:
    found: dict[Plain, Row] = {}
    for row in rows:
        value = picked(row, key)
        if value in found or ("blank",) in value:
            raise NoKey
        found[value] = row
    return found
