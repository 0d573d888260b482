"""Which patterns could have written a date or time: every one that its separators, digits and words allow."""

import itertools
import re
from collections.abc import Iterator, Sequence

from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.dates.centuries import with_years
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.notations.zoned_times import ZonedCandidate, offset_patterns


def date_candidates(value: str) -> Iterator[DateCandidate]:
    """Every pattern that could have written the value; most don't survive the next few."""
    shape = _SHAPE.match(value)
    if shape is None:
        return
    times = tuple(_time_patterns(shape)) if shape["time"] else ("",)
    timed = ColumnType.TIMESTAMPTZ if shape["zone"] else ColumnType.TIMESTAMP
    type_ = timed if shape["time"] else ColumnType.DATE
    for date, time in itertools.product(_date_patterns(shape["date"]), times):
        for how in with_years(Format(pattern=date + time + (shape["zone"] or ""))):
            reading = DateCandidate(how, type_)
            if re.match(reading.regex, value):
                yield reading
    if timed is ColumnType.TIMESTAMPTZ:
        yield from _zoned_candidates(shape, times, value)


def _zoned_candidates(shape: re.Match[str], times: Sequence[str], value: str) -> Iterator[DateCandidate]:
    """The same with an offset that later values may have another of: looked at last, for one offset is the rule."""
    for date, time, zone in itertools.product(_date_patterns(shape["date"]), times, offset_patterns(shape["zone"])):
        for how in with_years(Format(pattern=date + time + zone)):
            candidate = ZonedCandidate(how, ColumnType.TIMESTAMPTZ)
            if re.match(candidate.regex, value):
                yield candidate


_SHAPE = re.compile(
    r"(?P<date>[0-9A-Za-z][0-9A-Za-z./\- ,]{4,20}?[0-9])"
    r"(?:(?P<gap>T| |, |:)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?)(?P<half> ?[AaPp][Mm])?"
    r"(?P<zone>Z| ?(?:UTC|GMT)(?:[-+](?:1[0-5]|[0-9])(?::[0-5][0-9])?)?| ?[-+](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)?)?$"
)
"""PostgreSQL refuses zones that are 16 hours or more from UTC; those on Earth end at 14."""
_YEAR_FIRST = re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}$")
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1([0-9]{4}|[0-9]{2})$")
_NAMED_DAY_FIRST = re.compile(r"[0-9]{1,2}([-/. ])[A-Za-z]{3,9}([-/. ]|, )([0-9]{4}|[0-9]{2})$")
_NAMED_MONTH_FIRST = re.compile(r"[A-Za-z]{3,9}([-/. ])[0-9]{1,2}([-/. ]|, )([0-9]{4})$")


def _date_patterns(date: str) -> Iterator[str]:
    days, months = ("%d", "%-d"), ("%m", "%-m")
    if match := _YEAR_FIRST.match(date):
        for month, day in itertools.product(months, days):
            yield match[1].join(("%Y", month, day))
    elif match := _YEAR_LAST.match(date):
        year = "%Y" if len(match[2]) == 4 else "%y"
        for day, month in itertools.product(days, months):
            yield match[1].join((day, month, year))
            yield match[1].join((month, day, year))
        if year == "%y" and match[1] == "-":
            yield "%y-%m-%d"
    elif match := _NAMED_DAY_FIRST.match(date):
        year = "%Y" if len(match[3]) == 4 else "%y"
        for day, month in itertools.product(days, ("%b", "%B", "%^b")):
            yield day + match[1] + month + match[2] + year
    elif match := _NAMED_MONTH_FIRST.match(date):
        for day, month in itertools.product(days, ("%b", "%B", "%^b")):
            yield month + match[1] + day + match[2] + "%Y"


def _time_patterns(shape: re.Match[str]) -> Iterator[str]:
    time, half = shape["time"], shape["half"] or ""
    hours = ("%I", "%-I") if half else ("%H", "%-H")
    rests = [":%M" + ":%S" * (time.count(":") == 2)]
    if time.count(":") == 2:
        _, mark, fraction = time.partition(",") if "," in time else time.partition(".")
        rests = [":%M:%S" + (f"{mark}%{len(fraction)}f" if fraction else ""), ":%M:%S%-f"]
    mark = half[:-2] + ("%p" if half.isupper() else "%P") if half else ""
    for hour, rest in itertools.product(hours, rests):
        yield shape["gap"] + hour + rest + mark
