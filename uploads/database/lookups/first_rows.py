"""The first rows of one table of a file, as they are stored: to be looked at, so long texts are cut."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import ProgrammingError, transaction
from psycopg import sql

from uploads.database.partitions import FILE, LOAD
from uploads.database.statements import fetch_rows, qualified
from uploads.tabular.table import ROW

_FIRST_WINDOW = 4
"""Width of the first range of ``_row`` that is looked at, in rows wanted: rejected and blank rows leave gaps."""


def first_rows(
    *,
    table: str,
    columns: Sequence[tuple[str, bool]],
    file_id: int,
    load_id: int,
    after: int = 0,
    last: int,
    limit: int,
    characters: int,
) -> list[tuple[Any, ...]]:
    """Up to ``limit`` rows in order: ``_row`` and the named columns; those that are texts up to so many ``characters``.

    ``table``: the part off to the side, or the dataset where the file is active. ``after`` and ``last`` bound ``_row``.
    A part that is dropped at this moment has none. The range lets a large part's BRIN index find the blocks.
    """
    values = [
        sql.SQL("left({}, {})").format(sql.Identifier(name), sql.Literal(characters))
        if is_text
        else sql.Identifier(name)
        for name, is_text in columns
    ]
    statement = sql.SQL(
        "SELECT {} FROM {} WHERE {} = %s AND {} = %s AND {row} > %s AND {row} <= %s ORDER BY {row} LIMIT %s"
    ).format(
        sql.SQL(", ").join([sql.Identifier(ROW), *values]),
        qualified(table),
        sql.Identifier(FILE),
        sql.Identifier(LOAD),
        row=sql.Identifier(ROW),
    )
    found: list[tuple[Any, ...]] = []
    width = limit * _FIRST_WINDOW
    try:
        with transaction.atomic():
            while len(found) < limit and after < last:
                upto = min(after + width, last)
                found += fetch_rows(statement, [file_id, load_id, after, upto, limit - len(found)])
                after, width = upto, width * 4
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
            return []
        raise
    return found
