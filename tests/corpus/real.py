"""The real delimited files, and how each is written, as people found out who looked into it."""

import csv
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.generated import Written
from tests.corpus.round_trip import differing_cells
from tests.corpus.stored import Loads, stored_rows
from uploads.models import Load
from uploads.states import FileState


@dataclass(frozen=True, kw_only=True)
class Told:
    """What Python's ``csv`` has to be told of a file."""

    delimiter: str = ","
    encoding: str = "utf-8"
    rejected: tuple[int, ...] = ()
    """Lines that are no rows of the table."""


REAL = {
    "dialects/311011.csv": Told(),
    "dialects/AirQualityUCI.csv": Told(delimiter=";"),
    "dialects/bank.csv": Told(delimiter=";"),
    "dialects/currency.csv": Told(),
    "dialects/fake news detection datasets.csv": Told(delimiter=";", encoding="cp850"),
    "dialects/quotes_and_newlines.csv": Told(),
    "dialects/shift_jis.csv": Told(encoding="cp932"),
    "dialects/utf16_ex.txt": Told(delimiter="\t", encoding="utf-16"),
    "dialects/wiki_machine_learning.csv": Told(delimiter=" "),
    "malformed/duplicate_header_columns.csv": Told(),
    "malformed/multiple_errors.csv": Told(rejected=(4, 5, 6, 7, 8)),
    "malformed/nightmare.csv": Told(rejected=(10, 14, 22, 38)),
    "malformed/quotednewlines.csv": Told(),
    "statsnz/annual-enterprise-survey-2021-financial-year-provisional-size-bands-csv.csv": Told(encoding="utf-8-sig"),
    "statsnz/business-financial-data-june-2023-quarter-csv.csv": Told(),
    "statsnz/business-operations-survey-2022-information-and-communications-technology.csv": Told(encoding="cp1252"),
    "statsnz/consumers-price-index-june-2023-quarter-index-numbers.csv": Told(),
}
NOTHING_LOADED = frozenset({"malformed/bad-missing-quote.csv", "malformed/nullbyte.csv"})
"""Every line below the header is broken."""


def difference_in_database(path: Path, told: Told, load: Loads, *, all_text: bool) -> str | None:
    """Load a file, told nothing of how it is written, and compare what PostgreSQL holds with what ``csv`` reads."""
    receipt = load(path.read_bytes(), path.name, {"all_text": True} if all_text else {})
    if receipt.state is not FileState.ACTIVE:
        return f"{receipt.state}: {receipt.error}"
    stored = Load.objects.get(file=receipt.file_id)
    written = _as_csv_reads(path, told)
    columns, rows = stored_rows(stored)
    labels = [column.label for column in columns]
    if labels != [label.strip() for label in written.header[: len(columns)]]:
        return f"header: {labels}"
    return differing_cells(written, columns, rows, stored.rows_blank)


def _as_csv_reads(path: Path, told: Told) -> Written:
    """The file without the lines that are no rows; a blank line is a row of blank cells."""
    rows: list[tuple[str, ...]] = []
    with path.open(encoding=told.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=told.delimiter)
        header = tuple(next(reader))
        line = reader.line_num + 1
        for cells in reader:
            if line not in told.rejected:
                rows.append(tuple(cells) or ("",) * len(header))
            line = reader.line_num + 1
    if len(rows[0]) == len(header) + 1:  # R leaves out the label of its row names
        header = ("", *header)
    return Written(data=b"", encoding=told.encoding, delimiter=told.delimiter, header=header, rows=tuple(rows))
