"""Sheets: what their cells mean, what they show, and files that only pretend to be one."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "workbooks/31h_table_text.xlsx": Case(tables=(Table(header_row=1),)),
}
