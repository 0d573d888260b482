"""Headers, borders of tables and notes of texts."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table
from uploads.tabular.notes import NoteKind

CASES: Mapping[str, Case] = {
    "text/series_begins_blank.csv": Case(tables=(Table(header_row=1, loaded=8),)),
    "text/sparse_rows_at_both_ends.csv": Case(tables=(Table(header_row=1, loaded=5),)),
    "text/02a_wide_dates.csv": Case(
        tables=(Table(header_row=1, labels=("sensor", "2026-05-01", "2026-05-02"), loaded=3),)
    ),
    "text/02c_numbered_columns.csv": Case(tables=(Table(header_row=1, labels=("id", "1", "2", "3"), loaded=3),)),
    "text/06a_units_percent.csv": Case(
        tables=(Table(labels=("Time min", "Temp deg C", "RH %"), types=("numeric", "numeric", "bigint"), loaded=4),)
    ),
    "text/06c_three_header_rows.csv": Case(tables=(Table(header_row=1, loaded=3, says=(NoteKind.HEADER_DEPTH,)),)),
    "text/06e_qualtrics.csv": Case(
        tables=(
            Table(
                labels=("StartDate", "Finished", "Q1"),
                types=("timestamp", "bigint", "bigint"),
                loaded=4,
                says=(NoteKind.SURVEY_HEADER,),
                says_not=(NoteKind.HEADER_DEPTH,),
            ),
        )
    ),
    "text/08_header_one_name_short.csv": Case(
        tables=(Table(labels=("date", "visits", "actions", ""), loaded=3, says=(NoteKind.NAMES_MISSING,)),)
    ),
    "text/header_all_x.csv": Case(tables=(Table(header_row=1, loaded=13, says=(NoteKind.ROW_NAMES,)),)),
    "text/r_header_all_alike_small.csv": Case(tables=(Table(header_row=1, loaded=3),)),
    "text/three_tables_header_with_trailing_comma.csv": Case(
        tables=(Table(header_row=1, loaded=12), Table(header_row=14, loaded=12), Table(header_row=27, loaded=12))
    ),
    "text/three_tables_of_other_widths.csv": Case(
        tables=(Table(header_row=1, loaded=100), Table(header_row=102, loaded=100), Table(header_row=203, loaded=100))
    ),
    "text/sparse_table_then_full_one.csv": Case(tables=(Table(header_row=2), Table(header_row=36, loaded=2))),
    "text/two_row_header_xy.csv": Case(
        tables=(Table(labels=("control X", "control Y", "fire X", "fire Y"), types=("numeric",) * 4, loaded=12),)
    ),
    "text/header_of_three_rows_wide.csv": Case(tables=(Table(header_row=1, says=(NoteKind.HEADER_DEPTH,)),)),
    "text/header_above_blank_and_second_header_row.csv": Case(
        tables=(
            Table(header_row=4, loaded=16, says=(NoteKind.HEADER_DEPTH,)),
            Table(header_row=26, loaded=1),
            Table(header_row=32, loaded=16, says=(NoteKind.HEADER_DEPTH,)),
            Table(header_row=54, loaded=1),
            Table(header_row=60, loaded=16, says=(NoteKind.HEADER_DEPTH,)),
            Table(header_row=82, loaded=1),
        )
    ),
    "text/title_above_two_columns.csv": Case(tables=(Table(header_row=3, loaded=4), Table(header_row=11, loaded=2))),
    "text/instrument_preamble_of_pairs.csv": Case(tables=(Table(header_row=8, loaded=4, preamble=6),)),
    "text/two_tables_second_with_years_above.csv": Case(
        tables=(Table(header_row=1, loaded=2), Table(header_row=6, loaded=3))
    ),
    "text/years_above_and_remark_below_header.csv": Case(
        tables=(Table(header_row=3, loaded=4, says=(NoteKind.HEADER_DEPTH,)),),
    ),
    "text/units_as_third_row.csv": Case(
        tables=(Table(header_row=1, types=("text", "bigint", "numeric", "bigint", "numeric"), loaded=3),)
    ),
    "text/header_gap_then_sparse.csv": Case(tables=(Table(header_row=4, loaded=6),)),
    "text/four_small_tables_last_nil.csv": Case(
        tables=(Table(header_row=2, loaded=2), Table(header_row=7, loaded=2), Table(header_row=12, loaded=1))
    ),
    "text/header_again_below_title_no_blank.csv": Case(
        tables=(Table(header_row=1, loaded=2), Table(header_row=5, loaded=2, preamble=1))
    ),
    "text/a05_ga4_comments.csv": Case(tables=(Table(header_row=6),)),
}
