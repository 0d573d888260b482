"""How the cells of a CSV are written: what a record parser needs to know."""

from dataclasses import dataclass

NO_DELIMITER = "\x1f"
"""Stands for "one column": a character that no text holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvDialect:
    """What a record parser needs to know."""

    delimiter: str
    quote: str | None = '"'
    escape: bool = False
    """A backslash before a quote makes it part of the cell."""
    spaced: bool = False
    """One space after each delimiter belongs to the delimiter."""

    @property
    def single_column(self) -> bool:
        return self.delimiter == NO_DELIMITER
