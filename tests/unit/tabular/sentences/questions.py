"""Questions at the top of a receipt."""

from uploads.tabular.notes import Note, NoteKind

ROWS = {"unit": "line", "first": 1, "last": 1_004, "is_below": False}
SENTENCES: list[tuple[Note, str]] = [
    (
        Note.of(NoteKind.TWO_ENCODINGS, encoding="cp1252", count=1_234, lines=[2, 4]),
        (
            "The letters of 1,234 lines are not written as those of the others (UTF-8), and read as cp1252 (lines 2,"
            " 4 and more)."
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
            "The letters of 1 line are not written as those of the others (UTF-8), and read as cp850 (line 7)."
            " If letters look wrong there, read the file again with the encoding of that line, such as cp1252 or cp437:"
            " the others stay UTF-8."
        ),
    ),
    (
        Note.of(
            NoteKind.LAYOUT_RUNNER_UP,
            unit="line",
            header=1,
            first=5,
            ways=[{"header": 4, "first": 5, "options": {"header_row": 4}}],
        ),
        (
            "The header is read from line 1 on, the rows below it from line 5 on. Line 4 may be the header instead. If"
            " so, read the file again with header row “4”."
        ),
    ),
    (
        Note.of(
            NoteKind.LAYOUT_RUNNER_UP,
            unit="line",
            header=4,
            first=5,
            ways=[{"header": 2, "first": 3, "options": {"header_row": 2}}],
        ),
        (
            "Line 4 is read as the header, line 5 as the first row below it. Line 2 may be the header instead. "
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
            "Line 1 is read as the first row, without a header above it. Line 1 may be the header instead. "
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
