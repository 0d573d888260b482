"""What a number is as its format shows it: a date, a time, the digits of an ID, or the number itself."""

import datetime as dt
from enum import StrEnum

from uploads.tabular.workbook.formats.number_format import NumberFormat, Section, Shows
from uploads.tabular.workbook.sheet.cells import Cell

DAY_MILLISECONDS = 86_400_000
_MINUTE, _HALF = 60_000, 500
FIRST_REAL = 60
"""Excel's 29th of February 1900, which there never was: the day before is the last that is counted from 1899-12-31."""
_LAST_OF_A_SUM = 366
"""Hours that were added up come to less than a year; what is more was meant to be a date and shows its time of day."""
_LAST = 2_958_466
"""The day after 9999-12-31."""
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (cells have no zone)
_EPOCH_EARLY = dt.datetime(1899, 12, 31)  # noqa: DTZ001
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_LONGEST_ID = 15
"""Digits that a floating-point number holds for certain."""


class Odd(StrEnum):
    """What a sheet shows otherwise than the number says, or shows as ``######``."""

    ZERO_DATE = "zero_dates"
    """0 as a date: Excel shows the day 0 of January 1900."""
    OVER_A_DAY = "times_over_a_day"
    """25:30 in the format hh:mm, which shows 1:30."""
    NEGATIVE = "negative_times"
    """A date or time below 0, which Excel shows as ######; times not in the system of 1904."""
    HIDDEN = "hidden_times"
    """0 in the format ``[=0]"-";hh:mm``, which shows a dash instead."""


def shown(number: float, format_: NumberFormat, *, is_1904: bool) -> tuple[Cell, Odd | None]:
    """The cell, and what is odd about it, if anything is.

    Dates and times hidden by their format are blank; amounts keep their digits, however few of them are shown.
    """
    section = format_.section(number)
    match section.shows:
        case Shows.DATE:
            return _date(number, is_1904=is_1904)
        case Shows.TIME:
            return _time(number, is_1904=is_1904)
        case Shows.ELAPSED:
            return _duration(number), (Odd.NEGATIVE if number < 0 and not is_1904 else None)
        case Shows.MASK:
            return _masked(number, section), None
        case Shows.NOTHING if format_.shows_time:
            return "", Odd.HIDDEN
        case _:
            return number, None


class Part(StrEnum):
    """What a sheet does not show of a number that counts, or of a date or time."""

    SECONDS = "seconds"
    TIME = "time"
    """A time of day beside a day."""
    DECIMALS = "decimals"


def hidden_part(number: float, format_: NumberFormat) -> tuple[Part, str] | None:
    """What is not shown of a number, and what is shown instead as far as that can be said plainly."""
    section = format_.section(number)
    if section.is_cut:
        if float(number).is_integer():  # all its digits are shown, also where they are more than 15
            return None
        short = f"{number:.{section.decimals}f}"
        return (Part.DECIMALS, short) if float(short) != float(f"{number:.15g}") else None
    if not section.shows.is_time or section.has_seconds or not 0 <= number < _LAST:
        return None
    of_day = round(number * DAY_MILLISECONDS) % DAY_MILLISECONDS
    if section.shows is Shows.DATE and not section.has_hours:
        return (Part.TIME, "") if of_day else None
    return (Part.SECONDS, "") if _HALF <= of_day % _MINUTE <= _MINUTE - _HALF else None


def _date(number: float, *, is_1904: bool) -> tuple[Cell, Odd | None]:
    if number < 0 or number >= _LAST:
        return number, Odd.NEGATIVE if number < 0 else None
    if number == 0 and not is_1904:
        return "", Odd.ZERO_DATE
    if number < 1 and not is_1904:
        return _time_of_day(number), None
    return _moment(number, is_1904=is_1904), None


def _time(number: float, *, is_1904: bool) -> tuple[Cell, Odd | None]:
    if number < 0:
        return _duration(number), None if is_1904 else Odd.NEGATIVE
    if number < 1:
        return _time_of_day(number), None
    if number < _LAST_OF_A_SUM:
        return _time_of_day(number % 1), Odd.OVER_A_DAY
    return (_moment(number, is_1904=is_1904) if number < _LAST else number), None


def _moment(number: float, *, is_1904: bool) -> dt.date:
    epoch = _EPOCH_1904 if is_1904 else _EPOCH if number >= FIRST_REAL else _EPOCH_EARLY
    moment = epoch + dt.timedelta(milliseconds=round(number * DAY_MILLISECONDS))
    return moment.date() if moment.time() == dt.time(0) else moment


def _time_of_day(number: float) -> dt.time:
    return (_EPOCH + dt.timedelta(milliseconds=round(number * DAY_MILLISECONDS))).time()


def _duration(number: float) -> Cell:
    return dt.timedelta(milliseconds=round(number * DAY_MILLISECONDS)) if abs(number) < _LAST else number


def _masked(number: float, section: Section) -> Cell:
    """``02108``; a number that has a fraction or too many digits to be an ID stays one."""
    if number != int(number) or number < 0 or number >= 10**_LONGEST_ID:
        return number
    digits = str(int(number)) if number else ""
    mask, places = section.mask, section.digits
    shown_digits = list(digits)
    cells = list(mask)
    for place in reversed(places):
        if shown_digits:
            cells[place] = shown_digits.pop()
        else:
            cells[place] = "0" if mask[place] == "0" else ""
    # Digits without a place of their own stand before the first.
    cells[places[0]] = "".join(shown_digits) + cells[places[0]]
    return "".join(cells).strip()
