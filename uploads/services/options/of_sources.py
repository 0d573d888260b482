"""What is said of one sheet or member alone, as spreadsheets write it: ``Sheet2!3``, ``2, 'Q1, 2024'!none``.

Such a value is kept as it is written, for forms, API and commands to show again; whoever reads a table takes from it
what holds there.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from uploads.services.options.option import OfSources, Option
from uploads.tabular.errors import BadOption

SOURCE_PATTERN = r"(?:\x27(?:[^\x27]|\x27\x27)+\x27|[^\x27!,;]+)!"
"""The name before the mark, for browsers: in apostrophes, doubled within, where it has a mark or a comma."""
_PIECE = re.compile(r"\s*(?:'(?P<quoted>(?:[^']|'')+)'\s*!|(?P<plain>[^'!,;]+)!)?(?P<value>[^'!,;]*)(?:[,;]|$)")
_PLAIN_NAME = re.compile(r"[\w./-]+")

type Spoken = Mapping[str | None, Any]
"""A value by the sheet or member that it is said of; ``None``: of all others."""


def pattern_of_sources(piece: str) -> str:
    """For browsers: values of this pattern, each of all tables or of one."""
    one = f"\\s*(?:{SOURCE_PATTERN})?\\s*(?:{piece})\\s*"
    return f"{one}(?:[,;]{one})*"


def parse_of_sources(option: Option, text: str) -> Any:
    """As the option's own ``parse``; what is said of sheets or members stays text. Raises ``BadOption``."""
    if "!" not in text:
        return option.parse(option.name, text)
    return _written({source: option.parse(option.name, value) for source, value in _grouped(text).items()})


def spoken(option: Option, value: Any) -> Spoken:
    """What a value that was parsed says of which sheet or member."""
    if not (isinstance(value, str) and "!" in value and option.of_sources is not OfSources.NO):
        return {None: value}
    return {source: option.parse(option.name, text) for source, text in _grouped(value).items()}


def sources_named(option: Option, value: Any) -> frozenset[str]:
    """The sheets and members of which it says something."""
    return frozenset(source for source in spoken(option, value) if source is not None)


def value_at(option: Option, value: Any, origin: str | None) -> Any:
    """What holds for one sheet or member, or with ``None`` for those that are not named; ``None``: nothing is said.

    What is said of an archive's member holds for its sheets.
    """
    said = spoken(option, value)
    member = next((name for name in said if name and origin and origin.startswith(f"{name}/")), None)
    heard = [said[source] for source in dict.fromkeys((None, member, origin)) if said.get(source) is not None]
    if option.of_sources is OfSources.TOO and len(heard) > 1:
        return option.parse(option.name, ", ".join(map(str, heard)))
    return heard[-1] if heard else None


def said_too(option: Option, before: Any, *, origin: str, value: Any) -> Any:
    """``before``, and ``value`` of one sheet or member, in the place of what was said of it alone."""
    return _written({**({} if before is None else spoken(option, before)), origin: value})


def words_of_sources(option: Option, value: Any) -> str:
    """``header row 2, header row 3 in “Sheet2”``"""
    said = spoken(option, value).items()
    return ", ".join(option.words(each) + (f" in “{source}”" if source else "") for source, each in said)


def _grouped(text: str) -> dict[str | None, str]:
    """The text of all values of each source, in the order in which they are named."""
    found: dict[str | None, list[str]] = {}
    for source, value in _pieces(text):
        found.setdefault(source, []).append(value)
    return {source: ", ".join(values) for source, values in found.items()}


def _pieces(text: str) -> Iterator[tuple[str | None, str]]:
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            raise BadOption(
                f"“{text[at:].strip()}” does not say of which sheet it is.",
                hint="Write the sheet’s name, an exclamation mark and the number: Sheet2!3, or 'Q1, 2024'!3.",
            )
        at = match.end()
        quoted, plain = match["quoted"], match["plain"]
        yield (quoted.replace("''", "'") if quoted else plain.strip() if plain else None), match["value"].strip()


def _written(said: Spoken) -> str:
    """Each value behind its source; those of all others first."""
    ordered = sorted(said.items(), key=lambda item: item[0] is not None)
    return ", ".join(
        part if source is None else f"{_quoted(source)}!{part}"
        for source, value in ordered
        for part in str(value).split(", ")
    )


def _quoted(source: str) -> str:
    return source if _PLAIN_NAME.fullmatch(source) else f"'{source.replace("'", "''")}'"
