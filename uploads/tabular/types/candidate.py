"""What every way to read a column's text as a type has to do; ``candidates.py`` lists them all.

A new one says in ``mask`` which texts it reads, in ``parse`` as which values, and in ``render`` how they stood in the
file. Whether it fits a column follows from ``mask``; those that everybody gets unasked answer that faster.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.facts import Facts


@dataclass(frozen=True)
class Candidate(ABC):
    """One way to read text as a type. Values come without outer spaces, and null where blank.

    The law: ``render(parse(values)) == values`` for the values that ``mask`` lets pass, and for no others; of a mixed
    format the texts that differ are kept beside the values.
    """

    format: Format
    type: ColumnType

    @property
    def is_plain(self) -> bool:
        """Whether PostgreSQL itself reads the text of every value that fits as that value."""
        return False

    def fits(self, facts: Facts) -> bool:
        """Whether all values fit."""
        return bool(pc.all(self.mask(facts.values)).as_py())

    @abstractmethod
    def mask(self, values: pa.StringArray) -> pa.BooleanArray:
        """For each value, whether it fits; null for null."""

    @abstractmethod
    def parse(self, values: pa.StringArray) -> pa.Array:
        """Values that fit, in the type's Arrow type."""

    @abstractmethod
    def render(self, values: pa.Array) -> pa.StringArray:
        """Stored values as they stood in the file."""
