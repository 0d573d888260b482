"""Files that only pretend to be a table, and formats beside CSV and workbooks that people send as tables."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "workbooks/109_html_login.xlsx": Case(refused="not_a_table", message="sign in"),
    "workbooks/45c_pretty.ods": Case(
        tables=(Table(header_row=1, labels=("op_id", "op_b"), rows={0: ("1", "2"), 1: ("3", "4")}),)
    ),
    "workbooks/45i_encrypted.ods": Case(refused="encrypted_file", message="password"),
    "workbooks/64c_gsheet.gsheet": Case(refused="not_a_table", message="a shortcut to Google Sheets"),
    "workbooks/64f_tilde_lock.xlsx": Case(refused="not_a_table", message="“~$”"),
    "workbooks/64h_lfs.csv": Case(refused="not_a_table", message="git lfs pull"),
    "workbooks/65q_leading.xlsx": Case(tables=(Table(header_row=1, loaded=3),)),
}
