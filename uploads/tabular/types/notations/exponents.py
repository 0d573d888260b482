"""Floating-point numbers with exponents written as people's programs do: ``1.00E+11``, ``1e-5``.

The pattern is Excel's: ``0.00E+00`` has two digits behind the point, a sign before each exponent, and two digits in it.
``~`` stands for exponents of all kinds mixed: the numbers are the same, and how each was written is not kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.facts import float_texts

LOOSE = "~"
_ANY = r"^[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?$"
_WRITTEN = re.compile(r"-?[0-9](?:\.(?P<digits>[0-9]+))?(?P<letter>[eE])(?P<sign>[-+]?)(?P<exponent>[0-9]{1,3})")
_PATTERN = re.compile(r"0(?:\.(?P<digits>0+))?(?P<letter>[eE])(?P<sign>\+?)(?P<exponent>0{1,3})")


@dataclass(frozen=True)
class ExponentReading(Candidate):
    """Floats by one pattern."""

    type: ColumnType = ColumnType.DOUBLE

    @property
    def is_loose(self) -> bool:
        """Whether it reads what it cannot print back as it stood."""
        return self.format.pattern == LOOSE

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        written = pc.match_substring_regex(values, _ANY)
        floats = self.parse(pc.if_else(written, values, pa.scalar(None, pa.string())))
        finite = pc.is_finite(floats)  # 2e308 is none
        fits = pc.and_kleene(written, finite)
        floats = pc.if_else(pc.fill_null(finite, fill_value=False), floats, pa.scalar(None, pa.float64()))
        return fits if self.is_loose else pc.and_kleene(fits, pc.equal(self.render(floats), values))

    def parse(self, values: pa.StringArray) -> pa.Array:
        return pc.cast(pc.replace_substring_regex(values, r"^\+", ""), pa.float64())

    def render(self, values: pa.Array) -> pa.StringArray:
        if self.is_loose:
            return float_texts(values)
        return pa.array([None if value is None else self._printed(value) for value in values.to_pylist()], pa.string())

    @cached_property
    def _style(self) -> tuple[int, str, str, int]:
        found = _PATTERN.fullmatch(self.format.pattern)
        if found is None:
            raise ValueError(f"{self.format.pattern} is no pattern of exponents")
        return len(found["digits"] or ""), found["letter"], found["sign"], len(found["exponent"])

    def _printed(self, value: float) -> str:
        digits, letter, sign, width = self._style
        mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
        number = int(exponent)
        return f"{mantissa}{letter}{'-' if number < 0 else sign}{abs(number):0{width}d}"


def exponent_readings(values: Sequence[str]) -> Iterator[ExponentReading]:
    """The patterns that could have written one of the values, and the one that fits all of them."""
    written = [found for value in values if (found := _WRITTEN.fullmatch(value))]
    if not written:
        return
    for found in written[:1]:
        for sign in dict.fromkeys((found["sign"].replace("-", ""), "+", "")):
            for width in range(1, len(found["exponent"]) + 1):
                point = f".{'0' * len(found['digits'])}" if found["digits"] else ""
                yield ExponentReading(Format(pattern=f"0{point}{found['letter']}{sign}{'0' * width}"))
    yield ExponentReading(Format(pattern=LOOSE))
