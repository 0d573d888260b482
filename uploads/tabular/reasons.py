"""Why a row was rejected, as a fact: a code and its figures, from which no one decides by words.

``sentences.reasons`` makes the sentences for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self


class RejectCode(StrEnum):
    """Stable and groupable."""

    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    """``cells`` instead of ``width``, or a value beyond the last of ``columns``."""
    BAD_VALUE = "bad_value"
    """``misfits``: for each cell that does not fit its column label, quoted value, type and format."""
    STRAY_QUOTE = "stray_quote"
    UNCLOSED_QUOTE = "unclosed_quote"
    NUL_BYTE = "nul_byte"
    """``sheet``: in a workbook."""
    UNDECODABLE = "undecodable"
    """``byte`` in hexadecimal, and ``at``: which character of the cell it is, from 1; neither for a whole record."""
    NO_RECORD = "no_record"
    """``why`` a line or element of JSON is none."""
    EQUAL_KEY = "equal_key"
    """``value`` of the ``columns`` that tell rows apart stands in row ``first`` too, perhaps of another ``source``."""
    BLANK_KEY = "blank_key"
    """Of one of these ``columns`` it has none."""
    REPEATED_HEADER = "repeated_header"
    """No row at all: counted with the header."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one row was not loaded. ``figures`` are values of JSON."""

    code: RejectCode
    figures: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, code: RejectCode, **figures: Any) -> Self:
        return cls(code, figures)

    @property
    def is_single_cell(self) -> bool:
        """A record of one cell where rows have several: a title, or a note."""
        return self.figures.get("cells") == 1

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code.value, "figures": dict(self.figures)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(RejectCode(data["code"]), data["figures"])


class SecondReason(StrEnum):
    """Why a workbook was read by the second of two programs; ``refusal`` says it to programmers."""

    LONG_INTEGERS = "long_integers"
    UNUSUAL = "unusual"
    DAMAGED = "damaged"


class UnusedReason(StrEnum):
    """Why an option that was said meant nothing for a table."""

    IS_TEXT = "is_text"
    IS_SHEET = "is_sheet"
    IS_RECORDS = "is_records"
    ALL_TEXT = "all_text"
