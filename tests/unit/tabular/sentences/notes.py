"""Notes on rows, tables and files."""

from tests.unit.tabular.sentences.endings import EVERYTHING, LOAD_IT, LOAD_THEM
from uploads.tabular.notes import Note, NoteKind, Why, WhyKind

SENTENCES: list[tuple[Note, str]] = [
    (
        Note.of(NoteKind.NO_DELIMITER, length=None),
        "Nothing was found that separates cells (no delimiter): each line is one cell.",
    ),
    (
        Note.of(NoteKind.NO_DELIMITER, length=269),
        (
            "Nothing was found that separates cells (no delimiter): each line is one cell. All lines have 269"
            " characters, as where each column has a fixed"
            " width and values stand without a space between them. To have columns, save the file again with a"
            " delimiter."
        ),
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter="\t", alike=1_000, rows=1_001, width=3, runner_up=None),
        (
            "Cells are separated by a tab: 1,000 of the 1,001 rows looked at have 3 cells (headers, titles and notes"
            " count too)."
        ),
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter="\x1f", alike=3, rows=3, width=2, runner_up=" "),
        (
            "Cells are separated by a control code: all 3 rows looked at have 2 cells. "
            "A space would fit nearly as well: name the delimiter if the columns look wrong."
        ),
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter=";", alike=1_001, rows=1_001, width=3, runner_up=None, header=1),
        "Cells are separated by “;”: the header and all 1,000 rows below it that were looked at have 3 cells.",
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter=";", alike=2, rows=2, width=3, runner_up=None, header=1),
        "Cells are separated by “;”: the header and the row below it that was looked at have 3 cells.",
    ),
    (Note.of(NoteKind.DELIMITER_NAMED), "The line sep= at the top names the delimiter."),
    (Note.of(NoteKind.ALIGNED), "The columns are aligned by spaces: several in a row are one delimiter."),
    (Note.of(NoteKind.SPACED), "A space follows each delimiter; it belongs to the delimiter, not to the cells."),
    (
        Note.of(NoteKind.APOSTROPHES),
        "Cells that stand between apostrophes (') are stored without them.",
    ),
    (Note.of(NoteKind.BACKSLASHES), "Quotes inside cells are written with a backslash."),
    (Note.of(NoteKind.BREAKS_IN_CELLS, rows=1, breaks=1), "1 row holds 1 line break inside cells, kept there."),
    (
        Note.of(NoteKind.BREAKS_IN_CELLS, rows=2, breaks=1_000),
        "2 rows hold 1,000 line breaks inside cells, kept there.",
    ),
    (
        Note.of(NoteKind.STRAY_QUOTES, count=1, lines=[2]),
        "1 row with a quotation mark where none belongs, read as written (line 2).",
    ),
    (
        Note.of(NoteKind.STRAY_QUOTES, count=3, lines=[2, 1_000]),
        "3 rows with a quotation mark where none belongs, read as written (lines 2, 1,000 and more).",
    ),
    (
        Note.of(NoteKind.DELIMITER, delimiter=";", alike=1, rows=2, width=3, runner_up=None, is_told=True),
        "Cells are separated by “;”.",
    ),
    (
        Note.of(NoteKind.NULL_WORD, word="-", cells=1, columns=[["n", 1]], more_columns=0),
        "Read as empty, as was chosen for this dataset: “-” in 1 cell (“n” 1).",
    ),
    (
        Note.of(NoteKind.NULL_WORD, word="NA", cells=1_002, columns=[["a", 1_000], ["b", 1]], more_columns=1),
        "Read as empty, as was chosen for this dataset: “NA” in 1,002 cells (“a” 1,000, “b” 1 and 1 more columns).",
    ),
    (
        Note.of(NoteKind.TOTAL, unit="line", place=1_000, text="Total {5}", totals=2),
        "Line 1,000, “Total {5}”, calls itself a total: it is not loaded as one of the rows.",
    ),
    (
        Note.of(NoteKind.TOTAL, unit="row", place=10, text="36 54", totals=2, is_marked=True),
        "Row 10, “36 54”, is a total, as the workbook says: it is not loaded as one of the rows.",
    ),
    (
        Note.of(NoteKind.LAST_TOTAL, unit="row", place=5, text="Total 5", totals=1),
        f"Row 5, “Total 5”, calls itself a total: it is not loaded as one of the rows. {LOAD_IT}",
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
            "Another table begins in line 5: the lines down to 1,008 are read by themselves, below."
            f" If they are no table of their own but rows of this one, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.OTHER_LINES_LEFT_OUT, first=5, last=1_008, lines=1_004),
        (
            "Another table begins in line 5: the 1,004 lines down to 1,008 have other columns than the dataset and are"
            f" not loaded. Send them as a file of their own. If they are no table of their own but rows of this"
            f" one, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.BESIDE_ANOTHER, sheet="S", column="E", why=Why.of(WhyKind.BEGINS_BELOW).as_json()),
        (
            'This table of sheet "S" begins in column E, to the right of another one. They are read apart because it'
            f" begins below the last row of the other. If they belong together, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.OTHERS_BESIDE, columns=["E"]),
        (
            "Another table stands to the right of this one, from column E on; it is read by itself."
            f" If they belong together, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.OTHERS_BESIDE, columns=["E", "I", "M"]),
        (
            "Other tables stand to the right of this one, from columns E, I and M on; each is read by itself."
            f" If they belong together, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.BELOW_ANOTHER, sheet="S", row=1_036),
        (
            'This table of sheet "S" begins in row 1,036, below another one: its rows have a header of their own.'
            f" If they are no table of their own but rows of the one above, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.TABLE_LEFT_OUT, table="S (column E)", rows=1_000),
        (
            '"S (column E)" is a table of 1,000 rows with other columns than the dataset: it is not loaded. Send it as'
            f" a file of its own. If they are no table of their own but rows of this one, {EVERYTHING}"
        ),
    ),
    (
        Note.of(NoteKind.SECOND_READER, reader="xlrd", refusal="it holds {x}"),  # as older loads have it
        (
            "It is written in an unusual way, so it was read by another program than most workbooks are. If the first"
            " rows look right, you need do nothing."
        ),
    ),
    (
        Note.of(NoteKind.SECOND_READER, reader="openpyxl", refusal="Relationships", why="damaged"),
        (
            "It is slightly damaged, or the program that wrote it does not keep to the format; it could be read all the"
            " same. If rows look wrong, open it in a spreadsheet program, save it there and send it again."
        ),
    ),
    (
        Note.of(NoteKind.SECOND_READER, reader="openpyxl", refusal="it has", why="long_integers"),
        (
            "It holds whole numbers of more than 15 digits, so it was read by a slower program that keeps all of them."
            " You need do nothing."
        ),
    ),
    (
        Note.of(NoteKind.ROUNDED_INTEGERS),
        "Whole numbers of more than 15 digits are read as Excel shows them, rounded.",
    ),
    (Note.of(NoteKind.SHEET_EMPTY, sheet="S"), 'Sheet "S" is empty.'),
    (Note.of(NoteKind.SHEET_WITHOUT_ROWS, table="S (row 5)"), 'Sheet "S (row 5)" has a header and no rows.'),
    (
        Note.of(NoteKind.SHEET_OF_CONTENTS, sheet="S"),
        (
            'Sheet "S" lists the other sheets, as Apple Numbers exports it, and was left out; ask for it by name to'
            " load it."
        ),
    ),
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
        (
            "The records are those of “rows”. What stands beside them is not loaded: “a”, “b” and 2 more."
            " Send what is missing as a file of its own."
        ),
    ),
    (
        Note.of(NoteKind.SMALL_TABLES_LEFT_OUT, count=2),
        "2 tables of the page with a single row or column are not loaded.",
    ),
    (
        Note.of(NoteKind.MEMBER_NAMES, archive="a.zip", encoding="cp866"),
        (
            "a.zip does not say how the letters in the names of its files are written: the names were read as"
            " cp866. If they look wrong and should be Chinese, Japanese or Korean, choose the encoding (big5, gb18030,"
            " shift_jis or cp949)."
        ),
    ),
    (
        Note.of(NoteKind.NAMELESS_APART),
        "A table without a header joins no dataset by itself: name one when you send the file.",
    ),
    (
        Note.of(
            NoteKind.VALUES_EMPTIED,
            dataset="Prices",
            rows=3,
            columns=[{"name": "Region", "rows": 2}, {"name": "Price", "rows": 1}],
        ),
        (
            "3 rows have no value where “Prices” had one for the same key: 2 in “Region”, 1 in “Price”. While the file"
            " is active, those values are empty. If they should stay, say so with the file: --blanks keep, or"
            " blanks=keep over the API."
        ),
    ),
    (
        Note.of(
            NoteKind.VALUES_EMPTIED,
            dataset="Prices",
            rows=1,
            columns=[{"name": f"c{number}", "rows": 1} for number in range(12)],
        ),
        (
            "1 row has no value where “Prices” had one for the same key: 1 in “c0”, 1 in “c1”, 1 in “c2”, 1 in “c3”,"
            " 1 in “c4”, 1 in “c5”, 1 in “c6”, 1 in “c7”, 1 in “c8”, 1 in “c9” and 2 more columns. While the file is"
            " active, those values are empty. If they should stay, say so with the file: --blanks keep, or"
            " blanks=keep over the API."
        ),
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
    (
        Note.of(NoteKind.NOT_NUMBERS, count=1, infinite=2),
        "1 cell with NaN (“not a number”) and 2 cells with an infinity are read as blank.",
    ),
    (
        Note.of(NoteKind.NOT_NUMBERS, count=0, infinite=1),
        "1 cell with an infinity is read as blank.",
    ),
    (Note.of(NoteKind.JSON_SHAPE, shape="lists"), "Each list of the file is a row; the first one names the columns."),
    (
        Note.of(NoteKind.JSON_SHAPE, shape="columns"),
        "The file holds a list of values for each column; they are put together to rows, in their order.",
    ),
    (
        Note.of(NoteKind.JSON_SHAPE, shape="split"),
        "The list “columns” names the columns, and each list in “data” is a row. Others are not loaded.",
    ),
    (
        Note.of(NoteKind.JSON_SHAPE, shape="features"),
        (
            "The file is a map (GeoJSON): each of its features is a row with its properties as columns; its shape"
            " stands in “geometry”, as JSON."
        ),
    ),
    (
        Note.of(NoteKind.JSON_SHAPE, shape="paged"),
        "The file holds an object that tells about the records, which is not loaded, and a list of them.",
    ),
    (
        Note.of(NoteKind.JSON_SHAPE, shape="numbered"),
        "The file holds a number for each row; the numbers are not loaded.",
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
        "The dataset has rows of other files too, so its columns keep their types: they are changed on its page.",
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
    (Note.of(NoteKind.SENTENCE_ON_ROWS_LEFT_OUT, text=f"If it is data, {EVERYTHING}"), f"If it is data, {EVERYTHING}"),
]
