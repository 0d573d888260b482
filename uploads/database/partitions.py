"""Partitions: one file's rows for one dataset, an ordinary table off to the side until it is attached."""

from collections.abc import Sequence

from psycopg import sql

from uploads.database.columns import column_definitions
from uploads.database.prepared import Wording, fetch_worded
from uploads.database.statements import SCHEMA, execute, execute_briefly, fetch_rows, qualified
from uploads.tabular.table import ROW, Column

FILE = "_file"
LOAD = "_load"
PARTITION_PREFIX = "_file_"
PAGE_BYTES = 8192
LARGE_BYTES = 16 * 2**20
"""A part of this size, some 200,000 narrow rows, is read in 20 ms."""
INDEXED_BYTES = 2 * 2**20
"""From this size on a page of a part takes less by an index of its rows' numbers than by reading all of it (2 ms)."""
INDEX_PAGES = 32
"""Pages of a part that an entry of that index is of, all of which are read for a row: some 3,000 narrow rows. With
PostgreSQL's 128 the same page takes twice as long, with fewer no less."""


def partition_name(*, file_id: int, dataset_id: int, fence: int) -> str:
    """Name of the part that attempt ``fence`` fills: an attempt never writes into another one's table."""
    return f"{PARTITION_PREFIX}{file_id}_{dataset_id}_{fence}"


def dataset_of(*, part: str) -> int:
    """Number of the dataset for which ``partition_name`` made the name."""
    return int(part.removeprefix(PARTITION_PREFIX).split("_")[1])


def create_partition(*, part: str, columns: Sequence[Column], file_id: int, load_id: int) -> None:
    """Make an empty table that can become a partition of a dataset with these columns, in whatever order.

    Its rows are marked as those of ``load_id`` until ``begin_load`` says otherwise.

    Commit it before it is filled: a killed backend leaves files on disk that the catalogue does not know when CREATE
    and COPY share a transaction. The CHECK together with NOT NULL spares ATTACH its scan.
    """
    execute(
        sql.SQL(
            "CREATE TABLE {} ({} integer NOT NULL DEFAULT {}, {} integer NOT NULL DEFAULT {}, {} bigint NOT NULL, {},"
            " CONSTRAINT {} CHECK ({} = {}))"
        ).format(
            qualified(part),
            sql.Identifier(FILE),
            sql.Literal(file_id),
            sql.Identifier(LOAD),
            sql.Literal(load_id),
            sql.Identifier(ROW),
            column_definitions(columns),
            sql.Identifier("_file_check"),
            sql.Identifier(FILE),
            sql.Literal(file_id),
        )
    )


def begin_load(*, part: str, load_id: int) -> None:
    """Mark the rows that are written from here on as those of ``load_id``."""
    execute(
        sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
            qualified(part), sql.Identifier(LOAD), sql.Literal(load_id)
        )
    )


def attach_partition(*, table: str, part: str, file_id: int) -> None:
    """Make the file's rows visible in the dataset: milliseconds at any size."""
    execute_briefly(
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(
            qualified(table), qualified(part), sql.Literal(file_id)
        )
    )


def detach_partition(*, table: str, part: str) -> None:
    """Take the file's rows out of the dataset and keep them off to the side."""
    execute_briefly(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(qualified(table), qualified(part)))


def hold_off_autovacuum(*, parts: Sequence[str]) -> None:
    """Have autovacuum let go of parts, until the caller's transaction ends, before a lock that readers wait behind.

    It works 10 s and more on a part of 5,400,000 rows that was just loaded, and gives way only to somebody who has
    waited for ``deadlock_timeout``: a second, as long as a short lock waits. This lock lets readers by, so it has time.
    """
    if parts:
        names = sql.SQL(", ").join(map(qualified, parts))
        execute_briefly(sql.SQL("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE").format(names), seconds=5)


def move_rows(*, table: str, to: str, names: Sequence[str]) -> None:
    """All rows of one part into another of the same columns, in whatever order; the caller drops what is left."""
    every = sql.SQL(", ").join(map(sql.Identifier, (FILE, LOAD, ROW, *names)))
    execute(sql.SQL("INSERT INTO {} ({all}) SELECT {all} FROM {}").format(qualified(to), qualified(table), all=every))


def drop_table(*, name: str) -> None:
    """Drop a part or an empty dataset; nothing happens when it is gone already."""
    execute_briefly(sql.SQL("DROP TABLE IF EXISTS {}").format(qualified(name)))


def partition_names() -> set[str]:
    """Every part that exists, attached or not; a table that somebody made by hand is none."""
    return {
        name
        for (name,) in fetch_rows(
            sql.SQL("SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename ~ %s"),
            [SCHEMA, rf"^{PARTITION_PREFIX}\d+_\d+_\d+$"],
        )
    }


def attached_partitions(*, table: str) -> set[str]:
    """The parts that readers of the dataset see."""
    [found] = fetch_worded([attached_question(table=table)])
    return {name for (name,) in found}


def attached_question(*, table: str) -> tuple[Wording, Sequence[object]]:
    """The question for them, to be sent with others."""
    return _ATTACHED, [qualified(table).as_string()]


_ATTACHED = Wording(
    "pg_inherits",
    "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = to_regclass(%s)",
)


def index_partition(*, part: str) -> None:
    """Made once when the rows are in: a BRIN index is enough, for rows lie in order."""
    execute_briefly(
        sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} USING brin ({}) WITH (pages_per_range = {})").format(
            sql.Identifier(f"{part}_row"), qualified(part), sql.Identifier(ROW), sql.Literal(INDEX_PAGES)
        )
    )


def unindexed_partitions() -> set[str]:
    """Parts worth an index and without one, but for those that readers have of a column."""
    query = (
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = %s AND relkind = 'r' AND starts_with(relname, %s) AND pg_relation_size(c.oid) >= %s"
        " AND NOT EXISTS (SELECT FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " WHERE indrelid = c.oid AND NOT i.relname ~ '_(col|trg)[0-9]+$')"
    )
    return {name for (name,) in fetch_rows(sql.SQL(query), [SCHEMA, PARTITION_PREFIX, INDEXED_BYTES])}


def analyze_partition(*, part: str) -> None:
    """Gather the planner's statistics."""
    execute(sql.SQL("ANALYZE {}").format(qualified(part)))


def may_be_large(*, rows: int) -> bool:
    """Whether so many rows can be ``is_large``: each of them lies within one page, what is longer lies elsewhere."""
    return rows * PAGE_BYTES >= LARGE_BYTES


def is_large(*, part: str) -> bool:
    """Whether reading the part as a whole takes longer than a person notices."""
    return _size_of(part) >= LARGE_BYTES


def is_worth_an_index(*, part: str) -> bool:
    """Whether a page of it is read sooner by an index of its rows' numbers."""
    return _size_of(part) >= INDEXED_BYTES


def _size_of(part: str) -> int:
    [(size,)] = fetch_rows(sql.SQL("SELECT pg_relation_size(to_regclass(%s))"), [qualified(part).as_string()])
    return int(size or 0)


def bytes_of(*, parts: Sequence[str]) -> int:
    """What the parts take on disk, with their indexes and long values."""
    [(size,)] = fetch_rows(
        sql.SQL(
            "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint FROM unnest(%s::text[]) AS name"
        ),
        [[qualified(part).as_string() for part in parts]],
    )
    return int(size)
