"""The shapes of what becomes of columns that a dataset does not have, and of its own columns."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.services.joining.columns import TablePlan
from uploads.services.plans.plan import Because, Use
from uploads.states import Strictness

NO_NUL = r"^[^\x00]*$"
type Text = Annotated[str, Field(max_length=500, pattern=NO_NUL)]


class PlannedColumn(Schema):
    name: str = Field(description="As SQL would call it; what an answer names.")
    label: str = Field(description="As in the file; the cells of a header of several rows are joined.")
    type: str
    use: Use = Field(description="What becomes of it: column, add or leave_out.")
    column: str | None = Field(description="The column of the dataset that it is, or becomes.")
    because: Because
    likeness: int | None = Field(description="Of the names, in hundredths, where that is the ground.")

    @staticmethod
    def resolve_column(column: object) -> str | None:
        return getattr(column, "column", "") or None

    @staticmethod
    def resolve_likeness(column: object) -> int | None:
        return getattr(column, "likeness", 0) or None


class TheirColumn(Schema):
    name: str
    label: str
    type: str


class Plan(Schema):
    table: int = Field(description="Its number in the file, from 1.")
    source: str | None
    dataset: str = Field(description="The slug of the dataset that it seems to belong to.")
    strictness: Strictness
    is_settled: bool = Field(description="Nothing has to be said: the file can be activated.")
    is_answered: bool
    columns: list[PlannedColumn]
    missing: list[TheirColumn] = Field(description="Columns of the dataset that the file lacks: they stay empty.")
    undecided: list[str] = Field(description="Columns of the file, by name, about which somebody has to decide.")

    @staticmethod
    def from_table(table: TablePlan) -> dict[str, object]:
        plan = table.plan
        return {
            "table": table.position,
            "source": table.source or None,
            "dataset": plan.slug,
            "strictness": plan.strictness,
            "is_settled": plan.is_settled,
            "is_answered": table.is_answered,
            "columns": list(plan.columns),
            "missing": list(plan.missing),
            "undecided": [column.name for column in plan.undecided],
        }


class Plans(Schema):
    plans: list[Plan]


class Answer(Schema):
    model_config = ConfigDict(extra="forbid")

    dataset: Text | None = Field("", description="Its slug; empty: the proposed one; null: a dataset of its own.")
    columns: dict[Text, Text] = Field(
        default_factory=dict,
        description="By columns of the file: a column of the dataset, “+” to add it, or empty to leave it out. What is"
        " not named is as proposed.",
    )
    table: int | None = Field(None, ge=1, le=100_000, description="Where the file has several: its number, from 1.")


class NewColumn(Schema):
    model_config = ConfigDict(extra="forbid")

    label: Text
    type: Text = "text"
    description: Annotated[str, Field(max_length=5000, pattern=NO_NUL)] = ""


class ColumnWish(Schema):
    model_config = ConfigDict(extra="forbid")

    label: Text | None = Field(None, description="A new name; files with the old one still join.")
    description: Annotated[str, Field(max_length=5000, pattern=NO_NUL)] | None = None


class ColumnDone(Schema):
    dataset: str = Field(validation_alias="slug")
    column: str
    done: str = Field(validation_alias="words", description="What was done, for people.")


class DatasetStrictness(Schema):
    model_config = ConfigDict(extra="forbid")

    strictness: Strictness = Field(description="Of files with other columns: grow, ask or exact.")
