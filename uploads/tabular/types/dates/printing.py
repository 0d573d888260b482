"""Dates and times as text, part by part: a year, a month's name, an hour of twelve."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_MONTH_LETTERS = "YymbB"

_Integers = npt.NDArray[np.int64]
_Moments = npt.NDArray[np.datetime64]


def print_part(token: str, moments: _Moments) -> pa.StringArray:
    """One part of every moment as text."""
    width = 1 if "-" in token else 2
    letter = token[-1]
    if letter in _MONTH_LETTERS:
        return _print_month(token, moments)
    if letter == "f":
        return _fraction(token, moments)
    if letter == "d":
        month = moments.astype("datetime64[M]").astype("datetime64[D]")
        return _padded((moments.astype("datetime64[D]") - month).astype(np.int64) + 1, width)
    seconds = moments.astype("datetime64[s]").astype(np.int64)
    hour = seconds // 3600 % 24
    if letter in "pP":
        return pa.array(["AM", "PM"] if letter == "p" else ["am", "pm"]).take(pa.array(hour // 12))
    numbers = {"H": hour, "I": (hour + 11) % 12 + 1, "M": seconds // 60 % 60, "S": seconds % 60}
    return _padded(numbers[letter], width)


def _print_month(token: str, moments: _Moments) -> pa.StringArray:
    """Year or month of every moment as text."""
    letter = token[-1]
    months = moments.astype("datetime64[M]").astype(np.int64)
    if letter == "Y":
        return _padded(months // 12 + 1970, 4)
    if letter == "y":
        return _padded((months // 12 + 1970) % 100, 2)
    if letter == "m":
        return _padded(months % 12 + 1, 1 if "-" in token else 2)
    names = [month if letter == "B" else month[:3] for month in MONTHS]
    return pa.array([name.upper() if "^" in token else name for name in names]).take(pa.array(months % 12))


def _fraction(token: str, moments: _Moments) -> pa.StringArray:
    digits = _padded(moments.astype(np.int64) % 1_000_000, 6)
    if token[1] != "-":
        return pc.utf8_slice_codeunits(digits, 0, int(token[1]))
    return pc.replace_substring_regex(pc.replace_substring_regex(digits, "0+$", ""), "^(.)", r".\1")


def _padded(numbers: _Integers, width: int) -> pa.StringArray:
    return pc.ascii_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")
