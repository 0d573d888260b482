"""Each kind of note has its sentence, made from its figures alone; a note comes back from JSON as it was."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from uploads.database.rows import storable, storable_json
from uploads.tabular.notes import ON_ROWS_LEFT_OUT, Note, NoteKind, Why, WhyKind
from uploads.tabular.sentences.notes import sentence_of, tables_below
from uploads.tabular.sentences.whys import phrase_of

AGAIN = "read the file again as one table."
EVERYTHING = "read everything as one table."
LOAD_IT = f"If it is data, load it too: {EVERYTHING}"
LOAD_THEM = f"If they are data, load them too: {EVERYTHING}"
VALUE = Why.of(WhyKind.MAYBE_VALUE, cell="2019").as_json()


def spaced(
    *others: dict[str, Any], more_columns: int = 0, rows: list[int], kinds: str = "space", **counts: int
) -> Note:
    column = {"label": "city", "begin": 0, "end": 0, "both": 0, "only": 0, **counts, "rows": rows}
    column["kinds"] = kinds.split()
    return Note.of(NoteKind.OUTER_SPACES, unit="line", columns=[column, *others], more_columns=more_columns)


SENTENCES = [
    (
        Note.of(NoteKind.ENCODING_DOUBTED, encoding="cp1252"),
        "Read as cp1252, as you chose, although all of it is valid UTF-8: check that its letters look right.",
    ),
    (
        Note.of(NoteKind.LETTERS_LOST, count=1_234),
        (
            "1,234 letters are “�” in the file itself. They were lost before it came here: save it as UTF-8 once more"
            " at its source."
        ),
    ),
    (
        Note.of(NoteKind.LETTERS_TWICE, word="ZÃ¼rich", meant="Zürich"),
        (
            "Letters are written as UTF-8 twice, such as “ZÃ¼rich”, which means “Zürich”. They are kept as they stand"
            " in the file: export it once more at its source, or have the program that read it in between open it as"
            " UTF-8."
        ),
    ),
    (
        Note.of(NoteKind.LETTERS_LOST, count=1),
        (
            "1 letter is “�” in the file itself. It was lost before it came here: save it as UTF-8 once more at its"
            " source."
        ),
    ),
    (
        Note.of(NoteKind.NAMES_UNDECODED, names=["Stra\\xdfe"], count=1),
        (
            "1 name of the header holds bytes that could not be decoded (“Stra\\xdfe”). If letters look wrong, choose"
            " another encoding."
        ),
    ),
    (
        Note.of(NoteKind.NAMES_UNDECODED, names=["\\xdf"], count=1_234),
        (
            "1,234 names of the header hold bytes that could not be decoded (“\\xdf” and more). If letters look wrong,"
            " choose another encoding."
        ),
    ),
    (
        Note.of(NoteKind.BAD_BYTES, count=1_234),
        "Read as UTF-8; 1,234 bytes in it are no letters there, so rows that hold them are rejected.",
    ),
    (
        Note.of(NoteKind.WIDE_ENCODING, encoding="utf-16-le"),
        "Read as UTF-16-LE: its line ends take as many bytes, though no mark says so.",
    ),
    (
        Note.of(NoteKind.SWITCHING_ENCODING, encoding="iso2022_jp"),
        "Read as iso2022_jp: escape sequences switch between its character sets.",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING, encoding="cp1251"),
        "Not UTF-8; read as Windows-1251 (cp1251), in which its letters make words.",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING, encoding="cp1252", signs=["–", "’"]),
        "Not UTF-8; read as Windows-1252 (cp1252): check signs such as “–”, “’”.",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING, encoding="cp1252", signs=[]),
        "Not UTF-8; read as Windows-1252 (cp1252).",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING_DOUBTED, encoding="cp1252", others=["cp850"], signs=["–"]),
        (
            "Not UTF-8; read as Windows-1252 (cp1252), though it could also be cp850: choose that if signs such as “–”"
            " look wrong."
        ),
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING_DOUBTED, encoding="cp1252", others=["cp850", "cp437"]),
        (
            "Not UTF-8; read as Windows-1252 (cp1252), though it could also be cp850 or cp437: choose that if letters"
            " look wrong."
        ),
    ),
    (Note.of(NoteKind.NO_DELIMITER, length=None), "No delimiter found: each line is one cell."),
    (
        Note.of(NoteKind.NO_DELIMITER, length=269),
        (
            "No delimiter found: each line is one cell. All lines have 269 characters, as where each column has a fixed"
            " width and values stand without a space between them. To have columns, save the file again with a"
            " delimiter."
        ),
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter="\t", alike=1_000, rows=1_001, width=3, runner_up=None),
        "Cells are separated by a tab: 1,000 of 1,001 rows looked at have 3 cells.",
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter="\x1f", alike=3, rows=3, width=2, runner_up=" "),
        (
            "Cells are separated by a control code: 3 of 3 rows looked at have 2 cells. "
            "A space would fit nearly as well: name the delimiter if the columns look wrong."
        ),
    ),
    (Note.of(NoteKind.DELIMITER_NAMED), "The line sep= at the top names the delimiter."),
    (Note.of(NoteKind.ALIGNED), "The columns are aligned by spaces: several in a row are one delimiter."),
    (Note.of(NoteKind.SPACED), "A space follows each delimiter; it belongs to the delimiter, not to the cells."),
    (Note.of(NoteKind.APOSTROPHES), "Cells are quoted by apostrophes (')."),
    (
        Note.of(NoteKind.LINES_JOINED),
        (
            "Rows that line ends outside quotes had cut are put together again: a line with too few cells goes on in "
            "the next. If each line is a row, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.UNEVEN_LINES, delimiter=",", least=2, most=1_000),
        (
            "Cut at “,”, lines have 2 to 1,000 cells, so each line is stored whole in one column. To separate them, "
            "name “,” as the delimiter, and choose what becomes of rows of other lengths."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_FITTED, count=1, rest=False),
        "As you asked, 1 row with too few cells was filled with empty ones.",
    ),
    (
        Note.of(NoteKind.ROWS_FITTED, count=1_000, rest=False),
        "As you asked, 1,000 rows with too few cells were filled with empty ones.",
    ),
    (
        Note.of(NoteKind.ROWS_FITTED, count=1, rest=True),
        (
            "As you asked, 1 row of another length was fitted: short ones have empty last cells, long ones the rest "
            "in the last column."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_FITTED, count=1_000, rest=True),
        (
            "As you asked, 1,000 rows of other lengths were fitted: short ones have empty last cells, long ones the "
            "rest in the last column."
        ),
    ),
    (
        Note.of(NoteKind.MARKS_INSIDE),
        "Byte order marks stand inside the text, as where files were put one behind the other: they are left out.",
    ),
    (
        Note.of(NoteKind.LINES_IN_QUOTES, lines=3),
        (
            "Each line stands in quotes as a whole; they were taken off to find the cells. If each line is one cell, "
            'name “"” as the quote.'
        ),
    ),
    (
        Note.of(NoteKind.LINES_END_WITH, mark=";"),
        "Each line ends with “;”, which is left out. If it separates cells, name it as the delimiter.",
    ),
    (
        Note.of(NoteKind.PRINTED_TABLE, rules=0),
        ("A printed table: the spaces around its cells are left out. To keep them, name “|” as the delimiter."),
    ),
    (
        Note.of(NoteKind.PRINTED_TABLE, rules=2),
        (
            "A printed table: the spaces around its cells are left out; lines that only draw a rule (----) are no "
            "rows. To keep both, name “|” as the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.FOLDED_ROWS, lines=2),
        (
            "Each row stands in 2 lines, as its header does, and is put together; its lines but the first, and those "
            "of dashes, count as blank. If each line is a row, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.BARRED_COLUMNS, columns=5, more=3, units=["ra: deg", "dec: deg"]),
        (
            "5 columns, cut below the bars of the header. 3 lines below the names are no rows. Units: ra: deg; dec:"
            " deg. To read all lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.BARRED_COLUMNS, columns=2, more=0, units=[]),
        "2 columns, cut below the bars of the header. To read all lines as they stand, name the delimiter.",
    ),
    (
        Note.of(NoteKind.FIXED_COLUMNS, columns=6, rules=0),
        (
            "6 columns of fixed width: lines are cut where all rows have spaces. If columns are cut in the wrong "
            "place, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.FIXED_COLUMNS, columns=6, rules=2),
        (
            "6 columns of fixed width: lines are cut where all rows have spaces. Lines that only draw a rule (---) are "
            "no rows. If columns are cut in the wrong place, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.RULED_COLUMNS, rules=1, delimiter=None),
        (
            "Columns are cut at the places that the line of dashes (---- ----) below the header shows; such lines are "
            "no rows. If columns are cut in the wrong place, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.RULED_COLUMNS, rules=1, delimiter=","),
        "Cells are separated by “,”; lines that only draw a rule (---) are no rows.",
    ),
    (
        Note.of(NoteKind.WEB_LOG, delimiter=" "),
        (
            "A web server's log: its line #Fields names the columns, and other lines that begin with # are no rows. "
            "To keep them, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="access_log"),
        (
            "A web server's log: cells are separated by spaces, and the time between [ and ] is one cell. To read lines"
            " as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="exposition"),
        (
            "Metrics as Prometheus reads them: each line has a name, its labels, a value, and sometimes a time. Lines"
            " that begin with # are no rows. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="eurostat"),
        (
            "A download of Eurostat: commas separate the parts of its first column, tabs the others; spaces behind"
            " values are left out. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.VERTICAL_RECORDS),
        (
            "Each record has a line for each value, with its name in front: the names are the columns, and each record "
            "is one row. Its other lines count as blank. If each line is a row, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.SYSSTAT),
        (
            "A report of sysstat (sar): cells are separated by spaces, and the times stand in a column “time”. Averages"
            " and restarts are no rows. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.COMMENT_LINES, mark="#", is_named=True, is_spaced=True),
        (
            "Lines that begin with “#” are comments and no rows. The names of the columns stand in one of them. Cells "
            "are separated by spaces: several in a row are one delimiter. To read all lines as they stand, name the "
            "delimiter."
        ),
    ),
    (
        Note.of(NoteKind.COMMENT_LINES, mark="!", is_named=False, is_spaced=False),
        "Lines that begin with “!” are comments and no rows. To read all lines as they stand, name the delimiter.",
    ),
    (
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=3, spans=[[5, 6], [9, 9]], has_comments=True),
        "3 blank lines or comments: 5, 6 and 9.",
    ),
    (
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=3, spans=[[9, 9]], rules=2, rule_spans=[[2, 2], [5, 5]]),
        "2 lines that only draw a rule (----): 2 and 5. 1 blank line: 9.",
    ),
    (
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=1, spans=[], rules=1, rule_spans=[[2, 2]]),
        "1 line that only draws a rule (----): 2.",
    ),
    (
        Note.of(NoteKind.MIXED_BLANKS),
        (
            "Cells are separated by tabs and spaces: any number in a row is one delimiter. If spaces belong to the"
            " cells, name the tab as the delimiter."
        ),
    ),
    (Note.of(NoteKind.LONG_DELIMITER, delimiter="||"), "Cells are separated by “||”."),
    (Note.of(NoteKind.SPACES_AROUND), "Spaces stand around each delimiter; they belong to it, not to the cells."),
    (Note.of(NoteKind.EMPTY_APOSTROPHES), "Cells that hold nothing but two apostrophes ('') are empty."),
    (
        Note.of(NoteKind.FORMULA_TEXTS),
        'Cells written as ="…", which keeps Excel from changing them, are read as what stands inside.',
    ),
    (Note.of(NoteKind.SPACES_BEHIND), "Lines end with spaces behind the last quote; they are no part of the cell."),
    (Note.of(NoteKind.END_MARK, mark="Ctrl-Z"), "The file ends with a mark (Ctrl-Z) that is no row."),
    (
        Note.of(NoteKind.LAST_CELLS_MISSING, columns=["a"]),
        "All rows end before the last column of the header, “a”: it is empty.",
    ),
    (
        Note.of(NoteKind.LAST_CELLS_MISSING, columns=list("abcdefg")),
        "All rows end before the last 7 columns of the header, “a”, “b”, “c”, “d”, “e” and 2 more: they are empty.",
    ),
    (Note.of(NoteKind.OTHER_QUOTE, quote="|"), "Cells are quoted by “|”."),
    (
        Note.of(NoteKind.QUOTES_ARE_TEXT),
        (
            'Quotes (") are kept as they stand: cells go on behind them, and none is in quotes as a whole. If they'
            " enclose cells, name the quote."
        ),
    ),
    (
        Note.of(NoteKind.BAD_BYTES, count=1),
        "Read as UTF-8; 1 byte in it is no letter there, so a row that holds it is rejected.",
    ),
    (Note.of(NoteKind.BACKSLASHES), "Quotes inside cells are written with a backslash."),
    (
        Note.of(NoteKind.LINE_ENDS, pairs=1_000, feeds=0, returns=2),
        "Lines end in several ways (1,000 by CR LF, 2 by CR); each of them ends a line.",
    ),
    (Note.of(NoteKind.BREAKS_IN_CELLS, rows=1, breaks=1), "1 row holds 1 line break inside cells."),
    (Note.of(NoteKind.BREAKS_IN_CELLS, rows=2, breaks=1_000), "2 rows hold 1,000 line breaks inside cells."),
    (
        Note.of(NoteKind.STRAY_QUOTES, count=1, lines=[2]),
        "1 row with a quote where none belongs, read as written (line 2).",
    ),
    (
        Note.of(NoteKind.STRAY_QUOTES, count=3, lines=[2, 1_000]),
        "3 rows with a quote where none belongs, read as written (lines 2, 1,000 and more).",
    ),
    (Note.of(NoteKind.PREAMBLE, count=1), "1 line of titles or notes stands above the table and is not loaded."),
    (
        Note.of(NoteKind.PREAMBLE, count=3, titles=[[1, "Costs"], [3, "2024"]], spans=[[1, 1], [3, 4]]),
        (
            "3 lines of titles or notes stand above the table and are not loaded (lines 1, 3 and 4): line 1 “Costs”,"
            " line 3 “2024” and more."
        ),
    ),
    (
        Note.of(NoteKind.PREAMBLE, count=3, titles=[[1, "Costs"], [3, "2024"]]),
        (
            "3 lines of titles or notes stand above the table and are not loaded: line 1 “Costs”, line 3 “2024” and"
            " more."
        ),
    ),
    (
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=1_009, spans=[[3, 3], [5, 6], [8, 12]]),
        "1,009 blank lines: 3, 5, 6, 8 to 12 and 1,001 more.",
    ),
    (Note.of(NoteKind.BLANK_ROWS, unit="row", count=1, spans=[[1_200, 1_200]]), "1 blank row: 1,200."),
    (
        spaced(end=3, rows=[4, 9, 12]),
        (
            "3 values of “city” end with a space (lines 4, 9, 12). They are kept as they stand: a value with the space"
            " is not equal to one without."
        ),
    ),
    (
        spaced(
            {"label": "name", "begin": 1, "end": 0, "both": 0, "only": 0, "rows": [7], "kinds": ["tab"]},
            begin=1,
            both=1,
            rows=[2, 3],
        ),
        (
            "2 values of “city” begin or end with a space (lines 2, 3) and 1 value of “name” begins with a tab"
            " (line 7). They are kept as they stand: a value with the space is not equal to one without."
        ),
    ),
    (
        spaced(only=9, rows=[2, 3, 4, 5, 6], kinds="line_break"),
        (
            "9 values of “city” hold nothing but line breaks (lines 2, 3, 4, 5, 6 and more). They are kept as they"
            " stand, and are not empty."
        ),
    ),
    (
        spaced(begin=1, rows=[2], kinds="line_break"),
        (
            "1 value of “city” begins with a line break (line 2). It is kept as it stands: a value with the line break"
            " is not equal to one without."
        ),
    ),
    (
        spaced(both=1, rows=[2], more_columns=4),
        (
            "1 value of “city” begins and ends with a space (line 2) and such values stand in 4 more columns. They"
            " are kept as they stand: a value with the space is not equal to one without."
        ),
    ),
    (
        spaced(end=1, rows=[2], kinds="other space"),
        (
            "1 value of “city” ends with white space (line 2). It is kept as it stands: a value with the space is not"
            " equal to one without."
        ),
    ),
    (
        Note.of(NoteKind.LETTERS_LOST, count=2, unit="row", column="city", row=1_004),
        (
            "2 letters are “�” in the file itself; the first stands in row 1,004 of “city”. They were lost before it"
            " came here: export it once more at its source."
        ),
    ),
    (
        Note.of(NoteKind.LETTERS_LOST, count=1, unit="row", column=None, row=None),
        (
            "1 letter is “�” in the file itself, in the name of a column. It was lost before it came here: export it"
            " once more at its source."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_STANDING_OUT, unit="line", what="heading", count=1, rows=[26], texts=["Of which:"]),
        "Line 26 looks like a heading: “Of which:”. It is loaded as a row; if it is none, leave this line out.",
    ),
    (
        Note.of(NoteKind.ROWS_STANDING_OUT, unit="row", what="note", count=2, rows=[7, 9], texts=["* a", "* b"]),
        "Rows 7, 9 look like notes: “* a”, “* b”. They are loaded as rows; if they are none, leave them out.",
    ),
    (Note.of(NoteKind.PREAMBLE, count=2), "2 lines of titles or notes stand above the table and are not loaded."),
    (
        Note.of(NoteKind.SHEET_HEADER, titles=3, depth=2),
        (
            "3 rows of titles or notes stand above the header and are not loaded. The header takes 2 rows; their cells"
            " are joined."
        ),
    ),
    (
        Note.of(NoteKind.SHEET_HEADER, titles=2, depth=1, places=[1, 3]),
        "2 rows of titles or notes stand above the header and are not loaded (rows 1, 3).",
    ),
    (
        Note.of(NoteKind.SHEET_HEADER, titles=1, depth=1),
        "1 row of titles or notes stands above the header and is not loaded.",
    ),
    (Note.of(NoteKind.SHEET_HEADER, titles=0, depth=2), "The header takes 2 rows; their cells are joined."),
    (
        Note.of(NoteKind.SHEET_HEADER, titles=3, depth=1, places=[1, 2, 4], texts=[[1, "Sales"], [2, "in EUR"]]),
        "3 rows of titles or notes stand above the header and are not loaded: row 1 “Sales”, row 2 “in EUR” and more.",
    ),
    (Note.of(NoteKind.HEADER_DEPTH, depth=2), "The header takes 2 rows; their cells are joined."),
    (
        Note.of(NoteKind.HEADER_DEPTH, depth=2, blank=1),
        "The header takes 2 rows and 1 blank line between them; their cells are joined.",
    ),
    (
        Note.of(NoteKind.HEADER_DEPTH, depth=2, joined=["Travel Air"], more=0, alone=[["Rail", "Travel"]]),
        (
            "The header takes 2 rows; their cells are joined: “Travel Air”. The cell above “Rail” is blank, so “Travel”"
            " is no part of its name."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_DEPTH, depth=3, joined=["A 1", "A 2", "B 1"], more=4, alone=[["x", "A"], ["y", "B"]]),
        (
            "The header takes 3 rows; their cells are joined: “A 1”, “A 2”, “B 1” and 4 more. The cells above “x”, “y”"
            " are blank, so “A” and “B” are no part of their names."
        ),
    ),
    (
        Note.of(NoteKind.SURPLUS_CELLS, names=3, columns=4, rows=1, breaks=1, broken=1, line=2),
        (
            "The header has 3 names, and line 2 has 4 cells: the last cell holds nothing but a line break and is left"
            " out. If it is a column, give it a name in the header."
        ),
    ),
    (
        Note.of(NoteKind.SURPLUS_CELLS, names=1, columns=3, rows=40, breaks=0, broken=0, line=2),
        (
            "The header has 1 name, and the rows below it have 3 cells: the last 2 hold nothing and are left out. If"
            " they are columns, give them names in the header."
        ),
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter=";", alike=1, rows=2, width=3, runner_up=None, is_told=True),
        "Cells are separated by “;”.",
    ),
    (Note.of(NoteKind.HEADER_REFUSED), "Read without a header, as asked."),
    (
        Note.of(NoteKind.HEADER_MISSING, unit="line", place=1_000, columns=1, why=VALUE),
        "No header: line 1,000 is data, because it holds “2019”, which may be a value; the column is named column_1.",
    ),
    (
        Note.of(NoteKind.HEADER_MISSING, unit="row", place=1, columns=3, why=VALUE),
        (
            "No header: row 1 is data, because it holds “2019”, which may be a value;"
            " the columns are named column_1 to column_3."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_DATES, count=3, first="2024-01-01"),
        (
            "3 columns are named by dates, written as year, month and day whatever the sheet shows: “2024-01-01” and so"
            " on."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_DATES, count=1, first="2024-01-01"),
        "1 column is named by a date, written as year, month and day whatever the sheet shows: “2024-01-01”.",
    ),
    (
        Note.of(NoteKind.HEADER_DOUBTED, unit="line", place=1_003, why=VALUE),
        (
            "Line 1,003 was taken as the header, although it holds “2019”, which may be a value."
            " If it is data, load the file with header row “none”."
        ),
    ),
    (
        Note.of(NoteKind.PAGE_LINES, unit="line", places=[9], count=1),
        (
            "1 line stands between the printed pages of one table, as titles, page numbers or sums carried over: line "
            "9. It is not loaded. If it is data, load it too: read everything as one table."
        ),
    ),
    (
        Note.of(NoteKind.PAGE_LINES, unit="line", places=[9, 10], count=2),
        (
            "2 lines stand between the printed pages of one table, as titles, page numbers or sums carried over: "
            "lines 9, 10. They are not loaded. If they are data, load them too: read everything as one table."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_REPEATED, unit="line", places=[9], count=1),
        f"The header stands once more in line 9 and is not loaded as a row. {LOAD_IT}",
    ),
    (
        Note.of(NoteKind.HEADER_REPEATED, unit="row", places=[9, 1_000], count=3),
        f"The header stands once more in rows 9, 1,000 and more and is not loaded as a row. {LOAD_THEM}",
    ),
    (
        Note.of(NoteKind.ROW_NAMES),
        "The header has one name too few; the first column holds a different value in each row and has no name.",
    ),
    (
        Note.of(NoteKind.NAMES_MISSING, names=2, columns=4),
        "The header has 2 names for 4 columns: the last 2 columns have no name.",
    ),
    (
        Note.of(NoteKind.NAMES_MISSING, names=1, columns=2),
        "The header has 1 name for 2 columns: the last column has no name.",
    ),
    (
        Note.of(NoteKind.TIME_UNNAMED, names=2, columns=3, name="Timestamp"),
        (
            "The header has 2 names for 3 columns: “Timestamp” stands above the dates, and the times beside them have "
            "no name. If that is wrong, give every column a name in the header."
        ),
    ),
    (Note.of(NoteKind.BLANK_NAMES, count=1), "The header has 1 separator too many; its blank name was left out."),
    (Note.of(NoteKind.BLANK_NAMES, count=2), "The header has 2 separators too many; its blank name was left out."),
    (Note.of(NoteKind.TRAILING_COLUMNS, count=1), "1 empty column without a name at the end is left out."),
    (Note.of(NoteKind.TRAILING_COLUMNS, count=2), "2 empty columns without a name at the end are left out."),
    (Note.of(NoteKind.EMPTY_COLUMNS, columns=["C"]), "Column C has no name and no values and is left out."),
    (
        Note.of(NoteKind.EMPTY_COLUMNS, columns=["B", "D", "F", "H", "J", "L"]),
        "6 columns have no name and no values and are left out: B, D, F, H, J and L.",
    ),
    (
        Note.of(NoteKind.EMPTY_COLUMNS, columns=["B", "D", "F", "H", "J", "L", "N"]),
        "7 columns have no name and no values and are left out: B, D, F, H, J and 2 more.",
    ),
    (
        Note.of(NoteKind.NULL_WORD, word="-", cells=1, columns=[["n", 1]], more_columns=0),
        "Read as empty, as this dataset's null words say: “-” in 1 cell (“n” 1).",
    ),
    (
        Note.of(NoteKind.NULL_WORD, word="NA", cells=1_002, columns=[["a", 1_000], ["b", 1]], more_columns=1),
        "Read as empty, as this dataset's null words say: “NA” in 1,002 cells (“a” 1,000, “b” 1 and 1 more columns).",
    ),
    (
        Note.of(NoteKind.TOTAL, unit="line", place=1_000, text="Total {5}", totals=2),
        "Line 1,000, “Total {5}”, sums the rows up: it is not loaded as one of them.",
    ),
    (
        Note.of(NoteKind.LAST_TOTAL, unit="row", place=5, text="Total 5", totals=1),
        f"Row 5, “Total 5”, sums the rows up: it is not loaded as one of them. {LOAD_IT}",
    ),
    (
        Note.of(NoteKind.NOTES_BELOW, unit="line", count=1_000),
        f"1,000 lines of notes below the table are not loaded. {LOAD_THEM}",
    ),
    (
        Note.of(NoteKind.NOTES_BELOW, unit="row", count=1_000),
        f"1,000 rows of notes below the table are not loaded. {LOAD_THEM}",
    ),
    (
        Note.of(NoteKind.NOTES_BELOW, unit="row", count=7, places=[8, 9, 10, 11, 1_012]),
        (f"7 rows of notes below the table are not loaded (rows 8, 9, 10, 11, 1,012 and more). {LOAD_THEM}"),
    ),
    (
        Note.of(NoteKind.NOTES_BELOW, unit="row", count=1, places=[9]),
        f"1 row of notes below the table is not loaded (row 9). {LOAD_IT}",
    ),
    (
        Note.of(
            NoteKind.NOTES_BELOW,
            unit="row",
            count=3,
            places=[8, 9, 10],
            texts=[[8, "p"], [9, "q"]],
            unfit=0,
            spans=[[8, 10]],
        ),
        f"3 rows of notes below the table are not loaded (rows 8 to 10): row 8 “p”, row 9 “q” and more. {LOAD_THEM}",
    ),
    (
        Note.of(
            NoteKind.NOTES_BELOW, unit="line", count=1, places=[6], texts=[[6, "(3 rows)"]], unfit=1, width=3, spans=[]
        ),
        (
            "1 line of notes below the table is not loaded: line 6 “(3 rows)”. Read as a row, it would be rejected: it"
            " does not have 3 cells."
        ),
    ),
    (
        Note.of(
            NoteKind.NOTES_BELOW,
            unit="line",
            count=2,
            places=[6, 7],
            texts=[[6, "x"]],
            unfit=1,
            width=3,
            spans=[[6, 7]],
        ),
        (
            f"2 lines of notes below the table are not loaded (lines 6 and 7): line 6 “x” and more. {LOAD_THEM} 1 of"
            " them would be rejected then: it does not have 3 cells."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_LEFT_OUT, unit="row", count=1, places=[2]),
        "1 row left out as asked: row 2.",
    ),
    (
        Note.of(NoteKind.ROWS_LEFT_OUT, unit="line", count=12, places=[4, 1_005]),
        "12 rows left out as asked: lines 4, 1,005 and more.",
    ),
    (
        Note.of(NoteKind.NOTES_BESIDE, notes=[["E3", "not final"]]),
        f"Beside the table stands a note, which is not loaded: E3 “not final”. {LOAD_IT}",
    ),
    (
        Note.of(NoteKind.NOTES_BESIDE, notes=[["E3", "not final"], ["E5", "see p. 4"]]),
        f"Beside the table stand notes, which are not loaded: E3 “not final”, E5 “see p. 4”. {LOAD_THEM}",
    ),
    (
        Note.of(NoteKind.OTHER_LINES, first=5, last=1_008, lines=1_004),
        (
            "Another table begins in line 5: the lines down to 1,008 are loaded as a table of their own."
            f" If they are rows of this one, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.OTHER_LINES_LEFT_OUT, first=5, last=1_008, lines=1_004),
        (
            "Another table begins in line 5: the 1,004 lines down to 1,008 have other columns than the dataset and are"
            f" not loaded. Send them as a file of their own. If they are rows of this one, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.BESIDE_ANOTHER, sheet="S", column="E", why=Why.of(WhyKind.BEGINS_BELOW).as_json()),
        (
            'This table of sheet "S" begins in column E, to the right of another one. They are read apart because it'
            f" begins below the last row of the other. If they are one table, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.OTHERS_BESIDE, columns=["E"]),
        (
            "Another table stands to the right of this one, from column E on; it is read by itself."
            f" If they are one table, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.OTHERS_BESIDE, columns=["E", "I", "M"]),
        (
            "Other tables stand to the right of this one, from columns E, I and M on; each is read by itself."
            f" If they are one table, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.BELOW_ANOTHER, sheet="S", row=1_036),
        (
            'This table of sheet "S" begins in row 1,036, below another one: its rows have a header of their own.'
            f" If they are rows of the one above, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.TABLE_LEFT_OUT, table="S (column E)", rows=1_000),
        (
            '"S (column E)" is a table of 1,000 rows with other columns than the dataset: it is not loaded. Send it as'
            f" a file of its own. If they are rows of this one, {AGAIN}"
        ),
    ),
    (
        Note.of(NoteKind.SECOND_READER, reader="xlrd", refusal="it holds {x}"),
        "Read by xlrd, not by the usual reader: it holds {x}.",
    ),
    (
        Note.of(NoteKind.ERROR_CELLS, count=2_000, first="#N/A in B2"),
        "2,000 cells hold an error, read as blank; the first is #N/A in B2.",
    ),
    (Note.of(NoteKind.ERROR_CELLS, count=1, first=""), "1 cell holds an error, read as blank."),
    (
        Note.of(NoteKind.UNSAVED_FORMULAS, count=1, first="B7"),
        (
            "1 cell holds a formula whose value was not saved, read as blank; the first is B7. Open the workbook in a"
            " spreadsheet program and save it to have the values."
        ),
    ),
    (
        Note.of(NoteKind.ROUNDED_INTEGERS),
        "Whole numbers of more than 15 digits are read as Excel shows them, rounded.",
    ),
    (
        Note.of(NoteKind.SUBTOTALS, places=[5, 1_009], count=3),
        (
            "Rows 5, 1,009 and more sum other rows up. All are loaded as rows: leave them out before you add up a"
            " column."
        ),
    ),
    (
        Note.of(
            NoteKind.SUBTOTALS,
            unit="line",
            places=[5],
            count=1,
            rows=[5],
            words=["Total"],
            is_begun_by=True,
            is_all=True,
        ),
        (
            "Line 5 sums other rows up, by what it says (“Total”). It is loaded as a row: leave it out before you add"
            " up a column."
        ),
    ),
    (
        Note.of(NoteKind.SUBTOTALS, unit="line", places=[5], count=1, rows=[5], words=["Total"], is_all=False),
        (
            "Lines 5 and more sum other rows up, by what they say (“Total”). All are loaded as rows: leave them out"
            " before you add up a column."
        ),
    ),
    (
        Note.of(NoteKind.TOTAL_LEVELS, word="total", columns=[["industry", 925], ["size", 7_955]], is_all=True),
        (
            "“total” stands in “industry” in 925 rows and in “size” in 7,955 rows. All rows are loaded: choose one"
            " level of each before you add them up."
        ),
    ),
    (
        Note.of(NoteKind.TOTAL_LEVELS, word="Total", columns=[["a", 1], ["b", 2], ["c", 3]], is_all=False),
        (
            "“Total” stands in “a”, in “b” and in “c”. All rows are loaded: choose one level of each before you add"
            " them up."
        ),
    ),
    (
        Note.of(
            NoteKind.MASKED_NUMBERS,
            columns=["B", "C"],
            names=["ph_phone", ""],
            number="12345678",
            shown="012-34-5678",
        ),
        (
            "“ph_phone” and column C hold numbers, stored as text the way the sheet shows them: 12345678 as"
            " “012-34-5678”."
        ),
    ),
    (
        Note.of(NoteKind.MASKED_NUMBERS, columns=["C"], number="7", shown="0007"),
        "Column C holds numbers, stored as text the way the sheet shows them: 7 as “0007”.",
    ),
    (
        Note.of(NoteKind.SUMS_WITHOUT_WORD, unit="line", place=9, columns=3, rows=[9], is_mean=True),
        (
            "Line 9 holds the mean of the rows above it in 3 columns. It is loaded as a row; if it is none, leave this"
            " line out."
        ),
    ),
    (
        Note.of(NoteKind.SUMS_WITHOUT_WORD, unit="row", place=9, columns=1, rows=[9]),
        (
            "Row 9 holds the sum of the rows above it in 1 column, though no word says so. It is loaded as a row;"
            " if it is a total, leave this row out."
        ),
    ),
    (
        Note.of(NoteKind.SUMS_WITHOUT_WORD, unit="line", place=1_008, columns=2, rows=[1_008]),
        (
            "Line 1,008 holds the sum of the rows above it in 2 columns, though no word says so. It is loaded as a row;"
            " if it is a total, leave this line out."
        ),
    ),
    (
        Note.of(NoteKind.SUMS_WITHOUT_WORD, unit="line", place=2, columns=2, rows=[2], is_first=True),
        (
            "Line 2 holds the sum of the rows below it in 2 columns, though no word says so. It is loaded as a row;"
            " if it is a total, leave this line out."
        ),
    ),
    (
        Note.of(NoteKind.PIVOT, name="By region", first=3, last=1_008),
        (
            "Rows 3 to 1,008 are the pivot table “By region”, which sums up rows that stand elsewhere. If you need"
            " those, send the sheet or file that has them."
        ),
    ),
    (
        Note.of(NoteKind.SURVEY_HEADER, unit="row", texts=2, ids=3, is_joined=False),
        (
            "Row 2 says what the columns mean: its texts are kept as their descriptions. Row 3 holds ids of the"
            " survey’s tool and is not loaded. If that is wrong, read the file again with data beginning in row 2."
        ),
    ),
    (
        Note.of(NoteKind.SURVEY_HEADER, unit="line", texts=1_002, ids=None, is_joined=True),
        (
            "Line 1,002 holds the choices of the questions above it: they are part of the columns’ names. If that is"
            " wrong, read the file again with data beginning in row 1,002."
        ),
    ),
    (
        Note.of(NoteKind.SURVEY_HEADER, unit="line", texts=None, ids=2, is_joined=False),
        (
            "Line 2 holds ids of the survey’s tool and is not loaded. If that is wrong, read the file again with data"
            " beginning in row 2."
        ),
    ),
    (
        Note.of(NoteKind.SUBTOTALS, places=[], count=0),
        (
            "The rows add up to twice their total: some of them are subtotals of others. All are loaded as rows: leave"
            " them out before you add up a column."
        ),
    ),
    (
        Note.of(NoteKind.MERGED_CELLS, count=1_005, first="A3", filled=False),
        (
            "1,005 cells are blank because they are merged with the cell above; the first is A3. To give each row the"
            " value, read the file again with merged cells filled down."
        ),
    ),
    (
        Note.of(NoteKind.MERGED_CELLS, count=1, first="A3", filled=True),
        "1 cell got the value of the merged cell above; the first is A3.",
    ),
    (
        Note.of(NoteKind.HIDDEN_CELLS, sheet="S", rows=1_005, columns=["C"], is_filtered=True, left_out=False),
        (
            "Hidden in sheet “S” (a filter is on): 1,005 rows and column C. They are loaded like the others. To leave"
            " them out, read the file again with visible cells only."
        ),
    ),
    (
        Note.of(
            NoteKind.HIDDEN_CELLS,
            sheet="S",
            rows=2,
            spans=[[4, 4], [7, 7]],
            columns=["C", "D"],
            names=["salary", ""],
            is_filtered=False,
            left_out=False,
        ),
        (
            "Hidden in sheet “S”: rows 4 and 7 and columns C (salary) and D. They are loaded like the others. To leave"
            " them out, read the file again with visible cells only."
        ),
    ),
    (
        Note.of(
            NoteKind.HIDDEN_CELLS,
            sheet="S",
            rows=1_005,
            spans=[[3, 7], [9, 9]],
            columns=[],
            is_filtered=False,
            left_out=True,
        ),
        "Hidden in sheet “S”: 1,005 rows (3 to 7, 9 and more). They are left out, as asked.",
    ),
    (
        Note.of(NoteKind.HIDDEN_CELLS, sheet="S", rows=1, columns=[], is_filtered=False, left_out=True),
        "Hidden in sheet “S”: 1 row. It is left out, as asked.",
    ),
    (
        Note.of(NoteKind.ZERO_DATES, count=1_005, first="B3"),
        (
            "1,005 cells from B3 on hold 0 as a date, which a spreadsheet shows as the day 0 of January 1900; read as"
            " empty."
        ),
    ),
    (
        Note.of(NoteKind.ZERO_DATES, count=1, first="C3"),
        "Cell C3 holds 0 as a date, which a spreadsheet shows as the day 0 of January 1900; read as empty.",
    ),
    (
        Note.of(NoteKind.TIMES_OVER_A_DAY, count=1, first="B3"),
        (
            "1 cell holds a time of 24 hours or more in a format that shows the time of day alone; read as shown, the"
            " first is B3. To have all hours, give the column the format [h]:mm."
        ),
    ),
    (
        Note.of(NoteKind.NEGATIVE_TIMES, count=2, first="B3"),
        (
            "2 cells hold a date or time below zero, which Excel shows as ######; the first is B3. Look whether it is a"
            " mistake of the sheet."
        ),
    ),
    (
        Note.of(NoteKind.CURRENCIES, column="E", cells={"€": 1_200, "$": 1}),
        (
            "Column E holds amounts in 2 currencies (1,200 in €, 1 in $): only the numbers are loaded. Give the"
            " currency a column of its own before you add them up."
        ),
    ),
    (Note.of(NoteKind.SHEET_EMPTY, sheet="S"), 'Sheet "S" is empty.'),
    (Note.of(NoteKind.SHEET_WITHOUT_ROWS, table="S (row 5)"), 'Sheet "S (row 5)" has a header and no rows.'),
    (Note.of(NoteKind.SHEET_HIDDEN, sheet="S"), 'Hidden sheet "S" was left out; ask for it by name to load it.'),
    (
        Note.of(NoteKind.MEMBERS_LEFT_OUT, archive="a.zip", members=["b.pdf", "c.png"], more=0),
        "Left out of a.zip: b.pdf, c.png.",
    ),
    (
        Note.of(NoteKind.MEMBERS_LEFT_OUT, archive="a.zip", members=["b.pdf", "c.png"], more=2),
        "Left out of a.zip: b.pdf, c.png and 2 more.",
    ),
    (Note.of(NoteKind.LIST_IN_OBJECT, name="rows", others=[], more=0), "The records are those of “rows”."),
    (
        Note.of(NoteKind.LIST_IN_OBJECT, name="rows", others=["a", "b"], more=2),
        "The records are those of “rows”. What stands beside them is not loaded: “a”, “b” and 2 more.",
    ),
    (
        Note.of(NoteKind.SMALL_TABLES_LEFT_OUT, count=2),
        "2 tables of the page with a single row or column are not loaded.",
    ),
    (
        Note.of(NoteKind.TWO_ENCODINGS, encoding="cp1252", count=1_234, lines=[2, 4]),
        (
            "1,234 lines are not UTF-8 as the others are, and read as cp1252 (lines 2, 4 and more)."
            " If letters look wrong there, read the file again with the encoding of those lines: the others stay UTF-8."
        ),
    ),
    (
        Note.of(
            NoteKind.TWO_ENCODINGS,
            encoding="cp850",
            count=1,
            lines=[7],
            ways=[{"options": {"encoding": "cp1252"}}, {"options": {"encoding": "cp437"}}],
        ),
        (
            "1 line is not UTF-8 as the others are, and read as cp850 (line 7)."
            " If letters look wrong there, read the file again with the encoding of that line, such as cp1252 or cp437:"
            " the others stay UTF-8."
        ),
    ),
    (
        Note.of(NoteKind.CONTROLS_MENDED, count=1_234),
        (
            "1,234 control codes are read as the Windows-1252 characters that were meant. To keep them, choose the"
            " encoding utf-8."
        ),
    ),
    (
        Note.of(NoteKind.CONTROLS_MENDED, count=14, marks=[["†", 8], ["•", 4]]),
        (
            "14 control codes are read as the Windows-1252 characters that were meant: 8 “†”, 4 “•” and others. To keep"
            " them, choose the encoding utf-8."
        ),
    ),
    (
        Note.of(NoteKind.CONTROLS_MENDED, count=1, marks=[["–", 1]]),
        (
            "1 control code is read as the Windows-1252 character that was meant: 1 “–”. To keep it, choose the"
            " encoding utf-8."
        ),
    ),
    (
        Note.of(NoteKind.MEMBER_NAMES, archive="a.zip", encoding="cp866"),
        (
            "a.zip does not say how the names in it are written; they were read as cp866. If they should be Chinese, "
            "Japanese or Korean, choose the encoding (big5, gb18030, shift_jis or cp949)."
        ),
    ),
    (
        Note.of(NoteKind.NAMELESS_APART),
        "A table without a header joins no dataset by itself: name one when you send the file.",
    ),
    (
        Note.of(NoteKind.MATCHED_BY_PLACE, dataset="sales", columns=2, names=["Area", "Sum"]),
        (
            "The file does not name its columns: its 2 columns are taken for those of data.sales in the same places"
            " (Area, Sum). If that is wrong, give the file a header."
        ),
    ),
    (
        Note.of(NoteKind.MATCHED_BY_PLACE, dataset="sales", columns=9, names=["a", "b", "c", "d", "e"]),
        (
            "The file does not name its columns: its 9 columns are taken for those of data.sales in the same places"
            " (a, b, c, d, e and others). If that is wrong, give the file a header."
        ),
    ),
    (
        Note.of(NoteKind.NOT_NUMBERS, count=1),
        "1 cell with NaN (“not a number”) is read as blank.",
    ),
    (Note.of(NoteKind.OPTIONS_GIVEN, options="day first"), "Read with the options given for this file: day first."),
    (
        Note.of(NoteKind.OPTIONS_REMEMBERED, options="by staff: day first"),
        "Format remembered for this dataset, by staff: day first.",
    ),
    (
        Note.of(NoteKind.OPTIONS_REMEMBERED, remembered="“survey.csv”: day first"),
        "Format remembered from “survey.csv”: day first.",
    ),
    (
        Note.of(NoteKind.TYPES_HOLD),
        "The dataset has rows of other files too, so its types hold: a column's type is changed on its page.",
    ),
    (
        Note.of(NoteKind.ROWS_NOT_APPLIED, options="data from row 3"),
        (
            "The dataset remembers “data from row 3” for files that name it; this one joined it by its columns alone."
            " To have it so here too, read the file again and name the dataset."
        ),
    ),
    (
        Note.of(NoteKind.ONE_TABLE_NOT_APPLIED),
        (
            "The dataset remembers “everything as one table” for files that name it; this one joined it by its columns"
            " alone."
        ),
    ),
    (
        Note.of(NoteKind.OPTIONS_NOT_USED, count=1, options="sheet “{x}”", reason="is_text"),
        "1 option was not used: sheet “{x}”. It is for workbooks, and this is a text file.",
    ),
    (
        Note.of(NoteKind.OPTIONS_NOT_USED, count=2, options="delimiter “;”, encoding utf-8", reason="is_sheet"),
        (
            "2 options were not used: delimiter “;”, encoding utf-8. They are for text files such as CSV, and this is a"
            " sheet of a workbook."
        ),
    ),
    (
        Note.of(NoteKind.OPTIONS_NOT_USED, count=1, options="header row 2", reason="is_records"),
        "1 option was not used: header row 2. It is for texts and sheets, and this file names its columns itself.",
    ),
    (
        Note.of(NoteKind.OPTIONS_NOT_USED, count=1, options="day first", reason="all_text"),
        "1 option was not used: day first. It is for numbers and dates, and everything is read as text.",
    ),
    (Note.of(NoteKind.SENTENCE, text="As it was {0}."), "As it was {0}."),
    (Note.of(NoteKind.SENTENCE_ON_ROWS_LEFT_OUT, text=f"If it is data, {AGAIN}"), f"If it is data, {AGAIN}"),
]

ROWS = {"unit": "line", "first": 1, "last": 1_004, "is_below": False}
SENTENCES += [
    (
        Note.of(
            NoteKind.LAYOUT_RUNNER_UP,
            unit="line",
            header=4,
            first=5,
            ways=[{"header": 2, "first": 3, "options": {"header_row": 2}}],
        ),
        (
            "Line 4 is read as the header, line 5 as the first row below it. Line 2 may be the header as well. "
            "If so, read the file again with header row “2”."
        ),
    ),
    (
        Note.of(
            NoteKind.LAYOUT_RUNNER_UP,
            unit="line",
            header=1,
            first=2,
            ways=[
                {"header": None, "first": 1, "options": {"header_row": "none"}},
                {"header": 1, "first": 3, "options": {"header_row": 1, "data_row": 3}},
            ],
        ),
        (
            "Line 1 is read as the header, line 2 as the first row below it. Line 1 may be a row too, and no header "
            "there. Line 3 may be the first row as well. If so, read the file again with header row “none” or header "
            "row “1” and data from row “3” on."
        ),
    ),
    (
        Note.of(
            NoteKind.LAYOUT_RUNNER_UP,
            unit="line",
            header=None,
            first=1,
            ways=[{"header": 1, "first": 2, "options": {"header_row": 1}}],
        ),
        (
            "Line 1 is read as the first row, without a header above it. Line 1 may be the header as well. "
            "If so, read the file again with header row “1”."
        ),
    ),
    (
        Note.of(
            NoteKind.BORDER_DOUBTED,
            unit="line",
            begins=9,
            last=1_020,
            is_parted=True,
            ways=[{"options": {"one_table": True}}],
        ),
        (
            "Lines 9 to 1,020 are read as another table. They may be rows of this one. "
            "If so, read the file again with everything as one table."
        ),
    ),
    (
        Note.of(
            NoteKind.BORDER_DOUBTED,
            unit="line",
            begins=9,
            last=20,
            is_parted=False,
            ways=[{"options": {"table_rows": "9"}}, {"options": {"skip_rows": "9-20"}}],
        ),
        (
            "Lines 9 to 20 are taken with this table. They may be another one. "
            "If so, read the file again with another table from row “9” on or rows “9-20” left out."
        ),
    ),
    (
        Note.of(
            NoteKind.LINES_OF_ONE_CELL,
            unit="line",
            count=12,
            places=[2, 6],
            texts=["North", "South"],
            ways=[{"options": {"skip_rows": "2, 6"}}, {"options": {"uneven_rows": "fill"}}],
        ),
        (
            "12 lines of a single cell stand among the rows (lines 2, 6 and more): “North”, “South” and more."
            " They may be headings. "
            "If so, read the file again with rows “2, 6” left out or short rows filled."
        ),
    ),
    (
        Note.of(
            NoteKind.ROWS_OF_OTHER_WIDTH,
            unit="line",
            count=1_030,
            spans=[[1, 1_015], [1_016, 1_030]],
            runs=2,
            ways=[{"options": {"table_rows": "1016, 1031"}}],
        ),
        (
            "1,030 rows that stand together have another number of cells than the others (lines 1 to 1,015, 1,016 to"
            " 1,030). They are rejected, and may be other tables. If so, read the file again with other tables from"
            " rows “1016, 1031” on."
        ),
    ),
    (
        Note.of(
            NoteKind.ROWS_OF_OTHER_WIDTH,
            unit="line",
            count=12,
            spans=[[31, 42]],
            runs=1,
            ways=[{"options": {"skip_rows": "31-42"}}],
        ),
        (
            "12 rows that stand together have another number of cells than the others (lines 31 to 42). They are"
            " rejected, and may be another table. If so, read the file again with rows “31-42” left out."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_AMONG_NOTES, **ROWS, ways=[{"options": {"header_row": 1, "skip_rows": "1005-1010"}}]),
        (
            "Lines 1 to 1,004 are taken for notes above the table, and may be a table of their own. "
            "If so, read the file again with header row “1” and rows “1005-1010” left out."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_AMONG_NOTES, **ROWS, ways=[], count=6, spans=[[1, 1], [3, 7]]),
        (
            "Lines 1 and 3 to 7 are taken for notes above the table, and may be a table of their own. "
            "If so, send them as a file of their own."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_AMONG_NOTES, **{**ROWS, "unit": "row", "is_below": True}, ways=[]),
        (
            "Rows 1 to 1,004 are taken for notes below the table, and may be a table of their own. "
            "If so, send them as a file of their own."
        ),
    ),
]
PHRASES = [
    (Why.of(WhyKind.BLANK), "it is blank"),
    (Why.of(WhyKind.REPEATED, cell="x", column=2), "“x” stands in column 2 of other rows too"),
    (Why.of(WhyKind.NUMBERED, cell="Table 1"), "“Table 1” is written like the values below it"),
    (Why.of(WhyKind.ABOVE_VALUES, cell="1", below="{2}"), "“1” stands above values such as “{2}”"),
    (Why.of(WhyKind.VALUE, cell="1"), "it holds the value “1”"),
    (Why.of(WhyKind.MAYBE_VALUE, cell="2019"), "it holds “2019”, which may be a value"),
    (Why.of(WhyKind.ONLY_WORDS), "the rows below it hold nothing but words too"),
    (
        Why.of(WhyKind.HEADER_BESIDE_ROWS, is_its=True, row=1_005),
        "its header in row 1,005 stands beside rows of the other",
    ),
    (
        Why.of(WhyKind.HEADER_BESIDE_ROWS, is_its=False, row=5),
        "the other's header in row 5 stands beside rows of this one",
    ),
    (Why.of(WhyKind.BEGINS_BELOW), "it begins below the last row of the other"),
    (Why.of(WhyKind.ENDS_ABOVE), "it ends above the header of the other"),
    (Why.of(WhyKind.DEFINED), "the workbook itself defines both as tables"),
    (Why.of(WhyKind.NUMBERED_TITLES), "each has a numbered title of its own"),
    (Why.of(WhyKind.FIRST_NAME_AGAIN, name="Code"), "both begin with a column “Code”"),
    (Why.of(WhyKind.ENDS_BEFORE, is_its=True, row=1_005), "its rows end in row 1,005 and the other's go on"),
    (Why.of(WhyKind.ENDS_BEFORE, is_its=False, row=5), "the other's rows end in row 5 and its own go on"),
]


@pytest.mark.parametrize(("note", "sentence"), SENTENCES)
def test_sentence_is_made_from_the_figures(note: Note, sentence: str) -> None:
    assert sentence_of(note) == sentence


@pytest.mark.parametrize(("why", "phrase"), PHRASES)
def test_reason_is_made_from_the_figures(why: Why, phrase: str) -> None:
    assert phrase_of(why.as_json()) == phrase


def test_every_kind_is_shown_above() -> None:
    assert {note.kind for note, _ in SENTENCES} == set(NoteKind)
    assert {why.kind for why, _ in PHRASES} == set(WhyKind)


def test_notes_on_rows_left_out_are_those_whose_sentence_names_the_way_out() -> None:
    assert {note.kind for note, sentence in SENTENCES if sentence.endswith((AGAIN, EVERYTHING))} == ON_ROWS_LEFT_OUT


@pytest.mark.parametrize("note", [note for note, _ in SENTENCES])
def test_note_comes_back_from_json(note: Note) -> None:
    assert Note.from_json(json.loads(json.dumps(note.as_json()))) == note


def test_what_cannot_be_stored_is_shown_in_the_figures() -> None:
    note = Note.of(NoteKind.MEMBERS_LEFT_OUT, archive="a\0.zip", members=["b\udcff.pdf"], more=1)
    stored = Note.from_json(storable_json(note.as_json()))
    assert stored.figures == {"archive": "a␀.zip", "members": ["b\\udcff.pdf"], "more": 1}
    assert sentence_of(stored) == storable(sentence_of(note))


@pytest.mark.parametrize(
    ("lines", "where"), [((9, 24), "2 more tables begin in lines 9 and 24;"), (range(2, 14), ", 10, 11 and 2 more;")]
)
def test_several_tables_below_are_told_of_in_one_sentence(lines: Iterable[int], where: str) -> None:
    notes = [Note.of(NoteKind.OTHER_LINES, first=line, last=line + 5, lines=6) for line in lines]
    told = tables_below(notes)
    assert where in told
    assert told.endswith(f"; each is loaded as a table of its own. If they are one table, {AGAIN}")
