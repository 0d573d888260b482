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
    is_workbook: bool = False
    """Whether it has sheets, or what is read as such."""
    has_encoding: bool = False
    """Whether its texts may be in any encoding, which a person may have to name."""
    names_columns: bool = False
    """Whether it names its columns itself, so that no header has to be found."""


FORMATS: Final[Mapping[FileFormat, FormatFacts]] = {
    FileFormat.CSV: FormatFacts(
        suffixes=(".csv", ".tsv", ".tab", ".txt", ".ssv", ".psv", ".dat", ".asc", ".data"),
        has_encoding=True,
    ),
    FileFormat.XLSX: FormatFacts(suffixes=(".xlsx", ".xlsm"), is_workbook=True),
    FileFormat.XLS: FormatFacts(suffixes=(".xls",), is_workbook=True, has_encoding=True),
    FileFormat.XLSB: FormatFacts(suffixes=(".xlsb",), is_workbook=True),
    FileFormat.ODS: FormatFacts(suffixes=(".ods",), is_workbook=True),
    FileFormat.FODS: FormatFacts(suffixes=(".fods",), is_workbook=True, has_encoding=True),
    FileFormat.XML: FormatFacts(suffixes=(".xml",), is_workbook=True, has_encoding=True),
    FileFormat.HTML: FormatFacts(suffixes=(".html", ".htm"), is_workbook=True, has_encoding=True),
    FileFormat.MHT: FormatFacts(suffixes=(".mht", ".mhtml"), is_workbook=True, has_encoding=True),
    FileFormat.JSON: FormatFacts(suffixes=(".json",), names_columns=True),
    FileFormat.JSONL: FormatFacts(suffixes=(".jsonl", ".ndjson"), names_columns=True),
    FileFormat.PARQUET: FormatFacts(suffixes=(".parquet",), names_columns=True),
    FileFormat.ARROW: FormatFacts(suffixes=(".arrow", ".feather"), names_columns=True),
}

PACKINGS: Final = (".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd")
"""Extensions of one packed file."""
ARCHIVES: Final = (".zip", ".tar", ".tgz", ".tbz2", ".txz")
"""Extensions of many."""

_ARCHIVE_NAMES: Final = (*ARCHIVES, *(f".tar{packing}" for packing in PACKINGS))

WORKBOOK_SUFFIXES: Final = frozenset(
    suffix for facts in FORMATS.values() if facts.is_workbook for suffix in facts.suffixes
)
RECORD_SUFFIXES: Final = frozenset(
    suffix for facts in FORMATS.values() if facts.names_columns for suffix in facts.suffixes
)
TEXT_SUFFIXES: Final = frozenset(FORMATS[FileFormat.CSV].suffixes)
SUFFIXES: Final = tuple(
    dict.fromkeys([*(suffix for facts in FORMATS.values() for suffix in facts.suffixes), *PACKINGS, *ARCHIVES])
)
"""Every extension of a file that may be read: what a page offers to choose."""


def is_archive_name(name: str) -> bool:
    """Whether a file of this name may hold several."""
    return name.lower().endswith(_ARCHIVE_NAMES)
