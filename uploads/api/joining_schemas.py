"""The shapes of what the API says about how files join their datasets."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.states import Mode
from uploads.web.schemas import NO_NUL, DatasetMode


class WishToJoin(Schema):
    model_config = ConfigDict(extra="forbid")

    mode: Mode
    key: list[Annotated[str, Field(max_length=255, pattern=NO_NUL)]] = Field(
        [], max_length=100, description="For merge: the columns that tell rows apart, by name or as in the file."
    )


class FileWishToJoin(WishToJoin):
    remember: bool = Field(False, description="Later files of its datasets join in the same way.")


class OrderedFiles(Schema):
    model_config = ConfigDict(extra="forbid")

    files: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(
        min_length=1, max_length=1000, description="Active files, the lowest first."
    )


class JoinedDataset(DatasetMode):
    slug: str
    files: list[int] = Field(description="Its active files in their order, the lowest first.")


class Overlap(Schema):
    dataset: str
    rows: int = Field(description="Of the file.")
    active_files: int = Field(description="Of the dataset.")
    key: list[str] = Field(description="Of the dataset, else the column that looks like one; empty: none does.")
    known_keys: int | None = Field(description="Rows of the file whose key is there already; null: not counted.")
    equal_rows: int | None = Field(description="Rows that are there already as they are; null: not counted in 2 s.")


class Overlaps(Schema):
    overlaps: list[Overlap]
