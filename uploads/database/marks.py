"""Values as a person writes them, in the way in which PostgreSQL prints those of a column."""

import psycopg
from django.db import DataError, transaction
from psycopg import sql

from uploads.database.columns import TYPE_SQL
from uploads.database.rows import print_plainly
from uploads.database.statements import fetch_rows
from uploads.tabular.table import ColumnType


def printed(value: str, *, type_: ColumnType) -> str | None:
    """``true`` for the ``yes`` of a column of truth values; ``None`` for what is no value of such a column."""
    print_plainly()
    try:
        with transaction.atomic():
            [(found,)] = fetch_rows(sql.SQL("SELECT CAST(%s AS {})::text").format(sql.SQL(TYPE_SQL[type_])), [value])
    except DataError as error:
        if isinstance(error.__cause__, psycopg.DataError):
            return None
        raise
    return str(found)
