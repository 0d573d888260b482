"""The raw text of a rejected row: made of its cells, and taken apart into them again."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.dialect import CsvDialect

RAW_KEPT = 100_000
"""Characters of a rejected row that are kept: enough to mend it, not enough to fill the disk."""
_MOST_QUOTES = 21
"""More quotes than these on a line are not tried one by one."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell's value, and whether it stood without quotes: only then can a separator in it be one too many."""

    text: str
    bare: bool


def joined(cells: Sequence[str], delimiter: str) -> str:
    """Cells as one line, quoted where they must be: the raw text of a row that was read well and then rejected."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="").writerow(cells)
    return line.getvalue()


def typed_cells(raw: str, *, delimiter: str, width: int) -> tuple[str, ...] | None:
    """The cells of a row that was rejected for a value (``bad_value``): they were put together by ``joined``.

    ``delimiter`` is empty for a sheet and for a text of one column. ``None`` where the row was cut or has another
    width: such a row cannot be read again.
    """
    if len(raw) >= RAW_KEPT:
        return None
    cells = next(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter or "\t"), [])
    return tuple(cells) if len(cells) == width else None


def source_cells(raw: str, dialect: CsvDialect) -> tuple[RawCell, ...] | None:
    """The cells of a record as it stands in its text; ``None`` where its quotes are not sound."""
    cells: list[RawCell] = []
    for text in _split(raw, dialect, ignored=-1):
        value = _whole(text, dialect)
        if value is None and dialect.quote is not None and text.startswith(dialect.quote):
            return None
        cells.append(RawCell(text, bare=True) if value is None else RawCell(value, bare=False))
    return tuple(cells)


def quote_readings(raw: str, dialect: CsvDialect) -> dict[tuple[str, ...], str]:
    """Every way to read a line whose quotes are not sound, and the value that the first left-out quote stood before.

    All of them hide separators, an odd one up to the line's end; or all but one do. A quote that opens a cell and is
    never closed is left out, any other stays in the value.
    """
    quote = dialect.quote
    if quote is None:
        return {}
    readings = [_split(raw, dialect, ignored=-1)]
    places = [match.start() for match in re.finditer(re.escape(quote), raw)]
    if len(places) % 2 and len(places) <= _MOST_QUOTES:
        readings += [_split(raw, dialect, ignored=place) for place in places]
    return {
        tuple(_read(cell, dialect) for cell in cells): next((c[1:] for c in cells if _opens(c, quote)), "")
        for cells in readings
    }


def _split(raw: str, dialect: CsvDialect, *, ignored: int) -> list[str]:
    """Cut at every delimiter that no quotes hide; the quote at ``ignored`` hides nothing."""
    cells: list[str] = []
    begin, hidden, at = 0, False, 0
    while at < len(raw):
        if dialect.escape and hidden and raw[at] == "\\":
            at += 1
        elif raw[at] == dialect.quote and at != ignored:
            hidden = not hidden
        elif raw[at] == dialect.delimiter and not hidden:
            cells.append(raw[begin:at])
            begin = at + 1
        at += 1
    cells.append(raw[begin:])
    if dialect.aligned:
        return list(filter(None, cells)) or [""]
    return [cells[0], *(_without_space(cell, dialect) for cell in cells[1:])] if dialect.spaced else cells


def _without_space(cell: str, dialect: CsvDialect) -> str:
    bare = cell.lstrip(" ")
    return bare if dialect.quote is not None and bare.startswith(dialect.quote) else cell.removeprefix(" ")


def _whole(text: str, dialect: CsvDialect) -> str | None:
    """What stands inside the quotes of a cell that is quoted from end to end."""
    quote = dialect.quote
    if quote is None or len(text) < 2 or not (text.startswith(quote) and text.endswith(quote)):
        return None
    inner = text[1:-1]
    if dialect.escape:
        if (len(inner) - len(inner.rstrip("\\"))) % 2:
            return None  # the last quote is part of the value
        inner = re.sub(rf"\\([\\{re.escape(quote)}])", lambda found: "\0" if found[1] == quote else found[1], inner)
    if quote in inner.replace(quote * 2, ""):
        return None
    return inner.replace(quote * 2, quote).replace("\0", quote)


def _read(text: str, dialect: CsvDialect) -> str:
    quote = dialect.quote or ""
    value = _whole(text, dialect)
    if value is not None:
        return value
    return text[1:] if _opens(text, quote) else text


def _opens(text: str, quote: str) -> bool:
    """Whether a quote opens the cell and nothing closes it."""
    return text.startswith(quote) and text.count(quote) == 1
