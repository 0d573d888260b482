"""Whether several columns together tell the rows of a part apart: seen in some rows, then made sure of in all."""

from collections.abc import Sequence

import psycopg
from django.db import OperationalError, transaction
from psycopg import sql

from uploads.database.statements import execute, fetch_rows, qualified

_HEAD = 1_000
_SPREAD = 1_000
WORK_MEM = "64MB"


class NotSure(Exception):
    """To look at all rows takes longer than it may."""


def some_rows(*, part: str, names: Sequence[str], rows: int, characters: int) -> list[tuple[str | None, ...]]:
    """The first thousand rows of a part, and about as many from all over it, each once: sorted rows have their equal
    values next to each other, others far apart. Values are given as
    text, cut after so many ``characters``. ``rows``: of the part."""
    values = sql.SQL(", ").join(
        sql.SQL("left({}::text, {})").format(sql.Identifier(name), sql.Literal(characters)) for name in names
    )
    share = min(100.0, 100.0 * _SPREAD / max(rows, 1))
    found = fetch_rows(
        sql.SQL(
            "(SELECT ctid::text, {values} FROM {part} LIMIT {head})"
            " UNION ALL (SELECT ctid::text, {values} FROM {part} TABLESAMPLE SYSTEM ({share}) LIMIT {most})"
        ).format(
            values=values,
            part=qualified(part),
            head=sql.Literal(_HEAD),
            share=sql.Literal(share),
            most=sql.Literal(3 * _SPREAD),
        )
    )
    return list({row[0]: row[1:] for row in found}.values())


def tell_apart(*, part: str, names: Sequence[str], milliseconds: int) -> bool:
    """Whether no row lacks one of the columns and no two rows have the same values in all of them.

    Raises ``NotSure``.
    """
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    blank = sql.SQL(" OR ").join(sql.SQL("{} IS NULL").format(sql.Identifier(name)) for name in names)
    statement = sql.SQL(
        "SELECT coalesce(max(n) = 1 AND NOT bool_or(blank), false)"
        " FROM (SELECT count(*) AS n, {blank} AS blank FROM {} GROUP BY {names}) AS keys"
    )
    try:
        with transaction.atomic():
            execute(
                sql.SQL("SET LOCAL statement_timeout = {}; SET LOCAL work_mem = {}").format(
                    sql.Literal(milliseconds), sql.Literal(WORK_MEM)
                )
            )
            [(found,)] = fetch_rows(statement.format(qualified(part), blank=blank, names=listed))
            execute(sql.SQL("SET LOCAL statement_timeout = DEFAULT; SET LOCAL work_mem = DEFAULT"))
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise NotSure from error
        raise
    return bool(found)
