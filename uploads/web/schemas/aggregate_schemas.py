"""The shape of an aggregate."""

from ninja import Schema
from pydantic import Field

from uploads.database.aggregating.terms import Function, GroupKind
from uploads.tabular.table import ColumnType

type Scalar = bool | int | float | str | None


class AggregateKey(Schema):
    kind: GroupKind = Field(
        description="`value`; `period`: of time; `bin`: of numbers; `rest`: all values but the most frequent; `blank`;"
        " `nan`: not a number, where the others are in bins."
    )
    value: Scalar = Field(
        None, description="The value, as rows have it (texts by their first 2,000 letters), or a period's first day."
    )
    start: str | None = Field(None, description="Of a bin: the least number in it; null: none is too small.")
    end: str | None = Field(None, description="Of a bin: the first number beyond it; null: none is too large.")
    label: str = Field(description="The same for people.")


class AggregateGroup(Schema):
    keys: list[AggregateKey] = Field(description="One for each grouping, in their order.")
    rows: int
    value: Scalar = Field(description="The measure, typed as `measure.type` says; null: all its values are blank.")


class AggregateGrouping(Schema):
    column: str
    type: ColumnType
    by: str = Field(description="`value`, `bins`, or `day`, `week`, `month`, `quarter`, `year`.")


class AggregateMeasure(Schema):
    function: Function
    column: str | None = Field(description="null: rows are counted.")
    type: ColumnType


class Aggregate(Schema):
    groupings: list[AggregateGrouping]
    measure: AggregateMeasure
    groups: list[AggregateGroup] = Field(
        description="Texts with the most frequent first, all else in its own order; then everything else, then blanks."
    )
    total_groups: int = Field(description="More than there are in `groups`, where it has only the first 10,000.")
    total_rows: int = Field(description="Rows that meet the filters: each is in one group.")
