"""One table of a sheet: its header, rows in chunks, and what stands around them, with a note on each decision."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk, counted
from uploads.tabular.errors import LimitExceeded
from uploads.tabular.layout.header_evidence import header_notes
from uploads.tabular.layout.left_out import Unwanted, note_on_left_out
from uploads.tabular.layout.rows.notes_below import note_on_rows_below
from uploads.tabular.layout.sheet_header import Layout, filled
from uploads.tabular.layout.sums.worded_sums import with_labels
from uploads.tabular.layout.totals import EVIDENCE_ROWS, count_totals, counts_twice, may_be_total, total_notes
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.place import TablePlace
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import Dialect, FileFormat, Limits, LineAccount, Reject, RowCounts
from uploads.tabular.workbook.sheet.blocks import (
    blank_rows,
    cut,
    has_long_integers,
    is_blank,
    rows_of,
    rows_with,
    rows_with_nul,
    size_of,
)
from uploads.tabular.workbook.sheet.cell_names import column_letters
from uploads.tabular.workbook.sheet.left_out import without_rows
from uploads.tabular.workbook.tables.blank_places import BlankPlaces
from uploads.tabular.workbook.tables.footer import find_footer
from uploads.tabular.workbook.tables.kept_zeros import NO_ZEROS, zeros_in
from uploads.tabular.workbook.tables.notes_beside import CellNote, note_on_notes, notes_beside
from uploads.tabular.workbook.tables.regions import Region
from uploads.tabular.workbook.tables.sheet_notes import (
    columns_note,
    dates_note,
    layout_note,
    merged_note,
    repeated_note,
    survey_note,
)
from uploads.tabular.workbook.tables.sheet_sums import notes_on_sums, pivot_notes, total_above


class SheetTable:
    """A table of a sheet; a ``SourceTable``. Keeps its text in memory, as the readers keep the whole sheet."""

    _twice, zeros = False, NO_ZEROS

    def __init__(
        self,
        *,
        place: TablePlace,
        region: Region,
        layout: Layout,
        kind: FileFormat,
        limits: Limits,
        notes: Sequence[Note] = (),
        one_table: bool = False,
        encoding: str | None = None,
        fill_down: bool = False,
        unwanted: Unwanted | None = None,
        gone: Sequence[int] = (),
    ) -> None:
        """``region`` is all that is this table's, laid out as ``layout`` says.

        ``one_table``: its rows are data down to the last, neither notes nor totals. ``unwanted``: what is left out of
        the rows below the header; ``gone``: rows of the sheet that are left out already, and blank.
        """
        self.place, first_row = place, region.first_row
        self._said_totals = frozenset(row - layout.first for row in region.total_rows)
        self._said_notes = frozenset(row - layout.first for row in region.note_rows)
        self._first_row, self._first_column = first_row + layout.first, region.first_column
        blocks, more = without_rows(region.rows_below(layout.first), unwanted or Unwanted(), first_row=self._first_row)
        self._blocks, self._above = self._without_total_above(blocks, one_table=one_table)
        self._gone = np.array(sorted({*_below_header(gone, region, layout), *more}), dtype=np.int64)
        self._titles, self.preamble = len(layout.preamble), len(layout.preamble) + len(self._above)
        notes_below, totals = self._find_end(one_table=one_table)
        self.footer = len(notes_below) + len(totals)
        self._blank_below = size_of(self._blocks) - self._size - self.footer - self._count_gone(self._size)
        self._blanks = self._blank_places(layout, first_row)
        self._rows_below = self._rows_between({*notes_below, *(row for row, _ in totals)})
        kept, beside = self._choose_columns(layout, region, one_table or layout.header is None)
        _check_columns(len(self._columns), place, limits)
        repeated = self._rows_with_header()
        self.account = self._account(layout, lines=region.lines, repeated=len(repeated))
        on_rows = (
            *repeated_note(repeated),
            *self._notes_on_sums_left_out(totals, notes_below),
            *(() if one_table else self._notes_on_sums(region, has_total=bool(totals))),
            *self._notes_on_cells(region, layout, beside, filled=fill_down),
        )
        self.dialect = Dialect(
            format=kind,
            encoding=encoding,
            header_row=None if layout.header is None else first_row + layout.header + layout.depth - 1,
            descriptions=self._descriptions(layout),
            notes=(*notes, *self._notes_on_header(layout, region, kind), *on_rows, *_notes_on_columns(region, kept)),
        )

    def _blank_places(self, layout: Layout, first_row: int) -> BlankPlaces:
        gone = self._gone.tolist()
        return BlankPlaces(_blank_above(layout, first_row, gone), taken={*gone, *(row for row, _ in self._above)})

    def _rows_between(self, said: Collection[int]) -> list[int]:
        """The rows below the last data row that are neither notes nor totals."""
        return [row for row in range(self._size, size_of(self._blocks)) if row not in said]

    def _notes_on_cells(
        self, region: Region, layout: Layout, beside: Sequence[CellNote], *, filled: bool
    ) -> Iterator[Note]:
        yield from merged_note(region, layout.first, self._columns, filled=filled)
        yield from note_on_left_out("row", self._gone.tolist())
        yield from note_on_notes(beside, first_row=self._first_row, first_column=region.first_column)

    def _notes_on_sums_left_out(
        self, totals: Sequence[tuple[int, Sequence[str]]], notes_below: Sequence[int]
    ) -> Iterator[Note]:
        yield from total_notes("row", self._above, columns=self._columns)
        found = [(self._first_row + row, cells) for row, cells in totals]
        yield from total_notes("row", found, columns=self._columns)
        below = [(self._first_row + row, rows_of(self._blocks, row, 1)[0]) for row in sorted(notes_below)]
        yield from note_on_rows_below("row", below, width=None, columns=self._columns)

    def _notes_on_sums(self, region: Region, *, has_total: bool) -> Iterator[Note]:
        first_row, summing = self._first_row, region.summing
        yield from pivot_notes(summing, first_row=first_row, rows=self._size)
        found = notes_on_sums(
            cut(self._blocks, 0, self._size),
            first_row=first_row,
            columns=self._columns,
            summing=summing,
            has_total=has_total,
            twice=self._twice,
        )
        yield from with_labels(found, self.labels)

    def _without_total_above(
        self, blocks: Sequence[pa.RecordBatch], *, one_table: bool
    ) -> tuple[Sequence[pa.RecordBatch], list[tuple[int, Sequence[str]]]]:
        """The rows with a total right below the header made blank, and its place in the sheet and cells."""
        at = None if one_table else total_above(blocks)
        if at is None:
            return blocks, []
        [row], place = rows_of(blocks, at, 1), self._first_row + at
        kept, _ = without_rows(blocks, Unwanted().with_span(place, place), first_row=self._first_row)
        return kept, [(place, row)]

    def _find_end(self, *, one_table: bool) -> tuple[list[int], list[tuple[int, Sequence[str]]]]:
        """The rows of notes that stand below the rows, and those of totals; ``_size`` is without them."""
        if one_table:
            self._size = self._filled_size()
            return [], []
        size, notes_below = find_footer(self._blocks, said=self._said_notes)
        self._size, totals = self._find_totals(size)
        return notes_below, totals

    def _choose_columns(self, layout: Layout, region: Region, is_one: bool) -> tuple[list[int], list[CellNote]]:
        """Keep the columns that are loaded, and the header that may stand once more among the rows; all columns that
        hold anything, and the notes that some of them are."""
        kept = self._kept_columns(layout)
        beside = [] if is_one else notes_beside(cut(self._blocks, 0, self._size), layout, kept, region.defined)
        of_notes = {column for _, column, _ in beside}
        self._columns = [column for column in kept if column not in of_notes]
        self.labels = tuple(layout.labels[position] for position in self._columns)
        is_plain = not is_one and layout.depth == 1 and len(self.labels) > 1 and all(self.labels)
        self._header = self.labels if is_plain else ()
        return kept, beside

    def _account(self, layout: Layout, *, lines: int, repeated: int) -> LineAccount:
        header_rows = 0 if layout.header is None else layout.depth
        return LineAccount(
            lines=lines,
            preamble=self.preamble,
            header=header_rows + repeated,
            blank_above=layout.first - self._titles - header_rows - int((self._gone < self._first_row).sum()),
            footer=self.footer,
            left_out=len(self._gone),
        )

    def _count_gone(self, start: int, stop: int | None = None) -> int:
        """How many of the rows below the header, from ``start`` to before ``stop``, are blank for they are left out."""
        begin = np.searchsorted(self._gone, self._first_row + start)
        end = len(self._gone) if stop is None else np.searchsorted(self._gone, self._first_row + stop)
        last = self._first_row + (size_of(self._blocks) if stop is None else stop)
        return int(end - begin) + sum(1 for row, _ in self._above if self._first_row + start <= row < last)

    def _notes_on_header(self, layout: Layout, region: Region, kind: FileFormat) -> tuple[Note, ...]:
        first_row = region.first_row
        place = self._first_row if layout.header is None else first_row + layout.header
        is_header = layout.header is not None
        doubts = header_notes(layout.why, unit="row", place=place, columns=len(self.labels), is_header=is_header)
        titles = layout_note(layout, first_row, region.rows(0, layout.first))
        dates = dates_note(self.labels, kind) if is_header else ()
        return (*titles, *survey_note(layout, first_row), *doubts, *dates)

    def _descriptions(self, layout: Layout) -> tuple[str, ...]:
        described = layout.survey.descriptions_for(layout.labels) if layout.survey else ()
        return tuple(described[position] for position in self._columns) if described else ()

    @property
    def source(self) -> str | None:
        return self.place.source

    @property
    def size(self) -> int:
        """Rows from the header down to the last that is none of the notes and totals; there may be blank ones."""
        return self._size

    def has_long_integers(self) -> bool:
        """Whether a cell may be a whole number that was too long for the reader."""
        return has_long_integers(self._blocks)

    @property
    def names_by_letter(self) -> dict[str, str]:
        """What its columns are called, by the letters of the sheet's columns."""
        letters = (column_letters(self._first_column + position) for position in self._columns)
        return dict(zip(letters, self.labels, strict=True))

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Put notes about the workbook before those about the sheet."""
        self.dialect = replace(self.dialect, notes=(*notes, *self.dialect.notes))

    def chunks(self) -> Iterator[TextChunk]:
        """The rows between header and footer, blank ones counted and left out."""
        first_row = self._first_row
        counts = RowCounts()
        self._blanks.begin()
        for block in cut(self._blocks, 0, self._size):
            chunk = self._chunk(block, first_row)
            counts = counted(counts, chunk)
            yield chunk
            first_row += block.num_rows
        if self._blank_below:
            chunk = self._chunk(self._blocks[-1].slice(0, 0), first_row)
            chunk = replace(chunk, blank=self._blank_below)
            counts = counted(counts, chunk)
            yield chunk
        self.account.check(counts, name=f'Sheet "{self.source}"')
        self._blanks.add([self._first_row + row for row in self._rows_below])
        notes = (note for note in self.dialect.notes if note.kind is not NoteKind.BLANK_ROWS)
        on_blanks = self._blanks.note(self.account.blank_above + counts.blank)
        self.dialect = replace(self.dialect, notes=(*notes, *on_blanks))

    def _chunk(self, block: pa.RecordBatch, first_row: int) -> TextChunk:
        rows = pa.array(np.arange(first_row, first_row + block.num_rows, dtype=np.int64))
        blank = blank_rows(block)
        self._blanks.add(first_row + np.flatnonzero(blank.to_numpy(zero_copy_only=False)), block.filter(blank))
        nul = rows_with_nul(block)
        block = block.select(self._columns)
        rejects: tuple[Reject, ...] = ()
        if nul is not None:
            rejects = tuple(
                _nul_reject(rows[index].as_py(), [column[index].as_py() for column in block.columns])
                for index in pc.indices_nonzero(nul).to_pylist()
            )
        unwanted = blank if nul is None else pc.or_(blank, nul)
        repeated = rows_with(block, self._header)
        if repeated is not None:
            unwanted = pc.or_(unwanted, repeated)
        if pc.any(unwanted).as_py():
            kept = pc.invert(unwanted)
            rows, block = rows.filter(kept), block.filter(kept)
        start = first_row - self._first_row
        count = (pc.sum(blank).as_py() or 0) - self._count_gone(start, start + len(blank))
        kept = zeros_in(self.zeros, rows, [self._first_column + position for position in self._columns])
        return TextChunk(rows=rows, cells=tuple(block.columns), rejects=rejects, blank=count, kept=kept)

    def _rows_with_header(self) -> list[int]:
        """The sheet's rows where the header stands once more."""
        found: list[int] = []
        begin = self._first_row
        for block in cut(self._blocks, 0, self._size):
            repeated = rows_with(block.select(self._columns), self._header)
            if repeated is not None:
                found.extend(begin + row for row in pc.indices_nonzero(repeated).to_pylist())
            begin += block.num_rows
        return found

    def _filled_size(self) -> int:
        """The number of rows down to the last that holds anything."""
        size = begin = 0
        for block in self._blocks:
            holding = pc.indices_nonzero(pc.invert(blank_rows(block)))
            if len(holding):
                size = begin + int(holding[-1].as_py()) + 1
            begin += block.num_rows
        return size

    def _find_totals(self, size: int) -> tuple[int, list[tuple[int, Sequence[str]]]]:
        """The number of rows down to the last that is no total, and the totals below it: place and cells."""
        last = rows_of(self._blocks, size - 1, 1)
        if not last or not (may_be_total(last[0]) or size - 1 in self._said_totals):
            return size, []
        begin = max(0, size - EVIDENCE_ROWS)
        filled_rows: list[tuple[int, Sequence[str]]] = [
            (begin + at, row) for at, row in enumerate(rows_of(self._blocks, begin, size - begin)) if filled(row)
        ]
        said = next((n for n, (at, _) in enumerate(reversed(filled_rows)) if at not in self._said_totals), 0)
        count = said or count_totals([row for _, row in filled_rows], whole=not begin)
        if not count:
            return size, []
        self._twice = not begin and counts_twice(filled_rows[-count][1], [row for _, row in filled_rows[:-count]])
        return filled_rows[-count - 1][0] + 1, filled_rows[-count:]

    def _kept_columns(self, layout: Layout) -> list[int]:
        """Columns with a header of their own or a value; publication sheets put empty ones between."""
        used: set[int] = set()
        for block in cut(self._blocks, 0, self._size):
            empty = (i for i in range(len(layout.labels)) if i not in used)
            used.update(i for i in empty if not pc.all(is_blank(block.column(i))).as_py())
        return [i for i, label in enumerate(layout.labels) if i in used or (label and i not in layout.spread)]


def _below_header(gone: Sequence[int], region: Region, layout: Layout) -> list[int]:
    """Of the sheet's rows those of this table that make no header."""
    header = range(0) if layout.header is None else range(layout.header, layout.header + layout.depth)
    return [row for row in gone if 0 <= row - region.first_row < region.lines and row - region.first_row not in header]


def _blank_above(layout: Layout, first_row: int, gone: Sequence[int]) -> list[int]:
    """The sheet's rows above the first of data that hold nothing, but for those left out; blank ones inside a header
    are its own. ``first_row``: where the layout begins."""
    header = range(0) if layout.header is None else range(layout.header, layout.header + layout.depth)
    rows = (row for row in range(layout.first) if row not in header and row not in layout.preamble)
    return [first_row + row for row in rows if first_row + row not in gone]


def _check_columns(count: int, place: TablePlace, limits: Limits) -> None:
    if count > limits.columns:
        raise LimitExceeded(
            f'Sheet "{place.source}" has {count:,} columns; a table can have {limits.columns:,}.',
            hint="Leave out columns, or turn the table: one row for each value.",
        )


def _notes_on_columns(region: Region, kept: Sequence[int]) -> tuple[Note, ...]:
    """Those between the first and the last that is kept: to the left and right of them may stand other tables."""
    left_out = sorted(set(range(min(kept, default=0), max(kept, default=0))).difference(kept))
    return columns_note([region.first_column + column for column in left_out])


def _nul_reject(row: int, cells: Sequence[str]) -> Reject:
    return Reject(row=row, reason=Reason.of(RejectCode.NUL_BYTE, sheet=True), raw="\t".join(cells))
