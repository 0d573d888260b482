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
    "text/14_one_bad_number.csv": Case(
        tables=(Table(types=("bigint", "text"), offers=(("amount", "numeric"),)),),
    ),
    "text/c01_accounting.csv": Case(
        tables=(
            Table(
                types=("text", "text", "text", "text"),
                offers=(("Amount", "numeric"), ("Margin", "numeric"), ("Variance", "numeric")),
            ),
        ),
    ),
    "text/c02_trailing_minus.csv": Case(
        tables=(Table(types=("date", "text", "text"), offers=(("Amount", "numeric"),)),),
    ),
    "text/c03_indian.csv": Case(
        tables=(Table(types=("text", "text", "text"), offers=(("Population", "bigint"), ("Budget", "numeric"))),),
    ),
    "text/c08_scientific.csv": Case(
        tables=(
            Table(types=("text",) * 4, offers=tuple((name, "double precision") for name in ("conc", "pval", "big"))),
        ),
    ),
    "text/c14_bool_de.csv": Case(
        tables=(
            Table(
                types=("bigint", "text", "text", "bigint", "text"),
                offers=(("aktiv", "boolean"), ("neu", "boolean")),
            ),
        ),
    ),
    "text/c16_minus_unicode.csv": Case(tables=(Table(types=("text", "text"), offers=(("temp", "numeric"),)),)),
    "text/d01_german_months.csv": Case(
        tables=(Table(types=("text", "text", "numeric"), offers=(("Datum", "date"),)),),
    ),
    "text/d04_hour24.csv": Case(
        tables=(Table(types=("text", "numeric"), rejected=0, offers=(("timestamp", "timestamp"),)),),
    ),
    "text/d06_epoch.csv": Case(
        tables=(
            Table(
                types=("bigint", "bigint", "bigint"),
                offers=(("created_at", "timestamp with time zone"), ("updated", "timestamp with time zone")),
            ),
        ),
    ),
    "text/d13_date_nulls.csv": Case(
        tables=(Table(types=("bigint", "text", "date"), offers=(("end_date", "date"),)),),
    ),
}
