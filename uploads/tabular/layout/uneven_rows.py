"""Rows with too few or too many cells, made as wide as the table where a person wants that.

Histories that grow to the right (one cell more for each vote, visit or address) have a header that ends before they do.
"""

from collections.abc import Callable, Sequence

from uploads.tabular.layout.sheet_layout import filled
from uploads.tabular.notes import Note, NoteKind

type Row = Sequence[str]

FILL = "fill"
COLLECT = "collect"


def as_wide_as_first(rows: Sequence[Row], header: int | None, *, join: Callable[[Row], str] | None) -> list[Row]:
    """The first rows of a text, each as wide as its header: the one that is said, or the first row of several cells."""
    found = header if header is not None else next((i for i, row in enumerate(rows) if filled(row) > 1), None)
    if found is None or not 0 <= found < len(rows):
        return list(rows)
    width = len(rows[found])
    return [fitted(row, width=width, columns=width, join=join) if filled(row) else row for row in rows]


def fitted(cells: Row, *, width: int, columns: int, join: Callable[[Row], str] | None) -> Row:
    """Blank cells behind the last, or all that is left in the last of the ``columns``, joined as it stood."""
    if len(cells) > width:
        if join is None:
            return cells
        cells = [*cells[: columns - 1], join(cells[columns - 1 :])]
    return (*cells, *[""] * (width - len(cells)))


class UnevenRows:
    """Fits the rows of one pass, and counts them."""

    def __init__(self, *, width: int, labels: Sequence[str], join: Callable[[Row], str] | None) -> None:
        """``join``: makes one cell of several; ``None``: rows of too many cells stay as they are."""
        self._width = width
        self._labels = labels
        self._join = join
        self._short = 0
        self._long = 0

    def fit(self, cells: Row) -> tuple[str, ...] | None:
        """The cells of a row; ``None`` where there are too many of them."""
        if len(cells) > self._width and self._join is None:
            return None
        self._short += len(cells) < self._width
        self._long += len(cells) > self._width
        return tuple(fitted(cells, width=self._width, columns=len(self._labels), join=self._join))

    def notes(self) -> list[Note]:
        notes = []
        if self._short:
            notes.append(Note.of(NoteKind.SHORT_ROWS_FILLED, count=self._short))
        if self._long:
            notes.append(Note.of(NoteKind.REST_COLLECTED, count=self._long, column=self._labels[-1]))
        return notes
