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
    """Spaces behind a delimiter belong to it: one, and before a quote all."""

    @property
    def aligned(self) -> bool:
        """Spaces are the delimiter, a run of them is one, and those at a line's ends are none."""
        return self.spaced and self.delimiter == " "

    @property
    def single_column(self) -> bool:
        return self.delimiter == NO_DELIMITER
