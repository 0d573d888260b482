"""What an aggregate is made of: how rows are grouped, what is measured, and what comes out.

Only these reach SQL. Columns were looked up among those that there are; no name in a statement is anybody's text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from uploads.database.reading.terms import Field
from uploads.tabular.table import ColumnType

NUMBERS = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})
DATES = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})
SHOWN_LETTERS = 2_000
"""Texts are grouped by all their letters, and told by so many: one value may be megabytes."""


class Period(StrEnum):
    """What dates are grouped by; the values stand in addresses and are never renamed."""

    DAY = "day"
    WEEK = "week"
    """From Monday on."""
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True, slots=True)
class ByValue:
    """A group for each of the most frequent values, and one for everything else."""

    field: Field
    top: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ByPeriod:
    """A group for each period of time in which there is a row; instants in UTC."""

    field: Field
    period: Period


@dataclass(frozen=True, kw_only=True, slots=True)
class ByBins:
    """A group for each range of numbers in which there is a row: ranges of one width, with round edges."""

    field: Field
    bins: int
    """At most so many of them."""


type Grouping = ByValue | ByPeriod | ByBins


class Function(StrEnum):
    """What is told of a group; the values stand in addresses and are never renamed."""

    COUNT = "count"
    """Its rows; with a column, those that are not blank there."""
    DISTINCT = "distinct"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """A function of a column's values; of none it counts rows. Blanks are left out, as in SQL."""

    function: Function = Function.COUNT
    field: Field | None = None

    @property
    def type(self) -> ColumnType:
        """Of what comes out. Sums, means and medians of whole and of exact numbers are exact."""
        if self.field is None or self.function in (Function.COUNT, Function.DISTINCT):
            return ColumnType.BIGINT
        if self.function in (Function.MIN, Function.MAX) or self.field.type is ColumnType.DOUBLE:
            return self.field.type
        return ColumnType.NUMERIC


class GroupKind(StrEnum):
    """What a group has in common. The values are shown by the API and never renamed."""

    VALUE = "value"
    PERIOD = "period"
    BIN = "bin"
    NAN = "nan"
    """Not a number, where the others are grouped by ranges."""
    REST = "rest"
    """All values but the most frequent ones."""
    BLANK = "blank"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A group by one grouping."""

    kind: GroupKind
    value: Any = None
    """Of ``VALUE``; of ``PERIOD`` its first day, as printed where Python has no such date."""
    start: Decimal | None = None
    """Of ``BIN``: the least number in it; ``None``: any that is less than ``end``."""
    end: Decimal | None = None
    """Of ``BIN``: the first number beyond it; ``None``: any from ``start`` on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rows that belong together: by what (a key for each grouping), how many, and their figure."""

    keys: tuple[Key, ...]
    rows: int
    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Groups:
    """The first groups in order."""

    groups: Sequence[Group]
    total_groups: int
    """How many there are, those that are not among ``groups`` too."""
    total_rows: int
    """Of all of them: every row that meets the filters is in one group."""
