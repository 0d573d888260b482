"""Names as a person types them in SQL."""

from collections.abc import Iterable

from psycopg import sql

from uploads.database.statements import fetch_rows


def typed_names(names: Iterable[str]) -> dict[str, str]:
    """Each as PostgreSQL wants it written: in quotes where it has capitals, blanks, or is a word of SQL."""
    query = sql.SQL("SELECT name, quote_ident(name) FROM unnest(%s::text[]) AS name")
    return dict(fetch_rows(query, [list(dict.fromkeys(names))]))
