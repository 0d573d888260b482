"""Values that people want as numbers, dates or booleans."""

from collections.abc import Mapping

from tests.corpus.people.expected import Case, Table

CASES: Mapping[str, Case] = {
    "text/09_offset_changes.csv": Case(
        tables=(
            Table(
                types=("timestamp with time zone", "bigint"),
                loaded=3,
                column=("ts", ("2026-10-24 23:30:00+00:00", "2026-10-25 00:30:00+00:00", "2026-10-25 01:30:00+00:00")),
            ),
        )
    ),
    "text/14_one_bad_number.csv": Case(tables=(Table(header_row=1),)),
}
