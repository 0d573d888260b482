"""Gathers parsed rows into chunks and accounts for each record: loaded, rejected, blank or footer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from uploads.tabular.chunks import TextChunk, Verbatim
from uploads.tabular.encoding.transcoding import encodable, first_undecoded, printable
from uploads.tabular.layout.footers import is_rule, without_notes
from uploads.tabular.layout.left_out import LeftOut
from uploads.tabular.layout.rows.places_met import PlacesMet
from uploads.tabular.layout.totals import EVIDENCE_ROWS
from uploads.tabular.notes import Note
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import Reject
from uploads.tabular.text.lines.width_runs import WidthRuns
from uploads.tabular.text.pending_rows import Piece, ReadyRows
from uploads.tabular.text.raw_rows import joined
from uploads.tabular.text.row_masks import blank_rows, equal_rows, filled_among, surplus_rows, together
from uploads.tabular.text.tables.narrower_tables import WIDTH_CODES, OtherTable, TableSeeker, is_title
from uploads.tabular.text.tables.table_borders import BorderSeeker
from uploads.tabular.text.tables.table_splitter import Sections

_FOOTER_LINES = 50
"""Longest footer looked for."""
_REJECTS_OF_A_CHUNK = 5_000
_CHUNK_BYTES = 6 * 2**20
"""Long rows come in smaller chunks: until the first are read nothing can be written. Of 400 MB of quoted text, 20 MB
each made a load 0.1 s longer."""
_LISTED_LINES = 10
_LEAST_LONE, _MOST_LONE = 2, 200
_BLANK = pa.scalar("", pa.string())


class ChunkBuilder:
    """Takes rows in the order of the source, gives chunks of about ``chunk_rows`` rows.

    ``width`` cells make a row; those beyond the labels must be empty, and labels beyond them have empty columns.
    Rejects at the very end of the source are held back until it is known whether they are the table's footer. With
    ``one_table`` there is none, nor are there totals.
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
        borders: BorderSeeker | None = None,
        one_table: bool = False,
        left_out: Sequence[LeftOut] = (),
        total_on_top: int | None = None,
    ) -> None:
        self._labels = labels
        self._delimiter = delimiter
        self.width = width
        self._columns = len(labels)
        self._chunk_rows = max(chunk_rows, 1)
        self._ready = ReadyRows(columns=self._columns, total_on_top=total_on_top)
        self._rejects: list[Reject] = []
        self._blank = 0
        self.blank_lines = PlacesMet()
        """All that were met, those among other tables too."""
        self.spaced_lines, self._spaced = PlacesMet(), list[int]()  # those of them that hold spaces
        self.tail: list[Reject | None] = []
        """What followed the last sound row: rejects, and ``None`` for each blank record."""
        self._header = tuple(labels) if headed and sum(map(bool, labels)) > 1 and not one_table else None
        self.repeated: list[int] = []
        """The first lines where the header stands once more."""
        self.repeats = 0
        self.records = 0
        """Records that were not blank so far."""
        self.footer = 0
        self.lone_lines: list[tuple[int, str]] = []
        """Records of a single cell with words among the rows, which are rejected: line and text."""
        self._uneven = 0
        """Other records that are too short or too long."""
        self.width_runs = WidthRuns()
        self.totals: list[tuple[int, list[str]]] = []
        """Rows at the foot that sum the others up: line and cells. They count as footer."""
        self.notes_below: list[tuple[int, str]] = []
        """Records at the foot that are notes: line and text."""
        self.totals_above: list[tuple[int, list[str]]] = []
        """The same right below the header. They count as preamble."""
        self.notes_on_sums: list[Note] = []
        self._one_table = one_table
        self._left_out = [one for one in left_out if one]
        self._borders = borders
        self._sections = Sections(self, seeker=seeker, borders=borders)

    @property
    def others(self) -> list[OtherTable]:
        """Other tables that stand below or within this one; their records are none of this table's."""
        return self._sections.others

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
        for left_out in self._left_out:
            rows, columns, others, kept = left_out.without(rows, columns, others)
            verbatim = verbatim if kept is None else verbatim and replace(verbatim, rows=verbatim.rows.filter(kept))
        if self.width < self._columns:  # cells that all rows leave out
            columns = [*columns, *[pa.repeat(_BLANK, len(rows))] * (self._columns - self.width)]
        blank = blank_rows(columns)
        surplus = surplus_rows(columns[self._columns :])
        repeated = equal_rows(columns, self._header) if self._header else None
        faults = list(others)
        if blank is not None or surplus is not None or repeated is not None:
            none = np.zeros(len(rows), dtype=bool)
            self._spaced += [] if blank is None else rows[filled_among(blank, columns)].tolist()
            blank = none if blank is None else blank
            bad = (none if surplus is None else surplus) & ~blank
            bad = bad if repeated is None else bad | repeated
            sound = ~(blank | bad)
            faults += [(int(row), None) for row in rows[blank]]
            faults += [self._surplus_reject(int(rows[i]), [c[i].as_py() for c in columns]) for i in np.flatnonzero(bad)]
            faults.sort(key=lambda fault: fault[0])
            rows, columns = rows[sound], [column.filter(pa.array(sound)) for column in columns]
            verbatim = verbatim and replace(verbatim, rows=verbatim.rows.filter(pa.array(sound)))
        self._place_blank([row for row, fault in faults if fault is None])
        columns = columns[: self._columns]
        verbatim = verbatim if self.width == self._columns else None
        self.records += len(rows)
        places = np.searchsorted(rows, [row for row, _ in faults]).tolist() if faults else []
        cuts = self._cuts(rows, places, faults, columns)
        begin = 0
        for end, among, behind in together(places, [fault for _, fault in faults], cuts=cuts, count=len(rows)):
            if end > begin:
                source = verbatim and replace(verbatim, rows=verbatim.rows.slice(begin, end - begin))
                slices = [column.slice(begin, end - begin) for column in columns]
                self._sections.add_rows((rows[begin:end], slices, source))
                begin = end
            self._sections.add_among([fault for fault in among if not self._repeats_header(fault)])
            for fault in behind:
                self._add_fault(fault)

    def _cuts(
        self,
        rows: np.ndarray,
        places: Sequence[int],
        faults: Sequence[tuple[int, Reject | None]],
        columns: list[pa.Array],
    ) -> frozenset[int]:
        """Rows that are looked at with what stands above them: another table may begin there, or this one go on."""
        if self._borders is None or not len(columns[0]):
            return frozenset()
        at_border = [0] if self._sections.is_at_border else []
        behind: set[int] = set()
        for place, (_, fault) in zip(places, faults, strict=True):
            if _is_header(fault):
                behind.discard(place)  # this table goes on, whatever stands above its header
            elif place < len(columns[0]) and (fault is None or is_title(fault)):
                behind.add(place)
        cuts = self._borders.places(rows, columns, sorted(behind.union(at_border)), held=self._sections.is_held)
        if cuts or not self._sections.is_own:
            again = (place for place, (_, fault) in zip(places, faults, strict=True) if _is_header(fault))
            return cuts.union(again)
        return cuts

    def _add_fault(self, fault: Reject | None) -> None:
        if fault is None:
            self.add_blank()
        elif self._repeats_header(fault):
            self._sections.resume(fault.row)
        else:
            self.add_reject(fault)

    def _repeats_header(self, fault: Reject | None) -> bool:
        """Count the header where it stands once more: it is no row of the table."""
        if not _is_header(fault):
            return False
        self.repeats += 1
        if fault is not None and len(self.repeated) < _LISTED_LINES:
            self.repeated.append(fault.row)
        return True

    def keep(self, piece: Piece) -> None:
        """Take rows of this table."""
        self.count(self.tail)
        self.tail.clear()
        self._ready.add(piece)

    def _surplus_reject(self, row: int, cells: Sequence[str]) -> tuple[int, Reject]:
        raw = joined(cells, self._delimiter)
        if tuple(cells[: self._columns]) == self._header:
            return row, Reject(row=row, reason=Reason(RejectCode.REPEATED_HEADER), raw=raw)
        return row, Reject(row=row, reason=Reason.of(RejectCode.TOO_MANY_CELLS, columns=self._columns), raw=raw)

    def _place_blank(self, lines: Sequence[int]) -> None:
        self.blank_lines.add(lines)
        self.spaced_lines.add(sorted(set(self._spaced).intersection(lines)))
        self._spaced.clear()

    def note_blank(self, line: int, cells: Sequence[str]) -> None:
        """Of a blank record that ``add_columns`` is given next among the others: whether it holds spaces."""
        if any(cells):
            self._spaced.append(line)

    def add_blank(self) -> None:
        self._sections.add(None)

    def add_reject(self, reject: Reject) -> None:
        self.records += 1
        self._sections.add(reject)

    def wrong_width(self, row: int, cells: int, raw: str) -> Reject:
        """The reject for a record with too few or too many cells."""
        code = RejectCode.TOO_FEW_CELLS if cells < self.width else RejectCode.TOO_MANY_CELLS
        return Reject(row=row, reason=Reason.of(code, cells=cells, width=self.width), raw=raw)

    def bad_cell(self, row: int, cells: Sequence[str], mark: str | None, *, code: RejectCode, raw: str) -> Reject:
        """The reject for a cell that cannot be stored: it holds ``mark``, or for ``None`` an undecodable byte."""
        index = next((i for i, cell in enumerate(cells) if _is_bad(cell, mark)), None)
        if index is None or len(cells) != self.width or index >= self._columns:
            return Reject(row=row, reason=Reason(code), raw=raw)
        cell = cells[index]
        reason = Reason.of(code, **(first_undecoded(cell) if code is RejectCode.UNDECODABLE else {}))
        return Reject(row=row, reason=reason, column=self._labels[index], value=printable(cell), raw=raw)

    def full_chunks(self) -> list[TextChunk]:
        """Chunks that are complete by now."""
        self._sections.look_for_table()
        if len(self.tail) > 2 * _FOOTER_LINES:
            # A footer is short: what stands further up is rejected or blank for certain.
            self.count(self.tail[:-_FOOTER_LINES])
            del self.tail[:-_FOOTER_LINES]
        chunks = []
        while self._is_full() or len(self._rejects) >= _REJECTS_OF_A_CHUNK:
            chunks.append(self._take(min(max(self._ready.count - EVIDENCE_ROWS, 0), self._chunk_rows), is_last=False))
        return chunks

    def _is_full(self) -> bool:
        count = self._ready.count
        return count >= self._chunk_rows + EVIDENCE_ROWS or (count > EVIDENCE_ROWS and self._ready.size >= _CHUNK_BYTES)

    def last_chunks(self, next_line: int) -> list[TextChunk]:
        """What is left at the end of the source; at least one chunk if anything is to be told.

        ``next_line``: number of the line behind the last.
        """
        self._sections.end(next_line)
        if not self._one_table:
            named = self._take_named_values() or self._take_below_rule() or self._take_remarks()
            self.totals = self._ready.take_totals()
            self.tail, notes = without_notes(
                self.tail,
                delimiter=self._delimiter,
                width=self.width,
                below_readings=bool(named) or self._ready.are_readings,
            )
            self.notes_below = sorted([*named, *((note.row, note.raw) for note in notes)])
            self.footer = len(self.notes_below) + len(self.totals)
            self.totals_above = self._ready.take_total_above()
            self.notes_on_sums = self._ready.notes_on_sums()
        self.count(self.tail)
        self.tail.clear()
        chunks = []
        while self._ready.count > self._chunk_rows or len(self._rejects) >= _REJECTS_OF_A_CHUNK:
            chunks.append(self._take(min(self._ready.count, self._chunk_rows)))
        if self._ready.count or self._rejects or self._blank:
            chunks.append(self._take(self._ready.count))
        return chunks

    def _take_named_values(self) -> list[tuple[int, str]]:
        """Names with their values below readings, and the titles among them: line and text of each."""
        named = self._ready.take_named_values([one for one in (*self._rejects, *self.tail) if one is not None])
        if not named:
            return []
        # What stands between the last of the readings and the first name is no fault either.
        last = self._ready.last_line
        titles = [one for one in self._rejects if one.row > last]
        self._rejects = [one for one in self._rejects if one.row < last]
        self.lone_lines = [(line, raw) for line, raw in self.lone_lines if line < last]
        rows = [(line, joined(cells, self._delimiter)) for line, cells in named]
        return [*rows, *((title.row, title.raw) for title in titles)]

    def _take_below_rule(self) -> list[tuple[int, str]]:
        """Rows of one cell below a line that sets notes apart, and that line: line and text of each."""
        rules = [one for one in self._rejects if one.reason.is_single_cell and is_rule(one.raw)]
        below = self._ready.take_below_rule([rule.row for rule in rules])
        if not below:
            return []
        last = self._ready.last_line
        self._rejects = [one for one in self._rejects if one not in rules or one.row < last]
        rows = [(line, joined(cells, self._delimiter)) for line, cells in below]
        return [*rows, *((rule.row, rule.raw) for rule in rules if rule.row > last)]

    def _take_remarks(self) -> list[tuple[int, str]]:
        """Notes filled up with blank cells, where nothing else stands below the rows: line and text of each."""
        return [(line, joined(cells, self._delimiter)) for line, cells in self._ready.take_remarks()]

    def _take(self, count: int, *, is_last: bool = True) -> TextChunk:
        rows = self._ready.take(count)
        last = rows.rows[-1].as_py() if count and not is_last else None
        # What stands below these rows may belong to what follows the last of all.
        later = [one for one in self._rejects if last is not None and one.row > last]
        rejects = [one for one in self._rejects if last is None or one.row <= last] if later else self._rejects
        chunk = replace(rows, rejects=tuple(rejects), blank=self._blank)
        self._rejects, self._blank = later, 0
        return chunk

    def count(self, items: Sequence[Reject | None]) -> None:
        """Take records that stand among the rows of this table."""
        for item in items:
            if item is None:
                self._blank += 1
                continue
            self._rejects.append(item)
            if item.reason.is_single_cell and self._delimiter in item.raw:
                continue  # in quotes as a whole, which a mend takes off
            if item.reason.is_single_cell and any(map(str.isalpha, item.raw)):
                if len(self.lone_lines) <= _MOST_LONE:
                    self.lone_lines.append((item.row, item.raw.strip()))
            elif item.code in WIDTH_CODES:
                self._uneven += 1
                self.width_runs.add(item)

    @property
    def are_headings(self) -> bool:
        """Whether the lone lines may name groups of rows: pieces of broken records stand beside rows too short."""
        return _LEAST_LONE <= len(self.lone_lines) <= _MOST_LONE and len(self.lone_lines) > self._uneven


def _is_header(fault: Reject | None) -> bool:
    return fault is not None and fault.code is RejectCode.REPEATED_HEADER


def _is_bad(cell: str, mark: str | None) -> bool:
    return mark in cell if mark is not None else not encodable(cell)
