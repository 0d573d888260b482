"""Numbers of one column whose signs and groups differ from one to the next: ``+5`` beside ``8``, ``(5)`` beside ``5-``.

Nobody gets them unasked. Each is one number whatever the others are: what would be two, such as ``1%`` beside ``1``, or
two currencies, does not fit. How each was written is kept beside it. The pattern is ``~`` and the one currency, percent
sign or code that may stand at the digits; every value has its percent sign.
Each different value is read by itself, about 3 µs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.table import MIXED, ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.notations.minus import MINUS
from uploads.tabular.types.notations.signed_numbers import ascii_digits, is_currency
from uploads.tabular.types.numbers import APOSTROPHES, MAX_DIGITS, SPACES

_MARKS = (".", ",", *SPACES, *APOSTROPHES)
_SHARES = ("%", "‰")
_GAP = "[ \u00a0\u202f]?"
_SIGN = f"[{MINUS}+]"
_AROUND = re.compile(r"([^0-9]*)([0-9](?:[^A-Za-z]*[0-9])?)([^0-9]*)")
_NO_TOKEN = " \u00a0\u202f()+" + MINUS
_LONGEST = 2**63
_MOST_NAMED = 3
"""Currencies."""


@dataclass(frozen=True)
class MixedNumber(Candidate):
    """Whole or decimal numbers with one decimal mark and, where there is one, one thousands mark."""

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        encoded = values.dictionary_encode()
        read = [self._number(text) is not None for text in encoded.dictionary.to_pylist()]
        return pa.array(read, pa.bool_()).take(encoded.indices)

    def parse(self, values: pa.StringArray) -> pa.Array:
        encoded = values.dictionary_encode()
        numbers = pa.array([self._number(text) for text in encoded.dictionary.to_pylist()], pa.string())
        if self.type is ColumnType.BIGINT:
            numbers = pc.cast(numbers, pa.int64())
        return numbers.take(encoded.indices)

    def render(self, values: pa.Array) -> pa.StringArray:
        """As most programs would write them: no sign but a minus, no groups."""
        return pc.replace_substring(pc.cast(values, pa.string()), ".", self.format.decimal)

    @property
    def token(self) -> str:
        """What may stand at the digits; empty: nothing."""
        return self.format.pattern.removeprefix(MIXED)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        mark = re.escape(self.format.thousands)
        groups = rf"|[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+" if mark else ""
        if mark == ",":
            groups += r"|[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3}"  # in Indian groups
        fraction = "" if self.type is ColumnType.BIGINT else rf"(?:{re.escape(self.format.decimal)}[0-9]+)?"
        digits = rf"(?P<digits>(?:0|[1-9][0-9]*{groups}){fraction})"
        token = re.escape(self.token)
        left = rf"(?:{token}{_GAP})?" if token and self.token not in _SHARES else ""
        right = rf"{_GAP}{token}" if self.token in _SHARES else rf"(?:{_GAP}{token})?" if token else ""
        bare = f"{left}(?P<inner>{_SIGN})?{digits}(?P<end>[{MINUS}])?{right}"
        bare = f"(?P<open>\\()?(?P<sign>{_SIGN})?{_GAP}{bare}(?P<close>\\))?(?P<last>[{MINUS}])?"
        return re.compile(bare)

    def _number(self, text: str | None) -> str | None:
        """In plain digits with a point; ``None`` for what is no such number."""
        if text is None:
            return None
        found = self._regex.fullmatch(text if text.isascii() else ascii_digits(text))
        if found is None or (found["open"] is None) != (found["close"] is None):
            return None
        signs = [found[name] for name in ("open", "sign", "inner", "end", "last") if found[name]]
        if len(signs) > 1 or len(found["digits"]) > MAX_DIGITS:
            return None
        digits = found["digits"]
        if self.format.thousands:
            digits = digits.replace(self.format.thousands, "")
        digits = digits.replace(self.format.decimal, ".") if self.type is not ColumnType.BIGINT else digits
        minus = "-" if signs and signs[0] != "+" and digits.strip("0.") else ""
        if self.type is ColumnType.BIGINT and not -_LONGEST <= int(minus + digits) < _LONGEST:
            return None
        return minus + digits


def _parts(values: Sequence[str]) -> list[re.Match[str]]:
    return [found for value in values if (found := _AROUND.fullmatch(ascii_digits(value)))]


def _tokens(parts: Sequence[re.Match[str]]) -> Counter[str]:
    tokens = Counter(found[side].strip(_NO_TOKEN) for found in parts for side in (1, 3))
    del tokens[""]
    return tokens


def unlike_numbers(values: Sequence[str]) -> Ground | None:
    """Why these, which are numbers but for what stands around them, are none of one kind; ``None``: no such reason."""
    parts = _parts(values)
    if len(parts) < len(values):
        return None
    tokens = _tokens(parts)
    if len(tokens) > 1 and all(map(is_currency, tokens)):
        return Ground.of(GroundKind.CURRENCIES, signs=[sign for sign, _ in tokens.most_common(_MOST_NAMED)])
    share = next((sign for sign in _SHARES if 0 < tokens[sign] < len(values)), None)
    return Ground.of(GroundKind.SHARES, sign=share) if share and len(tokens) == 1 else None


def mixed_numbers(values: Sequence[str]) -> Iterator[MixedNumber]:
    """Every such reading of the values, the narrowest first; none where nothing differs from plain numbers."""
    parts = _parts(values)
    if 2 * len(parts) < len(values):
        return
    tokens = _tokens(parts)
    token = max(tokens, key=lambda each: tokens[each], default="")
    if token and token not in _SHARES and not is_currency(token):
        return
    marks = [mark for mark in _MARKS if any(mark in found[2] for found in parts)]
    pattern = f"{MIXED}{token}"
    for thousands in ("", *marks):
        others = [mark for mark in ".," if mark != thousands]
        how = Format(decimal="," if thousands == "." else ".", thousands=thousands, pattern=pattern)
        yield MixedNumber(how, ColumnType.BIGINT)
        for decimal in (mark for mark in others if mark in marks or thousands):
            yield MixedNumber(Format(decimal=decimal, thousands=thousands, pattern=pattern), ColumnType.NUMERIC)
