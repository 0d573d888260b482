"""A number format, taken apart: ``[=0]"";dd.mm.yyyy`` is a date where the number isn't 0.

ECMA-376 part 1 §18.8.30 and §18.8.31 (number formats), the same codes in all formats of Excel.
"""

import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from uploads.tabular.workbook.formats.units import unit_in, words_in

_LONGEST = 255
"""Characters of a format code; Excel allows no more."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<fill>[_*].)|\[(?P<bracket>[^\]]*)\]|(?P<general>general)'
    r"|(?P<half>am/pm|a/p|上午/下午)|(?P<exponent>e[+-])|(?P<letters>y+|m+|d+|h+|s+|e+|b+(?=\d|b))"
    r"|(?P<placeholder>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]|(?P<end>;)|.', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
_SIGNS = "€$£¥₹₽₩₺₴₪₫฿₦₱₡₲₵₸₼₾"
_BETWEEN = frozenset("-()/.+")
"""What stands between the digits of a phone number or an ID; a space also groups the thousands of amounts."""
_THOUSAND = 3
_GROUPED = re.compile(r"#{1,3}([,.'\u2019 \u00a0\u202f])(?:(?:##\1)*|(?:###\1)*)##0")
"""An amount whose thousands, or lakhs and crores, are set apart by hand: ``##\\,##\\,##0``. Its last digit alone is
always shown."""


class Shows(StrEnum):
    """What a section of a format shows of a number."""

    NUMBER = "number"
    DATE = "date"
    """A day, with or without a time of day."""
    TIME = "time"
    """A time of day alone: of 25:30 it shows 1:30."""
    ELAPSED = "elapsed"
    """``[h]:mm``: hours may pass 24."""
    MASK = "mask"
    """``00000``, ``000-00-0000``: the digits of an ID, and what stands between them."""
    NOTHING = "nothing"
    """Nothing of the number: blank, or a word."""

    @property
    def is_time(self) -> bool:
        """Whether the number counts days."""
        return self in {Shows.DATE, Shows.TIME, Shows.ELAPSED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One of the parts between semicolons."""

    shows: Shows
    condition: tuple[str, float] | None = None
    mask: tuple[str, ...] = ()
    """``0`` and ``#`` for digits, everything else as it is shown."""
    digits: tuple[int, ...] = ()
    """Where in it these stand; those in quotes are shown as they are, too."""
    currency: str = ""
    """``€``, ``CHF``."""
    unit: str = ""
    """``kg``, where it stands behind the digits; ``K`` behind thousands is none."""
    is_percentage: bool = False
    """Whether a hundred times the number is shown."""
    decimals: int | None = None
    """How many of a number are shown; ``None`` where that is not all that is cut or scaled."""
    words: str = ""
    """What is shown in place of a number: ``male``. A dash alone stands for 0 and is none."""
    has_hours: bool = False
    has_seconds: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether it shows so many decimals of a number, and not a part of it in another way."""
        return self.shows is Shows.NUMBER and self.decimals is not None and not self.is_percentage

    def holds(self, number: float) -> bool:
        """Whether its condition is met; without one it is."""
        return self.condition is None or _COMPARE[self.condition[0]](number, self.condition[1])


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberFormat:
    """A whole format: which section is used depends on the number."""

    sections: tuple[Section, ...]

    def section(self, number: float) -> Section:
        """The section by which a number is shown."""
        for section, condition in zip(self.sections, self._conditions(), strict=False):
            if condition is None or _COMPARE[condition[0]](number, condition[1]):
                return section
        return self.sections[-1]

    @property
    def shows_time(self) -> bool:
        """Whether any section shows a date, a time or a duration."""
        return any(section.shows.is_time for section in self.sections)

    @property
    def masks(self) -> bool:
        return any(section.shows is Shows.MASK for section in self.sections)

    @property
    def currency(self) -> str:
        return next((section.currency for section in self.sections if section.currency), "")

    @property
    def is_percentage(self) -> bool:
        """Whether positive numbers are shown as percentages."""
        return self.sections[0].is_percentage

    @property
    def may_hide(self) -> bool:
        """Whether a part of numbers or times may not be shown: decimals, seconds, a time of day."""
        return any(not section.has_seconds if section.shows.is_time else section.is_cut for section in self.sections)

    @property
    def hides(self) -> bool:
        """Whether some numbers are shown as words or not at all; a 0 that is blank or a dash is shown well enough."""
        return not self.shows_time and any(
            section.shows is Shows.NOTHING and bool(section.words or condition not in {None, ("=", 0.0)})
            for section, condition in zip(self.sections, self._conditions(), strict=False)
        )

    @property
    def unit(self) -> str:
        return next((section.unit for section in self.sections if section.unit), "")

    def _conditions(self) -> Iterator[tuple[str, float] | None]:
        """Of the first three sections; a fourth is for text."""
        own = [section.condition for section in self.sections[:3]]
        if any(own):
            # With one condition alone, a second section of three is for negative numbers.
            if len(own) == 3 and own[0] and not own[1]:
                own[1] = ("<", 0.0)
            yield from own
        elif len(own) == 1:
            yield None
        elif len(own) == 2:
            yield from ((">=", 0.0), ("<", 0.0))
        else:
            yield from ((">", 0.0), ("<", 0.0), ("=", 0.0))


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat:
    """What a format code says."""
    parts, start = [], 0
    code = code[:_LONGEST]
    for found in _SPLIT.finditer(code):
        if found["end"]:
            parts.append(code[start : found.start()])
            start = found.end()
    parts.append(code[start:])
    if len(parts) > 1 and "@" in parts[-1]:
        # How texts are shown.
        parts.pop()
    return NumberFormat(sections=tuple(map(_section, parts[:3])))


class _Scan:
    """What the tokens of a section say, one after the other."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.parts: set[str] = set()
        """Of a date or time: ``h``, ``s`` …, elapsed ones too."""
        self.mask: list[str] = []
        self.digits: list[int] = []
        self.behind: list[str] | None = None
        """What stands behind the last digit; none before the first."""
        self.condition: tuple[str, float] | None = None
        self.currency = ""
        self.is_elapsed = self.is_general = self.is_figure = self.is_percentage = False
        self.decimals, self.is_thousands = 0, False
        self.has_point = self.is_scaled = self.is_counted = False

    def take(self, token: re.Match[str]) -> None:
        """The next token."""
        text, kind = token[0], token.lastgroup
        match kind:
            case "bracket":
                self._take_bracket(token["bracket"])
            case "general":
                self.is_general, self.behind = True, []
            case "letters" | "half":
                self.letters.append(text.lower())
                self.parts.add(text[0].lower())
            case "quoted" | "escaped":
                self._take_literal(token[kind])
            case "placeholder" | "exponent" | "other":
                self.digits.extend([len(self.mask)] * (kind == "placeholder"))
                self._count_decimals(text, kind)
                self.is_figure |= text in ".,%@/" or kind == "exponent"
                self.is_percentage |= text == "%"
                self._take_literal(text)
                if kind == "placeholder":
                    self.behind = []

    def _count_decimals(self, text: str, kind: str) -> None:
        self.is_scaled |= text == "/" or kind == "exponent"
        if kind == "placeholder":
            self.is_counted = True
            self.decimals += self.has_point
            self.is_thousands = False
        elif text == ".":
            self.has_point = True
        elif text == "," and self.is_counted:
            self.is_thousands = True  # or a scale, where no digit follows

    def _take_bracket(self, inner: str) -> None:
        if found := _CONDITION.fullmatch(inner.strip()):
            self.condition = (found[1], float(found[2]))
        elif _ELAPSED.fullmatch(inner):
            self.is_elapsed = True
            self.parts.add(inner[0].lower())
        elif inner.startswith("$"):
            self.currency = self.currency or inner[1:].partition("-")[0]

    def _take_literal(self, text: str) -> None:
        # A sign of money; words of units, such as ``kg``, are none.
        self.currency = self.currency or next((sign for sign in text if sign in _SIGNS), "")
        self.mask.extend(text)
        if self.behind is not None:
            self.behind.extend(text)


def _section(code: str) -> Section:
    scan = _Scan()
    for token in _TOKEN.finditer(code):
        scan.take(token)
    mask = tuple(scan.mask)
    shows = _shows(scan)
    return Section(
        shows=shows,
        condition=scan.condition,
        mask=mask,
        digits=tuple(scan.digits),
        currency=scan.currency,
        unit="" if shows.is_time else unit_in("".join(scan.behind or ())),
        is_percentage=scan.is_percentage,
        decimals=None if scan.is_scaled or scan.is_thousands or not scan.is_counted else scan.decimals,
        words=words_in("".join(mask)) if shows is Shows.NOTHING else "",
        has_hours="h" in scan.parts,
        has_seconds="s" in scan.parts,
    )


def _shows(scan: _Scan) -> Shows:
    if scan.is_elapsed:
        return Shows.ELAPSED
    if scan.letters and not scan.is_general:
        return Shows.DATE if _has_day(scan.letters) else Shows.TIME
    if scan.is_general or scan.is_figure or scan.currency:
        return Shows.NUMBER
    if not scan.is_counted:
        return Shows.NOTHING
    return Shows.MASK if _is_mask(scan.mask) else Shows.NUMBER


def _has_day(letters: Sequence[str]) -> bool:
    """Whether a day, month or year is shown; ``m`` beside hours or seconds are minutes."""
    for place, letter in enumerate(letters):
        if letter[0] in "yde" or (len(letter) > 2 and letter[0] == "m"):
            return True
        before = next((other[0] for other in reversed(letters[:place]) if other[0] != "a"), "")
        after = next((other[0] for other in letters[place + 1 :] if other[0] != "a"), "")
        if letter[0] == "m" and before != "h" and after != "s":
            return True
    return False


def _is_mask(mask: Sequence[str]) -> bool:
    """Two zeros at least, or signs between the digits: no amount is written so."""
    text = "".join(mask)
    if "?" in mask or _GROUPED.fullmatch(text.strip()):
        return False
    groups = re.split(r"[^0#]+", text.strip("".join(set(text) - {"0", "#"})))
    between = set(text[text.find(groups[0]) : text.rfind(groups[-1])]) - {"0", "#"}
    is_grouped = any(len(group) != _THOUSAND for group in groups[1:])
    return text.count("0") > 1 or bool(between & _BETWEEN) or (is_grouped and bool(between))
