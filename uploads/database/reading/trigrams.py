"""PostgreSQL's extension ``pg_trgm``, of which indexes for searches are made, where the server has it."""

import psycopg
from django.db import DatabaseError, transaction
from psycopg import sql

from uploads.database.statements import execute, fetch_rows
from uploads.tabular.errors import UploaderError

LETTERS = 3
"""In a row, at least, in what is looked for: the index knows texts by all threes of their letters."""
_SCHEMA = sql.SQL(
    "SELECT n.nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_trgm'"
)


class TrigramsMissing(UploaderError):
    """The server has no ``pg_trgm``, or does not let us make it."""

    code = "no_trigrams"


def make_trigrams() -> str:
    """The schema in which the extension is, which is made unless it is there. Raises ``TrigramsMissing``."""
    found = fetch_rows(_SCHEMA)
    if not found:
        _make()
        found = fetch_rows(_SCHEMA)
    return str(found[0][0])


def _make() -> None:
    try:
        with transaction.atomic():
            execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DatabaseError as error:
        match error.__cause__:
            case psycopg.errors.UniqueViolation():
                return  # somebody else made it in this very moment
            case (
                psycopg.errors.FeatureNotSupported()
                | psycopg.errors.UndefinedFile()
                | psycopg.errors.InsufficientPrivilege()
                | psycopg.errors.InvalidSchemaName()
            ):
                raise TrigramsMissing(
                    "The database has no extension pg_trgm, of which an index for searches is made.",
                    hint="Whoever runs the database adds it, once: CREATE EXTENSION pg_trgm;",
                ) from error
        raise
