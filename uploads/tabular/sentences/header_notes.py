"""The sentences about the header of a table, what stands above it, and columns that it has no names for."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from uploads.tabular.notes import KEPT, NO_ROWS, NoteKind
from uploads.tabular.sentences.row_places import places, plural, quoted, spans_in_words
from uploads.tabular.sentences.whys import phrase_of

KEPT_AS_IT_IS = "Somebody kept it as it is."
_PAIR = 2
_BREAKS = re.compile(r"\s*[\r\n]\s*")

type _Figures = Mapping[str, Any]

_COLUMNS_NAMED = 5


def unless_data(figures: _Figures, count: int = 1) -> str:
    """The way out for lines that were left out though they may be rows: so many of them; empty where none fits."""
    if count == 1:
        return as_one_table(figures, "If it is data, load it too:")
    return as_one_table(figures, "If they are data, load them too:")


def as_one_table(figures: _Figures, unless: str) -> str:
    """The way out of a note on rows that were left out, with a space before it; empty where they do not fit."""
    return "" if figures.get(NO_ROWS) else f" {unless} read everything as one table."


def _preamble(figures: _Figures) -> str:
    count = figures["count"]
    lines = "1 line of titles or notes stands" if count == 1 else f"{count} lines of titles or notes stand"
    titles = figures.get("titles")  # older loads have none
    named = quoted("line", titles, count, spans=figures.get("spans")) if titles is not None else ""
    return f"{lines} above the table and {'is' if count == 1 else 'are'} not loaded{named}."


def _sheet_header(figures: _Figures) -> str:
    titles, depth = figures["titles"], figures["depth"]
    named = f" ({places('row', figures['places'], titles)})" if figures.get("places") else ""
    if texts := figures.get("texts"):  # older loads have none
        named = quoted("row", texts, titles, spans=figures.get("spans"))
    stand = "1 row of titles or notes stands" if titles == 1 else f"{titles} rows of titles or notes stand"
    above = f"{stand} above the header and {'is' if titles == 1 else 'are'} not loaded{named}." if titles else ""
    return " ".join(filter(None, [above, _header_depth(figures) if depth > 1 else ""]))


def _header_depth(figures: _Figures) -> str:
    """With the names that were made from several rows, and those that look as if they should have been."""
    joined, more = figures.get("joined", ()), figures.get("more", 0)
    listed = ", ".join(f"“{name}”" for name in joined) + (f" and {more:,} more" if more else "")
    blank = figures.get("blank", 0)
    between = f" and {blank:,} blank line{plural(blank)} between them" if blank else ""
    joined_as = f": {listed}" if listed else ""
    spread = ", a blank one with the name to its left in the same group" if figures.get("is_spread") else ""
    at = f" (lines {spans_in_words(spans, figures['depth'])})" if (spans := figures.get("header_spans")) else ""
    are_joined = f"; their cells are joined{spread}{joined_as}" if joined or "joined" not in figures else ""
    sentence = f"The header takes {figures['depth']} rows{at}{between}{are_joined}."
    alone = figures.get("alone", ())
    groups = list(dict.fromkeys(group for _, group in alone))
    if not alone:
        return sentence
    more = figures.get("more_alone", 0)
    names = ", ".join(f"“{name}”" for name, _ in alone) + (f" and {more:,} more" if more else "")
    blank, name = ("cell", "its name") if len(alone) == 1 else ("cells", "their names")
    is_, are = ("is", "is") if len(alone) == 1 else ("are", "is" if len(groups) == 1 else "are")
    left = " and ".join(f"“{group}”" for group in groups)
    return f"{sentence} The {blank} above {names} {is_} blank, so {left} {are} no part of {name}."


def _survey_header(figures: _Figures) -> str:
    unit, texts, ids = figures["unit"], figures["texts"], figures["ids"]
    parts = []
    if texts is not None:
        what = "says what the columns mean: its texts are kept as their descriptions"
        if figures["is_joined"]:
            what = "holds the choices of the questions above it: they are part of the columns’ names"
        parts.append(f"{unit.capitalize()} {texts:,} {what}.")
    if ids is not None:
        parts.append(f"{unit.capitalize()} {ids:,} holds ids of the survey’s tool and is not loaded.")
    formats = figures.get("formats")  # older loads have none
    if formats is not None:
        parts.append(f"{unit.capitalize()} {formats:,} says how the columns are written and is not loaded.")
    attributes = figures.get("attributes")
    if attributes is not None:
        lines = f"{unit.capitalize()}s {attributes[0]:,} to {attributes[1]:,}"
        parts.append(f"{lines} say what each series is: it is kept as the columns’ descriptions.")
    if figures.get("names") is not None:
        return f"{' '.join(parts)} If that is wrong, read the file again with header row {figures['names']:,}."
    first = min(row for row in (texts, ids, formats, (attributes or [None])[0]) if row is not None)
    return f"{' '.join(parts)} If that is wrong, read the file again with data beginning in row {first:,}."


def _header_missing(figures: _Figures) -> str:
    columns = figures["columns"]
    named = "column_1 and column_2" if columns == _PAIR else f"column_1 to column_{columns}"
    names = "the column is named column_1" if columns == 1 else f"the columns are named {named}"
    return f"No header: {figures['unit']} {figures['place']:,} is data, because {phrase_of(figures['why'])}; {names}."


def header_doubt(figures: _Figures) -> str:
    """Why the row that was taken for the header may be data."""
    place = f"{figures['unit'].capitalize()} {figures['place']:,}"
    return f"{place} was taken as the header, but it may be data: {phrase_of(figures['why'])}."


def _header_doubted(figures: _Figures) -> str:
    way_out = KEPT_AS_IT_IS if figures.get(KEPT) else "If it is data, read the file again without a header."
    return f"{header_doubt(figures)} {way_out}"


def _header_dates(figures: _Figures) -> str:
    count = figures["count"]
    are = "1 column is named by a date" if count == 1 else f"{count:,} columns are named by dates"
    more = " and so on" if count > 1 else ""
    return f"{are}, written as year, month and day whatever the sheet shows: “{figures['first']}”{more}."


def _header_repeated(figures: _Figures) -> str:
    where = places(figures["unit"], figures["places"], figures["count"])
    return f"The header stands once more in {where} and is not loaded as a row.{unless_data(figures, figures['count'])}"


def _page_lines(figures: _Figures) -> str:
    count, unit = figures["count"], figures["unit"]
    stand = f"{count:,} {unit}s stand" if count > 1 else f"1 {unit} stands"
    where = places(unit, figures["places"], count)
    return (
        f"{stand} between the printed pages of one table, as titles, page numbers or sums carried over: {where}. "
        f"{'They are' if count > 1 else 'It is'} not loaded.{unless_data(figures, count)}"
    )


def _blank_names(figures: _Figures) -> str:
    count = figures["count"]
    cells, are = ("cell", "is") if count == 1 else ("cells", "are")
    return f"The header has {count:,} blank {cells} more than the rows have, which {are} left out."


def _trailing_columns(figures: _Figures) -> str:
    count = figures["count"]
    return f"{count} empty column{plural(count)} without a name at the end {'is' if count == 1 else 'are'} left out."


def _names_trimmed(figures: _Figures) -> str:
    count, first = figures["count"], figures["first"]
    if count == 1:
        return f"“{first}” in the header is read without the spaces beside it."
    return f"{count:,} cells of the header are read without the spaces beside them; the first is “{first}”."


def _names_broken(figures: _Figures) -> str:
    count, first = figures["count"], _BREAKS.sub(" ↵ ", figures["first"])
    if count == 1:
        return f"The name “{first}” has a line break where ↵ stands. It is kept, and shown as a space here."
    are = "Their line breaks are kept, and shown as spaces here"
    return f"{count:,} cells of the header have line breaks; the first is “{first}”. {are}."


def _names_missing(figures: _Figures) -> str:
    names, columns = figures["names"], figures["columns"]
    last = "the last column has" if columns - names == 1 else f"the last {columns - names:,} columns have"
    return f"The header has {names:,} name{plural(names)} for {columns:,} columns: {last} no name."


def _surplus_cells(figures: _Figures) -> str:
    names, columns, rows, line = figures["names"], figures["columns"], figures["rows"], figures.get("line")
    below = f"line {line:,} has" if rows == 1 and line else "the rows below it have"
    named = f"{names:,} name{plural(names)}"
    more = columns - names
    what = "the last cell holds" if more == 1 else f"the last {more:,} hold"
    holding = "nothing but a line break" if figures["breaks"] == 1 and rows == 1 else "nothing"
    if figures["breaks"] and holding == "nothing":
        holding = "nothing but line breaks"
    out = "and is left out. If it is a column, give it a name"
    if more > 1:
        out = "and are left out. If they are columns, give them names"
    return f"The header has {named}, and {below} {columns:,} cells: {what} {holding} {out} in the header."


def _empty_columns(figures: _Figures) -> str:
    columns = figures["columns"]
    if len(columns) == 1:
        return f"Column {columns[0]} has no name and no values and is left out."
    shown = columns[:_COLUMNS_NAMED] if len(columns) > _COLUMNS_NAMED + 1 else columns[:-1]
    last = columns[-1] if len(shown) + 1 == len(columns) else f"{len(columns) - len(shown):,} more"
    return f"{len(columns):,} columns have no name and no values and are left out: {', '.join(shown)} and {last}."


HEADER_SENTENCES: dict[NoteKind, str | Callable[[_Figures], str]] = {
    NoteKind.PREAMBLE: _preamble,
    NoteKind.SHEET_HEADER: _sheet_header,
    NoteKind.HEADER_DEPTH: _header_depth,
    NoteKind.SURVEY_HEADER: _survey_header,
    NoteKind.HEADER_REFUSED: "Read without a header, as asked.",
    NoteKind.HEADER_MISSING: _header_missing,
    NoteKind.HEADER_DOUBTED: _header_doubted,
    NoteKind.HEADER_DATES: _header_dates,
    NoteKind.HEADER_REPEATED: _header_repeated,
    NoteKind.PAGE_LINES: _page_lines,
    NoteKind.ROW_NAMES: (
        "The header has one name too few: its names stand above the columns from the second one on. The first column"
        " holds a different value in each row and has no name. If that is wrong, give every column"
        " a name in the header."
    ),
    NoteKind.NAMES_MISSING: _names_missing,
    NoteKind.TIME_UNNAMED: (
        "The header has {names} names for {columns} columns: “{name}” stands above the dates, and the times beside "
        "them have no name. If that is wrong, give every column a name in the header."
    ),
    NoteKind.BLANK_NAMES: _blank_names,
    NoteKind.TRAILING_COLUMNS: _trailing_columns,
    NoteKind.NAMES_TRIMMED: _names_trimmed,
    NoteKind.NAMES_BROKEN: _names_broken,
    NoteKind.SURPLUS_CELLS: _surplus_cells,
    NoteKind.EMPTY_COLUMNS: _empty_columns,
}
