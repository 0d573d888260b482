"""A text as it is read: its table, names, rows and notes."""

from pathlib import Path
from typing import Any

from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions


def look(tmp_path: Path, text: str | bytes, name: str = "t.csv", **options: Any) -> Inspection:
    """The only table of a text."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (found,) = inspect_file(path, options=ReadOptions(**options), limits=Limits(), head_rows=100)
    return found


def labels(found: Inspection) -> list[str]:
    return [column.label for column in found.columns]


def rows(found: Inspection) -> list[tuple[str | None, ...]]:
    return [tuple(None if cell is None else str(cell) for cell in row[1:]) for row in found.head]


def kinds(found: Inspection) -> set[NoteKind]:
    return {note.kind for note in found.notes}


MANY = range(1, 9)
