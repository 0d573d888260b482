"""Typed cells of a sheet to text, as a person sees them: 12 and not 12.0, ISO dates, TRUE and FALSE.

Works column by column: a column of one type is converted at once, only mixed ones cell by cell.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import compress, repeat
from operator import is_
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.types.facts import float_texts

Cell = int | float | str | bool | dt.date | dt.time | dt.datetime | dt.timedelta | None

_Mask = npt.NDArray[np.bool_]

SHOWN_DIGITS = 15
"""Digits that every spreadsheet shows of a number; binary ones need up to 17, the last of which are noise."""
_TENS = np.array([10.0**power for power in range(23)])
_UNSURE = 0.2
_LARGEST_EXACT = 2**53
"""Up to it every whole number is a float of its own."""
_MIDNIGHT = " 00:00:00"
_MIDNIGHT_TIME = dt.time(0)
_LATE = "1905"

_DURATIONS = frozenset({"PT", "-P"})
_ISO_DURATION = re.compile(r"(-)?PT(?:(\d{1,6})H)?(?:(\d{1,4})M)?(?:(\d{1,6})(?:\.(\d+))?S)?")


class DateKind(StrEnum):
    """Whether a column's cells are all dates, and whether some have a time of day."""

    NONE = ""
    DATES = "dates"
    MOMENTS = "moments"
    ODD = "odd"
    """Some are times of day without a date, or durations, as numbers near 0 and below it become."""


def column_text(cells: Sequence[Cell]) -> tuple[pa.StringArray, DateKind]:
    """One column as text, blank cells as empty strings; dates beside moments are printed as midnights."""
    types = list(map(type, cells))
    kinds = set(types)
    blank = None
    if len(kinds) == 2 and str in kinds:
        # Bytes of 0 and 1, made without running Python code for each cell.
        is_text = bytes(map(is_, types, repeat(str)))
        if not any(compress(cells, is_text)):
            blank = np.frombuffer(is_text, np.bool_)
            kinds.discard(str)
    if len(kinds) == 1 and (at_once := _AT_ONCE.get(first := next(iter(kinds)))):
        texts = at_once(cells, blank)
        return texts if blank is None else pc.fill_null(texts, ""), _DATE_KINDS.get(first, DateKind.NONE)
    if float in kinds and kinds <= _NUMBERS_AND_WORDS and (mixed := _numbers_and_words(cells, types)) is not None:
        return mixed, DateKind.NONE
    if kinds >= _DATE_KINDS.keys() and not kinds & _ODD:
        # Dates beside moments, whatever else is there but times of day.
        cells = [_moment(cell) if isinstance(cell, dt.date) else cell for cell in cells]
        if not any(cell for cell in cells if not isinstance(cell, dt.date)) and kinds <= {*_DATE_KINDS, str}:
            blank = np.frombuffer(bytes(map(is_, types, repeat(str))), np.bool_)
            return pc.fill_null(_moments_text(cells, blank), ""), DateKind.MOMENTS
    kind = DateKind.ODD if kinds & _ODD else DateKind.NONE
    return pa.array([_PRINTERS[type(cell)](cell) for cell in cells], pa.string()), kind


def is_odd(cell: Cell) -> bool:
    """Whether it is a time without a date, a duration, or a date that is one of a day or more."""
    return isinstance(cell, dt.time | dt.timedelta) or (isinstance(cell, dt.date) and cell.year < int(_LATE))


def are_early(dates: pa.StringArray) -> bool:
    """Whether one of the dates is of 1904 or before, as those are that stand for times of a day or more."""
    return bool(pc.any(pc.and_(pc.less(dates, _LATE), pc.not_equal(dates, ""))).as_py())


def with_midnight(dates: pa.StringArray) -> pa.StringArray:
    """Dates as moments, for columns that have moments elsewhere."""
    return pc.if_else(pc.equal(dates, ""), "", pc.binary_join_element_wise(dates, _MIDNIGHT, ""))


def has_midnight(texts: pa.StringArray, kind: DateKind) -> bool:
    """Whether one of the texts, all dates or all moments, is or will be the midnight of a cell without a time."""
    return kind is DateKind.DATES or bool(pc.any(pc.ends_with(texts, _MIDNIGHT)).as_py())


def float_text(number: float) -> str:
    """One number with its first 15 digits: ``12``, ``0.25``, ``1e+20``. Whole numbers keep all of theirs."""
    text = repr(number + 0.0)
    if len(text) <= SHOWN_DIGITS + 1 or number.is_integer():  # a point, and no digit too many
        return text.removesuffix(".0")
    return repr(float(f"{number:.{SHOWN_DIGITS}g}")).removesuffix(".0")


def duration_text(duration: dt.timedelta) -> str:
    """Hours may pass 24, as in Excel's ``[h]:mm:ss``."""
    sign = "-" if duration < dt.timedelta(0) else ""
    seconds, microseconds = divmod(abs(duration) // dt.timedelta(microseconds=1), 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    fraction = f".{microseconds:06}".rstrip("0") if microseconds else ""
    return f"{sign}{hour}:{minute:02}:{second:02}{fraction}"


def as_of_other_formats(cells: Sequence[Cell]) -> list[Cell]:
    """A row of an .ods as the other formats give it.

    ``PT30H05M00S`` is ``30:05:00``: calamine hands over so what holds a day or more, or less than nothing. And the
    midnight with which some programs write every date, Excel among them, is its day.
    """
    return [
        _iso_duration(cell)
        if type(cell) is str and cell[:2] in _DURATIONS
        else cell.date()
        if type(cell) is dt.datetime and cell.time() == _MIDNIGHT_TIME
        else cell
        for cell in cells
    ]


def _iso_duration(text: str) -> str:
    found = _ISO_DURATION.fullmatch(text)
    if found is None:
        return text
    sign, hours, minutes, seconds, fraction = found.groups(default="")
    duration = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    duration += dt.timedelta(microseconds=int(f"{fraction:0<6}"[:6]))
    return duration_text(-duration if sign else duration)


def _floats_text(cells: Sequence[Cell], blank: _Mask | None) -> pa.StringArray:
    floats = pa.array(cells, pa.float64(), mask=blank)
    numbers = (floats.fill_null(0) if blank is not None else floats).to_numpy()
    if np.abs(numbers).max() < 1e16:
        integers = numbers.astype(np.int64)
        if np.array_equal(integers, numbers):
            return pc.cast(pa.array(integers, mask=blank), pa.string())
    # Adding zero makes zero of minus zero.
    texts = float_texts(pa.array(numbers + 0.0, mask=blank))
    return _as_shown(texts, numbers) if (pc.max(pc.utf8_length(texts)).as_py() or 0) > SHOWN_DIGITS else texts


def _numbers_and_words(cells: Sequence[Cell], types: Sequence[type]) -> pa.StringArray | None:
    """Floating-point and whole numbers with words or blanks among them; ``None`` where one is no exact float."""
    if any(type(cell) is int and abs(cell) > _LARGEST_EXACT for cell in cells):
        return None
    is_text = np.frombuffer(bytes(map(is_, types, repeat(str))), np.bool_)
    return pc.coalesce(pa.array(cells, pa.string(), mask=~is_text), _floats_text(cells, is_text))


def _as_shown(texts: pa.StringArray, numbers: npt.NDArray[np.float64]) -> pa.StringArray:
    """With 15 digits where a number needs more: what a spreadsheet shows of 0.1 + 0.2."""
    found = pc.indices_nonzero(pc.greater(pc.utf8_length(texts), SHOWN_DIGITS)).to_numpy()
    found = found[numbers[found] != np.rint(numbers[found])]
    if not len(found):
        return texts
    long = numbers[found]
    decimals = SHOWN_DIGITS - 1 - np.floor(np.log10(np.abs(long))).astype(np.int64)
    tens = _TENS[np.clip(decimals, 0, len(_TENS) - 1)]
    whole = long * tens
    # Where the product's own error may decide, or a power of ten is no exact number, Python's printing does.
    unsure = (decimals < 0) | (decimals >= len(_TENS)) | (np.abs(np.abs(whole - np.floor(whole)) - 0.5) < _UNSURE)
    rounded = np.where(unsure, long, np.rint(whole) / tens)
    rounded[unsure] = [float(f"{number:.{SHOWN_DIGITS}g}") for number in long[unsure].tolist()]
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[found] = True
    return pc.replace_with_mask(texts, pa.array(mask), float_texts(pa.array(rounded)))


def _moments_text(cells: Sequence[Cell], blank: _Mask | None) -> pa.StringArray:
    moments = pa.array(cells, pa.timestamp("us"), mask=blank)
    if not np.any(moments.view(pa.int64()).fill_null(0).to_numpy() % 1_000_000):
        return pc.cast(pc.cast(moments, pa.timestamp("s")), pa.string())
    return pc.replace_substring_regex(pc.cast(moments, pa.string()), r"\.?0+$", "")


def _moment(date: dt.date) -> dt.datetime:
    return date if isinstance(date, dt.datetime) else dt.datetime(date.year, date.month, date.day)  # noqa: DTZ001


def _moment_text(moment: dt.datetime) -> str:
    text = moment.isoformat(" ")
    return text.rstrip("0") if moment.microsecond else text


def _time_text(time: dt.time) -> str:
    text = time.isoformat()
    return text.rstrip("0") if time.microsecond else text


_NUMBERS_AND_WORDS = frozenset({float, int, str})

_DATE_KINDS: dict[type, DateKind] = {dt.date: DateKind.DATES, dt.datetime: DateKind.MOMENTS}

_ODD = frozenset({dt.time, dt.timedelta})

_AT_ONCE: dict[type, Callable[[Sequence[Cell], _Mask | None], pa.StringArray]] = {
    str: lambda cells, _: pa.array(cells, pa.string()),
    float: _floats_text,
    bool: lambda cells, blank: pc.if_else(pa.array(cells, pa.bool_(), mask=blank), "TRUE", "FALSE"),
    dt.date: lambda cells, blank: pc.cast(pa.array(cells, pa.date32(), mask=blank), pa.string()),
    dt.datetime: _moments_text,
}
"""How columns of one type are printed, blank cells as null; 40 to 150 ns a cell."""

_PRINTERS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: float_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: _moment_text,
    dt.time: _time_text,
    dt.timedelta: duration_text,
    type(None): lambda _: "",
}
"""How single cells are printed, in columns of several types."""
