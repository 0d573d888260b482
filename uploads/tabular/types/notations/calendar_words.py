"""Names of months and weekdays in many languages, from Unicode's CLDR (by babel 2.18).

A column keeps the names that it is written in: what is stored is printed back whatever a later CLDR says.
"""

from collections.abc import Iterator, Sequence
from functools import cache

LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "pl", "cs", "sk", "hu", "ro", "hr", "sl"),
    *("sr", "bg", "ru", "uk", "el", "tr", "id", "ms", "ca", "et", "lt", "lv", "ga", "cy", "eu", "gl", "sq", "mk", "sw"),
    *("af", "ar", "fa", "he", "hi", "bn", "ka", "hy", "az", "kk", "uz"),
)
"""Most spoken where spreadsheets are; a language that is missing costs a line here."""

_DOTTED = ("tr", "az")
"""Languages whose capital of ``i`` has its point."""

_ALSO = {"en": ("en_GB",)}
"""Countries in which months are shortened otherwise: ``Sept``."""

type Names = tuple[str, ...]


@cache
def month_names() -> dict[str, tuple[Names, ...]]:
    """By name, each list of twelve that it stands in."""
    return _index(_lists("months", range(1, 13)))


@cache
def weekday_names() -> dict[str, tuple[Names, ...]]:
    """By name, each list of seven that it stands in, from Monday."""
    return _index(_lists("days", range(7)))


@cache
def months_of(language: str) -> tuple[Names, dict[str, int]]:
    """The twelve whole names in one language, and by each way to write one the month's number, from 1."""
    found: dict[str, int] = {}
    lists = list(_lists("months", range(1, 13), languages=(language, *_ALSO.get(language, ()))))
    for names in lists:
        for number, name in enumerate(names, start=1):
            found.setdefault(name.removesuffix("."), number)
    return lists[0] if lists else (), found


def _index(lists: Iterator[Names]) -> dict[str, tuple[Names, ...]]:
    found: dict[str, dict[Names, None]] = {}
    for names in lists:
        for name in names:
            found.setdefault(name, {})[names] = None
    return {name: tuple(those) for name, those in found.items()}


def _lists(what: str, numbers: Sequence[int], *, languages: Sequence[str] = LANGUAGES) -> Iterator[Names]:
    from babel import Locale  # noqa: PLC0415 - its data take 0.4 s, and few columns have names of months

    for language in languages:
        of_language = getattr(Locale.parse(language), what)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = of_language[context][width]
                yield from _variants(tuple(str(names[number]) for number in numbers), dotted=language in _DOTTED)


def _variants(names: Names, *, dotted: bool) -> Iterator[Names]:
    """As CLDR has them and as people write them: without points, with a capital letter, capitals or small letters."""
    if any(" " in name or any(letter.isdigit() for letter in name) for name in names) or len(set(names)) < len(names):
        return
    for some in (names, tuple(name.removesuffix(".") for name in names)):
        yield some
        for case in (str.lower, str.capitalize, str.upper):
            yield tuple(case(name) for name in some)
        if dotted:
            yield tuple(name.replace("i", "İ").upper() for name in some)
