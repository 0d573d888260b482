"""Rows that are parsed and wait for their chunk, as slices of the columns that they were parsed in."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np
import pyarrow as pa

from uploads.tabular.chunks import TextChunk, Verbatim
from uploads.tabular.layout.footers import count_remarks, is_lone, is_rule, may_be_remark
from uploads.tabular.layout.rows.named_values import LEAST_BELOW, are_named_values, are_readings, is_figure
from uploads.tabular.layout.rows.rows_standing_out import MOST_ROWS, notes_on_rows
from uploads.tabular.layout.sums.column_sums import (
    holds_only_numbers,
    is_sum,
    is_sum_by_arithmetic,
    is_total_above,
    says_something,
)
from uploads.tabular.layout.sums.reckoned_rows import may_hold_subtotals, reckoned, subtotals, sums_of_all_below
from uploads.tabular.layout.sums.worded_sums import (
    EVIDENCE,
    LABELS,
    LOOKED_IN,
    WordedSums,
    subtotals_note,
    sums_note,
    totals_at_ends,
    with_ends,
    with_reckoned,
    worded_sums,
)
from uploads.tabular.layout.totals import EVIDENCE_ROWS, count_totals, looks_like_total, may_be_total
from uploads.tabular.notes import Note
from uploads.tabular.table import Reject

type Piece = tuple[np.ndarray, list[pa.Array], Verbatim | None]
"""Line numbers of some rows, their columns, and the rows once more as they stand in the source."""


_MOST_BELOW_RULE = 50
"""Rows that can be notes below a rule."""


class ReadyRows:
    """Sound rows in the order of the source."""

    def __init__(self, *, columns: int, total_on_top: int | None = None) -> None:
        """``total_on_top``: the line of the first row, where it is known to sum up all below it."""
        self._columns = columns
        self._total_on_top = total_on_top
        self._totals_above: list[tuple[int, list[str]]] = []
        self._pieces: list[Piece] = []
        self._taken = False
        self._sums: WordedSums | None = None
        self.count = 0
        self.size = 0
        """Bytes of their cells."""

    def add(self, piece: Piece) -> None:
        if self._total_on_top is not None and piece[0][0] == self._total_on_top:
            self._totals_above = [(int(piece[0][0]), [column[0].as_py() for column in piece[1]])]
            piece, self._total_on_top = _cut(piece, 1, len(piece[0])), None
        self._pieces.append(piece)
        self.count += len(piece[0])
        self.size += _size(piece)

    def take(self, count: int) -> TextChunk:
        """The first ``count`` rows as a chunk."""
        if count and self._sums is None:
            self._sums = self._worded_sums(count, is_all=False)
        self._taken = self._taken or count > 0
        self.count -= count
        taken = []
        while count:
            piece = self._pieces.pop(0)
            if len(piece[0]) > count:
                self._pieces.insert(0, _cut(piece, count, len(piece[0])))
                piece = _cut(piece, 0, count)
            taken.append(piece)
            count -= len(piece[0])
        self.size = sum(map(_size, self._pieces))
        return TextChunk(
            rows=pa.array(np.concatenate([np.zeros(0, dtype=np.int64), *(lines for lines, _, _ in taken)])),
            cells=tuple(_joined([columns[i] for _, columns, _ in taken]) for i in range(self._columns)),
            verbatim=_joined_verbatim([verbatim for _, _, verbatim in taken]),
        )

    def take_totals(self) -> list[tuple[int, list[str]]]:
        """Take the totals off the end: line and cells of each."""
        if not self._pieces or not may_be_total([column[-1].as_py() for column in self._pieces[-1][1]]):
            return []
        rows = [
            (int(line), cells)
            for lines, columns, _ in self._pieces
            for line, *cells in zip(lines, *(column.to_pylist() for column in columns), strict=True)
        ]
        count = count_totals([cells for _, cells in rows], whole=not self._taken)
        self._drop_last(count)
        return rows[len(rows) - count :]

    def take_named_values(self, others: Sequence[Reject]) -> list[tuple[int, list[str]]]:
        """Take names with their values off the end, where readings of an instrument stand above them: line and cells.

        ``others``: what was rejected among the rows; titles stand between the readings and such names.
        """
        begins = self._last_cells(0)
        readings = next((n for n in range(len(begins), 0, -1) if is_figure(begins[n - 1])), 0)
        if readings == len(begins) or not are_readings(begins[:readings]):
            return []
        rows = self._last_rows(len(begins) - readings + 1)
        last, found = rows[0][0], rows[1:]
        titles = [[other.raw] for other in others if other.row > last]
        if found[0][0] == last + 1 or not are_named_values(
            [*titles, *(cells for _, cells in found)], least=LEAST_BELOW
        ):
            return []
        self._drop_last(len(found))
        return found

    def take_below_rule(self, rules: Sequence[int]) -> list[tuple[int, list[str]]]:
        """Take rows of nothing but a first cell off the end, where a rule stands above them that is no row (``rules``:
        its line) or is one itself: so Destatis ends its tables. Line and cells of each."""
        if not self._pieces or self._columns < LABELS:
            return []
        rows = self._last_rows(min(self.count, _MOST_BELOW_RULE + 1))
        lone = list(takewhile(lambda row: is_lone(row[1]), reversed(rows)))[::-1]
        ruled = next((at for at, (_, cells) in enumerate(lone) if is_rule(cells[0])), None)
        above = max(rules, default=0)
        found = lone[ruled:] if ruled is not None else [row for row in lone if row[0] > above > 0]
        if not found or len(lone) == len(rows) or (ruled is None and rows[-len(found) - 1][0] > above):
            return []
        self._drop_last(len(found))
        return found

    def take_remarks(self) -> list[tuple[int, list[str]]]:
        """Take notes off the end that a spreadsheet has filled up with blank cells: line and cells of each."""
        if not self._pieces or not may_be_remark(self._last_rows(1)[0][1]):
            return []
        rows = self._last_rows(min(self.count, EVIDENCE_ROWS))
        found = rows[len(rows) - count_remarks(rows) :]
        self._drop_last(len(found))
        return found

    @property
    def last_line(self) -> int:
        """The line in which the last row begins."""
        return int(self._pieces[-1][0][-1])

    @property
    def are_readings(self) -> bool:
        """Whether each of the last rows begins with a figure."""
        return are_readings(self._last_cells(0))

    def _last_cells(self, at: int) -> list[str]:
        """What stands in one column of the last rows."""
        cells: list[str] = []
        for lines, columns, _ in reversed(self._pieces):
            cells[:0] = columns[at].slice(max(0, len(lines) - EVIDENCE_ROWS + len(cells))).to_pylist()
            if len(cells) == EVIDENCE_ROWS:
                break
        return cells

    def _last_rows(self, count: int) -> list[tuple[int, list[str]]]:
        """Lines and cells of the last rows."""
        rows: list[tuple[int, list[str]]] = []
        for lines, columns, _ in reversed(self._pieces):
            begin = max(0, len(lines) - count + len(rows))
            cells = zip(*(column.slice(begin).to_pylist() for column in columns), strict=True)
            rows[:0] = [(int(line), list(row)) for line, row in zip(lines[begin:], cells, strict=True)]
            if len(rows) == count:
                break
        return rows

    def _drop_last(self, count: int) -> None:
        self.count -= count
        while count:
            piece = self._pieces.pop()
            if len(piece[0]) > count:
                self._pieces.append(_cut(piece, 0, len(piece[0]) - count))
            count -= min(count, len(piece[0]))

    def take_total_above(self) -> list[tuple[int, list[str]]]:
        """Take a total off the top, where all rows are here to be added up, or were before: its line and cells."""
        if self._totals_above:
            return self._totals_above
        if self._taken or not self._pieces:
            return []
        piece = self._pieces[0]
        row = [column[0].as_py() for column in piece[1]]
        if not looks_like_total(row) or not is_total_above(row, [column.slice(1) for column in self._joined_columns()]):
            return []
        self._pieces[:1] = [_cut(piece, 1, len(piece[0]))] if len(piece[0]) > 1 else []
        self.count -= 1
        return [(int(piece[0][0]), row)]

    def notes_on_sums(self) -> list[Note]:
        """On rows that sum others up and are loaded; asked once, before the last of them are taken."""
        if self._sums is None:
            self._sums = self._worded_sums(self.count, is_all=True)
        sums = with_reckoned(with_ends(self._sums, self._totals_at_ends()), self._subtotals())
        on_ends = (*self._note_on_first(sums), *self._note_on_last(sums))
        return [*subtotals_note("line", sums), *on_ends, *self._on_standing_out()]

    def _totals_at_ends(self) -> dict[int, str]:
        """The last row, and the first while it is here, where its last cell is what says that it is a total."""
        if not self._pieces or self._columns < LABELS:
            return {}
        first = None if self._taken else int(self._pieces[0][0][0])
        return totals_at_ends([columns for _, columns, _ in self._pieces], first=first, last=self.last_line)

    def _on_standing_out(self) -> list[Note]:
        """Nothing of a table that is too long to be here as a whole."""
        if self._taken or not self._pieces or self.count > MOST_ROWS:
            return []
        numbers = np.concatenate([lines for lines, _, _ in self._pieces])
        return list(notes_on_rows("line", numbers, self._joined_columns()))

    def _worded_sums(self, count: int, *, is_all: bool) -> WordedSums:
        """Among the first ``count`` rows; those behind may be totals yet, which are told apart at the end."""
        most = count if is_all else min(count, EVIDENCE)
        pieces, rows = list[Piece](), 0
        for piece in self._pieces:
            if rows >= most:
                break
            pieces.append(piece if rows + len(piece[0]) <= most else _cut(piece, 0, most - rows))
            rows += len(pieces[-1][0])
        if not pieces:
            return WordedSums()
        numbers = np.concatenate([lines for lines, _, _ in pieces])
        labels = range(min(self._columns, LOOKED_IN))
        return worded_sums(numbers, [_joined([columns[i] for _, columns, _ in pieces]) for i in labels], is_all=is_all)

    def _note_on_first(self, sums: WordedSums) -> list[Note]:
        """On a first row that holds the sums of all others, and has no word that is known to say so."""
        if self._taken or not self._pieces or self._totals_above:
            return []
        lines, columns, _ = self._pieces[0]
        row, line = [column[0].as_py() for column in columns], int(lines[0])
        found = 0 if line in sums.rows else sums_of_all_below(row, self.count - 1, lambda at: self._column(at).slice(1))
        return [sums_note("line", line, found, is_first=True)] if found else []

    def _note_on_last(self, sums: WordedSums) -> list[Note]:
        """On a last row that holds sums or means, and has no word that is known to say so."""
        if self._taken or not self._pieces:
            return []
        lines, columns, _ = self._pieces[-1]
        row, line = [column[-1].as_py() for column in columns], int(lines[-1])
        if line in sums.rows:
            return []
        found = reckoned(row, self.count - 1, self._above)
        if found is not None:
            return [sums_note("line", line, found.columns, is_mean=found.is_mean)]
        is_sum_alone = holds_only_numbers(row) and self._is_sum(row)
        return [sums_note("line", line, sum(1 for cell in row if cell.strip()))] if is_sum_alone else []

    def _subtotals(self) -> list[int]:
        """The lines that sum up the rows above them, by their numbers."""
        if self._taken or not self._pieces or not may_hold_subtotals(self.count):
            return []
        places = subtotals(self._joined_columns())
        return np.concatenate([lines for lines, _, _ in self._pieces])[places].tolist() if places else []

    def _is_sum(self, row: list[str]) -> bool:
        """Whether the last row holds sums alone; columns are put together if the first of them says so."""
        at = next(at for at, cell in enumerate(row) if says_something(cell))
        return is_sum(row[at], self._above(at)) and is_sum_by_arithmetic(row, list(map(self._above, range(len(row)))))

    def _above(self, at: int) -> pa.Array:
        """A column without its last row."""
        return self._column(at).slice(0, self.count - 1)

    def _joined_columns(self) -> list[pa.Array]:
        return [self._column(at) for at in range(self._columns)]

    def _column(self, at: int) -> pa.Array:
        return _joined([columns[at] for _, columns, _ in self._pieces])


def _size(piece: Piece) -> int:
    return sum(column.nbytes for column in piece[1])


def _cut(piece: Piece, begin: int, end: int) -> Piece:
    lines, columns, verbatim = piece
    source = verbatim and replace(verbatim, rows=verbatim.rows.slice(begin, end - begin))
    return lines[begin:end], [column.slice(begin, end - begin) for column in columns], source


def _joined_verbatim(parts: Sequence[Verbatim | None]) -> Verbatim | None:
    found = [part for part in parts if part is not None]
    if not found or len(found) < len(parts):
        return None
    rows = [piece for part in found for piece in part.rows.chunks]
    return replace(
        found[0],
        rows=pa.chunked_array(rows, pa.binary()),
        quoted=any(part.quoted for part in found),
        escaped=any(part.escaped for part in found),
    )


def _joined(parts: list[pa.Array]) -> pa.Array:
    if not parts:
        return pa.array([], type=pa.string())
    return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
