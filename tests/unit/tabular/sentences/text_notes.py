"""Notes on how a text is written."""

from typing import Any

from uploads.tabular.notes import Note, NoteKind


def spaced(
    *others: dict[str, Any], more_columns: int = 0, rows: list[int], kinds: str = "space", **counts: int
) -> Note:
    column = {"label": "city", "begin": 0, "end": 0, "both": 0, "only": 0, **counts, "rows": rows}
    column["kinds"] = kinds.split()
    return Note.of(NoteKind.OUTER_SPACES, unit="line", columns=[column, *others], more_columns=more_columns)


SENTENCES: list[tuple[Note, str]] = [
    (
        Note.of(NoteKind.ENCODING_DOUBTED, encoding="cp1252"),
        "Read as cp1252, as you chose, although all of it could be UTF-8: check that its letters look right.",
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
            "Letters were garbled before the file came, such as “ZÃ¼rich”, which means “Zürich”. They are kept as they"
            " stand in it: export it once more at its source, and choose UTF-8 in any program that opens it in between."
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
            "1 name of the header holds letters that cannot be read (“Stra\\xdfe”). If letters look wrong, choose"
            " another encoding."
        ),
    ),
    (
        Note.of(NoteKind.NAMES_UNDECODED, names=["\\xdf"], count=1_234),
        (
            "1,234 names of the header hold letters that cannot be read (“\\xdf” and more). If letters look wrong,"
            " choose another encoding."
        ),
    ),
    (
        Note.of(NoteKind.BAD_BYTES, count=1_234),
        (
            "Read as UTF-8, as letters are mostly written; 1,234 signs in it cannot be read, so rows that hold them"
            " are rejected."
        ),
    ),
    (
        Note.of(NoteKind.WIDE_ENCODING, encoding="utf-16-le"),
        "Its letters are read as UTF-16-LE, though nothing in the file says so: check that they look right.",
    ),
    (
        Note.of(NoteKind.SWITCHING_ENCODING, encoding="iso2022_jp"),
        (
            "Its letters are read as iso2022_jp, an older way to write Chinese, Japanese or Korean: check that they"
            " look right."
        ),
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING, encoding="cp1251"),
        "Its letters are not written as UTF-8; read as Windows-1251 (cp1251), they make words.",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING, encoding="cp1252", signs=["–", "’"]),
        "Its letters are not written as UTF-8; read as Windows-1252 (cp1252): check signs such as “–”, “’”.",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING, encoding="cp1252", signs=[]),
        "Its letters are not written as UTF-8; read as Windows-1252 (cp1252).",
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING_DOUBTED, encoding="cp1252", others=["cp850"], signs=["–"]),
        (
            "Its letters are not written as UTF-8; read as Windows-1252 (cp1252), though it could also be cp850:"
            " choose that if signs such as “–”"
            " look wrong."
        ),
    ),
    (
        Note.of(NoteKind.LEGACY_ENCODING_DOUBTED, encoding="cp1252", others=["cp850", "cp437"]),
        (
            "Its letters are not written as UTF-8; read as Windows-1252 (cp1252), though it could also be cp850 or"
            " cp437: choose that if letters"
            " look wrong."
        ),
    ),
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
        (
            "Invisible marks (byte order marks) stand inside the text, as where files were put one behind the other:"
            " they are left out."
        ),
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
        Note.of(NoteKind.PRINTED_TABLE, rules=0, is_bare=True),
        "A bar (|) at both ends of each row ends no cell. To have an empty column there, name “|” as the delimiter.",
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
        Note.of(NoteKind.INDEX_NAME, name="date"),
        (
            "Line 2 names the first column (“date”), as pandas prints it, and is part of the header. If it is a row, "
            "name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.WRAPPED_CELLS, is_grid=True),
        (
            "A printed table: cells that go on in the next lines are put together, with a space between. A row ends at"
            " the rule below it; its other lines, and the rules, count as blank. If each line is a row, name the "
            "delimiter."
        ),
    ),
    (
        Note.of(NoteKind.WRAPPED_CELLS, is_grid=False),
        (
            "A printed table: cells that go on in the next lines are put together, with a space between. A row ends "
            "with a line without “+” at a bar; its other lines, and the rules, count as blank. If each line is a row, "
            "name the delimiter."
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
        Note.of(NoteKind.PROGRAM_FORM, program="processes"),
        (
            "A list of processes (ps, top): cells are separated by spaces, and the last one, the command, is the rest"
            " of the line. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="primavera"),
        (
            "A project of Primavera (XER): each line %T begins a table, its line %F names the columns, and each"
            " line %R is a row. These marks, and tables without rows, are left out. To read lines as they stand,"
            " name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="track"),
        (
            "A track of a genome browser: its lines “track”, “browser” and those that begin with # are no rows,"
            " and the columns have the names of the format (BED, bedGraph, GFF). To read lines as they stand,"
            " name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="tracks"),
        (
            "Tracks of a genome browser: lines “track”, “browser” and those that begin with # are no rows, and"
            " the columns have the names of the format (BED, bedGraph, GFF); the last one, “track”, names the"
            " track of each row. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="syslog"),
        (
            "A system log: each line is a time, a host, a program, and a message, the rest of the line. Other"
            " lines are rejected. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="levels"),
        (
            "A log: each line is a time, a level (INFO, ERROR), and a message, the rest of the line. Other lines"
            " are rejected. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="threads"),
        (
            "A log: each line has a time, a level (INFO, ERROR), a thread, and a message, the rest of the line. Other"
            " lines are rejected. To read lines as they stand, name the delimiter."
        ),
    ),
    (
        Note.of(NoteKind.PROGRAM_FORM, program="timed"),
        (
            "A log: each line is a time and a message, the rest of the line. Other lines are rejected. To read lines as"
            " they stand, name the delimiter."
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
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=1, spans=[[1, 1]], has_others=True),
        "1 line that is blank or no row: 1.",
    ),
    (
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=3, spans=[[5, 6], [9, 9]], has_others=True),
        "3 lines that are blank or no row: 5, 6 and 9.",
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
        Note.of(NoteKind.BLANK_ROWS, unit="row", count=4, spans=[[9, 9]], spaced=3, spaced_spans=[[2, 3], [5, 5]]),
        "3 rows that hold nothing but spaces: 2, 3 and 5. 1 blank row: 9.",
    ),
    (
        Note.of(NoteKind.BLANK_ROWS, unit="line", count=1, spans=[], spaced=1, spaced_spans=[[7, 7]]),
        "1 line that holds nothing but spaces: 7.",
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
    (
        Note.of(NoteKind.DRAWN_RULES, rules=2, is_spaced=False),
        "Lines that only draw a rule (----) are no rows. To keep them, name the delimiter.",
    ),
    (
        Note.of(NoteKind.DRAWN_RULES, rules=2, is_spaced=True),
        (
            "Cells are separated by spaces: any number in a row is one delimiter. Lines that only draw a rule (----)"
            " are no rows. To keep them, name the delimiter."
        ),
    ),
    (Note.of(NoteKind.LONG_DELIMITER, delimiter="||"), "Cells are separated by “||”."),
    (Note.of(NoteKind.SPACES_AROUND), "Spaces beside delimiters belong to no cell; those inside quotes are kept."),
    (Note.of(NoteKind.EMPTY_APOSTROPHES), "Cells that hold nothing but two apostrophes ('') are empty."),
    (
        Note.of(NoteKind.FORMULA_TEXTS),
        'Cells written as ="…", which keeps Excel from changing them, are read as what stands inside.',
    ),
    (Note.of(NoteKind.SPACES_BEHIND), "Lines end with spaces behind the last quote; they are no part of the cell."),
    (
        Note.of(NoteKind.RECORD_SEPARATORS),
        "Its rows end with the record separator of ASCII (0x1E); each counts as a line.",
    ),
    (Note.of(NoteKind.END_MARK, mark="Ctrl-Z"), "The file ends with a mark (Ctrl-Z) that is no row."),
    (
        Note.of(NoteKind.LAST_CELLS_MISSING, columns=["a"]),
        "All rows end before the last column of the header, “a”: it is empty.",
    ),
    (
        Note.of(NoteKind.LAST_CELLS_MISSING, columns=list("abcdefg")),
        "All rows end before the last 7 columns of the header, “a”, “b”, “c”, “d”, “e” and 2 more: they are empty.",
    ),
    (Note.of(NoteKind.OTHER_QUOTE, quote="|"), "Cells that stand between “|” are stored without it."),
    (
        Note.of(NoteKind.QUOTES_ARE_TEXT),
        (
            'Quotes (") are kept as they stand: cells go on behind them, and none is in quotes as a whole. If they'
            " enclose cells, name the quote."
        ),
    ),
    (
        Note.of(NoteKind.BAD_BYTES, count=1),
        (
            "Read as UTF-8, as letters are mostly written; 1 sign in it cannot be read, so a row that holds it is"
            " rejected."
        ),
    ),
    (
        Note.of(NoteKind.LINE_ENDS, pairs=1_000, feeds=0, returns=2),
        (
            "Lines end in several ways, as those of Windows (CR LF), Unix (LF) and old Macs (CR) do (1,000 by CR LF,"
            " 2 by CR); each of them ends a line."
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
            "3 values of “city” end with one or more spaces (lines 4, 9, 12). They are kept as they stand: a"
            " value with spaces is not equal to one without."
            " Columns of numbers and dates lose theirs."
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
            "2 values of “city” begin or end with one or more spaces (lines 2, 3) and 1 value of “name” begins"
            " with one or more tabs"
            " (line 7). They are kept as they stand: a value with spaces is not equal to one without."
            " Columns of numbers and dates lose theirs."
        ),
    ),
    (
        spaced(only=9, rows=[2, 3, 4, 5, 6], kinds="line_break"),
        (
            "9 values of “city” hold nothing but line breaks (lines 2, 3, 4, 5, 6 and more). They are kept as they"
            " stand, and are not empty while the column is text; numbers and dates take them for empty."
        ),
    ),
    (
        spaced(begin=1, rows=[2], kinds="line_break"),
        (
            "1 value of “city” begins with one or more line breaks (line 2). It is kept as it stands: a value"
            " with the line break"
            " is not equal to one without."
        ),
    ),
    (
        spaced(both=1, rows=[2], more_columns=4),
        (
            "1 value of “city” begins and ends with one or more spaces (line 2) and such values stand in 4 more"
            " columns. They"
            " are kept as they stand: a value with spaces is not equal to one without."
            " Columns of numbers and dates lose theirs."
        ),
    ),
    (
        spaced(end=1, rows=[2], kinds="other space"),
        (
            "1 value of “city” ends with white space (line 2). It is kept as it stands: a value with spaces is not"
            " equal to one without. Columns of numbers and dates lose theirs."
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
        Note.of(NoteKind.CONTROLS_MENDED, count=1_234),
        (
            "1,234 damaged characters (control codes) are read as what was meant, by Windows-1252. To have them as in"
            " the file, read the file again with the encoding utf-8."
        ),
    ),
    (
        Note.of(NoteKind.CONTROLS_MENDED, count=14, marks=[["†", 8], ["•", 4]], line=2),
        (
            "14 damaged characters (control codes), the first in line 2, are read as what was meant, by Windows-1252:"
            " 8 “†”, 4 “•” and others. To have them as in the file, read the file again with the encoding utf-8."
        ),
    ),
    (
        Note.of(NoteKind.CONTROLS_MENDED, count=1, marks=[["–", 1]], line=3),
        (
            "1 damaged character (control codes), in line 3, is read as what was meant, by Windows-1252: 1 “–”. To"
            " have it as in the file, read the file again with the encoding utf-8."
        ),
    ),
]
