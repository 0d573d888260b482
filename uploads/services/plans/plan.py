"""A plan: what becomes of each column of a table that almost belongs to a dataset, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from uploads.states import Mode, Strictness


class Use(StrEnum):
    """What becomes of a column of the file. The values are stored with answers, and shown by the API."""

    COLUMN = "column"
    """It is a column of the dataset."""
    ADD = "add"
    """The dataset gets it as a new column, which is empty in the rows of other files."""
    LEAVE_OUT = "leave_out"


class Because(StrEnum):
    """Why it is proposed."""

    SAME = "same"
    """The name is the same."""
    LETTERS = "letters"
    """Letters and digits of the name are the same."""
    ALIKE = "alike"
    """The names differ by a few letters, and the types agree."""
    VALUES = "values"
    """The values are those of the column, whatever its name."""
    NEW = "new"
    """Nothing in the dataset is like it."""
    REMEMBERED = "remembered"
    """Somebody said so of an earlier file."""
    SAID = "said"
    """Somebody said so of this file."""


DECIDED = frozenset({Because.SAME, Because.REMEMBERED, Because.SAID})
"""Grounds that need nobody's word."""
BY_ITSELF = frozenset({Because.LETTERS, Because.NEW})
"""Grounds that need none either where a dataset may grow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetColumnFact:
    """A column of the dataset, as far as a plan needs it."""

    name: str
    label: str
    type: str
    is_optional: bool = False
    """Files may come without it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedColumn:
    """A column of the file, and what is to become of it."""

    name: str
    label: str
    type: str
    use: Use
    column: str = ""
    """The column of the dataset that it is, by name; that it becomes, where it is added."""
    because: Because
    likeness: int = 0
    """Of the names, in hundredths; 0 where that is not the ground."""
    is_supported: bool = False
    """Where that is the ground: its values are such as the dataset's column has."""

    @property
    def is_decided(self) -> bool:
        return self.because in DECIDED


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnPlan:
    """What becomes of all columns of a table in one dataset."""

    dataset_id: int
    slug: str
    dataset: str
    """Its name."""
    strictness: Strictness
    key: tuple[str, ...]
    """By which its files merge; empty where they do not."""
    columns: tuple[PlannedColumn, ...]
    """In the file's order."""
    theirs: tuple[DatasetColumnFact, ...]
    accepted: frozenset[str] = frozenset()
    """Missing columns of which somebody said that they stay empty."""
    mode: Mode = Mode.APPEND
    """How its files join, and this one too."""
    lack_keeps: bool = False
    """Of rows that the file updates by key, a column that it lacks keeps the value that is there."""
    lack_asks: bool = False
    """Whether it does nobody has said: that is asked once the columns are settled, where there are such values."""

    @property
    def matched(self) -> dict[str, PlannedColumn]:
        """The columns of the file that are columns of the dataset, by the names there."""
        return {column.column: column for column in self.columns if column.use is Use.COLUMN}

    @property
    def added(self) -> tuple[PlannedColumn, ...]:
        return tuple(column for column in self.columns if column.use is Use.ADD)

    @property
    def left_out(self) -> tuple[PlannedColumn, ...]:
        return tuple(column for column in self.columns if column.use is Use.LEAVE_OUT)

    @property
    def missing(self) -> tuple[DatasetColumnFact, ...]:
        """Columns of the dataset that the file does not have."""
        return tuple(column for column in self.theirs if column.name not in self.matched)

    @property
    def missing_key(self) -> tuple[str, ...]:
        """Those of them by which its rows are told apart: without them the file cannot join it."""
        return tuple(column.name for column in self.missing if column.name in self.key)

    @property
    def agreed(self) -> tuple[PlannedColumn, ...]:
        """Columns of the file that are columns of the dataset, without a question."""
        return tuple(column for column in self.matched.values() if column.is_decided)

    @property
    def undecided(self) -> tuple[PlannedColumn, ...]:
        """Columns of the file about which somebody has to decide."""
        grows = self.strictness is Strictness.GROW
        return tuple(
            column for column in self.columns if not column.is_decided and not (grows and column.because in BY_ITSELF)
        )

    @property
    def undecided_missing(self) -> tuple[DatasetColumnFact, ...]:
        """Columns of the dataset of which nobody has said that files may come without them."""
        if self.strictness is Strictness.GROW:
            return ()
        return tuple(column for column in self.missing if not column.is_optional and column.name not in self.accepted)

    @property
    def is_settled(self) -> bool:
        """Whether the file can join the dataset without a question."""
        return not (self.undecided or self.undecided_missing or self.missing_key)

    @property
    def is_refused(self) -> bool:
        """Whether the dataset takes no file of other columns, and nobody has said before what becomes of these."""
        return self.strictness is Strictness.EXACT and not self.is_settled

    @property
    def is_near(self) -> bool:
        """Whether most columns match: more than half of the file's, and half of the dataset's or its whole key.

        A name that is only alike counts where types and values say the same, or where most of the dataset's columns are
        there anyway: else a file would wait for the dataset of somebody else, who happens to have ``last_name`` where
        it has ``last_date``.
        """
        matched = [column for column in self.matched.values() if not self._contradicts(column)]
        certain = [column for column in matched if column.because is not Because.ALIKE]
        if 2 * len(certain) > len(self.theirs):
            return self._is_near(matched)
        return self._is_near([column for column in matched if column in certain or column.is_supported])

    @property
    def is_near_by_names(self) -> bool:
        """The same by names and types alone: enough where somebody said that it is this dataset."""
        return self._is_near(self.matched.values())

    def _is_near(self, columns: Iterable[PlannedColumn]) -> bool:
        matched = [column for column in columns if not self._contradicts(column)]
        names = {column.column for column in matched}
        covers = 2 * len(matched) >= len(self.theirs) or (bool(self.key) and set(self.key) <= names)
        return len(matched) > 1 and 2 * len(matched) > len(self.columns) and covers

    def _contradicts(self, column: PlannedColumn) -> bool:
        return not may_hold(self.type_of(column.column), column.type)

    def type_of(self, name: str) -> str:
        return next(column.type for column in self.theirs if column.name == name)

    @property
    def retyped(self) -> tuple[PlannedColumn, ...]:
        """Columns of the file whose values are of another type than the dataset's column."""
        return tuple(column for column in self.matched.values() if self.type_of(column.column) != column.type)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenColumns:
    """What is to be said of a table before its rows are seen; kept with the file, for lists."""

    dataset: str
    """The slug of the one that it seems to belong to."""
    name: str
    matched: int
    columns: int
    open: tuple[str, ...]
    """Labels of the columns about which somebody has to decide."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "open": list(self.open)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "open": tuple(data["open"])})


def open_columns(plan: ColumnPlan) -> OpenColumns:
    """Of a plan that is not settled."""
    return OpenColumns(
        dataset=plan.slug,
        name=plan.dataset,
        matched=len(plan.agreed),
        columns=len(plan.columns),
        open=(
            *(column.label for column in plan.undecided),
            *(column.label for column in plan.undecided_missing),
        ),
    )


_FAMILIES = (
    frozenset({"bigint", "numeric", "double precision"}),
    frozenset({"date", "timestamp", "timestamp with time zone"}),
)


def may_hold(theirs: str, own: str) -> bool:
    """Whether values of the type ``own`` may be values of a column of type ``theirs``; text may be anything."""
    if "text" in (theirs, own) or theirs == own:
        return True
    return any(theirs in family and own in family for family in _FAMILIES)
