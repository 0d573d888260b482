"""The formats of exports, each with what the web and file systems call it."""

from dataclasses import dataclass
from enum import StrEnum

from uploads.services.errors import BadParameter
from uploads.services.reading.parameters import FORMAT

JSON = "json"
"""The format of a page over the API."""


class ExportFormat(StrEnum):
    """The values stand in addresses and commands, and are never renamed."""

    CSV = "csv"
    EXCEL_CSV = "excel-csv"
    """For people: as spreadsheets of countries with a decimal comma open it by a double click."""
    NDJSON = "ndjson"
    XLSX = "xlsx"
    PARQUET = "parquet"
    ARROW = "arrow"
    """A stream, to be read from its begin to its end."""
    ARROW_FILE = "arrow-file"
    """Of which any part can be read, also known as Feather."""

    PACKAGE = "datapackage"
    """A zip with the rows as CSV and their description, as Frictionless Data has it."""

    @property
    def facts(self) -> "FormatFacts":
        return _FACTS[self]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormatFacts:
    """What others call a format."""

    media_type: str
    extension: str


_FACTS = {
    ExportFormat.CSV: FormatFacts(media_type="text/csv", extension="csv"),
    ExportFormat.EXCEL_CSV: FormatFacts(media_type="text/csv", extension="csv"),
    ExportFormat.XLSX: FormatFacts(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", extension="xlsx"
    ),
    ExportFormat.PARQUET: FormatFacts(media_type="application/vnd.apache.parquet", extension="parquet"),
    ExportFormat.PACKAGE: FormatFacts(media_type="application/zip", extension="zip"),
    ExportFormat.NDJSON: FormatFacts(media_type="application/x-ndjson", extension="ndjson"),
    ExportFormat.ARROW: FormatFacts(media_type="application/vnd.apache.arrow.stream", extension="arrows"),
    ExportFormat.ARROW_FILE: FormatFacts(media_type="application/vnd.apache.arrow.file", extension="arrow"),
}


MEDIA_TYPES = {each.facts.media_type: each for each in ExportFormat if each is not ExportFormat.EXCEL_CSV}
"""What a request accepts, and the format that it gets."""
EXTENSIONS: dict[str, ExportFormat] = {
    **{f".{each.facts.extension}": each for each in ExportFormat if each is not ExportFormat.EXCEL_CSV},
    ".jsonl": ExportFormat.NDJSON,
    ".feather": ExportFormat.ARROW_FILE,
}
"""How the name of a file says what it is."""


def read_format(text: str) -> ExportFormat | None:
    """``None``: JSON."""
    if text == JSON:
        return None
    try:
        return ExportFormat(text)
    except ValueError:
        shown = "".join(c if c.isprintable() else "␀" for c in text[:40])
        raise BadParameter(
            f"There is no format “{shown}”.", hint=f"Possible are {', '.join([JSON, *ExportFormat])}.", names=[FORMAT]
        ) from None
