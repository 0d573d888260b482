"""Notes on sheets."""

from uploads.tabular.notes import Note, NoteKind

SENTENCES: list[tuple[Note, str]] = [
    (
        Note.of(
            NoteKind.SHOWN_SHORTER,
            hidden="decimals",
            columns=["B", "D"],
            names=["price", ""],
            cells=[[1_012, "B2", "0.333", "0.33"], [1, "D7", "12.5", "13"]],
            is_all=True,
        ),
        (
            "Cells hold more digits than the sheet shows, and all of it is stored: 1,012 of “price” (first B2 shows"
            " 0.33 and holds 0.333) and 1 of column D (D7 shows 13 and holds 12.5)."
        ),
    ),
    (
        Note.of(
            NoteKind.SHOWN_SHORTER,
            hidden="seconds",
            columns=["C"],
            names=["time"],
            cells=[[3, "C5", "12:30:45", ""]],
            is_all=False,
        ),
        (
            "Cells hold seconds that the sheet does not show, and all of it is stored: 3 of “time” (first C5 holds"
            " 12:30:45). Only the first rows were looked at for this."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_STANDING_OUT, unit="line", what="heading", count=1, rows=[26], texts=["Of which:"]),
        "Line 26 looks like a heading: “Of which:”. It is loaded as a row; if it is no data, leave this line out.",
    ),
    (
        Note.of(
            NoteKind.ROWS_STANDING_OUT, unit="line", what="heading", count=1, rows=[26], texts=["Of which:"], parts=[26]
        ),
        (
            "Line 26 looks like a heading: “Of which:”. It is loaded as a row; if it is no data, leave this line out."
            " The rows below line 26 are parts of rows above: added up, they count twice."
        ),
    ),
    (
        Note.of(NoteKind.ROWS_STANDING_OUT, unit="row", what="note", count=2, rows=[7, 9], texts=["* a", "* b"]),
        "Rows 7, 9 look like notes: “* a”, “* b”. They are loaded as rows; if they are no data, leave them out.",
    ),
    (
        Note.of(NoteKind.FORMULAS, count=1, first="B7"),
        "1 cell holds a formula: what is read is its result, as last saved; it is B7.",
    ),
    (
        Note.of(
            NoteKind.SHOWN_AS_WORDS,
            columns=["B", "D"],
            names=["sex", ""],
            cells=[[["1", "male"], ["2", "female"]], [["0", "none"], ["11", ""]]],
        ),
        (
            "Numbers are stored where the sheet shows words: “sex” shows 1 as “male” and 2 as “female”; column D shows"
            " 0 as “none”. To have the words, save the sheet as CSV and send that. Numbers that the sheet does not show"
            " are stored: column D, such as 11."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_SWITCHED_OFF, is_named=True),
        (
            "The workbook defines the sheet as a table and its header row is switched off, so all rows are data; the"
            " columns have the names that the workbook keeps for them."
        ),
    ),
    (
        Note.of(NoteKind.HEADER_SWITCHED_OFF, is_named=False),
        "The workbook defines the sheet as a table and its header row is switched off, so all rows are data.",
    ),
    (Note.of(NoteKind.FORMULAS, count=1), "1 cell holds a formula: what is read is its result, as last saved."),
    (
        Note.of(NoteKind.FORMULAS, count=1_200),
        "1,200 cells hold formulas: what is read is their results, as last saved.",
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
        ("Line 5 calls itself a total (“Total”). It is loaded as a row: leave it out before you add up a column."),
    ),
    (
        Note.of(NoteKind.SUBTOTALS, unit="line", places=[5], count=1, rows=[5], words=["Total"], is_all=False),
        (
            "Lines 5 and more call themselves totals (“Total”). All are loaded as rows: leave them out"
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
            "Numbers of “ph_phone” and column C are shown in another way by the sheet, such as 12345678 as"
            " “012-34-5678”: their columns are stored as text, as shown."
        ),
    ),
    (
        Note.of(NoteKind.MASKED_NUMBERS, count=1, columns=["C"], number="7", shown="0007"),
        (
            "1 number of column C is shown in another way by the sheet, 7 as “0007”: its column is stored as text, as"
            " shown."
        ),
    ),
    (
        Note.of(NoteKind.PERCENTAGES, columns=["C", "D"], names=["rate", ""], number="0.125"),
        "Percentages of “rate” and column D are stored as the number that the sheet holds for them: 12.5 % is 0.125.",
    ),
    (
        Note.of(NoteKind.DAYS_AMONG_TIMES, columns=["B"], names=["begun"]),
        "Cells of “begun” with a day and no time are stored as 00:00:00 of that day, as others there have a time.",
    ),
    (
        Note.of(NoteKind.SUMS_WITHOUT_WORD, unit="line", place=9, columns=3, rows=[9], is_mean=True),
        (
            "Line 9 holds the mean of the rows above it in 3 columns. It is loaded as a row; if it is no data, leave"
            " this line out."
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
        Note.of(NoteKind.HIDDEN_CELLS, sheet="", rows=1, columns=[], is_filtered=True, left_out=True),
        "Hidden (a filter is on): 1 row. It is left out, as asked.",
    ),
    (
        Note.of(NoteKind.ZERO_DATES, count=1_005, first="B3", places=["B3", "B4", "B6", "B7", "C9"]),
        (
            "1,005 cells (B3, B4, B6, B7, C9 and 1,000 more) hold 0 as a date, which a spreadsheet shows as the day 0"
            " of January 1900; read as empty."
        ),
    ),
    (
        Note.of(NoteKind.ZERO_DATES, count=1, first="C3"),
        "Cell C3 holds 0 as a date, which a spreadsheet shows as the day 0 of January 1900; read as empty.",
    ),
    (
        Note.of(NoteKind.HIDDEN_TIMES, count=2, first="B4", places=["B4", "B9"], held="0"),
        (
            "Cells B4 and B9 hold dates or times that their formats do not show; the first, B4, is 0. They are read as"
            " empty."
        ),
    ),
    (
        Note.of(NoteKind.HIDDEN_TIMES, count=1, first="B4", held="-0.5"),
        "Cell B4 holds -0.5, which its format for dates or times does not show. It is read as empty.",
    ),
    (
        Note.of(NoteKind.HIDDEN_TIMES, count=1, first="B4"),
        "Cell B4 holds a date or time, which its format does not show. It is read as empty.",
    ),
    (
        Note.of(NoteKind.HIDDEN_TIMES, count=2, first="B4", places=["B4", "B9"]),
        "Cells B4 and B9 hold dates or times that their formats do not show. They are read as empty.",
    ),
    (
        Note.of(NoteKind.TIMES_OVER_A_DAY, count=2, first="B3", places=["B3", "B4"], held="25:30:00", shown="01:30:00"),
        (
            "Cells B3 and B4 hold a time of 24 hours or more in a format that shows the time of day alone, such as"
            " 25:30:00 shown and stored as 01:30:00. To have all hours, give the column the format [h]:mm in the sheet"
            " and send it again."
        ),
    ),
    (
        Note.of(NoteKind.NEGATIVE_TIMES, count=2, first="B3"),
        (
            "2 cells (B3 and 1 more) hold a date or time below zero, which Excel shows as ######. Look whether it is a"
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
    (
        Note.of(NoteKind.UNITS, column="E", cells={"kg": 1_200, "g": 1}),
        (
            "Column E holds amounts in 2 units (1,200 in kg, 1 in g): only the numbers are loaded. Give the unit a"
            " column of its own before you add them up."
        ),
    ),
]
