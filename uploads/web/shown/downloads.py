"""The files that the rows of a page can be downloaded as."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from uploads.services.exporting.formats import ExportFormat
from uploads.services.reading.parameters import FORMAT

_WORDS = {
    ExportFormat.XLSX: ("Excel workbook", "dates and numbers as such, labels above"),
    ExportFormat.CSV: ("CSV", "for programs: every value exactly as it is stored"),
    ExportFormat.EXCEL_CSV: ("CSV for Excel", "semicolons and decimal commas, for a double click"),
    ExportFormat.PARQUET: ("Parquet", "for pandas, DuckDB and the like, with types"),
    ExportFormat.NDJSON: ("JSON lines", "an object a line"),
    ExportFormat.PACKAGE: ("Data package", "CSV with a description of the columns, in a zip"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """One entry of the menu."""

    name: str
    words: str
    href: str


def downloads(
    *, address: str, query: Sequence[tuple[str, str]], formats: Sequence[ExportFormat] = tuple(_WORDS)
) -> tuple[Download, ...]:
    """``address``: of the rows over the API; ``query``: the view, without a place or a limit."""
    return tuple(
        Download(name=name, words=words, href=f"{address}?{urlencode([*query, (FORMAT, format_.value)])}")
        for format_, (name, words) in _WORDS.items()
        if format_ in formats
    )
