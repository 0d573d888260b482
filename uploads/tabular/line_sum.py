"""The account of a table's lines: what became of each of them, as a sum that a person can check."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class LineSum:
    """Lines of a text or rows of a sheet, by what became of them."""

    unit: str
    """line or row"""
    preamble: int
    header: int
    blank_above: int
    loaded: int
    rejected: int
    blank: int
    footer: int
    line_breaks: int
    left_out: int = 0
    """As a person said."""
    rules: int = 0
    """Of the blank ones: lines that only draw a rule."""
    lines: int | None
    """All of them, counted apart; ``None`` until the table is read to its end."""
    is_kept: bool = True
    """Whether the rows that were loaded are there; not so where the file failed as a whole, or was deleted."""

    @property
    def total(self) -> int:
        """What the terms add up to."""
        around = self.preamble + self.header + self.blank_above + self.footer + self.line_breaks + self.left_out
        return around + self.loaded + self.rejected + self.blank

    @property
    def sentence(self) -> str:
        """``8 lines = 1 above the table + 1 header + 5 rows loaded + 1 blank``; empty until it is known."""
        if self.lines is None:
            return ""
        blank = self.blank_above + self.blank - self.rules
        terms = (
            (self.preamble, "above the table"),
            (self.header, "header" if self.header < 2 else "of the header"),
            (self.loaded, f"row{'s' * (self.loaded != 1)} {'loaded' if self.is_kept else 'that would fit'}"),
            (self.rejected, "rejected"),
            (blank, "blank"),
            (self.rules, f"rule{'s' * (self.rules != 1)} (----)"),
            (self.footer, "below the table"),
            (self.left_out, "left out as you asked"),
            (self.line_breaks, f"line break{'s' * (self.line_breaks != 1)} inside cells"),
        )
        terms_in_words = " + ".join(f"{count:,} {words}" for count, words in terms if count)
        return f"{self.lines:,} {self.unit}{'s' * (self.lines != 1)} = {terms_in_words}"
