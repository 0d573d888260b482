"""The reading options as the API takes them: beside a file in a form, and as JSON."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.services.options.catalogue import READING_OPTIONS, parse_options

_ONE_TABLE = "Every row below the header is data of one table: no total, note or other table is told from them."

OPTION_PROPERTIES: dict[str, dict[str, Any]] = {
    "delimiter": {"type": "string", "description": "What separates the cells, or the word tab."},
    "encoding": {"type": "string", "description": "Such as utf-8 or cp1252."},
    "header_row": {"type": "string", "description": "Row with the column names, from 1, or none."},
    "sheet": {"type": "string", "description": "Load this sheet only; * for every one."},
    "decimal": {
        "type": "string",
        "enum": [".", ",", "auto"],
        "description": "Decimal mark where 1.234 could mean two things.",
    },
    "day_first": {
        "type": "string",
        "enum": ["true", "false", "auto"],
        "description": "Order of dates that can be read in two ways: day first, or month first.",
    },
    "null_words": {
        "type": "string",
        "description": "Words that mean an empty cell, with commas between: NA, N/A. For a file that founds a dataset.",
    },
    "all_text": {"type": "boolean", "description": "Keep every column as text."},
    "one_table": {"type": "boolean", "description": _ONE_TABLE},
}
"""For forms. Each may be ``auto``: to be found out, whatever the dataset remembers."""


class ReadingOptions(Schema):
    """How to read a file, or the later files of a dataset. `auto` has an option found out from the file."""

    model_config = ConfigDict(extra="forbid")

    delimiter: str | None = Field(None, description="What separates the cells, or the word tab.")
    encoding: str | None = Field(None, description="Such as utf-8 or cp1252.")
    header_row: int | str | None = Field(None, description="Row with the column names, from 1, or none.")
    sheet: str | None = Field(None, description="Load this sheet only; * for every one.")
    decimal: str | None = Field(None, description="Decimal mark where 1.234 could mean two things: a point or a comma.")
    day_first: bool | str | None = Field(None, description="Order of dates that can be read in two ways.")
    all_text: bool | str | None = Field(None, description="Keep every column as text.")
    one_table: bool | str | None = Field(None, description=_ONE_TABLE)


class ReadAgain(ReadingOptions):
    """What isn't named stays as it was said before."""

    null_words: list[str] | str | None = Field(
        None, description="Words that mean an empty cell; for a file that founds a dataset."
    )
    dataset: str | None = Field(None, description="Dataset to join or to found; empty: the one of the same columns.")


def said_options(said: ReadingOptions) -> dict[str, Any]:
    """The options that were named, as they are kept with a file. Raises ``BadOption``."""
    return parse_options({option: getattr(said, option, None) for option in READING_OPTIONS})
