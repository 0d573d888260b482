"""The sentences on what sheets hold: cells that are hidden, merged, blank for a reason or not as they are stored."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from uploads.tabular.notes import NoteKind
from uploads.tabular.sentences.row_places import places, plural

type _Figures = Mapping[str, Any]

_COLUMNS_NAMED = 5
_WORDS_NAMED = 3
_ROWS_NAMED = 5
_ALL_LOADED = "All are loaded as rows: leave them out before you add up a column."


def _error_cells(figures: _Figures) -> str:
    first = f"; the first is {figures['first']}" if figures["first"] else ""
    return f"{_cells(figures['count'], 'hold')} an error, read as blank{first}."


def _formulas(figures: _Figures) -> str:
    count = figures["count"]
    formulas = "a formula: what is read is its result," if count == 1 else "formulas: what is read is their results,"
    which = "it is" if count == 1 else "the first is"
    first = f"; {which} {figures['first']}" if figures.get("first") else ""  # older loads do not tell
    return f"{_cells(count, 'hold')} {formulas} as last saved{first}."


def _unsaved_formulas(figures: _Figures) -> str:
    return (
        f"{_cells(figures['count'], 'hold')} a formula whose value was not saved, read as blank; the first is"
        f" {figures['first']}. Open the workbook in a spreadsheet program and save it to have the values."
    )


def _merged_cells(figures: _Figures) -> str:
    count, first = figures["count"], figures["first"]
    if figures["filled"]:
        return f"{count:,} cell{plural(count)} got the value of the merged cell above; the first is {first}."
    they_are = "is blank because it is" if count == 1 else "are blank because they are"
    return (
        f"{count:,} cell{plural(count)} {they_are} merged with the cell"
        f" above; the first is {first}. To give each row the value, read the file again with merged cells filled down."
    )


def _hidden_cells(figures: _Figures) -> str:
    rows, columns = figures["rows"], figures["columns"]
    parts = [_hidden_rows(rows, figures.get("spans", ()))] if rows else []
    if columns:
        names = figures.get("names") or [""] * len(columns)
        each = [f"{column} ({name})" if name else column for column, name in zip(columns, names, strict=True)]
        parts.append(f"column{plural(len(columns))} {_and_more(each, _COLUMNS_NAMED)}")
    filtered = " (a filter is on)" if figures["is_filtered"] else ""
    sheet = f" in sheet “{figures['sheet']}”" if figures["sheet"] else ""  # the only table of a page has no name
    what = f"Hidden{sheet}{filtered}: {' and '.join(parts)}."
    one = rows + len(columns) == 1
    if figures["left_out"]:
        return f"{what} {'It is' if one else 'They are'} left out, as asked."
    are, them = ("It is", "it") if one else ("They are", "them")
    return f"{what} {are} loaded like the others. To leave {them} out, read the file again with visible cells only."


def _hidden_rows(count: int, spans: Sequence[Sequence[int]]) -> str:
    """``rows 4 to 7 and 9``; of many spans how many rows it are, too."""
    if not spans:  # as older loads have it
        return f"{count:,} row{plural(count)}"
    each = [f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in spans]
    if sum(last - first + 1 for first, last in spans) == count:
        return f"row{plural(count)} {_and_more(each, len(each))}"
    return f"{count:,} rows ({', '.join(each)} and more)"


def _and_more(words: Sequence[str], most: int) -> str:
    """``A, B and C``, or the first of them and how many more there are."""
    shown = [*words[:most], f"{len(words) - most:,} more"] if len(words) > most else words
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _cells_at(figures: _Figures) -> str:
    """``Cell C3 holds``, ``Cells C3 and C4 hold``, or ``9 cells (C3, C4 … and 4 more) hold``."""
    count, named = figures["count"], figures.get("places") or [figures["first"]]  # older loads tell the first
    if count == 1:
        return f"Cell {named[0]} holds"
    if count == len(named):
        return f"Cells {_and_more(named, count)} hold"
    return f"{count:,} cells ({', '.join(named)} and {count - len(named):,} more) hold"


def _zero_dates(figures: _Figures) -> str:
    return f"{_cells_at(figures)} 0 as a date, which a spreadsheet shows as the day 0 of January 1900; read as empty."


def _hidden_times(figures: _Figures) -> str:
    held, many = figures.get("held", ""), figures["count"] > 1  # older loads do not tell
    if many:
        first = f"; the first, {figures['first']}, is {held}" if held else ""
        return f"{_cells_at(figures)} dates or times that their formats do not show{first}. They are read as empty."
    what = f"{held}, which its format for dates or times" if held else "a date or time, which its format"
    return f"{_cells_at(figures)} {what} does not show. It is read as empty."


def _times_over_a_day(figures: _Figures) -> str:
    such = f", such as {figures['held']} shown and stored as {figures['shown']}" if figures.get("held") else ""
    return (
        f"{_cells_at(figures)} a time of 24 hours or more in a format that shows the time of day alone{such}. To have"
        " all hours, give the column the format [h]:mm in the sheet and send it again."
    )


def _negative_times(figures: _Figures) -> str:
    return (
        f"{_cells_at(figures)} a date or time below zero, which Excel shows as ######. Look whether it is a"
        " mistake of the sheet."
    )


def _currencies(figures: _Figures) -> str:
    return _amounts(figures, "currencies", "currency")


def _units(figures: _Figures) -> str:
    return _amounts(figures, "units", "unit")


def _amounts(figures: _Figures, several: str, one: str) -> str:
    cells = figures["cells"]
    listed = ", ".join(f"{count:,} in {each}" for each, count in cells.items())
    return (
        f"Column {figures['column']} holds amounts in {len(cells):,} {several} ({listed}): only the numbers are"
        f" loaded. Give the {one} a column of its own before you add them up."
    )


def _cells(count: int, verb: str) -> str:
    return f"{count:,} cells {verb}" if count > 1 else f"1 cell {verb}s"


def _subtotals(figures: _Figures) -> str:
    count = figures["count"]
    if not count:
        what = "The rows add up to twice their total: some of them are subtotals of others"
    else:
        more = not figures.get("is_all", True)
        where = places(figures.get("unit", "row"), figures["places"], count + more).capitalize()
        words = ", ".join(f"“{word}”" for word in figures.get("words", ())[:_WORDS_NAMED])
        many = count + more > 1
        is_total = "call themselves totals" if many else "calls itself a total"
        what = f"{where} {is_total} ({words})" if words else f"{where} {'sum' if many else 'sums'} other rows up"
    one = count == 1 and figures.get("is_all", True)
    they_are = "It is loaded as a row: leave it out before you add up a column." if one else _ALL_LOADED
    return f"{what}. {they_are}"


def _total_levels(figures: _Figures) -> str:
    where = [
        f"in “{name}”{f' in {count:,} row{plural(count)}' * figures['is_all']}" for name, count in figures["columns"]
    ]
    return (
        f"“{figures['word']}” stands {', '.join(where[:-1])} and {where[-1]}. All rows are loaded: choose one level of"
        " each before you add them up."
    )


def _named(figures: _Figures) -> str:
    """The columns by their names, or by their letters where they have none."""
    columns, names = figures["columns"], figures.get("names") or [""] * len(figures["columns"])
    each = [f"“{name}”" if name else f"column {letters}" for letters, name in zip(columns, names, strict=True)]
    return _and_more(each, _COLUMNS_NAMED)


def _percentages(figures: _Figures) -> str:
    number = Decimal(figures["number"])
    return (
        f"Percentages of {_named(figures)} are stored as the number that the sheet holds for them:"
        f" {(100 * number).normalize():f} % is {number:f}."
    )


def _masked_numbers(figures: _Figures) -> str:
    count = figures.get("count")  # older loads do not tell
    example = f"{figures['number']} as “{figures['shown']}”"
    if count == 1:
        number = f"1 number of {_named(figures)} is shown in another way by the sheet"
        return f"{number}, {example}: its column is stored as text, as shown."
    what = f"{count:,} numbers" if count else "Numbers"
    numbers = f"{what} of {_named(figures)} are shown in another way by the sheet"
    return f"{numbers}, such as {example}: their columns are stored as text, as shown."


def _shown_as_words(figures: _Figures) -> str:
    """``cells``: of each column its numbers with the words, blank where nothing is shown."""
    names = figures.get("names") or [""] * len(figures["columns"])
    worded, hidden = list[str](), list[str]()
    for letters, name, cells in zip(figures["columns"], names, figures["cells"], strict=True):
        column = f"“{name}”" if name else f"column {letters}"
        if shown := [f"{number} as “{words}”" for number, words in cells if words]:
            worded.append(f"{column} shows {_and_more(shown, _COLUMNS_NAMED)}")
        if unseen := next((number for number, words in cells if not words), ""):
            hidden.append(f"{column}, such as {unseen}")
    sentences = []
    if worded:
        sentences.append(
            f"Numbers are stored where the sheet shows words: {'; '.join(worded[:_COLUMNS_NAMED])}. To have the words,"
            " save the sheet as CSV and send that."
        )
    if hidden:
        sentences.append(f"Numbers that the sheet does not show are stored: {'; '.join(hidden[:_COLUMNS_NAMED])}.")
    return " ".join(sentences)


_HIDDEN_PARTS = {
    "seconds": "seconds that the sheet does not show",
    "time": "a time of day that the sheet does not show",
    "decimals": "more digits than the sheet shows",
}


def _shown_shorter(figures: _Figures) -> str:
    names = figures.get("names") or [""] * len(figures["columns"])
    each = [
        _shorter_in(f"“{name}”" if name else f"column {letters}", *cells)
        for letters, name, cells in zip(figures["columns"], names, figures["cells"], strict=True)
    ]
    among = "" if figures["is_all"] else " Only the first rows were looked at for this."
    return (
        f"Cells hold {_HIDDEN_PARTS[figures['hidden']]}, and all of it is stored: {_and_more(each, _COLUMNS_NAMED)}."
        f"{among}"
    )


def _shorter_in(column: str, count: int, place: str, stored: str, shown: str) -> str:
    """``3 of “price” (A2 shows 0.33 and holds 0.333)``"""
    first = f"{place} shows {shown} and holds {stored}" if shown else f"{place} holds {stored}"
    return f"{count:,} of {column} ({'first ' * (count > 1)}{first})"


def _sums_without_word(figures: _Figures) -> str:
    unit, columns = figures["unit"], figures["columns"]
    place, where = f"{unit.capitalize()} {figures['place']:,}", f"{columns:,} column{plural(columns)}"
    if figures.get("is_mean"):
        return (
            f"{place} holds the mean of the rows above it in {where}. It is loaded as a row; if it is no data, leave"
            f" this {unit} out."
        )
    which = "below" if figures.get("is_first") else "above"
    return (
        f"{place} holds the sum of the rows {which} it in {where}, though no word says so. It is loaded as a row; if it"
        f" is a total, leave this {unit} out."
    )


def _rows_standing_out(figures: _Figures) -> str:
    count, unit, what = figures["count"], figures["unit"], figures["what"]
    texts = ", ".join(f"“{text}”" for text in figures["texts"])
    more = ", …" if count > len(figures["texts"]) else ""
    where = places(unit, figures["rows"][:_ROWS_NAMED], count).capitalize()
    parts = figures.get("parts", ())
    below = places(unit, parts[:_ROWS_NAMED], len(parts))
    twice = f" The rows below {below} are parts of rows above: added up, they count twice." if parts else ""
    if count == 1:
        sentence = (
            f"{where} looks like a {what}: {texts}. It is loaded as a row; if it is no data, leave this {unit} out."
        )
    else:
        sentence = (
            f"{where} look like {what}s: {texts}{more}. They are loaded as rows; if they are no data, leave them out."
        )
    return f"{sentence}{twice}"


SHEET_SENTENCES: Mapping[NoteKind, str | Callable[[_Figures], str]] = {
    NoteKind.ERROR_CELLS: _error_cells,
    NoteKind.FORMULAS: _formulas,
    NoteKind.UNSAVED_FORMULAS: _unsaved_formulas,
    NoteKind.MERGED_CELLS: _merged_cells,
    NoteKind.HIDDEN_CELLS: _hidden_cells,
    NoteKind.ZERO_DATES: _zero_dates,
    NoteKind.TIMES_OVER_A_DAY: _times_over_a_day,
    NoteKind.NEGATIVE_TIMES: _negative_times,
    NoteKind.HIDDEN_TIMES: _hidden_times,
    NoteKind.CURRENCIES: _currencies,
    NoteKind.UNITS: _units,
    NoteKind.SUBTOTALS: _subtotals,
    NoteKind.PIVOT: (
        "Rows {first:,} to {last:,} are the pivot table “{name}”, which sums up rows that stand elsewhere. If you need"
        " those, send the sheet or file that has them."
    ),
    NoteKind.TOTAL_LEVELS: _total_levels,
    NoteKind.MASKED_NUMBERS: _masked_numbers,
    NoteKind.PERCENTAGES: _percentages,
    NoteKind.DAYS_AMONG_TIMES: lambda figures: (
        f"Cells of {_named(figures)} with a day and no time are stored as 00:00:00 of that day, as others there have a"
        " time."
    ),
    NoteKind.SHOWN_AS_WORDS: _shown_as_words,
    NoteKind.HEADER_SWITCHED_OFF: lambda figures: (
        "The workbook defines the sheet as a table and its header row is switched off, so all rows are data"
        f"{'; the columns have the names that the workbook keeps for them' if figures['is_named'] else ''}."
    ),
    NoteKind.SHOWN_SHORTER: _shown_shorter,
    NoteKind.SUMS_WITHOUT_WORD: _sums_without_word,
    NoteKind.ROWS_STANDING_OUT: _rows_standing_out,
}
