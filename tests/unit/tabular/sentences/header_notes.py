"""Notes on the header."""

from tests.unit.tabular.sentences.endings import LOAD_IT, LOAD_THEM
from uploads.tabular.notes import Note, NoteKind, Why, WhyKind

VALUE = Why.of(WhyKind.MAYBE_VALUE, cell="2019").as_json()
SENTENCES: list[tuple[Note, str]] = [
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
        Note.of(NoteKind.HEADER_DEPTH, depth=3, blank=2, header_spans=[[5, 5], [7, 7], [9, 9]]),
        "The header takes 3 rows (lines 5, 7 and 9) and 2 blank lines between them; their cells are joined.",
    ),
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
        Note.of(NoteKind.HEADER_DEPTH, depth=2, alone=[["x", "A"], ["y", "A"], ["z", "A"]], more_alone=13),
        (
            "The header takes 2 rows; their cells are joined. The cells above “x”, “y”, “z” and 13 more are blank,"
            " so “A” is no part of their names."
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
        Note.of(NoteKind.HEADER_DOUBTED, unit="row", place=2, why=VALUE, kept=True),
        (
            "Row 2 was taken as the header, but it may be data: it holds “2019”, which may be a value."
            " Somebody kept it as it is."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_DOUBTED, unit="line", place=1_003, why=VALUE),
        (
            "Line 1,003 was taken as the header, but it may be data: it holds “2019”, which may be a value."
            " If it is data, read the file again without a header."
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
        (
            "The header has one name too few: its names stand above the columns from the second one on. The first"
            " column holds a different value in each row and has no name. If that is wrong, give every column"
            " a name in the header."
        ),
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
    (Note.of(NoteKind.BLANK_NAMES, count=1), "The header has 1 blank cell more than the rows have, which is left out."),
    (
        Note.of(NoteKind.BLANK_NAMES, count=2),
        "The header has 2 blank cells more than the rows have, which are left out.",
    ),
    (
        Note.of(NoteKind.NAMES_TRIMMED, count=1, first="city"),
        "“city” in the header is read without the spaces beside it.",
    ),
    (
        Note.of(NoteKind.NAMES_TRIMMED, count=19, first="0_1"),
        "19 cells of the header are read without the spaces beside them; the first is “0_1”.",
    ),
    (
        Note.of(NoteKind.NAMES_BROKEN, count=1, first="Organisation \ntype"),
        "The name “Organisation ↵ type” has a line break where ↵ stands. It is kept, and shown as a space here.",
    ),
    (
        Note.of(NoteKind.NAMES_BROKEN, count=9, first="a\r\nb"),
        (
            "9 cells of the header have line breaks; the first is “a ↵ b”. Their line breaks are kept, and shown as"
            " spaces here."
        ),
    ),
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
        Note.of(NoteKind.SURVEY_HEADER, unit="row", texts=2, ids=3, is_joined=False),
        (
            "Row 2 says what the columns mean: its texts are kept as their descriptions. Row 3 holds ids of the"
            " survey’s tool and is not loaded. If that is wrong, read the file again with data beginning in row 2."
        ),
    ),
    (
        Note.of(NoteKind.SURVEY_HEADER, unit="line", texts=3, ids=2, is_joined=False),
        (
            "Line 3 says what the columns mean: its texts are kept as their descriptions. Line 2 holds ids of the"
            " survey’s tool and is not loaded. If that is wrong, read the file again with data beginning in row 2."
        ),
    ),
    (
        Note.of(NoteKind.SURVEY_HEADER, unit="line", texts=1, names=2, ids=3, is_joined=False),
        (
            "Line 1 says what the columns mean: its texts are kept as their descriptions. Line 3 holds ids of the"
            " survey’s tool and is not loaded. If that is wrong, read the file again with header row 2."
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
]
