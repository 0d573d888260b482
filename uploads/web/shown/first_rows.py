"""The first rows of a file's tables, ready to be shown: on its receipt and in the review."""

from collections.abc import Iterable
from dataclasses import dataclass

from uploads.services.datasets.first_rows import FirstRows, first_rows_of
from uploads.services.visibility import Viewer
from uploads.web.sentences.phrases import counted
from uploads.web.shown.cells import NUMBERS, Cell, cell_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownColumn:
    label: str
    type: str
    is_number: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One table; ``lines``: its line or row number, and its cells."""

    load_id: int
    title: str
    columns: tuple[ShownColumn, ...]
    lines: tuple[tuple[int, tuple[Cell, ...]], ...]
    more: str
    """What is not shown; empty where all is."""


def previews_of(*, file_id: int, viewer: Viewer) -> tuple[Preview, ...]:
    """Of each table, in the file's order, as far as this person may see rows."""
    return tuple(map(_preview, first_rows_of(file_id=file_id, viewer=viewer)))


def _preview(first: FirstRows) -> Preview:
    columns = tuple(
        ShownColumn(label=column.label or column.name, type=column.type, is_number=column.type in NUMBERS)
        for column in first.columns
    )
    lines = tuple(
        (row, tuple(cell_of(value, column.is_number) for value, column in zip(values, columns, strict=True)))
        for row, values in first.rows
    )
    return Preview(load_id=first.load_id, title=_title(first), columns=columns, lines=lines, more=_more(first, lines))


def _title(first: FirstRows) -> str:
    if not first.more_rows:
        return "All rows, as they are stored" if len(first.rows) != 1 else "The only row, as it is stored"
    return f"The first {counted(len(first.rows), 'row')}, as they are stored"


def _more(first: FirstRows, lines: Iterable[tuple[int, tuple[Cell, ...]]]) -> str:
    words = []
    if first.more_columns:
        is_ = "is" if first.more_columns == 1 else "are"
        words.append(f"{counted(first.more_columns, 'more column')} {is_} not shown.")
    if any(cell.is_cut for _, cells in lines for cell in cells):
        words.append("Long cells are shortened here only; they are stored whole.")
    return " ".join(words)
