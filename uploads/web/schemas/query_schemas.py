"""The shape of the result of a query."""

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
