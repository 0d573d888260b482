"""Numbers with signs around them: ``$1,001.56`` and ``($987.02)``, ``1.25%``, ``30.00-``, ``+5``, ``2,11,101``.

Nobody gets them unasked: the signs say something that a number alone does not. A pattern has a section for positive
numbers, one for negative ones and, where it differs, one for zero, as Excel and CLDR write them: ``$0;($0)``. There
``0`` stands for the digits, ``#,##,##0`` for those in Indian groups, and the zero of another script for its digits.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.notations.minus import MINUS
from uploads.tabular.types.numbers import APOSTROPHES, SPACES, DecimalReading, WholeReading

INDIAN = "#,##,##0"
_MARKS = (".", ",", *SPACES, *APOSTROPHES)
_LONGEST_SIGN = 8
"""Characters before or behind the digits; what has more is a sentence with a number in it."""
_ARABIC = {"\u066b": ".", "\u066c": ","}
"""Decimal and thousands mark of Arabic digits."""
_DIGITS = r"[0-9](?:[0-9.,\x{a0}\x{202f}'\x{2019} ]*[0-9])?"
"""In the notation of RE2, which Arrow uses."""
_SIGNED = re.compile(
    r"(?P<before>[^0-9]*)(?P<digits>[0-9](?:[0-9.,\u00a0\u202f'\u2019 ]*[0-9])?)(?P<behind>[^0-9]*)", re.DOTALL
)
_ZERO = re.compile(r"0(?:[.,]0*)?")
_MOST_KINDS = 12
"""Different signs around the numbers of one column; one with more is text."""

type _Signs = tuple[str, str]


@dataclass(frozen=True)
class SignedNumber(Candidate):
    """Whole or decimal numbers by one pattern of signs."""

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        inner = self._inner(values)
        plain = pc.fill_null(self._reading.mask(inner), fill_value=False)
        kept = pc.if_else(plain, inner, pa.scalar(None, pa.string()))
        fits = pc.fill_null(pc.equal(self._outer(kept), values), fill_value=False)
        return pc.if_else(pc.is_valid(values), fits, pa.scalar(None, pa.bool_()))

    def parse(self, values: pa.StringArray) -> pa.Array:
        return self._reading.parse(self._inner(values))

    def render(self, values: pa.Array) -> pa.StringArray:
        return self._outer(self._reading.render(values))

    @cached_property
    def sections(self) -> tuple[_Signs, _Signs, _Signs]:
        """What stands before and behind positive numbers, negative ones and zero."""
        positive, negative, *zero = (_around(section) for section in self.format.pattern.split(";"))
        return positive, negative, zero[0] if zero else positive

    @cached_property
    def _digit_zero(self) -> str:
        """The zero of the digits that the values are written in."""
        first = self.format.pattern.split(";")[0]
        return next((letter for letter in first if letter != "0" and unicodedata.decimal(letter, None) == 0), "0")

    @cached_property
    def _is_indian(self) -> bool:
        return INDIAN in self.format.pattern

    @cached_property
    def _reading(self) -> WholeReading | DecimalReading:
        how = Format(decimal=self.format.decimal, thousands="" if self._is_indian else self.format.thousands)
        return WholeReading(how) if self.type is ColumnType.BIGINT else DecimalReading(how)

    def _inner(self, values: pa.StringArray) -> pa.StringArray:
        """The plain number in each value, with a minus where it is negative; null for what has other signs."""
        values = self._to_ascii(values)
        positive, negative, zero = self.sections
        found = pa.nulls(len(values), pa.string())
        for (before, behind), sign, digits in (
            (zero, "", r"0(?:[.,]0*)?"),
            (positive, "", _DIGITS),
            (negative, "-", _DIGITS),
        ):
            regex = f"^{re.escape(before)}(?P<number>{digits}){re.escape(behind)}$"
            number = pc.extract_regex(values, regex)
            text = pc.if_else(pc.is_valid(number), number.field("number"), pa.scalar(None, pa.string()))
            found = pc.coalesce(found, pc.binary_join_element_wise(pa.scalar(sign), text, ""))
        return pc.replace_substring(found, ",", "") if self._is_indian else found

    def _outer(self, numbers: pa.StringArray) -> pa.StringArray:
        """Numbers as plain text with the signs around them."""
        is_negative = pc.starts_with(numbers, "-")
        bare = pc.replace_substring_regex(numbers, "^-", "")
        if self._is_indian:
            bare = _in_indian_groups(bare)
        is_zero = pc.match_substring_regex(bare, f"^{_ZERO.pattern}$")
        parts = []
        for side in (0, 1):
            positive, negative, zero = (pa.scalar(section[side]) for section in self.sections)
            parts.append(pc.if_else(is_negative, negative, pc.if_else(is_zero, zero, positive)))
        return self._from_ascii(pc.binary_join_element_wise(parts[0], bare, parts[1], ""))

    def _to_ascii(self, values: pa.StringArray) -> pa.StringArray:
        if self._digit_zero == "0":
            return values
        for number in range(10):
            values = pc.replace_substring(values, chr(ord(self._digit_zero) + number), str(number))
        for mark, plain in _ARABIC.items():
            values = pc.replace_substring(values, mark, plain)
        return values

    def _from_ascii(self, values: pa.StringArray) -> pa.StringArray:
        if self._digit_zero == "0":
            return values
        for number in range(10):
            values = pc.replace_substring(values, str(number), chr(ord(self._digit_zero) + number))
        if self._digit_zero in "\u0660\u06f0":
            for mark, plain in _ARABIC.items():
                values = pc.replace_substring(values, plain, mark)
        return values


def signed_numbers(values: Sequence[str]) -> Iterator[SignedNumber]:
    """Every reading of the values by the signs that most of them have."""
    zero = _script_zero(values)
    if zero != "0":
        values = [ascii_digits(value) for value in values]
    sections = _sections_of(values)
    if sections is None:
        return
    inner = {found["digits"] for found in map(_SIGNED.fullmatch, values) if found}
    marks = {mark for mark in _MARKS if any(mark in digits for digits in inner)}
    groupings = ["", *(mark for mark in _MARKS if mark in marks)]
    for digits, thousands in [(zero, mark) for mark in groupings] + [(INDIAN, ",")] * ("," in marks and zero == "0"):
        pattern = ";".join(f"{before}{digits}{behind}" for before, behind in sections)
        if pattern in ("0;-0", "0;-0;0"):
            continue  # the plain readings
        decimals = [mark for mark in ".," if mark != thousands]
        if thousands or not marks:
            how = Format(decimal="," if thousands == "." else ".", thousands=thousands, pattern=pattern)
            yield SignedNumber(how, ColumnType.BIGINT)
        for decimal in decimals:
            if not marks or decimal in marks or thousands:
                yield SignedNumber(Format(decimal=decimal, thousands=thousands, pattern=pattern), ColumnType.NUMERIC)


def is_money_or_share(candidate: SignedNumber) -> bool:
    """Whether its signs are such as numbers have: a currency, a percent sign, plus, minus, parentheses.

    Any other word (``5 kg``) is read where a person asks for it, and not offered.
    """
    signs = {side.strip(f" \u00a0\u202f()+%‰{MINUS}") for section in candidate.sections for side in section}
    return all(not sign or is_currency(sign) for sign in signs)


def is_currency(sign: str) -> bool:
    """Whether it is written as currencies are: ``€``, ``R$``, ``CHF``."""
    return any(unicodedata.category(letter) == "Sc" for letter in sign) or re.fullmatch("[A-Z]{3}", sign) is not None


def _sections_of(values: Sequence[str]) -> tuple[_Signs, ...] | None:
    """The commonest signs of positive numbers, of negative ones, and of zero where they differ."""
    positive, negative, zero = Counter[_Signs](), Counter[_Signs](), Counter[_Signs]()
    for value in values:
        found = _SIGNED.fullmatch(value)
        if found is None or max(len(found["before"]), len(found["behind"])) > _LONGEST_SIGN:
            continue
        signs = (found["before"], found["behind"])
        if any(letter in "#;0" or unicodedata.category(letter) == "Cc" for side in signs for letter in side):
            continue
        kind = negative if _is_negative(signs) else zero if _ZERO.fullmatch(found["digits"]) else positive
        kind[signs] += 1
    if (not positive and not negative) or len(positive) + len(negative) > _MOST_KINDS:
        return None
    minus = negative.most_common(1)[0][0] if negative else _negated(positive.most_common(1)[0][0])
    plus = positive.most_common(1)[0][0] if positive else _without_minus(minus)
    naught = zero.most_common(1)[0][0] if zero else plus if "+" not in "".join(plus) else _without_plus(plus)
    return (plus, minus) if naught == plus else (plus, minus, naught)


def _is_negative(signs: _Signs) -> bool:
    before, behind = signs
    return any(sign in before + behind for sign in MINUS) or ("(" in before and ")" in behind)


def _negated(signs: _Signs) -> _Signs:
    before, behind = signs
    return (before.replace("+", "-") if "+" in before else f"-{before}", behind)


def _without_minus(signs: _Signs) -> _Signs:
    before, behind = (re.sub(f"[{MINUS}()]", "", side) for side in signs)
    return before, behind


def _without_plus(signs: _Signs) -> _Signs:
    before, behind = (side.replace("+", "") for side in signs)
    return before, behind


def _around(section: str) -> _Signs:
    found = re.fullmatch(rf"(?P<before>.*?)(?:{re.escape(INDIAN)}|\d)(?P<behind>.*)", section, re.DOTALL)
    if found is None:
        raise ValueError(f"{section} has no digits")
    return found["before"], found["behind"]


def _in_indian_groups(numbers: pa.StringArray) -> pa.StringArray:
    """``11111101.50`` as ``1,11,11,101.50``."""
    numbers = pc.replace_substring_regex(numbers, r"^([0-9]+)([0-9]{3})($|[^0-9])", r"\1,\2\3")
    longest = pc.max(pc.binary_length(numbers)).as_py() or 0
    for _ in range(longest // 2):
        numbers = pc.replace_substring_regex(numbers, r"^([0-9]+)([0-9]{2},)", r"\1,\2")
    return numbers


def _script_zero(values: Sequence[str]) -> str:
    """The zero of the script whose digits come first; most columns are written in one."""
    digit = next((letter for value in values for letter in value if letter.isdecimal()), "0")
    return chr(ord(digit) - unicodedata.decimal(digit))


def ascii_digits(value: str) -> str:
    """With the digits and marks of other scripts as ASCII has them."""
    letters = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in value)
    return "".join(_ARABIC.get(letter, letter) for letter in letters)
