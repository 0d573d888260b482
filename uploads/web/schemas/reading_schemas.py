"""The shapes of how the files of a dataset are read."""

from datetime import datetime

from ninja import Schema
from pydantic import AliasChoices, Field

from uploads.services.options.remembered import Remembered


class RememberedOption(Schema):
    option: str
    value: bool | int | str
    words: str = Field(description="The same for people.")
    said_at: datetime
    file: int | None = Field(validation_alias="file_id", description="The file with which it was said; null: by staff.")
    file_name: str | None

    @staticmethod
    def resolve_file_name(entry: Remembered) -> str | None:
        return entry.file_name or None


class DatasetReading(Schema):
    reading: list[RememberedOption] = Field(
        validation_alias=AliasChoices("reading", "entries"),
        description="What holds for later files that name the dataset.",
    )
