"""The first rows of a file's tables, ready to be shown: on its receipt, in the review and in the admin."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from uploads.services.datasets.first_rows import FirstRows, first_rows_of
from uploads.services.visibility import Viewer
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.receipts import cells_as_read
from uploads.web.shown.cells import CELL_SHOWN, NUMBERS, Cell, cell_of
from uploads.web.shown.pieces import Piece, pieces_of

BLANK = Piece(text="(blank)")
"""Where something is stored all the same: the value of an earlier file, which a blank keeps."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownColumn:
    label: str
    type: str
    is_number: bool


_MARKS_SHOWN = {"␣": "space", "⍽": "no-break space", "⇥": "tab", "↵": "line end"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedCell:
    """What is stored and, only where that differs, how it stands in the file."""

    stored: Cell
    as_read: tuple[Piece, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One table; ``lines``: its line or row number, and its cells."""

    load_id: int
    title: str
    row_word: str
    columns: tuple[ShownColumn, ...]
    lines: tuple[tuple[int, tuple[ComparedCell, ...]], ...]
    legend: str
    """How a cell that differs is shown; empty where none does."""
    more: str
    """What is not shown; empty where all is."""


def previews_of(*, file_id: int, viewer: Viewer, holds: bool = False) -> tuple[Preview, ...]:
    """Of each table, in the file's order, as far as this person may see rows; ``holds``: has the file's token."""
    return tuple(map(_preview, first_rows_of(file_id=file_id, viewer=viewer, holds=holds)))


def shown_rows(first: FirstRows) -> tuple[tuple[int, tuple[ComparedCell, ...]], ...]:
    """Number and cells of each row."""
    return tuple(
        (row, tuple(_cells(values, as_read, columns_of(first))))
        for (row, values), as_read in zip(first.rows, first.as_read, strict=True)
    )


def columns_of(first: FirstRows) -> tuple[ShownColumn, ...]:
    """What stands above them."""
    return tuple(
        ShownColumn(label=column.label or column.name, type=column.type, is_number=column.type in NUMBERS)
        for column in first.columns
    )


def _preview(first: FirstRows) -> Preview:
    lines = shown_rows(first)
    return Preview(
        load_id=first.load_id,
        title=_title(first),
        row_word=first.row_word.capitalize(),
        columns=columns_of(first),
        lines=lines,
        legend=_legend(first, lines),
        more=_more(first, lines),
    )


def _cells(
    values: Iterable[Any], as_read: Iterable[str | None], columns: Iterable[ShownColumn]
) -> Iterator[ComparedCell]:
    for value, text, column in zip(values, as_read, columns, strict=True):
        stored = cell_of(value, column.is_number)
        yield ComparedCell(stored=stored, as_read=() if text is None else _if_other(text, stored))


def _if_other(text: str, stored: Cell) -> tuple[Piece, ...]:
    """The cell as it was read, unless it says the same as what is stored: nothing is said twice."""
    if not text and stored.text:
        return (BLANK,)
    is_cut = len(text) > CELL_SHOWN
    shown = text[:CELL_SHOWN] + "…" * is_cut
    return () if shown == stored.text else tuple(map(_seen, pieces_of(shown)))


def _seen(piece: Piece) -> Piece:
    """Spaces at either end as a sign: they are all that some cells differ by."""
    return replace(piece, text="␣" * len(piece.text)) if piece.kind == "space" else piece


def _title(first: FirstRows) -> str:
    has_read = any(cell is not None for row in first.as_read for cell in row)
    how = "as in the file and as stored" if has_read else "as stored"
    if not first.more_rows:
        return f"All rows, {how}" if len(first.rows) != 1 else f"The only row, {how}"
    return f"The first {counted(len(first.rows), 'row')}, {how}"


def _legend(first: FirstRows, lines: Iterable[tuple[int, tuple[ComparedCell, ...]]]) -> str:
    others = " The other rows are read in the same way." if first.more_rows else ""
    if any(cell.stored.kind.startswith("null") for _, cells in lines for cell in cells):
        others += " ∅ is an empty cell."
    marks = {mark for _, cells in lines for cell in cells for text in _texts(cell) for mark in text}
    others += "".join(f" {mark} is a {what}." for mark, what in _MARKS_SHOWN.items() if mark in marks)
    if not any(cell is not None for row in first.as_read for cell in row):
        return ""
    differs = any(cell.as_read for _, cells in lines for cell in cells)
    rest = cells_as_read(first.changed, {column.type for column in first.columns}, format_=first.format, rest=differs)
    grey = "Where a cell is stored in another way, what stands in the file is above it, in grey. " if differs else ""
    return f"{grey}{rest}{others}".strip()


def _texts(cell: ComparedCell) -> Iterator[str]:
    """What is shown of a cell beside its value."""
    yield from (cell.stored.before, cell.stored.after)
    yield from (piece.text for piece in cell.as_read if piece.text.strip("␣") == "")


def _more(first: FirstRows, lines: Iterable[tuple[int, tuple[ComparedCell, ...]]]) -> str:
    words = []
    if first.more_columns:
        is_ = "is" if first.more_columns == 1 else "are"
        words.append(f"{counted(first.more_columns, 'more column')} {is_} not shown.")
    if any(cell.stored.is_cut for _, cells in lines for cell in cells):
        words.append("Long cells are shortened here only; they are stored whole.")
    return " ".join(words)
