"""A hash of rows that depends neither on their order nor on that of their columns."""

from collections.abc import Sequence

from psycopg import sql

from uploads.database.partitions import LOAD
from uploads.database.rows import whole_part
from uploads.database.statements import fetch_rows
from uploads.tabular.table import ROW


def hash_of_rows(
    *, part: str, load_id: int, names: Sequence[str], aside: str = "", file_id: int = 0
) -> tuple[int, str]:
    """How many rows a load has in its part, and the sum of their hashes by the columns in this order.

    Values are hashed as PostgreSQL compares them: ``1.0`` and ``1.00`` are one. Of 5,000,000 rows it takes a second or
    two. ``aside`` and ``file_id`` are those of ``whole_part``.
    """
    values = sql.SQL(", ").join(map(sql.Identifier, names))
    statement = sql.SQL(
        "SELECT count(*), coalesce(sum(hash_record_extended(ROW({}), 0)), 0)::text FROM {} WHERE {} = %s"
    )
    rows = whole_part(part=part, names=[LOAD, ROW, *names], aside=aside, file_id=file_id)
    [(count, total)] = fetch_rows(statement.format(values, rows, sql.Identifier(LOAD)), [load_id])
    return int(count), str(total)
