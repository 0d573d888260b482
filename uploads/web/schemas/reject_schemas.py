"""The shapes of rejected rows and of what becomes of them."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.web.schemas.answers import NO_NUL


class Mend(Schema):
    cells: list[str] = Field(description="The row as it would be loaded, in the file's order of columns.")
    sentence: str = Field(description="What it changes.")


class RejectedRow(Schema):
    id: int
    load: int = Field(description="Id of the table, as in `loads`.")
    source: str | None
    line: int = Field(description="Line or row number in the source.")
    column: str | None = Field(description="Label of the column, where the fault lies in one.")
    value: str
    code: str
    reason: str
    raw: str = Field(description="The whole row as it stands in the source.")
    mend: Mend | None = Field(description="How it could be loaded, where exactly one way is plain.")


class RejectPage(Schema):
    rejects: list[RejectedRow]
    total: int
    next: str | None


class ChosenRejects(Schema):
    model_config = ConfigDict(extra="forbid")

    load: int | None = Field(None, ge=1, le=2**31 - 1, description="Those of one table only.")
    ids: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] | None = Field(
        None, max_length=10_000, description="These rows only."
    )


class ChosenMends(ChosenRejects):
    code: str | None = Field(None, pattern=NO_NUL, description="Rows rejected for this reason only.")
    column: str | None = Field(
        None, pattern=NO_NUL, description="Rows rejected for a value of this column only (its label)."
    )


class EditedCells(Schema):
    model_config = ConfigDict(extra="forbid")

    cells: list[str] = Field(description="One for each column, in the file's order.")


class Mended(Schema):
    loaded: int = Field(description="Rows that are loaded now.")
    left: int = Field(description="Rows that were tried and do not fit.")
    rejected: int = Field(description="Rows of the file that are still rejected.")


class TakenBack(Schema):
    taken_back: int = Field(description="Rows that are rejected again.")
    rejected: int = Field(description="Rows of the file that are rejected now.")
