"""Fits a header to its columns where it has fewer names or more: which column is the one without a name."""

import re
from collections.abc import Sequence

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.notes import Note, NoteKind

Row = Sequence[str]

_OF_DATES = re.compile(
    r"(?:.*[\W_])?(date|datetime|day|time|timestamp|month|year|week|datum|tag|zeit|zeitpunkt|monat|jahr|fecha|hora|día"
    r"|dia|mes|año|ano|jour|heure|mois|année|data|giorno|ora|mese|anno|dag|tijd|maand|jaar|дата|время)(?:[\W_].*)?",
    re.IGNORECASE,
)
_OF_TEXTS = re.compile(
    r"(?:.*[\W_])?(name|country|city|town|state|region|label|title|category|land|ort|stadt|nom|pays|ville|nombre"
    r"|país|ciudad|nome|città|paese|naam|plaats)(?:[\W_].*)?",
    re.IGNORECASE,
)

_DECIMAL = re.compile(r"[-+]?\d+[.,]\d+")
"""It could be a day and a month, too."""
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[AaPp]\.?[Mm]\.?)?")
_OF_MOMENTS = re.compile(r".*(date|time|stamp|datum|zeit|fecha|data|дата|日時|日付).*|when|moment", re.IGNORECASE)
_OF_CLOCKS = re.compile(
    r".*(time|zeit|uhr|hora|heure|tijd|время|start|begin|end|from|until|open|close|arriv|depart|ankunft|abfahrt|時).*"
    r"|(.*[\W_])?(in|out|to|von|bis|ab|an|ora|ore|saat|hh|h)([\W_].*)?",
    re.IGNORECASE,
)
"""Names of a column of times of day."""


def fitted_labels(row: Row, width: int, body: Sequence[Row]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """The header's cells for a table of ``width``; a note where they are not as many."""
    labels = [cell.strip() for cell in row]
    if len(labels) == width:
        return tuple(labels), ()
    if len(labels) == width - 1 and (clock := _unnamed_clock(labels, body)) is not None:
        note = Note.of(NoteKind.TIME_UNNAMED, names=len(labels), columns=width, name=labels[clock - 1])
        return (*labels[:clock], "", *labels[clock:]), (note,)
    # Where the first cell is blank, the names of rows have their place already.
    is_short = len(labels) == width - 1 and labels[:1] != [""]
    if is_short and are_row_names(body) and not _names_first_column(labels, body):
        # How R writes a table: its row names, all different, have no name of their own.
        return ("", *labels), (Note.of(NoteKind.ROW_NAMES),)
    if len(labels) < width:
        note = Note.of(NoteKind.NAMES_MISSING, names=len(labels), columns=width)
        return tuple(labels + [""] * (width - len(labels))), (note,)
    surplus = len(labels) - width
    while len(labels) > width and not labels[-1]:
        labels.pop()
    more = len(labels) - width
    if more and more == labels.count(""):
        labels, more = [label for label in labels if label], 0
    left_out = surplus - more
    return tuple(labels), (Note.of(NoteKind.BLANK_NAMES, count=left_out),) if left_out else ()


def notes_on_width(
    fitted: Sequence[Note], trimmed: Sequence[Note], rows: Sequence[Row], *, width: int
) -> tuple[Note, ...]:
    """The notes on names that are too few and on columns left out at the end; of the same columns one note says both.

    ``rows``: those of ``width`` that were looked at.
    """
    missing = next((note for note in fitted if note.kind is NoteKind.NAMES_MISSING), None)
    if missing is None or not trimmed:
        return (*fitted, *trimmed)
    names, kept = missing.figures["names"], missing.figures["columns"] - trimmed[0].figures["count"]
    if kept > names:
        return (Note.of(NoteKind.NAMES_MISSING, names=names, columns=kept), *trimmed)
    beyond = [sum(map(_breaks_in, row[names:])) for row in rows]
    return (
        Note.of(
            NoteKind.SURPLUS_CELLS,
            names=names,
            columns=width,
            rows=len(rows),
            breaks=sum(beyond),
            broken=sum(1 for breaks in beyond if breaks),
        ),
    )


def _breaks_in(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def are_row_names(body: Sequence[Row]) -> bool:
    """Whether the first column names rows: no two alike; a last column without a value is but a trailing separator."""
    return len(body) > 1 and len({row[0] for row in body}) == len(body) and any(row[-1].strip() for row in body)


def _unnamed_clock(labels: Sequence[str], body: Sequence[Row]) -> int | None:
    """The column of times of day, from 0, that shares the name of the dates on its left: ``Timestamp`` above both.

    A name of its own for the times (``Date, Time``) leaves another column without one.
    """
    for position, label in enumerate(labels):
        names = (label, labels[position + 1] if position + 1 < len(labels) else "")
        if not _OF_MOMENTS.fullmatch(names[0]) or _OF_CLOCKS.fullmatch(names[1]):
            continue
        pairs = [(row[position].strip(), row[position + 1].strip()) for row in body]
        if pairs and all(_DAY.fullmatch(day) and _CLOCK.fullmatch(clock) for day, clock in pairs):
            return position + 1
    return None


def _names_first_column(labels: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether a name says what the first column holds and not what the second does: ``date`` left of counts.

    Then each name stands above its own column, and the last column is the one without a name.
    """
    for position, label in enumerate(labels[:-1]):
        own, next_one = _kind(body, position), _kind(body, position + 1)
        if own == next_one:
            continue
        if _OF_DATES.fullmatch(label):
            return own == "time"
        if _OF_TEXTS.fullmatch(label):
            return own == "text" and next_one != ""
    return False


def _kind(body: Sequence[Row], position: int) -> str:
    """What all cells of a column are: ``time``, ``number`` or ``text``; empty where that differs."""
    cells = (row[position].strip() for row in body)
    kinds = {"number" if _DECIMAL.fullmatch(cell) else kind_of(cell) for cell in cells if cell}
    return kinds.pop() if len(kinds) == 1 else ""
