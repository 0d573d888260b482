"""The one table of what is read: each format and its extensions. All faces follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from uploads.tabular.table import FileFormat


@dataclass(frozen=True, kw_only=True, slots=True)
class FormatFacts:
    """What is declared of a format."""

    suffixes: tuple[str, ...]
    """Extensions in small letters, the usual one first."""
    title: str
    """What people call it."""
    is_workbook: bool = False
    """Whether it has sheets, or what is read as such."""


FORMATS: Final[Mapping[FileFormat, FormatFacts]] = {
    FileFormat.CSV: FormatFacts(
        suffixes=(".csv", ".tsv", ".tab", ".txt", ".ssv", ".psv", ".dat", ".asc", ".data"),
        title="CSV and its relatives",
    ),
    FileFormat.XLSX: FormatFacts(suffixes=(".xlsx", ".xlsm"), title="Excel", is_workbook=True),
    FileFormat.XLS: FormatFacts(suffixes=(".xls",), title="Excel before 2007", is_workbook=True),
    FileFormat.XLSB: FormatFacts(suffixes=(".xlsb",), title="Excel, binary", is_workbook=True),
    FileFormat.ODS: FormatFacts(suffixes=(".ods",), title="OpenDocument", is_workbook=True),
    FileFormat.FODS: FormatFacts(suffixes=(".fods",), title="Flat OpenDocument", is_workbook=True),
    FileFormat.XML: FormatFacts(suffixes=(".xml",), title="Excel 2003 XML", is_workbook=True),
    FileFormat.HTML: FormatFacts(suffixes=(".html", ".htm"), title="HTML tables", is_workbook=True),
    FileFormat.MHT: FormatFacts(suffixes=(".mht", ".mhtml"), title="Web archives", is_workbook=True),
}

PACKINGS: Final = (".gz", ".gzip")
"""Extensions of one packed file."""
ARCHIVES: Final = (".zip",)
"""Extensions of many."""

WORKBOOK_SUFFIXES: Final = frozenset(
    suffix for facts in FORMATS.values() if facts.is_workbook for suffix in facts.suffixes
)
TEXT_SUFFIXES: Final = frozenset(FORMATS[FileFormat.CSV].suffixes)
SUFFIXES: Final = tuple(
    dict.fromkeys([*(suffix for facts in FORMATS.values() for suffix in facts.suffixes), *PACKINGS, *ARCHIVES])
)
"""Every extension of a file that may be read: what a page offers to choose."""
