"""Which years two digits stand for: said where everybody agrees, asked where they don't.

Programs take ``45`` for 1945 (Excel, and Windows until lately: 1930 to 2029) or for 2045 (POSIX's ``strptime``: 1969 to
2068; MySQL: 1970 to 2069; Oracle's ``RR`` and SQL Server: 1950 to 2049). They agree on 70 to 99 and on 00 to 29. Where
all dates are of 00 to 39 they are of this century too: a column of birthdays from 1930 on has later ones.
No rule asks for today's year, so that the same bytes give the same table in ten years.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from uploads.tabular.table import Format

SHORT_YEAR = "%y"
_AHEAD = (2000, 2039)
_AGREED = (1970, 2029)
_BEFORE = (1930, 2029)
_AFTER = (1970, 2069)
"""Excel's hundred years, and MySQL's."""
_POSIX = 1969
_CENTURY = 99


def with_years(how: Format) -> Iterator[Format]:
    """The format with each range of years that its values may be of; where one of the first two fits, it is right."""
    if SHORT_YEAR not in how.pattern:
        yield how
        return
    for first, last in (_AHEAD, _AGREED, _BEFORE, _AFTER):
        yield replace(how, first_year=first, last_year=last)


def from_year(how: Format, first: int | None) -> Format:
    """The format with the hundred years from ``first`` on, as a person said; ``None``: nothing was said."""
    if first is None or SHORT_YEAR not in how.pattern:
        return how
    return replace(how, first_year=first, last_year=first + _CENTURY)


def with_sure_years(how: Format, own: Format) -> Format:
    """A format without a guess of the century: else the years are those of a dataset's ``own`` format, or those that
    everybody agrees on, and other values don't fit."""
    if SHORT_YEAR not in how.pattern or not is_guess(how):
        return how
    first, last = (own.first_year, own.last_year) if SHORT_YEAR in own.pattern else _AGREED
    return replace(how, first_year=first, last_year=last)


def is_guess(how: Format) -> bool:
    """Whether any two digits fit: then nothing in the values says which century they are of."""
    return how.last_year - how.first_year == _CENTURY


def centuries_in_doubt(formats: Iterable[Format]) -> tuple[int, ...]:
    """The first years of the centuries that all values may be of; none where that is sure."""
    short = [how for how in formats if SHORT_YEAR in how.pattern]
    if not short or not all(map(is_guess, short)):
        return ()
    firsts = tuple(sorted({how.first_year for how in short}))
    return firsts if len(firsts) > 1 else ()


def first_year_of(how: Format) -> int:
    """The year from which on two digits count."""
    return how.first_year or _POSIX


def year_regex(how: Format) -> str:
    """Matches the two digits of a year in the format's range."""
    if not how.first_year or is_guess(how):
        return "[0-9]{2}"
    years = sorted(year % 100 for year in range(how.first_year, how.last_year + 1))
    return "|".join(f"{year:02}" for year in years)
