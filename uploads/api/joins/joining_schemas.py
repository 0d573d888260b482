"""The shapes of what the API says about how files join their datasets."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.services.comparison.result import Unforetold
from uploads.services.merging.choices import SaidChoices
from uploads.states import Kept, Mode
from uploads.web.schemas.answers import NO_NUL
from uploads.web.schemas.comparison_schemas import Effect
from uploads.web.schemas.dataset_schemas import DatasetMode


class DeleteWhenWish(Schema):
    model_config = ConfigDict(extra="forbid")

    column: Annotated[str, Field(max_length=255, pattern=NO_NUL)] = Field(description="Empty: no column does so.")
    values: list[Annotated[str, Field(max_length=255, pattern=NO_NUL)]] = Field([], max_length=100)


class WishToJoin(Schema):
    model_config = ConfigDict(extra="forbid")

    mode: Mode
    key: list[Annotated[str, Field(max_length=255, pattern=NO_NUL)]] = Field(
        [], max_length=100, description="For merge: the columns that tell rows apart, by name or as in the file."
    )

    blanks: Kept | None = Field(None, description="For merge: a blank in a later file replaces or keeps the old value.")
    missing_columns: Kept | None = Field(None, description="The same for a column that a later file lacks.")
    delete_when: DeleteWhenWish | None = Field(None, description="For merge: which rows delete their key.")

    def as_said(self) -> SaidChoices:
        return SaidChoices(
            blanks=self.blanks,
            missing=self.missing_columns,
            delete_when=None if self.delete_when is None else (self.delete_when.column, self.delete_when.values),
        )


class DatasetWish(WishToJoin):
    """What is left out of what makes one row of those with the same key stays as it is, as long as files merge."""


class FileWishToJoin(WishToJoin):
    """What it says of rows with the same key holds for its datasets."""

    full: bool | None = Field(
        None,
        description="For merge: it has all rows, so keys that it lacks are not seen while it is active; false: not any"
        " more. Left out, that stays as it was said with the file.",
    )
    remember: bool = Field(False, description="Later files of its datasets join in the same way.")
    seen: str = Field(
        "",
        max_length=10_000,
        pattern=NO_NUL,
        description="As `…/overlaps` gave it: refused where somebody else has answered otherwise since.",
    )


class OrderedFiles(Schema):
    model_config = ConfigDict(extra="forbid")

    files: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(
        min_length=1, max_length=1000, description="Active files, the lowest first."
    )


class JoinedDataset(DatasetMode):
    slug: str
    files: list[int] = Field(description="Its active files in their order, the lowest first.")
    likely_key: list[str] = Field(
        [],
        description="Columns that look like a key, of the first active file, where nobody has said how files join: one,"
        " else two or three that tell its rows apart together. Empty: none do, or to be sure takes more than 3 s (more"
        " than 1,000,000 rows are not looked at for several).",
    )


class Overlap(Schema):
    dataset: str
    rows: int = Field(description="Of the file.")
    active_files: int = Field(description="Of the dataset.")
    key: list[str] = Field(description="Of the dataset, else the column that looks like one; empty: none does.")
    known_keys: int | None = Field(description="Rows of the file whose key is there already; null: not counted.")
    equal_rows: int | None = Field(description="Rows that are there already as they are; null: not counted in 2 s.")
    emptied_rows: int | None = Field(
        description="Where nobody has said what that means: rows with a blank where the same key has a value; null: not"
        " counted. Then say with `…/join` whether `blanks` keep or replace it."
    )
    lacking: list[str] = Field(description="Columns of the dataset that the file does not have.")
    lacking_rows: int | None = Field(
        description="The same of rows for whose key one of these has a value; say whether `missing_columns` keep it."
    )
    on_activation: Effect | None = Field(
        description="What activating the file changes, as the dataset is set; null: see `not_foretold`, or something is"
        " to be said before."
    )
    not_foretold: Unforetold | None = Field(
        None,
        description="Why nobody can say what it changes: the file is read again before, several of its tables go to one"
        " dataset, it was not looked whether the key tells its rows apart, or to count it takes longer than 2 s (a"
        " minute for all datasets).",
    )


class Overlaps(Schema):
    overlaps: list[Overlap]
    seen: str = Field(description="Give it back with `…/join`: an answer that comes too late is refused then.")
    activation_seen: str = Field(description="The same for `…/activate`; empty for who may not activate.")
