"""How the cells of a CSV are written: what a record parser needs to know."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from uploads.tabular.errors import BadOption

_SUFFIXES = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_PACKED = frozenset({".gz", ".bz2", ".xz", ".zst"})
_NAMES = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}


NO_DELIMITER = "\x1f"
"""Stands for "one column": a character that no text holds."""
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
    """A delimiter as a person gives it: one character, or a name such as ``tab``."""
    delimiter = _NAMES.get(text.lower() if len(text) > 1 else text, text)
    if len(delimiter) != 1 or delimiter in '\r\n"\\\x00' or ord(delimiter) > 127:
        raise BadOption(
            f'"{text}" cannot be a delimiter.', hint="Give one character such as ; or , or | (or the word tab)."
        )
    return delimiter


def named_delimiter(name: str) -> str | None:
    """The delimiter that a file's name speaks of: a tab for ``x.tsv`` and ``x.tab.gz``."""
    path = PurePosixPath(name.lower())
    return _SUFFIXES.get((path.with_suffix("") if path.suffix in _PACKED else path).suffix)
