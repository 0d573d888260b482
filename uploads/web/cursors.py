"""Places in a list as text for addresses: ``3.7.1200`` is row 1,200 of load 7 of file 3."""

from uploads.database.rows import Position
from uploads.tabular.errors import BadOption

_LARGEST = (2**31 - 1, 2**31 - 1, 2**63 - 1)


def write_cursor(position: Position) -> str:
    """The text from which ``read_cursor`` makes the same position."""
    return f"{position.file}.{position.load}.{position.row}"


def read_cursor(text: str) -> Position | None:
    """A position, ``None`` for empty text; raises ``BadOption`` for anything that isn't one."""
    if not text:
        return None
    parts = text.split(".")
    if len(parts) == len(_LARGEST) and all(part.isascii() and part.isdigit() and len(part) <= 19 for part in parts):
        file, load, row = map(int, parts)
        if all(number <= largest for number, largest in zip((file, load, row), _LARGEST, strict=True)):
            return Position(file=file, load=load, row=row)
    raise BadOption("This page of rows doesn't exist.", hint="Begin again at the first page.")
