"""Values and names that could silently mean something else: encodings, centuries, names in zips."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table
from uploads.tabular.notes import NoteKind

CASES: Mapping[str, Case] = {
    "archives/65g_cp866_name.zip": Case(
        tables=(Table(header_row=1, source="Продажи.csv", says=(NoteKind.MEMBER_NAMES,)),)
    ),
    "archives/65h_cp850_name.zip": Case(tables=(Table(header_row=1, source="Umsätze Übersicht.csv"),)),
    "archives/65i_gbk_name.zip": Case(tables=(Table(header_row=1, source="销售数据.csv"),)),
    "archives/65u_unicode_path.zip": Case(
        tables=(Table(header_row=1, source="Umsätze.csv", says_not=(NoteKind.MEMBER_NAMES,)),)
    ),
    "archives/65w_long_tree.zip": Case(
        tables=tuple(Table(header_row=1, source=f"exports/2024/{month:02}/data.csv") for month in range(1, 13))
    ),
}
