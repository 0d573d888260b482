"""Gathers parsed rows into chunks and accounts for each record: loaded, rejected, blank or footer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from uploads.domain.detection.totals import EVIDENCE_ROWS, looks_like_total
from uploads.domain.mending.raw_rows import joined
from uploads.domain.reading.further import OtherTable, TableSeeker
from uploads.domain.reading.ready_rows import ReadyRows
from uploads.domain.reading.row_masks import blank_rows, equal_rows, surplus_rows, together
from uploads.domain.reading.transcoding import encodable, printable
from uploads.domain.table import Reject, TextChunk, Verbatim

_FOOTER_LINES = 50
"""Longest footer looked for."""
_REJECTS_OF_A_CHUNK = 5_000


class ChunkBuilder:
    """Takes rows in the order of the source, gives chunks of about ``chunk_rows`` rows.

    ``width`` cells make a row; those beyond the labels must be empty. Rejects at the very end of the source are held
    back until it is known whether they are the table's footer. With ``one_table`` there is none, nor are there totals.
    """

    def __init__(
        self,
        *,
        labels: Sequence[str],
        width: int,
        chunk_rows: int,
        headed: bool = False,
        delimiter: str = "\t",
        seeker: TableSeeker | None = None,
        one_table: bool = False,
    ) -> None:
        self._labels = labels
        self._delimiter = delimiter
        self.width = width
        self._columns = len(labels)
        self._chunk_rows = max(chunk_rows, 1)
        self._ready = ReadyRows(columns=self._columns)
        self._rejects: list[Reject] = []
        self._blank = 0
        self._tail: list[Reject | None] = []
        """What followed the last sound row: rejects, and ``None`` for each blank record."""
        self._header = tuple(labels) if headed and len(labels) > 1 and all(labels) else None
        self.records = 0
        """Records that were not blank so far."""
        self.footer = 0
        self.totals: list[tuple[int, str]] = []
        """Rows at the foot that sum the others up: line and text. They count as footer."""
        self._seeker = seeker
        self._one_table = one_table
        self._aside: int | None = None
        """First line of another table, as long as its records come."""
        self._aside_records = self._aside_blank = 0
        self.others: list[OtherTable] = []
        """Other tables that stand below or within this one; their records are none of this table's."""

    def add_columns(
        self,
        rows: np.ndarray,
        columns: list[pa.Array],
        *,
        others: Sequence[tuple[int, Reject | None]] = (),
        verbatim: Verbatim | None = None,
    ) -> None:
        """Add records of the right width; blank ones and those with surplus values are sorted out here.

        ``others``: rows from among them that were sorted out before, in order; ``None`` for a blank one.
        ``verbatim``: the same rows as they stand in the source.
        """
        blank = blank_rows(columns)
        surplus = surplus_rows(columns[self._columns :])
        repeated = equal_rows(columns, self._header) if self._header else None
        faults = list(others)
        if blank is not None or surplus is not None or repeated is not None:
            none = np.zeros(len(rows), dtype=bool)
            blank = none if blank is None else blank
            bad = (none if surplus is None else surplus) & ~blank
            bad = bad if repeated is None else bad | repeated
            sound = ~(blank | bad)
            faults += [(int(row), None) for row in rows[blank]]
            faults += [self._surplus_reject(int(rows[i]), [c[i].as_py() for c in columns]) for i in np.flatnonzero(bad)]
            faults.sort(key=lambda fault: fault[0])
            rows, columns = rows[sound], [column.filter(pa.array(sound)) for column in columns]
            verbatim = verbatim and replace(verbatim, rows=verbatim.rows.filter(pa.array(sound)))
        columns = columns[: self._columns]
        verbatim = verbatim if self.width == self._columns else None
        begin = 0
        for end, among, behind in together(rows, faults):
            if end > begin:
                source = verbatim and replace(verbatim, rows=verbatim.rows.slice(begin, end - begin))
                self._add_sound(rows[begin:end], [column.slice(begin, end - begin) for column in columns], source)
                begin = end
            self.records += sum(fault is not None for fault in among)
            self._count_as_rows(among)
            self._add_faults(behind)

    def _add_faults(self, faults: Sequence[Reject | None]) -> None:
        for fault in faults:
            if fault is None:
                self.add_blank()
            else:
                self.add_reject(fault)

    def _add_sound(self, rows: np.ndarray, columns: list[pa.Array], verbatim: Verbatim | None) -> None:
        self._look_for_table()
        self._end_aside(int(rows[0]))
        self._settle_tail()
        self._ready.add(rows, columns, verbatim)
        self.records += len(rows)

    def _surplus_reject(self, row: int, cells: Sequence[str]) -> tuple[int, Reject]:
        raw = joined(cells, self._delimiter)
        if tuple(cells[: self._columns]) == self._header:
            return row, Reject(row=row, code="repeated_header", reason="the header stands here once more", raw=raw)
        reason = f"a value stands beyond the last of {self._columns} columns"
        return row, Reject(row=row, code="too_many_cells", reason=reason, raw=raw)

    def add_blank(self) -> None:
        if self._aside is not None:
            self._aside_records += 1
            self._aside_blank += 1
        else:
            self._tail.append(None)

    def add_reject(self, reject: Reject) -> None:
        self.records += 1
        if self._aside is not None:
            self._aside_records += 1
        else:
            self._tail.append(reject)

    def _look_for_table(self) -> None:
        """Set the records aside that another table begins with; those that follow go the same way."""
        start = self._seeker.find(self._tail) if self._seeker is not None and self._aside is None else None
        if start is not None and (first := self._tail[start]) is not None:
            self._aside = first.row
            self._aside_records = len(self._tail) - start
            self._aside_blank = sum(item is None for item in self._tail[start:])
            del self._tail[start:]

    def _end_aside(self, next_line: int) -> None:
        if self._aside is not None:
            self.others.append(
                OtherTable(
                    first_line=self._aside,
                    last_line=next_line - 1,
                    records=self._aside_records,
                    blank=self._aside_blank,
                )
            )
            self._aside = None

    def wrong_width(self, row: int, cells: int, raw: str) -> Reject:
        """The reject for a record with too few or too many cells."""
        code = "too_few_cells" if cells < self.width else "too_many_cells"
        reason = f"{cells} cell{'s' * (cells != 1)} instead of {self.width}"
        return Reject(row=row, code=code, reason=reason, raw=raw)

    def bad_cell(self, row: int, cells: Sequence[str], mark: str | None, *, code: str, reason: str, raw: str) -> Reject:
        """The reject for a cell that cannot be stored: it holds ``mark``, or for ``None`` an undecodable byte."""
        index = next((i for i, cell in enumerate(cells) if _is_bad(cell, mark)), None)
        if index is None or len(cells) != self.width or index >= self._columns:
            return Reject(row=row, code=code, reason=reason, raw=raw)
        return Reject(
            row=row, code=code, reason=reason, column=self._labels[index], value=printable(cells[index]), raw=raw
        )

    def full_chunks(self) -> list[TextChunk]:
        """Chunks that are complete by now."""
        self._look_for_table()
        if len(self._tail) > 2 * _FOOTER_LINES:
            # A footer is short: what stands further up is rejected or blank for certain.
            self._count_as_rows(self._tail[:-_FOOTER_LINES])
            self._tail = self._tail[-_FOOTER_LINES:]
        chunks = []
        while self._ready.count >= self._chunk_rows + EVIDENCE_ROWS or len(self._rejects) >= _REJECTS_OF_A_CHUNK:
            chunks.append(self._take(min(max(self._ready.count - EVIDENCE_ROWS, 0), self._chunk_rows)))
        return chunks

    def last_chunks(self, next_line: int) -> list[TextChunk]:
        """What is left at the end of the source; at least one chunk if anything is to be told.

        ``next_line``: number of the line behind the last.
        """
        self._look_for_table()
        self._end_aside(next_line)
        if self._one_table:
            self._settle_tail()
        else:
            self.totals = self._ready.take_totals(self._delimiter)
            self._settle_footer()
        chunks = []
        while self._ready.count > self._chunk_rows or len(self._rejects) >= _REJECTS_OF_A_CHUNK:
            chunks.append(self._take(min(self._ready.count, self._chunk_rows)))
        if self._ready.count or self._rejects or self._blank:
            chunks.append(self._take(self._ready.count))
        return chunks

    def _take(self, count: int) -> TextChunk:
        chunk = replace(self._ready.take(count), rejects=tuple(self._rejects), blank=self._blank)
        self._rejects, self._blank = [], 0
        return chunk

    def _settle_tail(self) -> None:
        self._count_as_rows(self._tail)
        self._tail = []

    def _count_as_rows(self, items: Sequence[Reject | None]) -> None:
        for item in items:
            if item is None:
                self._blank += 1
            else:
                self._rejects.append(item)

    def _settle_footer(self) -> None:
        """Notes below the table: short records with words that stand behind a blank one, or a sentence alone."""
        footer = 0
        seen_blank = False
        kept: list[Reject | None] = []
        for item in self._tail:
            if item is None:
                seen_blank = True
                kept.append(item)
            elif item.code == "too_few_cells" and (self._is_note(item) or (seen_blank and not self._has_figures(item))):
                footer += 1
                seen_blank = True
            else:
                kept.append(item)
        self._tail = kept
        self.footer = footer + len(self.totals)
        self._settle_tail()

    def _has_figures(self, reject: Reject) -> bool:
        """Several cells without a word in them, such as ``7;8``: a row that was cut off, and no note."""
        filled = sum(bool(cell.strip().strip('"')) for cell in reject.raw.split(self._delimiter))
        return filled > 1 and any(c.isdigit() for c in reject.raw) and not any(c.isalpha() for c in reject.raw)

    def _is_note(self, reject: Reject) -> bool:
        """``Source: Stats NZ``, a sentence alone on its line where a row has many cells; or a total with few cells."""
        text = reject.raw.strip().strip('"')
        if looks_like_total([text.split(self._delimiter)[0].strip('"')]):
            return True
        return reject.reason.startswith("1 cell ") and self.width > 2 and " " in text and any(c.isalpha() for c in text)


def _is_bad(cell: str, mark: str | None) -> bool:
    return mark in cell if mark is not None else not encodable(cell)
