"""Tells totals at the foot of a table from its rows: “Total;;123” sums the rows up and is none of them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.notes import Note, NoteKind

Row = Sequence[str]

EVIDENCE_ROWS = 200
"""Rows at the end of a table that are held back, to compare its last rows with."""
MOST_TOTALS = 3
_SHOWN = 60
"""Characters of a total that a note holds."""
_CELLS = 200_000
"""Cells that are looked at in all."""

_WORDS = re.compile(
    r"(grand |sub|over-?all |running )?totals?|total (g[eé]n[eé]ral|general|geral)|sums?|in all|all together"
    r"|(gesamt|zwischen|end)?summe|summe gesamt|gesamt|insgesamt|totale|totaal|suma|somma|soma|summa|razem|ogółem"
    r"|yhteensä|i alt|totalt|összesen|celkem|toplam|genel toplam|\*{1,3}|итого|всего|合計|总计|合计|總計|합계"
)
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"-?\d+,\d+")


def looks_like_total(row: Row) -> bool:
    """Whether the first cell that holds anything says so. Enough to look closer, not enough to leave a row out."""
    label = _label(row)
    return label is not None and _WORDS.fullmatch(row[label].strip().rstrip(":").strip().casefold()) is not None


def count_totals(rows: Sequence[Row], *, whole: bool) -> int:
    """How many of the last ``rows`` are totals; ``whole``: these are all rows of the table.

    A total says so, its word stands nowhere else in that column, and either a column that every row fills is blank
    in it, beside a number, or all its numbers are the sums of the columns above. Anything less sure is a row.
    """
    candidates = 0
    while candidates < min(MOST_TOTALS, len(rows) - 2) and looks_like_total(rows[-1 - candidates]):
        candidates += 1
    above = rows[: len(rows) - candidates][-max(_CELLS // max(len(rows[-1]), 1), 2) :] if rows else []
    whole = whole and len(above) == len(rows) - candidates
    totals = 0
    for row in reversed(rows[len(rows) - candidates :]):
        if not _is_total(row, above, whole=whole):
            break
        totals += 1
    return totals


def total_notes(unit: str, totals: Sequence[tuple[int, str]]) -> list[Note]:
    """A note for each total, given by its place and text; ``unit`` is ``line`` or ``row``."""
    notes = []
    for number, (place, text) in enumerate(totals, start=1):
        kind = NoteKind.TOTAL if number < len(totals) else NoteKind.LAST_TOTAL
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        notes.append(Note.of(kind, unit=unit, place=place, text=shown, totals=len(totals)))
    return notes


def _is_total(row: Row, above: Sequence[Row], *, whole: bool) -> bool:
    label = _label(row)
    if label is None or any(looks_like_total(other[label : label + 1]) for other in above):
        return False
    others = [position for position, cell in enumerate(row) if position != label and cell.strip()]
    if not any(kind_of(row[position]) == "number" for position in others):
        return False
    blank = [position for position, cell in enumerate(row) if not cell.strip()]
    if any(all(other[position].strip() for other in above) for position in blank):
        return True
    return whole and all(_is_sum(row[position], [other[position] for other in above]) for position in others)


def _is_sum(cell: str, above: Sequence[str]) -> bool:
    total = _number(cell)
    numbers = [_number(other) for other in above if other.strip()]
    return total is not None and None not in numbers and sum(filter(None, numbers)) == total


def _number(cell: str) -> Decimal | None:
    text = cell.strip()
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", ".")) if _COMMA.fullmatch(text) else None


def _label(row: Row) -> int | None:
    """Position of the first cell that holds anything."""
    return next((position for position, cell in enumerate(row) if cell.strip()), None)
