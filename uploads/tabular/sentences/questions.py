"""What a receipt asks: the doubt in a sentence, and each answer in the words of a button and of an option."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from uploads.tabular.notes import KEPT, Note, NoteKind
from uploads.tabular.sentences.header_notes import KEPT_AS_IT_IS, header_doubt
from uploads.tabular.sentences.row_places import places, plural, spans_in_words

type _Figures = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One answer."""

    button: str
    options: Mapping[str, Any]
    """What is said when the file is read again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked of a table."""

    doubt: str
    ways: tuple[Way, ...]


def question_of(note: Note) -> Question:
    """``note`` is of one of the kinds that are ``QUESTIONS``."""
    figures = note.figures
    ways = tuple(Way(button=_BUTTONS[note.kind](figures, way), options=way["options"]) for way in figures["ways"])
    return Question(doubt=_DOUBTS[note.kind](figures), ways=ways)


def _sentence(doubt: Callable[[_Figures], str]) -> Callable[[_Figures], str]:
    """The doubt, and the way out in words."""

    def form(figures: _Figures) -> str:
        if figures.get(KEPT):
            return f"{doubt(figures)} {KEPT_AS_IT_IS}"
        ways = " or ".join(_in_words(way["options"]) for way in figures["ways"])
        return f"{doubt(figures)} {f'If so, read the file again with {ways}.' if ways else _ALONE}"

    return form


_ALONE = "If so, send them as a file of their own."


def _in_words(options: Mapping[str, Any]) -> str:
    return " and ".join(_way_in_words(name, options[name]) for name in _OPTIONS if name in options)


def _way_in_words(name: str, value: Any) -> str:
    if name == "table_rows" and "," in str(value):
        return f"other tables from rows “{value}” on"
    return _OPTIONS[name].format(value)


_OPTIONS = {
    "header_row": "header row “{}”",
    "data_row": "data from row “{}” on",
    "skip_rows": "rows “{}” left out",
    "table_rows": "another table from row “{}” on",
    "one_table": "everything as one table",
    "uneven_rows": "short rows filled",
}


def _runner_up(figures: _Figures) -> str:
    unit, header, first = figures["unit"], figures["header"], figures["first"]
    if header is None:
        chosen = f"{unit.capitalize()} {first:,} is read as the first row, without a header above it."
    else:
        chosen = f"{unit.capitalize()} {header:,} is read as the header, {unit} {first:,} as the first row below it."
        if first - header > 1:  # more rows of the header, or blank ones
            chosen = f"The header is read from {unit} {header:,} on, the rows below it from {unit} {first:,} on."
    return f"{chosen} {' '.join(_other(way, figures) for way in figures['ways'])}"


def _other(way: _Figures, figures: _Figures) -> str:
    unit, header, first = figures["unit"].capitalize(), way["header"], way["first"]
    if header is None:
        is_data = figures["header"] == first
        return f"{unit} {first:,} may be {'a row' if is_data else 'the first row'} too, and no header there."
    if header == figures["header"]:
        return f"{unit} {first:,} may be the first row as well."
    return f"{unit} {header:,} may be the header instead."


def _runner_up_button(figures: _Figures, way: _Figures) -> str:
    unit, header, first = figures["unit"], way["header"], way["first"]
    if header is None:
        is_first = figures["header"] == first
        return (
            f"{unit.capitalize()} {first:,} is data: no header"
            if is_first
            else f"No header, data from {unit} {first:,}"
        )
    if header == figures["header"]:
        return f"Data begin in {unit} {first:,}"
    return f"{unit.capitalize()} {header:,} is the header"


def _no_header_button(figures: _Figures, _: _Figures) -> str:

    return f"{figures['unit'].capitalize()} {figures['place']:,} is data: no header"


def _border(figures: _Figures) -> str:
    begins, last = figures["begins"], figures["last"]
    if figures["is_parted"]:
        return f"Lines {begins:,} to {last:,} are read as another table. They may be rows of this one."
    return f"Lines {begins:,} to {last:,} are taken with this table. They may be another one."


def _border_button(figures: _Figures, way: _Figures) -> str:
    if figures["is_parted"]:
        return "Read everything as one table"
    if "table_rows" in way["options"]:
        return f"Line {figures['begins']:,} begins another table"
    return f"Leave lines {figures['begins']:,} to {figures['last']:,} out"


def _rows(figures: _Figures) -> str:
    unit, first, last = figures["unit"], figures["first"], figures["last"]
    where = "below" if figures["is_below"] else "above"
    numbers = f"{first:,} to {last:,}"
    if spans := figures.get("spans"):  # blank ones stand among them
        numbers = spans_in_words(spans, figures["count"])
    return f"{unit.capitalize()}s {numbers} are taken for notes {where} the table, and may be a table of their own."


def _rows_button(figures: _Figures, way: _Figures) -> str:
    if "table_rows" in way["options"]:
        return "Load both tables"
    return f"Read {figures['unit']}s {figures['first']:,} to {figures['last']:,} instead"


def _of_one_cell(figures: _Figures) -> str:
    count, texts = figures["count"], figures["texts"]
    shown = ", ".join(f"“{text}”" for text in texts) + " and more" * (count > len(texts))
    where = places("line", figures["places"], count)
    return f"{count:,} lines of a single cell stand among the rows ({where}): {shown}. They may be headings."


def _of_one_cell_button(_: _Figures, way: _Figures) -> str:
    return "Leave these lines out" if "skip_rows" in way["options"] else "Load them as rows"


def _of_other_width(figures: _Figures) -> str:
    count, spans = figures["count"], figures["spans"]
    where = ", ".join(f"{first:,} to {last:,}" for first, last in spans) + " and more" * (figures["runs"] > len(spans))
    table = "another table" if figures["runs"] == 1 else "other tables"
    return (
        f"{count:,} rows that stand together have another number of cells than the others (lines {where})."
        f" They are rejected, and may be {table}."
    )


def _of_other_width_button(figures: _Figures, way: _Figures) -> str:
    if "table_rows" in way["options"]:
        return "Load them as another table" if figures["runs"] == 1 else "Load them as other tables"
    return "Leave these lines out"


def _two_encodings(figures: _Figures) -> str:
    return f"{_other_lines(figures)} If letters look wrong there, choose another encoding for {_those(figures)}."


def _two_encodings_sentence(figures: _Figures) -> str:
    if figures.get(KEPT):
        return f"{_other_lines(figures)} {KEPT_AS_IT_IS}"
    ways = [way["options"]["encoding"] for way in figures.get("ways", ())]
    named = f", such as {' or '.join(ways)}" if ways else ""
    return (
        f"{_other_lines(figures)} If letters look wrong there, read the file again with the encoding of"
        f" {_those(figures)}{named}: the others stay UTF-8."
    )


def _other_lines(figures: _Figures) -> str:
    count, encoding = figures["count"], figures["encoding"]
    return (
        f"The letters of {count:,} line{plural(count)} are not written as those of the others (UTF-8), and read as"
        f" {encoding} ({places('line', figures['lines'], count)})."
    )


def _those(figures: _Figures) -> str:
    return "that line" if figures["count"] == 1 else "those lines"


def _two_encodings_button(figures: _Figures, way: _Figures) -> str:
    return f"Read {_those(figures)} as {way['options']['encoding']}"


_DOUBTS: dict[NoteKind, Callable[[_Figures], str]] = {
    NoteKind.HEADER_DOUBTED: header_doubt,
    NoteKind.LAYOUT_RUNNER_UP: _runner_up,
    NoteKind.BORDER_DOUBTED: _border,
    NoteKind.ROWS_AMONG_NOTES: _rows,
    NoteKind.LINES_OF_ONE_CELL: _of_one_cell,
    NoteKind.ROWS_OF_OTHER_WIDTH: _of_other_width,
    NoteKind.TWO_ENCODINGS: _two_encodings,
}
_BUTTONS: dict[NoteKind, Callable[[_Figures, _Figures], str]] = {
    NoteKind.HEADER_DOUBTED: _no_header_button,
    NoteKind.LAYOUT_RUNNER_UP: _runner_up_button,
    NoteKind.BORDER_DOUBTED: _border_button,
    NoteKind.ROWS_AMONG_NOTES: _rows_button,
    NoteKind.LINES_OF_ONE_CELL: _of_one_cell_button,
    NoteKind.ROWS_OF_OTHER_WIDTH: _of_other_width_button,
    NoteKind.TWO_ENCODINGS: _two_encodings_button,
}
QUESTION_SENTENCES: dict[NoteKind, str | Callable[[_Figures], str]] = {
    **{kind: _sentence(doubt) for kind, doubt in _DOUBTS.items() if kind is not NoteKind.HEADER_DOUBTED},
    NoteKind.TWO_ENCODINGS: _two_encodings_sentence,
}
