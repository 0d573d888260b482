"""Which country a text names: by its code, or by its name in one of the languages in which tables are written most.

Codes and names are those of CLDR, which Babel brings: ISO 3166, and XK for Kosovo.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "ru", "zh", "ja")
"""In this order: a name means the country that it means in the first of them."""
WITHOUT_OUTLINE = frozenset(
    (
        "AC",
        "AQ",
        "BQ",
        "BV",
        "CC",
        "CP",
        "CQ",
        "CX",
        "DG",
        "EA",
        "GF",
        "GI",
        "GP",
        "IC",
        "MQ",
        "RE",
        "SJ",
        "TA",
        "TK",
        "TV",
        "UM",
        "YT",
    )
)
"""Of CLDR's territories those that ``static/vendor/world/countries.json`` does not have: small, or parts of France."""
_OTHER_CODES = {"UK": "GB", "EL": "GR"}
"""As Eurostat writes them."""
_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Regions and codes for tests among CLDR's territories."""
_OTHER_NAMES = {
    "BN": ("Brunei Darussalam",),
    "BO": ("Plurinational State of Bolivia",),
    "CD": ("DR Congo", "Democratic Republic of the Congo", "Congo, Dem. Rep.", "Congo, Democratic Republic of the"),
    "CG": ("Congo", "Republic of the Congo", "Congo, Rep."),
    "CI": ("Ivory Coast",),
    "CV": ("Cabo Verde",),
    "CZ": ("Czech Republic",),
    "FM": ("Micronesia, Fed. Sts.", "Federated States of Micronesia"),
    "GB": ("Great Britain", "United Kingdom of Great Britain and Northern Ireland"),
    "HK": ("Hong Kong",),
    "KG": ("Kyrgyz Republic",),
    "KP": (
        "Korea, Dem. People's Rep.",
        "Democratic People's Republic of Korea",
        "Korea, Democratic People's Republic of",
    ),
    "KR": ("Korea, Rep.", "Republic of Korea", "Korea, Republic of"),
    "LA": ("Lao PDR", "Lao People's Democratic Republic"),
    "MD": ("Republic of Moldova",),
    "MK": ("Macedonia", "The former Yugoslav Republic of Macedonia"),
    "MM": ("Myanmar", "Burma"),
    "MO": ("Macao", "Macau"),
    "NL": ("The Netherlands",),
    "PS": ("Palestine", "West Bank and Gaza", "State of Palestine"),
    "RU": ("Russian Federation",),
    "SK": ("Slovak Republic",),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "TZ": ("United Republic of Tanzania",),
    "US": ("United States of America",),
    "VN": ("Viet Nam",),
}
"""Former names, and those of the United Nations and the World Bank, that CLDR's English does not have."""


def countries_of(texts: Sequence[str], *, languages: Iterable[str] = LANGUAGES) -> tuple[str | None, ...]:
    """The ISO 3166 code of each, of two letters; ``None``: no country. ``languages`` are asked until all have one."""
    found = [_code_of(text) for text in texts]
    for language in languages:
        if None not in found:
            break
        names = _names(language)
        found = [code or _named(text, names) for code, text in zip(found, texts, strict=True)]
    return tuple(found)


def _code_of(text: str) -> str | None:
    """``DE`` and ``DEU``: ``DE``. Small letters are no code: ``is`` and ``and`` are words."""
    code = text.strip()
    if re.fullmatch("[A-Z]{2}", code):
        code = _OTHER_CODES.get(code, code)
        return code if code in _territories("en") and code not in _NO_COUNTRY else None
    return _of_three_letters().get(code)


def _named(text: str, names: Mapping[str, str]) -> str | None:
    """Also by what stands before brackets or a comma: “Iran (Islamic Republic of)”, “Egypt, Arab Rep.”."""
    return names.get(_key(text)) or names.get(_key(re.split(r"[(,]", text)[0]))


@cache
def _names(language: str) -> Mapping[str, str]:
    names = {_key(name): code for code, name in _territories(language).items() if code not in _NO_COUNTRY}
    if language == "en":
        names |= {_key(name): code for code, others in _OTHER_NAMES.items() for name in others}
    return names


@cache
def _of_three_letters() -> Mapping[str, str]:
    from babel.core import get_global  # noqa: PLC0415 - few charts need it

    aliases = get_global("territory_aliases").items()
    return {alias: codes[0] for alias, codes in aliases if re.fullmatch("[A-Z]{3}", alias) and len(codes) == 1}


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale  # noqa: PLC0415 - few charts need it

    return {code: name for code, name in Locale.parse(language).territories.items() if len(code) == 2}


def _key(name: str) -> str:
    """Letters alone, small and without accents; “and” and “the” say nothing, and a saint is short."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter) and letter not in "'’ʼ.")
    words = re.findall(r"\w+", letters)
    return "".join({"saint": "st"}.get(word, word) for word in words if word not in ("and", "the"))
