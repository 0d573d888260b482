"""Dates with the names of months and weekdays of any language: ``1. Januar 2026``, ``lundi 5 janvier 2026 10:30``.

Each different value is read by itself, about 3 µs: nobody gets this unasked.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import MIXED, ColumnType, Format
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.notations.calendar_words import LANGUAGES, Names, month_names, months_of, weekday_names

_LOOKS_NAMED = re.compile(r"(?=.*[^\W\d_]{3})(?=.*(?<!\d)\d{1,2}(?!\d))(?=.*(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)).{8,50}")
_WORD = re.compile(r"[^\W\d_]+\.?")
_TOKEN = re.compile(r"%(-?)([YmdBAHMS])")
_GROUPS = {
    "%Y": r"(?P<Y>[1-9][0-9]{3})",
    "%d": r"(?P<d>[0-3][0-9])",
    "%-d": r"(?P<d>[1-9]|[1-3][0-9])",
    "%H": r"(?P<H>[0-2][0-9])",
    "%-H": r"(?P<H>[0-9]|[1-2][0-9])",
    "%M": r"(?P<M>[0-5][0-9])",
    "%S": r"(?P<S>[0-5][0-9])",
}
_TIME = re.compile(r"(?<!\d)(?P<hour>\d{1,2}):\d\d(?P<second>:\d\d)?(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)")
_DAY = re.compile(r"(?<![\d%])\d{1,2}(?!\d)")


@dataclass(frozen=True)
class NamedDateReading(DateCandidate):
    """Dates, or dates with times, in one pattern with names in it.

    Where ``months`` is ``~`` and a language, each may be written in any way of that language (``Jan``, ``Jan.``,
    ``JANUARY``), and days with or without a zero: what stood there is kept beside the value.
    """

    @cached_property
    def is_plain(self) -> bool:
        return False

    fits = Candidate.fits

    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        encoded = values.dictionary_encode()
        read = [self._moment(text) is not None for text in encoded.dictionary.to_pylist()]
        return pa.array(read, pa.bool_()).take(encoded.indices)

    def parse(self, values: pa.StringArray) -> pa.Array:
        encoded = values.dictionary_encode()
        moments = [self._moment(text) for text in encoded.dictionary.to_pylist()]
        if None in moments:
            raise pa.ArrowInvalid(f"not all values are written as {self.format.pattern}")
        stored = pa.array([moment and moment.replace(tzinfo=None) for moment in moments], pa.timestamp("us"))
        if self.type is ColumnType.DATE:
            stored = stored.cast(pa.date32())
        return stored.take(encoded.indices)

    def render(self, values: pa.Array) -> pa.StringArray:
        encoded = pc.cast(values, pa.timestamp("us")).dictionary_encode()
        texts = [self._text(moment) for moment in encoded.dictionary.to_pylist()]
        return pa.array(texts, pa.string()).take(encoded.indices)

    @cached_property
    def regex(self) -> str:
        pieces = []
        position = 0
        groups = {**_GROUPS, "%-d": "(?P<d>[0-3]?[0-9])"} if self._is_mixed else _GROUPS
        for token in _TOKEN.finditer(self.format.pattern):
            pieces.append(re.escape(self.format.pattern[position : token.start()]))
            if self._is_mixed and token[2] == "B":
                pieces.append(r"(?P<B>[^\W\d_]+)\.?")
                position = token.end()
                continue
            names = {"B": self._months, "A": self._weekdays}.get(token[2])
            pieces.append(f"(?P<{token[2]}>{'|'.join(map(re.escape, names))})" if names else groups[token[0]])
            position = token.end()
        pieces.append(re.escape(self.format.pattern[position:]))
        return f"^{''.join(pieces)}$"

    @property
    def _is_mixed(self) -> bool:
        return self.format.months.startswith(MIXED)

    @cached_property
    def _months(self) -> Names:
        if self._is_mixed:
            return months_of(self.format.months.removeprefix(MIXED))[0]
        return tuple(self.format.months.split("|"))

    @cached_property
    def _weekdays(self) -> Names:
        return tuple(self.format.weekdays.split("|"))

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.regex)

    def _moment(self, text: str) -> datetime | None:
        """The value, if printing it gives the text again."""
        found = self._compiled.match(text)
        if found is None:
            return None
        parts = found.groupdict()
        hour, minute, second = (int(parts.get(letter) or 0) for letter in "HMS")
        month = self._month_of(parts["B"])
        if month is None:
            return None
        try:
            moment = datetime(int(parts["Y"]), month, int(parts["d"]), hour, minute, second, tzinfo=UTC)
        except ValueError:  # the 31st of February, 25 o'clock
            return None
        return moment if self._is_mixed or self._text(moment) == text else None

    def _month_of(self, word: str) -> int | None:
        if self._is_mixed:
            return months_of(self.format.months.removeprefix(MIXED))[1].get(word)
        return self._months.index(word) + 1

    def _text(self, moment: datetime) -> str:
        def part(token: re.Match[str]) -> str:
            width = 1 if token[1] else 2
            match token[2]:
                case "B":
                    return self._months[moment.month - 1]
                case "A":
                    return self._weekdays[moment.weekday()]
                case "Y":
                    return f"{moment.year:04d}"
                case letter:
                    numbers = {"d": moment.day, "H": moment.hour, "M": moment.minute, "S": moment.second}
                    return f"{numbers[letter]:0{width}d}"

        return _TOKEN.sub(part, self.format.pattern)


def named_dates(values: Sequence[str]) -> Iterator[NamedDateReading]:
    """Readings by the pattern that most of the values have; none where two languages mean two months by one word."""
    looking = [value for value in values if _LOOKS_NAMED.fullmatch(value) and "%" not in value]
    if 2 * len(looking) < len(values):
        return
    seen: dict[tuple[str, bool], Counter[str]] = {}
    days: dict[tuple[str, bool], Counter[str]] = {}
    for value in looking:
        for pattern, timed, month, weekday in _patterns(value):
            seen.setdefault((pattern, timed), Counter())[month] += 1
            days.setdefault((pattern, timed), Counter())[weekday] += 1
    ranked = sorted(seen, key=lambda kind: -seen[kind].total())
    for pattern, timed in ranked[:4]:
        months = _common(seen[pattern, timed], month_names())
        named = [day for day in days[pattern, timed] if day]
        weekdays = _common(Counter(named), weekday_names()) if named else ()
        if months is None or weekdays is None:
            continue
        how = Format(pattern=pattern, months="|".join(months), weekdays="|".join(weekdays))
        yield NamedDateReading(how, ColumnType.TIMESTAMP if timed else ColumnType.DATE)
    yield from _mixed(looking)


def _mixed(looking: Sequence[str]) -> Iterator[NamedDateReading]:
    """One for months that are written in several ways of one language; none where two languages disagree."""
    seen: dict[tuple[str, bool], set[str]] = {}
    counts = Counter[tuple[str, bool]]()
    for value in looking:
        kinds = {
            (pattern.replace("%d", "%-d").replace("%B.", "%B"), timed): month.removesuffix(".")
            for pattern, timed, month, weekday in _patterns(value)
            if not weekday
        }
        for kind, month in kinds.items():
            seen.setdefault(kind, set()).add(month)
        counts.update(kinds.keys())
    if not counts:
        return
    (pattern, timed), _ = counts.most_common(1)[0]
    words = seen[pattern, timed]
    speaking = [language for language in LANGUAGES if words <= months_of(language)[1].keys()]
    meanings = {tuple(sorted((word, months_of(each)[1][word]) for word in words)) for each in speaking}
    if len(meanings) == 1:
        how = Format(pattern=pattern, months=f"{MIXED}{speaking[0]}")
        yield NamedDateReading(how, ColumnType.TIMESTAMP if timed else ColumnType.DATE)


def _patterns(value: str) -> Iterator[tuple[str, bool, str, str]]:
    """Patterns that could have written the value, whether there is a time in it, and its month and weekday."""
    words = {form for word in _WORD.findall(value) for form in (word, word.removesuffix("."))}
    weekday = max((word for word in words if word in weekday_names()), key=len, default="")
    for month in sorted((word for word in words if word in month_names() and word != weekday), key=len, reverse=True):
        pattern = _replaced(value, month, "%B")
        if weekday:
            pattern = _replaced(pattern, weekday, "%A")
        time = _TIME.search(pattern)
        if time is not None:
            hour = "%-H" if len(time["hour"]) == 1 else "%H"
            pattern = f"{pattern[: time.start()]}{hour}:%M{':%S' if time['second'] else ''}{pattern[time.end() :]}"
        pattern, years = _YEAR.subn("%Y", pattern)
        day = _DAY.search(pattern)
        if years != 1 or day is None:
            continue
        for letter in ["%d"] * (len(day[0]) == 2) + ["%-d"] * (day[0][0] != "0"):
            dated = pattern[: day.start()] + letter + pattern[day.end() :]
            if not any(letter.isdigit() for letter in dated):
                yield dated, time is not None, month, weekday


def _replaced(value: str, word: str, token: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", token, value, count=1)


def _common(words: Counter[str], lists: dict[str, tuple[Names, ...]]) -> Names | None:
    """The first list that has most of the words; ``None`` where another with as many means something else by them."""
    votes: Counter[Names] = Counter()
    for word, count in words.items():
        for names in lists.get(word, ()):
            votes[names] += count
    if not votes:
        return None
    most = max(votes.values())
    best = [names for names, count in votes.items() if count == most]
    meanings = {tuple(names.index(word) if word in names else -1 for word in words) for names in best}
    return best[0] if len(meanings) == 1 else None
