"""Typed cells of a sheet to text, as a person sees them: 12 and not 12.0, ISO dates, TRUE and FALSE.

Works column by column: a column of one type is converted at once, only mixed ones cell by cell.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.domain.facts import float_texts

Cell = int | float | str | bool | dt.date | dt.time | dt.datetime | dt.timedelta | None

_MIDNIGHT = " 00:00:00"


class DateKind(StrEnum):
    """Whether a column's cells are all dates, and whether some have a time of day."""

    NONE = ""
    DATES = "dates"
    MOMENTS = "moments"


def column_text(cells: Sequence[Cell]) -> tuple[pa.StringArray, DateKind]:
    """One column as text, blank cells as empty strings; dates beside moments are printed as midnights."""
    types = set(map(type, cells))
    if types == {str}:
        return pa.array(cells, pa.string()), DateKind.NONE
    if str in types and not any(cell for cell in cells if type(cell) is str):
        filled = np.fromiter((type(cell) is not str for cell in cells), dtype=bool, count=len(cells))
        texts, kind = column_text([cell for cell in cells if type(cell) is not str])
        return pc.replace_with_mask(pa.repeat("", len(cells)), pa.array(filled), texts), kind
    if types == {float}:
        return floats_text(np.array(cells, dtype=np.float64)), DateKind.NONE
    if types == {dt.date}:
        return pc.cast(pa.array(cells, pa.date32()), pa.string()), DateKind.DATES
    printers = _PRINTERS
    kind = DateKind.NONE
    if types <= {dt.date, dt.datetime}:
        kind = DateKind.MOMENTS
        printers = {**_PRINTERS, dt.date: lambda date: date.isoformat() + _MIDNIGHT}
    return pa.array([printers[type(cell)](cell) for cell in cells], pa.string()), kind


def with_midnight(dates: pa.StringArray) -> pa.StringArray:
    """Dates as moments, for columns that have moments elsewhere."""
    return pc.if_else(pc.equal(dates, ""), "", pc.binary_join_element_wise(dates, _MIDNIGHT, ""))


def floats_text(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> pa.StringArray:
    """Numbers as Excel has them: 15 to 17 digits, no ``.0``; exponents only from 1e16 and below 1e-4."""
    if np.all(np.abs(numbers) < 1e16) and np.all(numbers == np.trunc(numbers)):
        return pc.cast(pa.array(numbers.astype(np.int64)), pa.string())
    return float_texts(pa.array(numbers + 0.0))


def float_text(number: float) -> str:
    """One number: ``12``, ``0.25``, ``1e+20``."""
    return repr(number + 0.0).removesuffix(".0")


def duration_text(duration: dt.timedelta) -> str:
    """Hours may pass 24, as in Excel's ``[h]:mm:ss``."""
    sign = "-" if duration < dt.timedelta(0) else ""
    seconds, microseconds = divmod(abs(duration) // dt.timedelta(microseconds=1), 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    fraction = f".{microseconds:06}".rstrip("0") if microseconds else ""
    return f"{sign}{hour}:{minute:02}:{second:02}{fraction}"


def _moment_text(moment: dt.datetime) -> str:
    text = moment.isoformat(" ")
    return text.rstrip("0") if moment.microsecond else text


def _time_text(time: dt.time) -> str:
    text = time.isoformat()
    return text.rstrip("0") if time.microsecond else text


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
