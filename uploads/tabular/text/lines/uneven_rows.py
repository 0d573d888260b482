"""Rows with fewer or more cells than there are names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from uploads.tabular.dialect.line_form import USUAL, filled_lines
from uploads.tabular.encoding.transcoding import printable
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.notes import Note, NoteKind

type Fitting = Literal["fill", "collect"]
"""How rows of other lengths are made to fit: short ones are filled, and long ones rejected or their rest collected."""

_LEAST_ROWS = 2
_ALIKE = 0.9
_LEAST_LINES = 5
_ON_WIDTH = frozenset({NoteKind.TRAILING_COLUMNS, NoteKind.SURPLUS_CELLS, NoteKind.NAMES_MISSING})
"""Notes on cells for which the header has no names, or on names without cells."""
_ON_PLACES = frozenset({NoteKind.ROW_NAMES, NoteKind.TIME_UNNAMED})
"""Notes on names that are moved above other cells than their own."""


def fitting(said: Literal["fill", "collect", "join"] | None) -> Fitting | None:
    """How rows are to be fitted, by what was said of rows of other lengths."""
    return None if said == "join" else said


def with_all_columns(
    layout: TextLayout, rows: Sequence[Sequence[str]], elsewhere: Sequence[Sequence[str]], *, fills: bool
) -> TextLayout:
    """The layout with as many columns as there are names, whatever its rows leave out; ``fills``: they are to fit."""
    if fills:
        labels, wrong = layout.labels, _ON_WIDTH
        if layout.header is not None and layout.first == layout.header + 1:
            labels, wrong = tuple(printable(cell.strip()) for cell in rows[layout.header]), _ON_WIDTH | _ON_PLACES
        named = max((at for at, label in enumerate(labels, 1) if label), default=len(labels))
        notes = tuple(note for note in layout.notes if note.kind not in wrong)
        return replace(layout, width=named, labels=labels[:named], notes=notes)
    return without_last_cells(layout, [*rows[layout.first :], *elsewhere])


def without_last_cells(layout: TextLayout, rows: Sequence[Sequence[str]]) -> TextLayout:
    """Rows that all leave out the same last cells, as Mechanical Turk exports them: those columns are empty.

    ``rows`` are from below the header. Where a single one is as long as the header, the short ones are faults.
    """
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    columns = len(layout.labels)
    if layout.header is None or layout.width != columns or widths.total() < _LEAST_ROWS:
        return layout
    width, alike = widths.most_common(1)[0]
    if not 1 < width < columns or max(widths) >= columns or alike < _ALIKE * widths.total():
        return layout
    note = Note.of(NoteKind.LAST_CELLS_MISSING, columns=list(layout.labels[width:]))
    return replace(layout, width=width, notes=(*layout.notes, note))


def fitted_row(cells: Sequence[str], width: int, delimiter: str, *, how: Fitting) -> tuple[str, ...] | None:
    """A row of ``width`` cells: a short one filled up with blanks, the rest of a long one in its last cell.

    ``None``: the rest of long ones is not to be collected, and so it is no row.
    """
    filled = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    cells = cells[: max(width, filled)]
    if len(cells) <= width:
        return (*cells, *[""] * (width - len(cells)))
    if how != "collect":
        return None
    return (*cells[: width - 1], delimiter.join(cells[width - 1 :]))


def uneven_delimiter(text: str) -> str | None:
    """What separates cells of rows of all lengths: the usual delimiter that stands in most lines."""
    lines = filled_lines(text)
    holding = {delimiter: sum(delimiter in line for line in lines) for delimiter in USUAL}
    delimiter = max(USUAL, key=holding.__getitem__)
    return delimiter if 2 * holding[delimiter] > len(lines) else None


def uneven_note(text: str) -> Note | None:
    """What to say of a text of one column in whose lines a usual delimiter stands, in each another number of times."""
    lines = filled_lines(text)
    if len(lines) < _LEAST_LINES:
        return None
    for delimiter in USUAL:
        counts = [line.count(delimiter) for line in lines]
        if min(counts) and max(counts) > min(counts) and ", " not in text:
            least, most = min(counts) + 1, max(counts) + 1
            return Note.of(NoteKind.UNEVEN_LINES, delimiter=delimiter, least=least, most=most)
    return None
