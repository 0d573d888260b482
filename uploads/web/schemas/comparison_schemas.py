"""The shapes of what changes from one file to another."""

from ninja import Schema
from pydantic import Field

from uploads.services.comparison.result import Unforetold


class ColumnChanges(Schema):
    added: list[str] = Field(description="Columns that only the new file has.")
    missing: list[str] = Field(description="Columns that only the old one has.")
    retyped: list[str] = Field(description="Columns of another type; `types` has both.")


class Retyped(Schema):
    name: str
    old_type: str
    new_type: str
    compared_as: str = Field(description="A type that holds both without loss, else “text”.")


class Place(Schema):
    file: int
    source: str | None = Field(description="The sheet, or the archive's member.")
    row: int = Field(description="Its line or row there.")


class CellChange(Schema):
    old: str | None
    new: str | None


class Example(Schema):
    old: Place | None
    new: Place | None
    times: int = Field(description="How many rows more, or fewer, are like this; 1 where there is a key.")
    values: dict[str, str | None] = Field(description="As text, long ones cut short; of a row that is gone, as it was.")
    changes: dict[str, CellChange] = Field(description="The cells that changed.")


class Examples(Schema):
    new: list[Example]
    changed: list[Example]
    gone: list[Example]


class Figures(Schema):
    blanks: int
    distinct: int = Field(description="Different values, blanks apart.")
    minimum: str | None
    maximum: str | None
    sum: str | None = Field(description="Of numbers; of yes and no, how often it is yes.")


class ColumnFigures(Schema):
    name: str
    old: Figures
    new: Figures


class Effect(Schema):
    """Of what readers see."""

    new: int
    changed: int
    gone: int
    equal: int = Field(description="Rows that are seen now and stay as they are.")
    hidden: int = Field(description="Rows of the file that are not seen, for later files have rows of their keys.")


class TableChanges(Schema):
    old_table: str
    new_table: str
    key: list[str] | None = Field(description="Null: whole rows are compared, and none is “changed”.")
    new: int
    changed: int
    gone: int
    equal: int
    rejected: int = Field(
        description="Rows of the new file that were rejected: they are in no count, and some that are “gone” may be"
        " among them."
    )
    columns: ColumnChanges
    renamed: dict[str, str] = Field(
        description="Columns of a file that waits with another name in its dataset, as answered or proposed."
    )
    types: list[Retyped]
    examples: Examples = Field(description="The first hundred of each kind.")
    figures: list[ColumnFigures] | None = Field(description="Of the columns of both; null: not asked for.")
    on_activation: Effect | None


class ComparedSide(Schema):
    file: int | None = Field(description="Null: what is active of the dataset, without the new file.")
    name: str


class Comparison(Schema):
    """What changes from the old side to the new one; the counts are of all tables."""

    new: int = Field(description="Rows that only the new side has.")
    changed: int = Field(description="Rows of the same key with other values.")
    gone: int = Field(description="Rows that only the old side has.")
    equal: int
    columns: ColumnChanges
    key: list[str] | None
    on_activation: Effect | None = Field(
        description="What activating the file changes, as its datasets are set; null where two files are compared,"
        " something is to be said before, or as `not_foretold` says."
    )
    not_foretold: dict[str, Unforetold] = Field(
        {},
        validation_alias="unforetold",
        description="By dataset, why nobody can say what activating the file changes.",
    )
    old_side: ComparedSide
    new_side: ComparedSide
    is_of_seen: bool = Field(
        description="Of an active file that merges: the sides are what its datasets would show without it, and what"
        " they show with it."
    )
    tables: list[TableChanges]
    only_old: list[str] = Field(description="Tables of the old side without a counterpart; they are in no count.")
    only_new: list[str] = Field(description="The same of the new side.")
    seconds: float
