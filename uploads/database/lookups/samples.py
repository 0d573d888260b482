"""A few values of a table's columns, for what is only to be supported by them."""

from collections.abc import Mapping, Sequence

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


def sample_numbers(*, table: str, columns: Mapping[str, bool], rows: int) -> dict[str, list[float]]:
    """The values of some columns in the first ``rows`` rows, without blanks; of days and moments, which ``columns``
    tells apart from numbers, the seconds since 1970. What is endless, or no number, lies at 1e300."""
    epoch, plain = sql.SQL("extract(epoch FROM {})"), sql.SQL("{}")
    wanted = sql.SQL(", ").join(
        sql.SQL("greatest(least({}, 1e300), -1e300)::float8").format(
            (epoch if is_moment else plain).format(sql.Identifier(name))
        )
        for name, is_moment in columns.items()
    )
    found = fetch_rows(sql.SQL("SELECT {} FROM {} LIMIT {}").format(wanted, qualified(table), sql.Literal(rows)))
    return {name: [row[place] for row in found if row[place] is not None] for place, name in enumerate(columns)}
