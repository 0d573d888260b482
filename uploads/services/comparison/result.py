"""What a comparison finds, as facts: counts, the first differences, columns and their figures."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from uploads.database.comparison.column_figures import Figures

SHOWN = 100
"""Differences of each kind that are shown; the counts are of all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retyped:
    """A column that has another type in the new file."""

    name: str
    old_type: str
    new_type: str
    compared_as: str
    """The type in which values are compared: one that holds both without loss, else ``text``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnChanges:
    """Names of columns, matched by name."""

    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Columns of the file that have another name in the dataset, and that name: by it they are compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A cell that changed: before and now."""

    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a row stands."""

    file: int
    source: str | None
    """The sheet, or the archive's member; ``None``: the file is the table."""
    row: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One row that is new, changed or gone; values as text, long ones cut short."""

    old: Place | None
    new: Place | None
    times: int
    """How many rows more, or fewer, are like this one; 1 where a key tells them apart."""
    values: Mapping[str, str | None]
    """As they are in the new file; of a row that is gone, as they were. The key comes first."""
    changes: Mapping[str, Change]


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """The first ``SHOWN`` of each kind."""

    new: tuple[Example, ...] = ()
    changed: tuple[Example, ...] = ()
    gone: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnFigures:
    """A column on both sides."""

    name: str
    old: Figures
    new: Figures

    @property
    def is_same(self) -> bool:
        return self.old == self.new


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What readers will see otherwise when a file that waits is activated in the way in which its dataset is set."""

    new: int
    changed: int
    gone: int
    equal: int
    """Rows that are seen now and stay as they are."""
    hidden: int = 0
    """Rows of the file that are not seen, for a later file has rows of their keys."""


class Unforetold(StrEnum):
    """Why nobody can say what activating a file changes, or has changed. The values are shown by the API."""

    READ_AGAIN = "read_again"
    """It is read again first, with the types of its dataset: some of its rows may not fit."""
    SEVERAL_TABLES = "several_tables"
    """Several of its tables become one in the dataset."""
    KEY_NOT_CHECKED = "key_not_checked"
    """Nobody has looked whether the key tells its rows apart."""
    TOO_LONG = "too_long"
    """To count it takes longer than the page may wait."""
    TOO_MANY_FILES = "too_many_files"
    """It is active, among more others that merge with it than are looked through."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableChanges:
    """One table of the new file against its counterpart."""

    old_table: str
    new_table: str
    """What people call them: the sheet, the archive's member, else the dataset."""
    key: tuple[str, ...] | None
    """``None``: compared as whole rows, so that none is *changed*."""
    new: int
    changed: int
    gone: int
    equal: int
    old_rows: int
    new_rows: int
    columns: ColumnChanges
    rejected: int = 0
    """Rows of the new file that were rejected: they are in no count, and one that is *gone* may be among them."""
    types: tuple[Retyped, ...] = ()
    examples: Examples = Examples()
    figures: tuple[ColumnFigures, ...] | None = None
    """Of the shared columns; ``None``: not asked for."""
    on_activation: Effect | None = None
    """Of a file that waits, beside what is seen; ``None``: it can't be foretold, or is not asked."""

    @property
    def renamed(self) -> Mapping[str, str]:
        """Columns of the file that have another name in the dataset."""
        return self.columns.renamed

    @property
    def is_same(self) -> bool:
        """Nothing differs, types apart."""
        return not (self.new or self.changed or self.gone or self.columns.added or self.columns.missing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One side: a file, or what is active of its dataset without it."""

    file: int | None
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What changes from ``old_side`` to ``new_side``; the counts are of all tables that were compared."""

    old_side: Compared
    new_side: Compared
    tables: tuple[TableChanges, ...]
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    """Tables without a counterpart, which are in no count."""
    seconds: float = 0.0
    is_of_seen: bool = False
    """Of an active file that merges: what its datasets would show without it, beside what they show."""
    unforetold: Mapping[str, Unforetold] = field(default_factory=dict)
    """By the slugs of datasets, why it can't be foretold what activating the file changes."""

    @property
    def new(self) -> int:
        return sum(table.new for table in self.tables)

    @property
    def changed(self) -> int:
        return sum(table.changed for table in self.tables)

    @property
    def gone(self) -> int:
        return sum(table.gone for table in self.tables)

    @property
    def equal(self) -> int:
        return sum(table.equal for table in self.tables)

    @property
    def key(self) -> tuple[str, ...] | None:
        """That of the first table that was compared by one."""
        return next((table.key for table in self.tables if table.key), None)

    @property
    def on_activation(self) -> Effect | None:
        """Of all tables together; ``None`` where it can't be foretold of one of them."""
        found = [table.on_activation for table in self.tables if table.on_activation is not None]
        if not found or len(found) < len(self.tables):
            return None
        return sum_of(found)

    @property
    def columns(self) -> ColumnChanges:
        """Of all tables, each name once."""
        return ColumnChanges(
            added=_each(name for table in self.tables for name in table.columns.added),
            missing=_each(name for table in self.tables for name in table.columns.missing),
            retyped=_each(name for table in self.tables for name in table.columns.retyped),
            renamed={own: name for table in self.tables for own, name in table.columns.renamed.items()},
        )


def sum_of(effects: Collection[Effect]) -> Effect:
    """Of several tables."""
    return Effect(
        new=sum(each.new for each in effects),
        changed=sum(each.changed for each in effects),
        gone=sum(each.gone for each in effects),
        equal=sum(each.equal for each in effects),
        hidden=sum(each.hidden for each in effects),
    )


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
