"""Sheets: what their cells mean, what they show, and files that only pretend to be one."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table
from uploads.tabular.notes import NoteKind

CASES: Mapping[str, Case] = {
    "workbooks/08_1904.xlsx": Case(
        tables=(
            Table(
                header_row=1,
                types=("bigint", "date", "timestamp", "text"),
                rows={
                    0: ("1", "1904-01-01", "2024-03-01 06:00:00", "06:00:00"),
                    1: ("2", "2024-03-01", "2024-03-01 12:00:00", "18:00:00"),
                },
            ),
        )
    ),
    "workbooks/13_time_over_24.xlsx": Case(
        tables=(
            Table(
                column=("tov_t", ("07:30:00", "01:30:00", "00:00:00", "00:00:00")), says=(NoteKind.TIMES_OVER_A_DAY,)
            ),
        )
    ),
    "workbooks/14_date_zero.xlsx": Case(
        tables=(Table(types=("bigint", "date"), loaded=29, says=(NoteKind.ZERO_DATES,)),)
    ),
    "workbooks/15_zip_format.xlsx": Case(
        tables=(Table(column=("zip_code", ("02108", "07102", "80202")), rows={1: ("Newark", "07102", "000045")}),)
    ),
    "workbooks/15c_mixed_zeroformat.xlsx": Case(tables=(Table(column=("mf_konto", ("0001200", "0000085", "00070"))),)),
    "workbooks/17_currency.xlsx": Case(
        tables=(Table(types=("bigint", "numeric", "numeric", "numeric", "bigint"), says=(NoteKind.CURRENCIES,)),)
    ),
    "workbooks/18_phone.xlsx": Case(
        tables=(Table(rows={0: ("1", "(555) 123-4567", "012-34-5678"), 1: ("2", "555-1234", "987-65-4321")}),)
    ),
    "workbooks/20_cond_date.xlsx": Case(
        tables=(
            Table(
                types=("bigint", "date", "text"),
                column=("cd_time", ("12:00:00", "06:00:00", None)),
                says=(NoteKind.HIDDEN_TIMES,),
            ),
        )
    ),
    "workbooks/20c_zero_hidden_date.xlsx": Case(tables=(Table(types=("bigint", "date", "date"), loaded=3),)),
    "workbooks/20f_cond_date.xls": Case(tables=(Table(types=("bigint", "numeric", "date"), loaded=3),)),
    "workbooks/28_merged_body.xlsx": Case(tables=(Table(loaded=5, says=(NoteKind.MERGED_CELLS,)),)),
    "workbooks/29_hidden_rows_cols.xlsx": Case(tables=(Table(loaded=3, says=(NoteKind.HIDDEN_CELLS,)),)),
    "workbooks/45n_merged.ods": Case(tables=(Table(column=("om_r", ("N", None, "S")), says=(NoteKind.MERGED_CELLS,)),)),
    "text/07_totals_named.csv": Case(
        tables=(Table(types=("date", "text", "bigint", "text"), loaded=3, footer=1, says=(NoteKind.LAST_TOTAL,)),)
    ),
    "workbooks/31b_totals_nolabel.xlsx": Case(tables=(Table(loaded=8, footer=1, says=(NoteKind.LAST_TOTAL,)),)),
    "workbooks/31d_total_languages.xlsx": Case(tables=(Table(loaded=8, footer=1, says=(NoteKind.LAST_TOTAL,)),)),
    "workbooks/32_pivot.xlsx": Case(tables=(Table(footer=1, says=(NoteKind.SUBTOTALS, NoteKind.LAST_TOTAL)),)),
    "workbooks/77_group_headers.xlsx": Case(tables=(Table(loaded=9, says=(NoteKind.SUBTOTALS,)),)),
    "workbooks/31h_table_text.xlsx": Case(tables=(Table(header_row=1),)),
    "workbooks/44b_rk_dates.xlsb": Case(
        tables=(Table(types=("bigint", "date", "numeric"), column=("rk_day", ("2024-03-01", "2024-03-02"))),)
    ),
    "workbooks/45e_types.ods": Case(
        tables=(
            Table(
                types=("bigint", "numeric", "numeric", "timestamp", "text", "boolean"),
                column=("oy_time", ("07:30:00", "30:05:00", "-1:30:00")),
                says=(NoteKind.CURRENCIES,),
            ),
        )
    ),
    "workbooks/45m_zipfmt.ods": Case(tables=(Table(column=("oz_zip", ("02108", "07102"))),)),
    "workbooks/45q_subtable.ods": Case(tables=(Table(column=("oq_b", ("x & y", "attr text", "\nsecond", "no type"))),)),
    "workbooks/55b_biff5_nocodepage.xls": Case(
        tables=(Table(column=("b5n_имя", ("Иванов", "Петрова", "Щукин")), says=(NoteKind.LEGACY_ENCODING,)),)
    ),
    "workbooks/55c_biff5_cp932.xls": Case(tables=(Table(column=("b5j_名前", ("山田太郎", "鈴木ソース表"))),)),
    "workbooks/59_xlwt_formula.xls": Case(tables=(Table(loaded=4, says=(NoteKind.UNSAVED_FORMULAS,)),)),
    "workbooks/61c_biff8_cp1252.xls": Case(tables=(Table(column=("cp52_name", ("Piezo", "Müller", "日本"))),)),
    "workbooks/61e_biff8_cp932.xls": Case(tables=(Table(column=("cp93_name", ("山田", "abc"))),)),
    "workbooks/61h_jexcelapi_like.xls": Case(
        tables=(Table(loaded=25, rejected=0, types=("bigint", "text", "text", "numeric")),)
    ),
    "workbooks/67_v_before_f.xlsx": Case(tables=(Table(column=("vf_b", ("5", "10", "15"))),)),
    "workbooks/80a_header_dates.xlsx": Case(
        tables=(Table(header_row=1, types=("text", "bigint", "bigint", "bigint"), loaded=2),)
    ),
    "workbooks/80e_header_bool_num.xlsx": Case(
        tables=(Table(header_row=1, labels=("hb_question", "1", "2", "3", "4", "5"), loaded=3),)
    ),
    "workbooks/97_neg_time.xlsx": Case(tables=(Table(says=(NoteKind.NEGATIVE_TIMES,), loaded=3),)),
    "workbooks/99_prices.xlsx": Case(tables=(Table(column=("pr_v", ("19.99", "0.3", "3.3", "1234.56"))),)),
    "workbooks/xls_formula_record_0406.xls": Case(
        tables=(Table(types=("text", "bigint", "date"), rows={4: ("item 5", "50", "2024-01-05")}),)
    ),
    "workbooks/xls_date_format_number_59.xls": Case(tables=(Table(types=("text", "bigint", "date")),)),
}
