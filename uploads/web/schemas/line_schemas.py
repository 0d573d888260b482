"""The shapes of lines of a file."""

from ninja import Schema
from pydantic import Field


class SourceLine(Schema):
    line: int = Field(validation_alias="number")
    text: str = Field(
        validation_alias="whole_text",
        description="Its first 8 KiB. A byte that is no letter in the file's encoding is `\\xNN`.",
    )
    bytes: int | None = Field(
        validation_alias="length", description="Its length without its end; null: longer than what is read for it."
    )
    is_cut: bool = Field(description="Whether the line goes on.")


class SourceLines(Schema):
    file: int = Field(validation_alias="file_id")
    load: int = Field(validation_alias="load_id", description="Id of the table, as in `loads`.")
    name: str
    source: str = Field(description="Archive member, or the lines in which the table stands; mostly empty.")
    line: int = Field(description="The line that was asked for.")
    lines: list[SourceLine] = Field(description="That line and those around it.")
    has_more: bool = Field(description="Whether lines follow.")
    total: int | None = Field(description="Lines of the text, where that is known.")
    encoding: str
