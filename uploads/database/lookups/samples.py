"""A few values of a table's columns, for what is only to be supported by them."""

from collections.abc import Sequence

from psycopg import sql

from uploads.database.statements import fetch_rows, qualified

LONGEST = 100
"""Characters of a value that are compared."""


def sample_values(*, table: str, names: Sequence[str], rows: int) -> dict[str, set[str]]:
    """The different values of text columns in the first ``rows`` rows of a table of the schema ``data``."""
    wanted = sql.SQL(", ").join(
        sql.SQL("left({}, {})").format(sql.Identifier(name), sql.Literal(LONGEST)) for name in names
    )
    found = fetch_rows(sql.SQL("SELECT {} FROM {} LIMIT {}").format(wanted, qualified(table), sql.Literal(rows)))
    return {name: {row[place] for row in found if row[place] is not None} for place, name in enumerate(names)}
