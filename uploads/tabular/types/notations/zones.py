"""Time zones of the IANA database as offsets from UTC: which zones there are, and what each one's clocks show when."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

type Seconds = npt.NDArray[np.int64]

_WEEK = 7 * 86_400
_MOST_YEARS = 200
"""A column that spans more was written by no clock; looking all its changes up would take seconds."""


@cache
def zone_names() -> tuple[str, ...]:
    """One zone for each history of clocks since 1970, those of most countries first: ``Europe/Berlin``.

    ``zone1970.tab`` of the IANA database names the countries of each. Where two zones fit all values, they show the
    same; which of them is named then tells nobody anything wrong about the values.
    """
    text = files("tzdata").joinpath("zoneinfo", "zone1970.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    ranked = sorted(rows, key=lambda row: ("Antarctica" in row[2], -len(row[0].split(",")), row[2]))
    return tuple(row[2] for row in ranked)


def offsets_at(zone: str, moments: Seconds) -> Seconds | None:
    """Seconds that the zone's clocks are ahead of UTC at each moment (seconds since 1970, not empty).

    ``None`` where the moments lie so far apart that no clock has written them all, or this machine lacks the zone.
    """
    first, last = _year(int(moments.min())), _year(int(moments.max()))
    if not _is_known(zone) or not _are_of_one_clock(first, last):
        return None
    changes, offsets = _changes(zone, first, last)
    if not len(changes):
        return np.full(len(moments), offsets[0], dtype=np.int64)
    return offsets[np.searchsorted(changes, moments, side="right")]


def may_be_of_one_clock(first: int, last: int) -> bool:
    """Whether the moments between these two (seconds since 1970) lie so near that one clock may have shown them."""
    return _are_of_one_clock(_year(first), _year(last))


def _are_of_one_clock(first: int, last: int) -> bool:
    return last - first <= _MOST_YEARS and first >= 1 and last <= 9_990


@cache
def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        return False
    return True


@cache
def _changes(zone: str, first: int, last: int) -> tuple[Seconds, Seconds]:
    """Moments at which the offset changes in these years, and the offset before the first of them and after each."""
    moments: list[int] = []
    offsets = [_offset(zone, _start(first))]
    for year in range(first, last + 1):
        for moment, offset in _changes_of_year(zone, year):
            moments.append(moment)
            offsets.append(offset)
    return np.array(moments, dtype=np.int64), np.array(offsets, dtype=np.int64)


@cache
def _changes_of_year(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """Each change of one year with the offset that it begins. Clocks changed twice within a week nowhere since 1970."""
    found: list[tuple[int, int]] = []
    end = _start(year + 1)
    known, offset = _start(year), _offset(zone, _start(year))
    while known < end:
        ahead = min(known + _WEEK, end)
        after = _offset(zone, ahead)
        if after != offset:
            low, high = known, ahead
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
            found.append((high, after))
        known, offset = ahead, after
    return tuple(found)


def _offset(zone: str, moment: int) -> int:
    local = _utc(moment).astimezone(ZoneInfo(zone))
    ahead = local.utcoffset()
    if ahead is None:
        raise TypeError(f"{zone} has no offset")
    return int(ahead.total_seconds())


def _utc(moment: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=moment)


def _year(moment: int) -> int:
    return int(np.datetime64(moment, "s").astype("datetime64[Y]").astype(np.int64)) + 1970


def _start(year: int) -> int:
    return int(np.datetime64(f"{year:04d}-01-01", "s").astype(np.int64))
