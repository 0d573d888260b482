"""What travels between the stages of a load as Arrow.

bytes → ``SourceTable`` → ``TextChunk`` (every cell as text) → ``Column`` decisions → ``TypedChunk`` → writer
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from uploads.tabular.kept_cells import KeptCells
from uploads.tabular.place import TablePlace
from uploads.tabular.table import ColumnType, Dialect, LineAccount, Reject, RowCounts, row_word_of

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.BIGINT: pa.int64(),
    # Arrow decimals have one scale a column, PostgreSQL's numeric one a value (2023.10 is not 2023.1):
    # numeric therefore travels as text that has been checked: -?digits[.digits], at most 1,000 digits.
    ColumnType.NUMERIC: pa.string(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us"),
    ColumnType.TIMESTAMPTZ: pa.timestamp("us", tz="UTC"),
    ColumnType.TEXT: pa.string(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verbatim:
    """Rows as they stand in the source, in the shape that PostgreSQL's COPY takes as CSV.

    UTF-8, one byte between cells, ``"`` around a cell and doubled inside, and one LF at the end of each row.
    """

    rows: pa.ChunkedArray
    """Binary; in the pieces in which they were read, for to join 400 MB of them takes 0.2 s."""
    delimiter: str
    quoted: bool
    """Whether there may be a quote in it."""
    escaped: bool = False
    """Whether there may be a backslash in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextChunk:
    """Some rows of a table, every cell as text. All arrays have the same length."""

    rows: pa.Int64Array
    cells: tuple[pa.StringArray, ...]
    """One array a column; a blank cell is the empty string, never null."""
    rejects: tuple[Reject, ...] = ()
    blank: int = 0
    kept: KeptCells = field(default_factory=KeptCells)
    """What stood in cells that are blank here and were not in the source."""
    verbatim: Verbatim | None = None
    """The same rows once more; none for a source or dialect that is not so plain."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedChunk:
    """Some rows ready to be written: ``_row`` first, then one Arrow-backed column for each ``Column``."""

    batch: pa.RecordBatch = field(repr=False)
    rejects: tuple[Reject, ...] = ()
    blanked: tuple[tuple[str, str, int], ...] = ()
    """Column, word and number of the cells that are blank because a person said that the word means nothing."""
    kept: KeptCells = field(default_factory=KeptCells)
    """Texts of cells in the rows of ``batch`` that printing back does not give."""


class SourceTable(Protocol):
    """One table in an uploaded file: the CSV itself, a sheet, or an archive's member."""

    @property
    def place(self) -> TablePlace: ...

    @property
    def source(self) -> str | None:
        """``place`` for people (``"a.zip" member "x.xlsx" sheet "S"`` is ``x.xlsx/S``)."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Header cells as in the file; an empty string where the header is blank."""

    @property
    def preamble(self) -> int:
        """Non-blank records above the header."""

    @property
    def footer(self) -> int:
        """Non-blank records below the table; known once ``chunks`` has been read to its end."""

    @property
    def account(self) -> LineAccount:
        """Every line that holds no row; complete once ``chunks`` has been read to its end."""

    def chunks(self) -> Iterator[TextChunk]:
        """Read the rows below the header, from the top; may be called again for another pass."""


def row_word(table: SourceTable) -> str:
    """What the source of a table calls a row."""
    return row_word_of(table.dialect.format)


def counted(counts: RowCounts, chunk: TextChunk) -> RowCounts:
    """Counts of what came so far, and the records of one chunk more."""
    return counts.plus(loaded=len(chunk.rows), rejected=len(chunk.rejects), blank=chunk.blank)
