"""The sentences that people read, each made from a note's kind and figures. Nothing ever looks into one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from uploads.tabular.notes import Note, NoteKind, WhyKind

type _Figures = Mapping[str, Any]

_AS_ONE_TABLE = "read the file again as one table."
_COLUMNS_NAMED = 5
_UNLESS_ONE = f"If they are one table, {_AS_ONE_TABLE}"
_DELIMITERS = {"\t": "a tab", " ": "a space"}
_LINE_ENDS = {"pairs": "CR LF", "feeds": "LF", "returns": "CR"}


def sentence_of(note: Note) -> str:
    """One sentence for people, or two: what was decided on what evidence, and how to have it otherwise."""
    form = _SENTENCES[note.kind]
    return form.format(**note.figures) if isinstance(form, str) else form(note.figures)


def sentences_of(notes: Iterable[Note]) -> tuple[str, ...]:
    """The sentences of several notes, in their order."""
    return tuple(map(sentence_of, notes))


def _unless_data(count: int = 1) -> str:
    """The way out for lines that were left out though they may be rows: so many of them."""
    return f"If {'it is' if count == 1 else 'they are'} data, {_AS_ONE_TABLE}"


def _unless_rows_of(table: str) -> str:
    """The way out for lines that were taken for a table of their own; ``table`` is ``the one above``."""
    return f"If they are rows of {table}, {_AS_ONE_TABLE}"


def _s(count: int) -> str:
    return "s" * (count != 1)


# How a text is written


def _delimiter(figures: _Figures) -> str:
    sentence = (
        f"Cells are separated by {_named(figures['delimiter'])}: {figures['alike']:,} of {figures['rows']:,} rows "
        f"looked at have {figures['width']:,} cells."
    )
    if figures["runner_up"] is None:
        return sentence
    return (
        f"{sentence} {_named(figures['runner_up']).capitalize()} would fit nearly as well: "
        "name the delimiter if the columns look wrong."
    )


def _named(delimiter: str) -> str:
    return _DELIMITERS.get(delimiter, f"“{delimiter}”" if delimiter.isprintable() else "a control code")


def _wide_encoding(figures: _Figures) -> str:
    return f"Read as {figures['encoding'].upper()}: its line ends take as many bytes, though no mark says so."


def _legacy_doubted(figures: _Figures) -> str:
    others = " or ".join(figures["others"])
    return f"Not UTF-8; read as {figures['encoding']}, though it could also be {others}: say so if letters look wrong."


def _line_ends(figures: _Figures) -> str:
    counts = ", ".join(f"{figures[key]:,} by {name}" for key, name in _LINE_ENDS.items() if figures[key])
    return f"Lines end in several ways ({counts}); each of them ends a line."


def _breaks_in_cells(figures: _Figures) -> str:
    rows, breaks = figures["rows"], figures["breaks"]
    return f"{rows:,} row{'s hold' if rows != 1 else ' holds'} {breaks:,} line break{_s(breaks)} inside cells."


def _stray_quotes(figures: _Figures) -> str:
    count = figures["count"]
    where = _places("line", figures["lines"], count)
    return f"{count:,} row{_s(count)} with a quote where none belongs, read as written ({where})."


def _places(unit: str, numbers: Sequence[int], count: int) -> str:
    """``lines 3, 8 and more``: some of ``count``."""
    listed = ", ".join(f"{number:,}" for number in numbers)
    return f"{unit}{_s(count)} {listed}{' and more' * (count > len(numbers))}"


# Header and columns


def _preamble(figures: _Figures) -> str:
    count = figures["count"]
    lines = "1 line of titles or notes stands" if count == 1 else f"{count} lines of titles or notes stand"
    return f"{lines} above the table and {'is' if count == 1 else 'are'} not loaded."


def _sheet_header(figures: _Figures) -> str:
    titles, depth = figures["titles"], figures["depth"]
    above = f"{titles} row{_s(titles)} of titles or notes above the header." if titles else ""
    return " ".join(filter(None, [above, f"The header takes {depth} rows." if depth > 1 else ""]))


def _header_missing(figures: _Figures) -> str:
    columns = figures["columns"]
    names = "the column is named column_1" if columns == 1 else f"the columns are named column_1 to column_{columns}"
    return f"No header: {figures['unit']} {figures['place']:,} is data, because {phrase_of(figures['why'])}; {names}."


def _header_doubted(figures: _Figures) -> str:
    place = f"{figures['unit'].capitalize()} {figures['place']:,}"
    doubt = f"{place} was taken as the header, although {phrase_of(figures['why'])}."
    return f"{doubt} If it is data, load the file with header row “none”."


def _header_repeated(figures: _Figures) -> str:
    where = _places(figures["unit"], figures["places"], figures["count"])
    return f"The header stands once more in {where} and is not loaded as a row. {_unless_data(figures['count'])}"


def _blank_names(figures: _Figures) -> str:
    count = figures["count"]
    return f"The header has {count} separator{_s(count)} too many; its blank name was left out."


def _trailing_columns(figures: _Figures) -> str:
    return f"{figures['count']} empty column{_s(figures['count'])} without a name at the end left out."


def _empty_columns(figures: _Figures) -> str:
    columns = figures["columns"]
    if len(columns) == 1:
        return f"Column {columns[0]} has no name and no values and is left out."
    shown = columns[:_COLUMNS_NAMED] if len(columns) > _COLUMNS_NAMED + 1 else columns[:-1]
    last = columns[-1] if len(shown) + 1 == len(columns) else f"{len(columns) - len(shown):,} more"
    return f"{len(columns):,} columns have no name and no values and are left out: {', '.join(shown)} and {last}."


def _null_word(figures: _Figures) -> str:
    total, more = figures["cells"], figures["more_columns"]
    shown = ", ".join(f"“{column}” {count:,}" for column, count in figures["columns"])
    others = f" and {more:,} more columns" if more else ""
    cells = "1 cell" if total == 1 else f"{total:,} cells"
    return f"Read as empty, as this dataset's null words say: “{figures['word']}” in {cells} ({shown}{others})."


# What is no row of the table, and other tables


def _total(figures: _Figures) -> str:
    place = f"{figures['unit'].capitalize()} {figures['place']:,}"
    return f"{place}, “{figures['text']}”, sums the rows up: it is not loaded as one of them."


def _last_total(figures: _Figures) -> str:
    return f"{_total(figures)} {_unless_data(figures['totals'])}"


def _notes_below(figures: _Figures) -> str:
    count, unit = figures["count"], figures["unit"]
    many = f"{count} {unit}{_s(count)}" if unit == "line" else f"{count:,} {unit}{_s(count)}"
    are = "are" if count != 1 else "is"
    return f"{many} of notes below the table {are} not loaded. {_unless_data(count)}"


def _notes_beside(figures: _Figures) -> str:
    notes = figures["notes"]
    shown = ", ".join(f"{cell} “{text}”" for cell, text in notes)
    what = "a note, which is" if len(notes) == 1 else "notes, which are"
    return f"Beside the table stand{'s' * (len(notes) == 1)} {what} not loaded: {shown}. {_unless_data(len(notes))}"


def _rows_left_out(figures: _Figures) -> str:
    count = figures["count"]
    where = _places(figures["unit"], figures["places"], count)
    return f"{count:,} row{_s(count)} left out as asked: {where}."


def _short_rows_filled(figures: _Figures) -> str:
    count = figures["count"]
    return (
        f"{count:,} row{_s(count)} with too few cells {'are' if count != 1 else 'is'} filled with blank ones, as asked."
    )


def _rest_collected(figures: _Figures) -> str:
    count = figures["count"]
    column = f"“{figures['column']}”" if figures["column"] else "the last column"
    have = "have" if count != 1 else "has"
    return f"{count:,} row{_s(count)} with too many cells {have} the rest in {column}, as asked."


def _others_beside(figures: _Figures) -> str:
    columns = figures["columns"]
    if len(columns) == 1:
        stand = f"Another table stands to the right of this one, from column {columns[0]} on; it is read by itself."
    else:
        listed = f"{', '.join(columns[:-1])} and {columns[-1]}"
        stand = f"Other tables stand to the right of this one, from columns {listed} on; each is read by itself."
    return f"{stand} {_UNLESS_ONE}"


def _beside_another(figures: _Figures) -> str:
    begins = f'This table of sheet "{figures["sheet"]}" begins in column {figures["column"]}, to the right of another'
    return f"{begins} one. They are read apart because {phrase_of(figures['why'])}. {_UNLESS_ONE}"


def _options_remembered(figures: _Figures) -> str:
    if "remembered" in figures:
        return f"Format remembered from {figures['remembered']}."
    return f"Format remembered for this dataset, {figures['options']}."  # as older versions stored it


# Workbooks and archives


def _error_cells(figures: _Figures) -> str:
    first = f"; the first is {figures['first']}" if figures["first"] else ""
    return f"{_cells(figures['count'], 'hold')} an error, read as blank{first}."


def _unsaved_formulas(figures: _Figures) -> str:
    return (
        f"{_cells(figures['count'], 'hold')} a formula whose value was not saved, read as blank; the first is"
        f" {figures['first']}. Open the workbook in a spreadsheet program and save it to have the values."
    )


def _cells(count: int, verb: str) -> str:
    return f"{count:,} cells {verb}" if count > 1 else f"1 cell {verb}s"


def _members_left_out(figures: _Figures) -> str:
    listed, more = ", ".join(figures["members"]), figures["more"]
    return f"Left out of {figures['archive']}: {listed}{f' and {more} more' if more else ''}."


_SENTENCES: dict[NoteKind, str | Callable[[_Figures], str]] = {
    NoteKind.ENCODING_DOUBTED: (
        "Read as {encoding}, as you chose, although all of it is valid UTF-8: check that its letters look right."
    ),
    NoteKind.BAD_BYTES: (
        "Read as UTF-8; {count:,} bytes in it are not UTF-8, and the rows that hold them are rejected."
    ),
    NoteKind.WIDE_ENCODING: _wide_encoding,
    NoteKind.SWITCHING_ENCODING: "Read as {encoding}: escape sequences switch between its character sets.",
    NoteKind.LEGACY_ENCODING: "Not UTF-8; read as {encoding}, in which its letters make words.",
    NoteKind.LEGACY_ENCODING_DOUBTED: _legacy_doubted,
    NoteKind.NO_DELIMITER: "No delimiter found: each line is one cell.",
    NoteKind.DELIMITER: _delimiter,
    NoteKind.DELIMITER_NAMED: "The line sep= at the top names the delimiter.",
    NoteKind.ALIGNED: "The columns are aligned by spaces: several in a row are one delimiter.",
    NoteKind.SPACED: "A space follows each delimiter; it belongs to the delimiter, not to the cells.",
    NoteKind.APOSTROPHES: "Cells are quoted by apostrophes (').",
    NoteKind.BACKSLASHES: "Quotes inside cells are written with a backslash.",
    NoteKind.LINE_ENDS: _line_ends,
    NoteKind.BREAKS_IN_CELLS: _breaks_in_cells,
    NoteKind.STRAY_QUOTES: _stray_quotes,
    NoteKind.PREAMBLE: _preamble,
    NoteKind.SHEET_HEADER: _sheet_header,
    NoteKind.HEADER_DEPTH: "The header takes {depth} rows; their cells are joined.",
    NoteKind.HEADER_REFUSED: "Read without a header, as asked.",
    NoteKind.HEADER_MISSING: _header_missing,
    NoteKind.HEADER_DOUBTED: _header_doubted,
    NoteKind.HEADER_REPEATED: _header_repeated,
    NoteKind.ROW_NAMES: (
        "The header has one name too few; the first column holds a different value in each row and has no name."
    ),
    NoteKind.NAMES_MISSING: "The header has {names} names for {columns} columns: the last columns have no name.",
    NoteKind.BLANK_NAMES: _blank_names,
    NoteKind.TRAILING_COLUMNS: _trailing_columns,
    NoteKind.EMPTY_COLUMNS: _empty_columns,
    NoteKind.NULL_WORD: _null_word,
    NoteKind.TOTAL: _total,
    NoteKind.LAST_TOTAL: _last_total,
    NoteKind.NOTES_BELOW: _notes_below,
    NoteKind.NOTES_BESIDE: _notes_beside,
    NoteKind.ROWS_LEFT_OUT: _rows_left_out,
    NoteKind.SHORT_ROWS_FILLED: _short_rows_filled,
    NoteKind.REST_COLLECTED: _rest_collected,
    NoteKind.OTHER_LINES: (
        "Another table begins in line {first:,}: the lines down to {last:,} are loaded as a table of their own."
        f" {_unless_rows_of('this one')}"
    ),
    NoteKind.OTHER_LINES_LEFT_OUT: (
        "Another table begins in line {first:,}: the {lines:,} lines down to {last:,} have other columns than the"
        f" dataset and are not loaded. Send them as a file of their own. {_unless_rows_of('this one')}"
    ),
    NoteKind.BESIDE_ANOTHER: _beside_another,
    NoteKind.OTHERS_BESIDE: _others_beside,
    NoteKind.BELOW_ANOTHER: (
        'This table of sheet "{sheet}" begins in row {row:,}, below another one: its rows have a header of their own.'
        f" {_unless_rows_of('the one above')}"
    ),
    NoteKind.TABLE_LEFT_OUT: (
        '"{table}" is a table of {rows:,} rows with other columns than the dataset: it is not loaded.'
        f" Send it as a file of its own. {_unless_rows_of('this one')}"
    ),
    NoteKind.SECOND_READER: "Read by {reader}, not by the usual reader: {refusal}.",
    NoteKind.ERROR_CELLS: _error_cells,
    NoteKind.UNSAVED_FORMULAS: _unsaved_formulas,
    NoteKind.ROUNDED_INTEGERS: "Whole numbers of more than 15 digits are read as Excel shows them, rounded.",
    NoteKind.SHEET_EMPTY: 'Sheet "{sheet}" is empty.',
    NoteKind.SHEET_WITHOUT_ROWS: 'Sheet "{table}" has a header and no rows.',
    NoteKind.SHEET_HIDDEN: 'Hidden sheet "{sheet}" was left out; ask for it by name to load it.',
    NoteKind.MEMBERS_LEFT_OUT: _members_left_out,
    NoteKind.OPTIONS_GIVEN: "Read with the options given for this file: {options}.",
    NoteKind.OPTIONS_REMEMBERED: _options_remembered,
    NoteKind.TYPES_HOLD: (
        "The dataset has rows of other files too, so its types hold: a column's type is changed on its page."
    ),
    NoteKind.ONE_TABLE_NOT_APPLIED: (
        "The dataset remembers “everything as one table” for files that name it;"
        " this one joined it by its columns alone."
    ),
    NoteKind.SENTENCE: "{text}",
    NoteKind.SENTENCE_ON_ROWS_LEFT_OUT: "{text}",
}


def phrase_of(why: _Figures) -> str:
    """A reason, ``Why.as_json()``, as the end of a sentence."""
    whose, others = ("its", "the other") if why.get("is_its") else ("the other's", "this one")
    match WhyKind(why["kind"]):
        case WhyKind.HEADER_BESIDE_ROWS:
            return f"{whose} header in row {why['row']:,} stands beside rows of {others}"
        case WhyKind.ENDS_BEFORE:
            other = "the other's" if why["is_its"] else "its own"
            return f"{whose} rows end in row {why['row']:,} and {other} go on"
        case kind:
            return _PHRASES[kind].format(**why)


_PHRASES = {
    WhyKind.BLANK: "it is blank",
    WhyKind.REPEATED: "“{cell}” stands in column {column} of other rows too",
    WhyKind.NUMBERED: "“{cell}” is written like the values below it",
    WhyKind.ABOVE_VALUES: "“{cell}” stands above values such as “{below}”",
    WhyKind.VALUE: "it holds the value “{cell}”",
    WhyKind.MAYBE_VALUE: "it holds “{cell}”, which may be a value",
    WhyKind.ONLY_WORDS: "the rows below it hold nothing but words too",
    WhyKind.BEGINS_BELOW: "it begins below the last row of the other",
    WhyKind.ENDS_ABOVE: "it ends above the header of the other",
    WhyKind.DEFINED: "the workbook itself defines both as tables",
    WhyKind.NUMBERED_TITLES: "each has a numbered title of its own",
    WhyKind.FIRST_NAME_AGAIN: "both begin with a column “{name}”",
}
