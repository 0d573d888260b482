"""The shapes of exports that are prepared in the background."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from uploads.services.exporting.formats import ExportFormat
from uploads.states import ExportState
from uploads.web.schemas.answers import FileError


class PreparedExport(Schema):
    token: str = Field(description="Whoever has it, and may see the dataset, may fetch the file.")
    dataset: str
    format: ExportFormat
    query: str = Field(description="The view, as the query of an address.")
    state: ExportState
    said: str = Field(description="The state in words: `1,200,000 of 5,000,000 rows (24 %)`.")
    rows: int = Field(description="Written so far.")
    rows_total: int | None = Field(description="By the stored counts; null under filters.")
    bytes: int | None = Field(description="Of the file; null before it is ready.")
    name: str = Field(description="As the file is downloaded.")
    asked_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None = Field(description="When the link ends.")
    is_current: bool = Field(description="False where the dataset changed since: the file has the rows of before.")
    address: str = Field(description="Where this is asked again.")
    page: str = Field(description="The address of its page.")
    file: str | None = Field(description="Where the file is fetched, in parts too (`Range`); null where it cannot be.")
    error: FileError | None = Field(description="Why it could not be prepared.")
