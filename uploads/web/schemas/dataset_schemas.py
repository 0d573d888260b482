"""The shapes of datasets, of how files join them and of their rows."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from uploads.services.datasets.reflection import RowsKnown
from uploads.states import Kept, Mode, Visibility
from uploads.web.schemas.about_schemas import DatasetAbout
from uploads.web.schemas.answers import Column, FileError
from uploads.web.schemas.guard_schemas import DatasetGuards
from uploads.web.schemas.reading_schemas import DatasetReading


class Dataset(Schema):
    slug: str
    name: str
    kind: Literal["files", "read_only"] = Field(
        description="`read_only`: it shows a table or view of the database as it is; no file joins it."
    )
    table: str = Field(description="Its name in SQL.")
    rows: int | None = Field(description="Rows of its active files; null: of a view that nobody has counted.")
    rows_known: RowsKnown = Field(
        description="How well: `exact`, `about` as PostgreSQL estimates, `at_least`, or `unknown`."
    )
    active_files: int
    changed_at: datetime | None
    about: DatasetAbout
    visibility: Visibility = Field(description="Who reads it, beside staff who may see all files.")


class DatasetList(Schema):
    datasets: list[Dataset]


class RowSource(Schema):
    file: int = Field(validation_alias="file_id", description="`_file` of its rows.")
    file_name: str
    load: int = Field(validation_alias="load_id", description="`_load` of its rows.")
    source: str | None = Field(description="Name of the sheet or archive member; null: the file is one table.")
    rows: int


class DeleteWhen(Schema):
    column: str
    values: list[str] = Field(description="A row with one of them deletes its key.")


class DatasetMode(Schema):
    mode: Mode = Field(description="How a file joins the others: append, replace, or merge by the key.")
    key: list[str] = Field(description="Columns that tell rows apart; of one key the row of the latest file is seen.")
    blanks: Kept = Field(description="For merge: whether a blank in a later file replaces the old value or keeps it.")
    missing_columns: Kept = Field(description="The same for a column that a later file lacks.")
    delete_when: DeleteWhen | None = Field(description="For merge: which rows delete their key.")


class DatasetDetail(Dataset, DatasetReading, DatasetMode):
    refusal: FileError | None = Field(None, description="Why a table or view of the database cannot be shown now.")
    columns: list[Column]
    guards: DatasetGuards
    sources: list[RowSource] = Field(
        description="The tables of active files that its rows are from, newest files first, at most 200; in SQL all of"
        " them are in `data._sources`, to be joined by `_file` and `_load`."
    )


class RowCount(Schema):
    rows: int | None
    known: RowsKnown = Field(
        description="`exact`; `about`: as PostgreSQL estimates, for counting takes longer than a second; `at_least`;"
        " `unknown`."
    )


class FacetValue(Schema):
    value: Any = Field(description="As in the rows; null for blanks. A text by its first 2,001 letters.")
    rows: int


class Facet(Schema):
    column: str
    known: RowsKnown = Field(
        description="`exact`; `about`: from a sample, as all rows take longer than a second; `unknown`: even that does."
    )
    values: list[FacetValue] = Field(description="The 20 values that most rows have, the most frequent first.")
    has_more: bool = Field(description="Whether there are other values, or may be.")


class RowPage(Schema):
    columns: list[Column]
    rows: list[dict[str, Any]] = Field(
        description="Objects by column name, with `_file` (id) and `_row` (line or row number in that file); without"
        " these where a table of the database is shown as it is."
    )
    next: str | None = Field(description="Give it as `after` to get the next page; null on the last one.")
    previous: str | None = Field(description="Give it as `_before` to get the page before; null on the first one.")
    count: RowCount | None = Field(description="How many rows meet the filters, where `_count=true` asks for it.")
    facets: list[Facet] | None = Field(
        description="Of each column that `_facet` names; counted under all filters but those that choose values of that"
        " very column (`area=North`, `area__in`, `area__isnull=true`). Null where none is named."
    )
