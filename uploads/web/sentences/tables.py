"""What a table of a file is called, and what reading it together with what was told from it would bring."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from uploads.models import ADOPTED_FORMAT
from uploads.services.files.load_receipt import LoadReceipt
from uploads.tabular.names import MAX_NAME_BYTES, NameChange
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import FileFormat, row_word_of
from uploads.web.sentences.phrases import counted, listed

_SHEETS = frozenset({"xlsx", "xls", "xlsb", "ods", "fods", "xml"})
_SHEET = "Sheet"
_PAIR = 2
_AS_ONE = ": read everything as one table"
_MOST_NAMED = 4
"""Rows that a button names."""
_ON_TITLES = frozenset({NoteKind.PREAMBLE, NoteKind.SHEET_HEADER})
_HEADER_DEEP = frozenset({NoteKind.HEADER_DEPTH, NoteKind.SHEET_HEADER})


def table_title(load: LoadReceipt, among: Sequence[LoadReceipt] = ()) -> str:
    """``Sheet S1``, ``jan.csv``, ``“Travel”, lines 24 to 28``; empty for a file that is one table.

    ``among``: all tables of its file. Those of one sheet or text have their titles in front, where they have some.
    """
    place = _place_of(load, is_alone=len(among) < 2)
    title = title_above(load, among) if len(together(load, among)) > 1 else ""
    return f"“{title}”, {place}" if title else place


def title_above(load: LoadReceipt, among: Sequence[LoadReceipt]) -> str:
    """What stands above the table, in a line of a single cell: of several the one that the fewest others have too."""
    of_others = Counter(title for other in among for title in set(_titles(other)))
    return min(_titles(load), key=of_others.__getitem__, default="")


def _titles(load: LoadReceipt) -> list[str]:
    """As far as they are kept, from above."""
    return [text for note in load.notes if note.kind in _ON_TITLES for text in note.figures.get("headings", ())]


def _place_of(load: LoadReceipt, *, is_alone: bool) -> str:
    source = load.source or ""
    if not source:
        first = f"lines 1 to {load.lines:,}" if load.lines and load.format == FileFormat.CSV else "First table"
        return "" if is_alone else first
    is_plain = load.format in _SHEETS and "/" not in source  # else it begins with the archive's member
    is_said = source.casefold().startswith(_SHEET.casefold())
    return source if not is_plain or is_said else f"{_SHEET} {source}"


def together(load: LoadReceipt, loads: Sequence[LoadReceipt]) -> tuple[LoadReceipt, ...]:
    """The tables of one sheet or text: those that would be one if it were read as one table."""
    return tuple(other for other in loads if other.origin == load.origin)


def separate_label(delimiter: str) -> str:
    """What cutting lines of any number of cells does, for its button."""
    mark = "tabs" if delimiter == "\t" else f"“{delimiter}”"
    return f"Separate at {mark} and keep what is over in the last column"


def names_legend(changes: Iterable[NameChange | None]) -> str:
    """What the marks beside the names of columns mean; empty where there are none."""
    found = set(changes)
    return " ".join(sentence for change, sentence in _NAMES_CHANGED.items() if change in found)


_NAMES_CHANGED = {
    NameChange.CUT: (
        f"“cut”: a name in the database has room for {MAX_NAME_BYTES} letters, and é or ß take the room of two."
    ),
    NameChange.CHANGED: (
        "“changed”: a name in the database has only letters, digits and _, begins with a letter, and stands once in a"
        " table."
    ),
}


def names_heading(load: LoadReceipt) -> str:
    """What stands above the names of its columns: those joined from several rows stand nowhere in the file."""
    if load.format == ADOPTED_FORMAT:
        return "Name in the table"
    joins = any(note.kind is NoteKind.SURVEY_HEADER and note.figures["is_joined"] for note in load.notes)
    joined = any(
        note.figures.get("joined", True) for note in load.notes if note.kind in _HEADER_DEEP
    )  # older have none
    depth = max(header_depth_of(load) if joined else 1, _PAIR if joins else 1)
    return f"Name, joined from {depth:,} header rows" if depth > 1 else "Name in the file"


def cut_place(load: LoadReceipt) -> str:
    """What the name of its dataset is the beginning of; empty where it is not cut."""
    if not load.place_cut_from:
        return ""
    return f"“{load.place_cut_from}” is too long for the name of a dataset, so its end is left off: “{load.place}”."


def no_header_label(load: LoadReceipt) -> str:
    """What reading it without a header does, for its button; empty where nobody doubts the header."""
    row = load.doubted_header
    return "" if row is None else f"{row_word_of(load.format).capitalize()} {row:,} is data: no header"


def one_table_label(load: LoadReceipt, loads: Sequence[LoadReceipt]) -> str:
    """What reading everything as one table does, for its button: ``Load row 10 too: …``; empty where it isn't offered.

    ``loads``: all tables of the file, for the option holds for each of them.
    """
    near = together(load, loads)
    if not load.may_be_one_table([len(other.columns) for other in near]):
        return ""
    if any(note.is_on_rows_left_out for other in loads if other not in near for note in other.notes):
        return f"Load what was left out of every table too{_AS_ONE}"
    return join_label(near) if len(near) > 1 else _load_too(load)


def join_label(near: Sequence[LoadReceipt]) -> str:
    """``Read everything as one table: 2 tables → 1 of 240 rows``, in the words of the notes that lead to it."""
    tables, rows = len(near), joined_rows(near)
    if rows and near[0].place and len({load.place for load in near}) == 1:
        return (
            f"Read everything as one table: {counted(rows, 'row')}, {_more_rows(near):,} of titles, headers or totals"
        )
    return f"Read everything as one table: {tables:,} tables → 1{f' of {counted(rows, "row")}' if rows else ''}"


def joined_rows(near: Sequence[LoadReceipt]) -> int:
    """Rows of tables below each other as one: with their titles, headers and totals but the first header and what
    stands above it. 0 where they may stand beside each other, in a sheet."""
    if any(load.format != FileFormat.CSV for load in near):
        return 0
    first, *others = near
    rows = first.loaded + first.rejected + first.footer + _repeats(first)
    return rows + sum(each.loaded + each.rejected + each.footer + each.preamble + _header(each) for each in others)


def _more_rows(near: Sequence[LoadReceipt]) -> int:
    """How many more there are when the tables are one."""
    return joined_rows(near) - sum(load.loaded + load.rejected for load in near)


def parted_sentence(near: Sequence[LoadReceipt]) -> str:
    """What there is now, and what else becomes rows: beside the question whether tables are one."""
    now = listed([f"{load.loaded + load.rejected:,}" for load in near], most=_MOST_NAMED)
    more = _more_rows(near)
    sentence = f"Now they are {len(near):,} tables, of {now} rows."
    if more <= 0:
        return sentence
    are = "is" if more == 1 else "are"
    return f"{sentence} Joined, {counted(more, 'line')} of titles, headers and totals {are} read as rows too."


def _load_too(load: LoadReceipt) -> str:
    found = [(list(places), count) for places, count in map(_told, load.notes) if count]
    places = sorted({place for named, _ in found for place in named})
    count = sum(count for _, count in found)
    if not count:
        return f"Load what was left out too{_AS_ONE}"
    unit = row_word_of(load.format)
    if len(places) == count <= _MOST_NAMED:
        named = listed([f"{place:,}" for place in places], most=_MOST_NAMED)
        return f"Load {unit}{'s' * (count > 1)} {named} too{_AS_ONE}"
    return f"Load {counted(count, unit)} too{_AS_ONE}"


def _told(note: Note) -> tuple[Sequence[int], int]:
    """The rows that the note says are not loaded, as far as they are named, and how many there are."""
    figures: Mapping[str, Any] = note.figures
    match note.kind:
        case NoteKind.TOTAL | NoteKind.LAST_TOTAL:
            return [figures["place"]], 1
        case NoteKind.NOTES_BELOW if figures.get("unfit"):  # the others cannot be told from those
            return (), figures["count"] - figures["unfit"]
        case NoteKind.HEADER_REPEATED | NoteKind.PAGE_LINES | NoteKind.NOTES_BELOW:
            return figures.get("places", ()), figures["count"]
        case NoteKind.OTHER_LINES_LEFT_OUT:
            return (), figures["lines"]
        case NoteKind.TABLE_LEFT_OUT:
            return (), figures["rows"]
        case _:
            return (), 0


def _repeats(load: LoadReceipt) -> int:
    kinds = (NoteKind.HEADER_REPEATED, NoteKind.PAGE_LINES)
    return sum(note.figures["count"] for note in load.notes if note.kind in kinds)


def _header(load: LoadReceipt) -> int:
    """Lines of the header that are not blank, and of those that repeat it."""
    deep = header_depth_of(load)
    is_survey = any(note.kind is NoteKind.SURVEY_HEADER for note in load.notes)
    return load.header if is_survey else deep + _repeats(load)


def header_depth_of(load: LoadReceipt) -> int:
    """Rows of the header that are not blank."""
    depths = (note.figures["depth"] for note in load.notes if note.kind in _HEADER_DEEP)
    return next(depths, 1 if load.header_row else 0)
