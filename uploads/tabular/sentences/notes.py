"""The sentences that people read, each made from a note's kind and figures. Nothing ever looks into one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from uploads.tabular.notes import NO_ROWS, Note, NoteKind
from uploads.tabular.reasons import SecondReason, UnusedReason
from uploads.tabular.sentences.header_notes import HEADER_SENTENCES, as_one_table, unless_data
from uploads.tabular.sentences.questions import QUESTION_SENTENCES
from uploads.tabular.sentences.record_notes import RECORD_SENTENCES
from uploads.tabular.sentences.row_places import places, plural, quoted
from uploads.tabular.sentences.sheet_notes import SHEET_SENTENCES
from uploads.tabular.sentences.text_notes import TEXT_SENTENCES
from uploads.tabular.sentences.whys import phrase_of

type _Figures = Mapping[str, Any]

_UNLESS_ONE = "If they belong together,"
_TABLES_NAMED = 10
_DELIMITERS = {"\t": "a tab", " ": "a space"}


def sentence_of(note: Note) -> str:
    """One sentence for people, or two: what was decided on what evidence, and how to have it otherwise."""
    form = _SENTENCES[note.kind]
    return form.format(**note.figures) if isinstance(form, str) else form(note.figures)


def for_programmers(notes: Iterable[Note]) -> Iterator[str]:
    """What staff may pass on of a workbook that the first program did not read: nothing for its sender."""
    second = (note.figures for note in notes if note.kind is NoteKind.SECOND_READER)
    yield from (f"For programmers: read by {figures['reader']}, because {figures['refusal']}." for figures in second)


def sentences_of(notes: Iterable[Note]) -> tuple[str, ...]:
    """The sentences of several notes, in their order."""
    return tuple(map(sentence_of, notes))


def _unless_rows_of(figures: _Figures, table: str) -> str:
    """The way out for lines that were taken for a table of their own; ``table`` is ``the one above``."""
    return as_one_table(figures, f"If they are no table of their own but rows of {table},")


# How a text is written


def _delimiter(figures: _Figures) -> str:
    alike, rows, header = figures["alike"], figures["rows"], figures.get("header", 0)  # older loads do not tell it
    below = rows - header
    looked_at = f"all {rows:,} rows looked at" if alike == rows else f"{alike:,} of the {rows:,} rows looked at"
    if alike == rows and header and below > 0:
        all_of_them = "the row" if below == 1 else f"all {below:,} rows"
        looked_at = f"the header and {all_of_them} below it that {'was' if below == 1 else 'were'} looked at"
    all_count = "" if alike == rows else " (headers, titles and notes count too)"
    how_many = f": {looked_at} have {figures['width']:,} cells{all_count}"
    told_elsewhere = figures.get("is_told", False)
    sentence = f"Cells are separated by {_named(figures['delimiter'])}{'' if told_elsewhere else how_many}."
    if figures["runner_up"] is None:
        return sentence
    return (
        f"{sentence} {_named(figures['runner_up']).capitalize()} would fit nearly as well: "
        "name the delimiter if the columns look wrong."
    )


def _named(delimiter: str) -> str:
    return _DELIMITERS.get(delimiter, f"“{delimiter}”" if delimiter.isprintable() else "a control code")


def _breaks_in_cells(figures: _Figures) -> str:
    rows, breaks = figures["rows"], figures["breaks"]
    hold = "row holds" if rows == 1 else "rows hold"
    return f"{rows:,} {hold} {breaks:,} line break{plural(breaks)} inside cells, kept there."


def _stray_quotes(figures: _Figures) -> str:
    count = figures["count"]
    where = places("line", figures["lines"], count)
    return f"{count:,} row{plural(count)} with a quotation mark where none belongs, read as written ({where})."


def _null_word(figures: _Figures) -> str:
    total, more = figures["cells"], figures["more_columns"]
    shown = ", ".join(f"“{column}” {count:,}" for column, count in figures["columns"])
    others = f" and {more:,} more columns" if more else ""
    cells = "1 cell" if total == 1 else f"{total:,} cells"
    return f"Read as empty, as was chosen for this dataset: “{figures['word']}” in {cells} ({shown}{others})."


# What is no row of the table, and other tables


def _total(figures: _Figures) -> str:
    place = f"{figures['unit'].capitalize()} {figures['place']:,}"
    is_total = "is a total, as the workbook says" if figures.get("is_marked") else "calls itself a total"
    return f"{place}, “{figures['text']}”, {is_total}: it is not loaded as one of the rows."


def _last_total(figures: _Figures) -> str:
    return f"{_total(figures)}{unless_data(figures, figures['totals'])}"


def _notes_below(figures: _Figures) -> str:
    count, unit, unfit = figures["count"], figures["unit"], figures.get("unfit", 0)
    are = "are" if count != 1 else "is"
    named = f" ({places(unit, figures['places'], count)})" if figures.get("places") else ""  # older loads have none
    if texts := figures.get("texts"):  # nor these
        named = quoted(unit, texts, count, spans=figures.get("spans"))
    what = f"{count:,} {unit}{plural(count)} of notes below the table {are} not loaded{named}."
    if not unfit:
        return f"{what}{unless_data(figures, count)}"
    if figures.get(NO_ROWS):
        return what
    if unfit < count:
        they = "it does" if unfit == 1 else "they do"
        rejected = f"{unfit:,} of them would be rejected then: {they} not have {_cells(figures)}."
        return f"{what}{unless_data(figures, count)} {rejected}"
    they, as_rows = ("it does", "a row, it") if count == 1 else ("they do", "rows, they")
    return f"{what} Read as {as_rows} would be rejected: {they} not have {_cells(figures)}."


def _cells(figures: _Figures) -> str:
    return f"{figures['width']:,} cell{plural(figures['width'])}"


def _notes_beside(figures: _Figures) -> str:
    notes = figures["notes"]
    shown = ", ".join(f"{cell} “{text}”" for cell, text in notes)
    what = "a note, which is" if len(notes) == 1 else "notes, which are"
    return (
        f"Beside the table stand{'s' * (len(notes) == 1)} {what} not loaded: {shown}.{unless_data(figures, len(notes))}"
    )


def _rows_left_out(figures: _Figures) -> str:
    count = figures["count"]
    where = places(figures["unit"], figures["places"], count)
    return f"{count:,} row{plural(count)} left out as asked: {where}."


def _others_beside(figures: _Figures) -> str:
    columns = figures["columns"]
    if len(columns) == 1:
        stand = f"Another table stands to the right of this one, from column {columns[0]} on; it is read by itself."
    else:
        listed = f"{', '.join(columns[:-1])} and {columns[-1]}"
        stand = f"Other tables stand to the right of this one, from columns {listed} on; each is read by itself."
    return f"{stand}{as_one_table(figures, _UNLESS_ONE)}"


def _beside_another(figures: _Figures) -> str:
    begins = f"This table{_of_sheet(figures)} begins in column {figures['column']}, to the right of another"
    return f"{begins} one. They are read apart because {phrase_of(figures['why'])}.{as_one_table(figures, _UNLESS_ONE)}"


def _below_another(figures: _Figures) -> str:
    begins = (
        f"This table{_of_sheet(figures)} begins in row {figures['row']:,}, below another one: its rows have a header"
    )
    return f"{begins} of their own.{_unless_rows_of(figures, 'the one above')}"


def _of_sheet(figures: _Figures) -> str:
    """The only table of a page has no name."""
    return f' of sheet "{figures["sheet"]}"' if figures["sheet"] else ""


def tables_below(notes: Sequence[Note]) -> str:
    """What several notes say of other tables in the same text, in one sentence."""
    count, first = len(notes), [note.figures["first"] for note in notes]
    where = f"{', '.join(f'{line:,}' for line in first[:-1])} and {first[-1]:,}"
    if count > _TABLES_NAMED:
        where = f"{', '.join(f'{line:,}' for line in first[:_TABLES_NAMED])} and {count - _TABLES_NAMED:,} more"
    way_out = as_one_table(notes[0].figures, _UNLESS_ONE)
    return f"{count:,} more tables begin in lines {where}; each is read by itself, below.{way_out}"


def _options_remembered(figures: _Figures) -> str:
    if "remembered" in figures:
        return f"Format remembered from {figures['remembered']}."
    return f"Format remembered for this dataset, {figures['options']}."  # as older versions stored it


# Workbooks and archives


def _members_left_out(figures: _Figures) -> str:
    listed, more = ", ".join(figures["members"]), figures["more"]
    return f"Left out of {figures['archive']}: {listed}{f' and {more} more' if more else ''}."


def _options_not_used(figures: _Figures) -> str:
    count = figures["count"]
    were, they_are = ("was", "It is") if count == 1 else ("were", "They are")
    why = _NOT_USED[UnusedReason(figures["reason"])]
    return f"{count:,} option{plural(count)} {were} not used: {figures['options']}. {they_are} {why}."


_NOT_USED = {
    UnusedReason.IS_TEXT: "for workbooks, and this is a text file",
    UnusedReason.IS_SHEET: "for text files such as CSV, and this is a sheet of a workbook",
    UnusedReason.IS_RECORDS: "for texts and sheets, and this file names its columns itself",
    UnusedReason.ALL_TEXT: "for numbers and dates, and everything is read as text",
}


def _matched_by_place(figures: _Figures) -> str:
    count, names = figures["columns"], figures["names"]
    listed = f"{', '.join(names)}{' and others' * (count > len(names))}"
    what = "its column is" if count == 1 else f"its {count:,} columns are"
    return (
        f"The file does not name its columns: {what} taken for those of data.{figures['dataset']} in the same places"
        f" ({listed}). If that is wrong, give the file a header."
    )


def _values_emptied(figures: _Figures) -> str:
    rows, columns = figures["rows"], figures["columns"]
    listed = ", ".join(f"{column['rows']:,} in “{column['name']}”" for column in columns[:_TABLES_NAMED])
    others = len(columns) - _TABLES_NAMED
    more = f" and {others:,} more column{plural(others)}" if others > 0 else ""
    have = "1 row has" if rows == 1 else f"{rows:,} rows have"
    return (
        f"{have} no value where “{figures['dataset']}” had one for the same key: {listed}{more}. While the file is"
        " active, those values are empty. If they should stay, say so with the file: --blanks keep, or blanks=keep"
        " over the API."
    )


def _no_delimiter(figures: _Figures) -> str:
    length = figures.get("length")  # not in notes of files that were read before it was counted
    said = "Nothing was found that separates cells (no delimiter): each line is one cell."
    if length is None:
        return said
    return (
        f"{said} All lines have {length:,} characters, as where each column has a fixed width and values stand without"
        " a space between them. To have columns, save the file again with a delimiter."
    )


_BY_SECOND = {
    SecondReason.LONG_INTEGERS: (
        "It holds whole numbers of more than 15 digits, so it was read by a slower program that keeps all of them. You"
        " need do nothing."
    ),
    SecondReason.UNUSUAL: (
        "It is written in an unusual way, so it was read by another program than most workbooks are. If the first rows"
        " look right, you need do nothing."
    ),
    SecondReason.DAMAGED: (
        "It is slightly damaged, or the program that wrote it does not keep to the format; it could be read all the"
        " same. If rows look wrong, open it in a spreadsheet program, save it there and send it again."
    ),
}


_SENTENCES: dict[NoteKind, str | Callable[[_Figures], str]] = {
    **HEADER_SENTENCES,
    **SHEET_SENTENCES,
    **TEXT_SENTENCES,
    **QUESTION_SENTENCES,
    **RECORD_SENTENCES,
    NoteKind.NO_DELIMITER: _no_delimiter,
    NoteKind.DELIMITER: _delimiter,
    NoteKind.DELIMITER_NAMED: "The line sep= at the top names the delimiter.",
    NoteKind.ALIGNED: "The columns are aligned by spaces: several in a row are one delimiter.",
    NoteKind.SPACED: "A space follows each delimiter; it belongs to the delimiter, not to the cells.",
    NoteKind.APOSTROPHES: "Cells that stand between apostrophes (') are stored without them.",
    NoteKind.BACKSLASHES: "Quotes inside cells are written with a backslash.",
    NoteKind.BREAKS_IN_CELLS: _breaks_in_cells,
    NoteKind.STRAY_QUOTES: _stray_quotes,
    NoteKind.NULL_WORD: _null_word,
    NoteKind.TOTAL: _total,
    NoteKind.LAST_TOTAL: _last_total,
    NoteKind.NOTES_BELOW: _notes_below,
    NoteKind.NOTES_BESIDE: _notes_beside,
    NoteKind.ROWS_LEFT_OUT: _rows_left_out,
    NoteKind.OTHER_LINES: lambda figures: (
        f"Another table begins in line {figures['first']:,}: the lines down to {figures['last']:,} are read by"
        f" themselves, below.{_unless_rows_of(figures, 'this one')}"
    ),
    NoteKind.OTHER_LINES_LEFT_OUT: lambda figures: (
        f"Another table begins in line {figures['first']:,}: the {figures['lines']:,} lines down to"
        f" {figures['last']:,} have other columns than the dataset and are not loaded. Send them as a file of their"
        f" own.{_unless_rows_of(figures, 'this one')}"
    ),
    NoteKind.BESIDE_ANOTHER: _beside_another,
    NoteKind.OTHERS_BESIDE: _others_beside,
    NoteKind.BELOW_ANOTHER: _below_another,
    NoteKind.TABLE_LEFT_OUT: lambda figures: (
        f'"{figures["table"]}" is a table of {figures["rows"]:,} rows with other columns than the dataset: it is not'
        f" loaded. Send it as a file of its own.{_unless_rows_of(figures, 'this one')}"
    ),
    NoteKind.SECOND_READER: lambda figures: _BY_SECOND[SecondReason(figures.get("why", SecondReason.UNUSUAL))],
    NoteKind.ROUNDED_INTEGERS: "Whole numbers of more than 15 digits are read as Excel shows them, rounded.",
    NoteKind.SHEET_EMPTY: 'Sheet "{sheet}" is empty.',
    NoteKind.SHEET_WITHOUT_ROWS: 'Sheet "{table}" has a header and no rows.',
    NoteKind.SHEET_OF_CONTENTS: (
        'Sheet "{sheet}" lists the other sheets, as Apple Numbers exports it, and was left out; ask for it by name to'
        " load it."
    ),
    NoteKind.SHEET_HIDDEN: 'Hidden sheet "{sheet}" was left out; ask for it by name to load it.',
    NoteKind.SMALL_TABLES_LEFT_OUT: lambda figures: (
        f"{figures['count']:,} table{plural(figures['count'])} of the page with a single row or column"
        f" {'is' if figures['count'] == 1 else 'are'} not loaded."
    ),
    NoteKind.MEMBERS_LEFT_OUT: _members_left_out,
    NoteKind.MEMBER_NAMES: (
        "{archive} does not say how the letters in the names of its files are written: the names were read as "
        "{encoding}. If they look wrong and should be Chinese, Japanese or Korean, choose the encoding (big5, gb18030, "
        "shift_jis or cp949)."
    ),
    NoteKind.OPTIONS_GIVEN: "Read with the options given for this file: {options}.",
    NoteKind.OPTIONS_REMEMBERED: _options_remembered,
    NoteKind.TYPES_HOLD: (
        "The dataset has rows of other files too, so its columns keep their types: they are changed on its page."
    ),
    NoteKind.ONE_TABLE_NOT_APPLIED: (
        "The dataset remembers “everything as one table” for files that name it;"
        " this one joined it by its columns alone."
    ),
    NoteKind.ROWS_NOT_APPLIED: (
        "The dataset remembers “{options}” for files that name it; this one joined it by its columns alone. To have it"
        " so here too, read the file again and name the dataset."
    ),
    NoteKind.OPTIONS_NOT_USED: _options_not_used,
    NoteKind.MATCHED_BY_PLACE: _matched_by_place,
    NoteKind.NAMELESS_APART: "A table without a header joins no dataset by itself: name one when you send the file.",
    NoteKind.VALUES_EMPTIED: _values_emptied,
    NoteKind.SENTENCE: "{text}",
    NoteKind.SENTENCE_ON_ROWS_LEFT_OUT: "{text}",
}
