"""The shapes of the result of a query, and of how it would be run."""

from ninja import Schema
from pydantic import Field

from uploads.tabular.table import ColumnType
from uploads.web.schemas.aggregate_schemas import Scalar


class QueryColumn(Schema):
    name: str = Field(description="As PostgreSQL calls it; one that comes twice is `count`, `count_2`.")
    type: ColumnType = Field(description="`text` for whatever is none of these, as PostgreSQL prints it.")


class QueryResult(Schema):
    columns: list[QueryColumn]
    rows: list[dict[str, Scalar]] = Field(description="With the values that rows of datasets have.")
    has_more: bool = Field(description="There are more rows than `limit`, or than fit into one answer.")


class PlanStep(Schema):
    depth: int = Field(description="What a step is made of comes behind it and is one deeper.")
    kind: str = Field(description="In PostgreSQL's words, such as `Seq Scan`.")
    table: str = Field(description="That it reads; `?` is a table behind a view; empty: none.")
    parts: int = Field(description="Files of the dataset that it reads.")
    column: str = Field(description="By whose index it reads; empty: by none for readers.")
    rows: int = Field(description="That PostgreSQL expects of it.")
    cost: float = Field(description="In PostgreSQL's unit.")
    stored: int | None = Field(description="All rows of what it reads; null where nobody knows.")
    conditions: list[tuple[str, str]] = Field(description="None where a view is in the query.")


class QueryPlan(Schema):
    sentences: list[str] = Field(description="The same in words.")
    steps: list[PlanStep] = Field(description="The last one first.")
