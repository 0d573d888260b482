"""The files that the rows of a page can be downloaded as."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from uploads.services.exporting.formats import ExportFormat
from uploads.services.reading.parameters import FORMAT

FORMAT_WORDS = {
    ExportFormat.XLSX: ("Excel workbook", "dates and numbers as such, labels above"),
    ExportFormat.CSV: ("CSV", "for programs: every value exactly as it is stored"),
    ExportFormat.EXCEL_CSV: ("CSV for Excel", "semicolons and decimal commas, for a double click"),
    ExportFormat.PARQUET: ("Parquet", "for pandas, DuckDB and the like, with types"),
    ExportFormat.NDJSON: ("JSON lines", "an object a line"),
    ExportFormat.PACKAGE: ("Data package", "CSV with a description of the columns, in a zip"),
}

SLOW = (ExportFormat.XLSX, ExportFormat.PARQUET, ExportFormat.PACKAGE)
"""Of many rows they are made in the background: half a minute goes by before the first byte, and a break loses all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preparing:
    """The page on which a download is prepared, and which rows it is about."""

    address: str
    is_large: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """One entry of the menu."""

    name: str
    words: str
    href: str
    format: ExportFormat
    is_prepared: bool
    """It leads to the page where it is prepared."""


def downloads(
    *,
    address: str,
    query: Sequence[tuple[str, str]],
    formats: Sequence[ExportFormat] = tuple(FORMAT_WORDS),
    preparing: Preparing | None = None,
) -> tuple[Download, ...]:
    """``address``: of the rows over the API; ``query``: the view, without a place or a limit."""
    found = []
    for format_, (name, words) in FORMAT_WORDS.items():
        if format_ not in formats:
            continue
        if preparing is not None and preparing.is_large and format_ in SLOW:
            href = prepare_address(preparing.address, query, format_)
            found.append(Download(name=name, words=words, href=href, format=format_, is_prepared=True))
        else:
            href = f"{address}?{urlencode([*query, (FORMAT, format_.value)])}"
            found.append(Download(name=name, words=words, href=href, format=format_, is_prepared=False))
    return tuple(found)


def prepare_address(address: str, query: Sequence[tuple[str, str]], format_: ExportFormat = ExportFormat.XLSX) -> str:
    """Of the form, with a format chosen."""
    return f"{address}?{urlencode([('now', urlencode(query)), ('format', format_.value)])}"
