"""A table of records as text, chunk by chunk, with the types that its format states."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk, counted
from uploads.tabular.errors import LimitExceeded, NoDataRows
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.place import TablePlace
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import ColumnType, Dialect, FileFormat, Limits, LineAccount, Reject, RowCounts
from uploads.tabular.workbook.sheet.blocks import blank_rows, rows_with_nul, text_block

CHUNK_CELLS = 1_000_000
"""Wide records come in smaller chunks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Some records: their numbers and cells, those that are none, and lines without any."""

    rows: Sequence[int]
    cells: Sequence[pa.StringArray]
    rejects: tuple[Reject, ...] = ()
    blank: int = 0
    not_numbers: int = 0
    """Cells that held NaN, and are blank."""
    infinite: int = 0
    """Those that held an infinity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """The columns as the file names and types them, and its records by a count of their own."""

    labels: tuple[str, ...]
    stated: tuple[ColumnType | None, ...]
    """``None``: the format doesn't say; the values do."""
    lines: int
    encoding: str | None = None
    notes: tuple[Note, ...] = ()


def chunk_rows_of(columns: int, wanted: int) -> int:
    """Records of a chunk."""
    return min(wanted, max(1, CHUNK_CELLS // max(columns, 1)))


class RecordTable:
    """A ``SourceTable`` over blocks of records, which can be read as often as needed."""

    preamble = 0
    footer = 0

    def __init__(
        self,
        *,
        name: str,
        kind: FileFormat,
        schema: Schema,
        blocks: Callable[[], Iterator[Block]],
        limits: Limits,
        place: TablePlace | None = None,
    ) -> None:
        """``place``: which of several tables of its file it is."""
        self.place = place or TablePlace()
        self.labels = schema.labels
        self.account = LineAccount(lines=schema.lines)
        self._name = name
        self._blocks = blocks
        self._limits = limits
        self._dialect = Dialect(format=kind, encoding=schema.encoding, stated=schema.stated, notes=schema.notes)
        self._found: tuple[Note, ...] = ()
        if not schema.lines or not schema.labels:
            raise NoDataRows(f"{name} holds no records.", hint="Check that the export worked and upload it again.")
        if len(self.labels) > limits.columns:
            raise LimitExceeded(
                f"{name} has {len(self.labels):,} columns; a table can have {limits.columns:,}.",
                hint="Leave out columns, or turn the table: one row for each value.",
            )

    @property
    def source(self) -> str | None:
        return self.place.source

    @property
    def dialect(self) -> Dialect:
        """After a full pass its notes also tell what was met on the way."""
        return replace(self._dialect, notes=(*self._dialect.notes, *self._found)) if self._found else self._dialect

    def chunks(self) -> Iterator[TextChunk]:
        """The records from the top, blank ones counted and left out."""
        counts, nan, infinite = RowCounts(), 0, 0
        for block in self._blocks():
            chunk = self._chunk(block)
            nan, infinite = nan + block.not_numbers, infinite + block.infinite
            counts = counted(counts, chunk)
            yield chunk
        self._found = (Note.of(NoteKind.NOT_NUMBERS, count=nan, infinite=infinite),) if nan or infinite else ()
        self.account.check(counts, name=self._name)

    def _chunk(self, block: Block) -> TextChunk:
        batch = text_block(block.cells)
        rows = pa.array(block.rows, pa.int64())
        self._check_cells(batch)
        blank = blank_rows(batch)
        nul = rows_with_nul(batch)
        rejects = block.rejects
        unwanted = blank
        if nul is not None:
            unwanted = pc.or_(blank, nul)
            rejects += tuple(
                Reject(
                    row=rows[index].as_py(),
                    reason=Reason.of(RejectCode.NUL_BYTE, sheet=True),
                    raw="\t".join(column[index].as_py() for column in batch.columns),
                )
                for index in pc.indices_nonzero(nul).to_pylist()
            )
        if pc.any(unwanted).as_py():
            kept = pc.invert(unwanted)
            rows, batch = rows.filter(kept), batch.filter(kept)
        count = block.blank + (pc.sum(blank).as_py() or 0)
        return TextChunk(rows=rows, cells=tuple(batch.columns), rejects=rejects, blank=count)

    def _check_cells(self, batch: pa.RecordBatch) -> None:
        for label, column in zip(self.labels, batch.columns, strict=True):
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest > self._limits.cell_bytes:
                raise LimitExceeded(
                    f'{self._name} has a value of {longest:,} bytes in "{label}";'
                    f" {self._limits.cell_bytes:,} are allowed.",
                    hint="Shorten the value or leave it out.",
                )
