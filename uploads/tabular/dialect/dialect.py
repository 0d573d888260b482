"""How the cells of a CSV are written: what a record parser needs to know."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from uploads.tabular.errors import BadOption

_SUFFIXES = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
LONGEST_DELIMITER = 5
_CODE = re.compile(r"\\x[0-7][0-9A-Fa-f]")
_PACKED = frozenset({".gz", ".bz2", ".xz", ".zst"})
_NAMES = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}


NO_DELIMITER = "\x06"
"""Stands for "one column": a character (ACK) that no text holds, and no program parts cells by."""
NO_QUOTE = "none"
"""Said of the quote: no character is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvDialect:
    """What a record parser needs to know."""

    delimiter: str
    quote: str | None = '"'
    escape: bool = False
    """A backslash before a quote makes it part of the cell."""
    spaced: bool = False
    """Spaces behind a delimiter belong to it: one, and before a quote all."""

    @property
    def aligned(self) -> bool:
        """Spaces are the delimiter, a run of them is one, and those at a line's ends are none."""
        return self.spaced and self.delimiter == " "

    @property
    def single_column(self) -> bool:
        return self.delimiter == NO_DELIMITER


def delimiter_option(text: str) -> str:
    """A delimiter as a person gives it: up to five characters, or a name such as ``tab`` or ``\\x14``."""
    delimiter = _NAMES.get(text.lower() if len(text) > 1 else text, text)
    if _CODE.fullmatch(delimiter):
        delimiter = bytes.fromhex(delimiter[2:]).decode("ascii")
    is_long = 1 < len(delimiter) <= LONGEST_DELIMITER and bool(delimiter.strip()) and delimiter.isprintable()
    is_letters = len(delimiter) > 1 and delimiter.isalnum()
    if any(c in '\r\n"\\\x00' for c in delimiter) or is_letters or not (len(delimiter) == 1 or is_long):
        raise _bad_delimiter(text)
    if len(delimiter) == 1 and ord(delimiter) > 127:
        raise _bad_delimiter(text)
    return delimiter


def _bad_delimiter(text: str) -> BadOption:
    return BadOption(
        f'"{text}" cannot be a delimiter.',
        hint="Give one character such as ; or , or |, the word tab, or up to five characters such as ||.",
    )


def quote_option(text: str) -> str:
    """A quote as a person gives it: one character, or the word ``none``."""
    quote = text.strip()
    if quote.lower() == NO_QUOTE:
        return NO_QUOTE
    if len(quote) != 1 or quote in "\\\x00" or (quote.isascii() and quote.isalnum()) or not quote.isprintable():
        raise BadOption(
            f"“{text}” cannot be a quote.", hint="Give one character such as \" or ' or þ, or the word none."
        )
    return quote


def named_delimiter(name: str) -> str | None:
    """The delimiter that a file's name speaks of: a tab for ``x.tsv`` and ``x.tab.gz``."""
    path = PurePosixPath(name.lower())
    return _SUFFIXES.get((path.with_suffix("") if path.suffix in _PACKED else path).suffix)
