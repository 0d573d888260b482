"""A text as it is opened, and its rows."""

from pathlib import Path

from uploads.tabular.chunks import SourceTable, TextChunk
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions


def opened(
    folder: Path, text: str | bytes, limits: Limits | None = None, options: ReadOptions | None = None
) -> SourceTable:
    path = folder / "stored"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (table,) = open_tables(
        path,
        name="a.csv",
        options=options or ReadOptions(),
        limits=limits or Limits(),
    )
    return table


def rows_of(chunks: list[TextChunk]) -> list[tuple[str, ...]]:
    return [row for chunk in chunks for row in zip(*(c.to_pylist() for c in chunk.cells), strict=True)]


def summary(table: SourceTable) -> str:
    """``labels; header line; preamble loaded rejected blank footer``."""
    chunks = list(table.chunks())
    rejects = [f"{r.row}:{r.code}" for chunk in chunks for r in chunk.rejects]
    counts = f"pre={table.preamble} loaded={len(rows_of(chunks))}"
    blank = sum(chunk.blank for chunk in chunks)
    return f"{'|'.join(table.labels)} @{table.dialect.header_row} {counts} blank={blank} foot={table.footer} {rejects}"
