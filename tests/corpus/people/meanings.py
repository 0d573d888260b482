"""Values and names that could silently mean something else: encodings, centuries, names in zips."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table
from uploads.tabular.notes import NoteKind

CASES: Mapping[str, Case] = {
    "text/04_birth_dates_two_digit_year.csv": Case(tables=(Table(header_row=1, types=("text", "text"), loaded=4),)),
    "text/10_two_encodings.csv": Case(
        tables=(
            Table(
                loaded=39,
                rejected=0,
                says=(NoteKind.TWO_ENCODINGS,),
                rows={0: ("1", "Jörg 1"), 1: ("2", "Jörg 2"), 2: ("3", "Jörg 3")},
            ),
        )
    ),
    "text/c1_controls_in_utf8.csv": Case(
        tables=(
            Table(
                header_row=1,
                says=(NoteKind.CONTROLS_MENDED,),
                column=("Trip", ("7 – 8 Feb", "15 – 22 Feb")),
            ),
        )
    ),
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
