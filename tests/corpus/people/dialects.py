"""How texts are written: delimiters, quotes, ends of lines and of rows."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import ReadOptions

CASES: Mapping[str, Case] = {
    "text/03_bom_in_the_middle.csv": Case(
        tables=(Table(header_row=1, types=("bigint", "numeric"), loaded=4, says=(NoteKind.MARKS_INSIDE,)),),
    ),
    "text/05_tsv_commas_in_every_cell.tsv": Case(
        tables=(Table(delimiter="\t", labels=("name, first", "city, state"), loaded=3),),
    ),
    "text/11_excel_line_break.csv": Case(
        tables=(Table(line_end="CRLF", loaded=3, says_not=(NoteKind.LINE_ENDS,)),),
    ),
    "text/12_utf16_crlf.txt": Case(tables=(Table(line_end="CRLF", loaded=2, says_not=(NoteKind.LINE_ENDS,)),)),
    "text/13_whole_lines_quoted.csv": Case(
        tables=(
            Table(
                delimiter=";",
                labels=("Name", "Betrag", "Datum"),
                types=("text", "numeric", "date"),
                loaded=3,
                says=(NoteKind.LINES_IN_QUOTES,),
            ),
        ),
    ),
    "text/e15_ctrl_z.csv": Case(
        tables=(Table(header_row=1, loaded=29, rejected=0, footer=1, says=(NoteKind.END_MARK,)),),
    ),
    "text/e16_nul_tail.csv": Case(
        tables=(Table(header_row=1, types=("timestamp", "numeric"), loaded=51, rejected=1),),
    ),
    "text/e22_markdown.md": Case(
        tables=(
            Table(
                labels=("Name", "Age", "City"),
                types=("text", "bigint", "text"),
                loaded=3,
                rejected=0,
                says=(NoteKind.PRINTED_TABLE,),
                rows={0: ("Ann", "34", "Köln")},
            ),
        ),
    ),
    "text/e23_psql.txt": Case(
        tables=(
            Table(
                labels=("id", "name", "amount"),
                loaded=3,
                rejected=0,
                footer=1,
                rows={0: ("1", "Ann", "12.50"), 2: ("3", "Cid", None)},
            ),
        ),
    ),
    "text/e25_sap_alv.txt": Case(
        tables=(
            Table(
                header_row=3,
                labels=("Material", "Text", "Menge", "Wert"),
                loaded=29,
                rejected=0,
                says=(NoteKind.PRINTED_TABLE, NoteKind.LAST_TOTAL),
            ),
        ),
    ),
    "text/e43_concordance.dat": Case(
        tables=(
            Table(
                delimiter="\x14",
                labels=("DOCID", "CUST", "DATE"),
                loaded=39,
                says=(NoteKind.OTHER_QUOTE,),
                rows={0: ("D0001", "A. B1", "2026-01-15")},
            ),
        ),
    ),
    "text/e47_wrapped_addr.csv": Case(
        tables=(
            Table(
                labels=("date", "name", "place"),
                loaded=28,
                rejected=0,
                says=(NoteKind.LINES_JOINED,),
                rows={0: ("2021-01-01", "Eva", "\nBüropark 1")},
            ),
        ),
    ),
    "text/e59_ragged_long.csv": Case(
        options=ReadOptions(uneven_rows="collect"),
        tables=(
            Table(
                labels=("id", "name", "h1", "h2"),
                loaded=59,
                rejected=0,
                rows={0: ("1", "n1", "20GENR", None), 2: ("3", "n3", "20GENR", "21GENR,22GENR")},
            ),
        ),
    ),
    "text/f05_vroom_ad.tsv": Case(tables=(Table(delimiter="\t", loaded=59, rejected=0),)),
    "text/c11_excel_escaped.csv": Case(
        tables=(
            Table(
                delimiter=",",
                types=("text", "text", "text", "bigint"),
                loaded=39,
                rows={0: ("00001", "00001", "+49 0001", "1")},
            ),
        ),
    ),
    "text/quoted_line_break_as_last_cell.csv": Case(
        tables=(Table(labels=("Name", "Limit", "Value"), loaded=1, rejected=0, rows={0: ("a1", "14", "7")}),),
    ),
    "text/rows_end_before_header.csv": Case(
        tables=(
            Table(
                labels=("HITId", "WorkerId", "Status", "WorkTime", "Approve", "Reject"),
                loaded=12,
                rejected=0,
                says=(NoteKind.LAST_CELLS_MISSING,),
                rows={0: ("1000", "W000", "Submitted", "200", None, None)},
            ),
        ),
    ),
    "text/semicolon_ends_each_line.csv": Case(
        tables=(Table(header_row=0, delimiter=",", loaded=20, rows={0: ("1", "A"), 1: ("2", "B")}),),
    ),
    "text/aligned_number_then_hash.csv": Case(
        tables=(Table(header_row=0, delimiter="#", loaded=140, rows={0: ("1", "1 oak st", " springfield, xx 00001")}),),
    ),
    "text/aligned_number_then_hash_long.csv": Case(
        tables=(Table(header_row=0, delimiter="#", loaded=976, rows={0: ("1", "1 oak st", " springfield, xx 00001")}),),
    ),
    "text/empty_apostrophes.tsv": Case(
        tables=(
            Table(
                labels=("size", "Queue (Degree: 4)", "Poor (Degree: 4)", "Ruby (Degree: 4)"),
                types=("bigint", "numeric", "numeric", "numeric"),
                loaded=36,
                says=(NoteKind.EMPTY_APOSTROPHES,),
            ),
        ),
    ),
    "text/log_with_pipes_as_quotes.csv": Case(
        tables=(
            Table(
                header_row=0,
                delimiter=",",
                loaded=20,
                rows={
                    0: (
                        "1305800796.75",
                        "baselogger",
                        "ERROR",
                        "utils",
                        "save_stage",
                        "100",
                        "REPLAY ",
                        "INSERT INTO t VALUES('a0',NULL,NULL,0)",
                    )
                },
            ),
        ),
    ),
}
