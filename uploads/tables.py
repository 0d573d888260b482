"""All SQL for data tables: make, fill, attach, detach, drop and read the tables of the schema ``data``.

Every identifier is quoted by ``psycopg.sql``; every function runs in the caller's transaction. A dataset is partitioned
by list on ``_file``; a part is one file's rows for one dataset, an ordinary table until it is attached.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from django.db import InternalError, NotSupportedError, OperationalError, connection
from psycopg import sql

from uploads.domain.errors import UploaderError
from uploads.domain.table import ROW, Column, ColumnType

SCHEMA = "data"
FILE = "_file"
LOAD = "_load"
PART_PREFIX = "_file_"
LOADS = "load "
"""What the names of the sessions that load files begin with."""
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
"""What is trimmed off a cell before it is read."""
LARGE_BYTES = 16 * 2**20
"""A part of this size, some 200,000 narrow rows, is read in 20 ms."""

TYPE_SQL: dict[ColumnType, LiteralString] = {
    ColumnType.BOOLEAN: "boolean",
    ColumnType.BIGINT: "bigint",
    ColumnType.NUMERIC: "numeric",
    ColumnType.DOUBLE: "double precision",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.TIMESTAMPTZ: "timestamp with time zone",
    ColumnType.TEXT: "text",
}


class TableBusy(UploaderError):
    """Somebody reads the table and the lock did not come within a second."""

    code = "table_busy"


class RowTooWide(UploaderError):
    """PostgreSQL cannot store a row of this width (8,160 bytes before TOAST) or this many columns."""

    code = "row_too_wide"


class TableInUse(UploaderError):
    """A view or another object that somebody made in the database depends on the table."""

    code = "table_in_use"


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A place in a dataset's order: file, load, row. The next page begins after it."""

    file: int
    load: int
    row: int


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)


def _columns(columns: Iterable[Column]) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.type])) for column in columns
    )


def _execute(statement: sql.Composable, params: Sequence[object] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)  # type: ignore[arg-type]


def _rows(statement: sql.Composable, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)  # type: ignore[arg-type]
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@contextmanager
def _short_lock(seconds: int = 1) -> Iterator[None]:
    """Give up soon: DETACH and DROP wait for readers, and every new reader queues behind them."""
    _execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{seconds}s")))
    try:
        yield
    except (InternalError, NotSupportedError) as error:
        if isinstance(error.__cause__, psycopg.errors.DependentObjectsStillExist | psycopg.errors.FeatureNotSupported):
            raise TableInUse(
                f"Something that somebody made in the database depends on this table: {error}",
                hint="Drop that view first, or ask whoever made it.",
            ) from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise TableBusy(
                "This table is in use right now, and the change would make everybody who reads it wait.",
                hint="Try again in a moment.",
            ) from error
        raise
    _execute(sql.SQL("SET LOCAL lock_timeout = DEFAULT"))


def storable(text: str) -> str:
    """Text that PostgreSQL can store: NUL shown as ␀, what is not Unicode as a backslash escape."""
    return text.replace("\x00", "␀").encode("utf-8", "backslashreplace").decode("utf-8")


def part_name(*, file_id: int, dataset_id: int, fence: int) -> str:
    """Name of the part that attempt ``fence`` fills: an attempt never writes into another one's table."""
    return f"{PART_PREFIX}{file_id}_{dataset_id}_{fence}"


def dataset_of(*, part: str) -> int:
    """Number of the dataset for which ``part_name`` made the name."""
    return int(part.removeprefix(PART_PREFIX).split("_")[1])


def create_dataset(*, table: str, columns: Sequence[Column]) -> None:
    """Make the empty partitioned table."""
    _execute(
        sql.SQL(
            "CREATE TABLE {} ({} integer NOT NULL, {} integer NOT NULL, {} bigint NOT NULL, {}) PARTITION BY LIST ({})"
        ).format(
            _table(table),
            *map(sql.Identifier, (FILE, LOAD, ROW)),
            _columns(columns),
            sql.Identifier(FILE),
        )
    )


def rename(*, table: str, to: str) -> None:
    """Give a dataset's table another name; its parts keep theirs."""
    with _short_lock():
        _execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(_table(table), sql.Identifier(to)))


def change_types(*, table: str, columns: Iterable[Column]) -> None:
    """Give columns of an empty table new types: of a part, or of a dataset without parts."""
    with _short_lock():
        for column in columns:
            _execute(
                sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE {} USING NULL").format(
                    _table(table), sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.type])
                )
            )


def create_part(*, part: str, table: str, file_id: int) -> None:
    """Make an empty table like the dataset, off to the side.

    Commit it before it is filled: a killed backend leaves files on disk that the catalogue does not know when CREATE
    and COPY share a transaction. The CHECK together with NOT NULL spares ATTACH its scan.
    """
    _execute(
        sql.SQL("CREATE TABLE {} (LIKE {}, CONSTRAINT {} CHECK ({} = {}))").format(
            _table(part),
            _table(table),
            sql.Identifier("_file_check"),
            sql.Identifier(FILE),
            sql.Literal(file_id),
        )
    )
    _set_default(part, FILE, file_id)


def begin_load(*, part: str, load_id: int) -> None:
    """Mark the rows that are written from here on as those of ``load_id``."""
    _set_default(part, LOAD, load_id)


def _set_default(part: str, column: str, value: int) -> None:
    _execute(
        sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
            _table(part), sql.Identifier(column), sql.Literal(value)
        )
    )


def copy_statement(
    *,
    part: str,
    names: Sequence[str],
    binary: bool,
    delimiter: str = ",",
    force_null: bool = False,
    text: bool = False,
) -> sql.Composable:
    """COPY … FROM STDIN for rows of ``_row`` and the named columns, in CSV, COPY's own text form, or ``binary``.

    ``force_null``: an empty cell of CSV is null in quotes too.
    """
    columns = sql.SQL(", ").join(map(sql.Identifier, (ROW, *names)))
    if binary:
        return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(_table(part), columns)
    if text:
        return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT text, ENCODING 'UTF8', DELIMITER {}, NULL '')").format(
            _table(part), columns, sql.Literal(delimiter)
        )
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ENCODING 'UTF8', DELIMITER {}{})").format(
        _table(part),
        columns,
        sql.Literal(delimiter),
        sql.SQL(", FORCE_NULL ({})").format(columns) if force_null else sql.SQL(""),
    )


def delete_rows(*, part: str, load_id: int, rows: Sequence[int]) -> int:
    """Take single rows out of a part again; returns how many there were."""
    return len(
        _rows(
            sql.SQL("DELETE FROM {} WHERE {} = %s AND {row} = ANY(%s) RETURNING {row}").format(
                _table(part), sql.Identifier(LOAD), row=sql.Identifier(ROW)
            ),
            [load_id, list(rows)],
        )
    )


def copy_out_statement(*, part: str, names: Sequence[str]) -> sql.Composable:
    """COPY … TO STDOUT of ``_load``, ``_row`` and the named columns, in the order in which the rows lie.

    Sets for the caller's transaction how PostgreSQL prints: ISO dates, UTC, floats that read back as the same.
    """
    _print_plainly()
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(map(sql.Identifier, (LOAD, ROW, *names))), _table(part)
    )


def insert_cast(*, part: str, new_part: str, columns: Sequence[Column]) -> int:
    """Copy all rows of a part into a new one whose columns have other types; returns how many there were."""
    _print_plainly()
    own = sql.SQL(", ").join(map(sql.Identifier, (LOAD, ROW)))
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    casts = sql.SQL(", ").join(
        sql.SQL("{}::{}").format(sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.type])) for column in columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {} ({own}, {}) SELECT {own}, {} FROM {}").format(
                _table(new_part), names, casts, _table(part), own=own
            )
        )
        return int(cursor.rowcount)


def _print_plainly() -> None:
    _execute(
        sql.SQL(
            "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true),"
            " set_config('extra_float_digits', '1', true), set_config('synchronize_seqscans', 'off', true),"
            " set_config('max_parallel_workers_per_gather', '0', true)"
        )
    )


def bytes_of(*, parts: Sequence[str]) -> int:
    """What the parts take on disk, with their indexes and long values."""
    [(size,)] = _rows(
        sql.SQL(
            "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint FROM unnest(%s::text[]) AS name"
        ),
        [[_table(part).as_string() for part in parts]],
    )
    return int(size)


def count_words(*, part: str, names: Sequence[str], words: Sequence[str]) -> dict[str, int]:
    """How many cells of each named text column hold one of the words and nothing else, apart from outer spaces."""
    if not names or not words:
        return {}
    counts = sql.SQL(", ").join(
        sql.SQL("count(*) FILTER (WHERE btrim({}, {}) = ANY(%(words)s))").format(
            sql.Identifier(name), sql.Literal(_SPACES)
        )
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT {} FROM {}").format(counts, _table(part)),
            {"words": list(words)},
        )
        found = cursor.fetchone() or ()
    return {name: count for name, count in zip(names, found, strict=True) if count}


def is_large(*, part: str) -> bool:
    """Whether reading the part as a whole takes longer than a person notices."""
    [(size,)] = _rows(sql.SQL("SELECT pg_relation_size(to_regclass(%s))"), [_table(part).as_string()])
    return (size or 0) >= LARGE_BYTES


def index_part(*, part: str) -> None:
    """Made once when the rows are in: a BRIN index is enough, for rows lie in order."""
    with _short_lock():
        _execute(
            sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} USING brin ({})").format(
                sql.Identifier(f"{part}_row"), _table(part), sql.Identifier(ROW)
            )
        )


def unindexed_parts() -> set[str]:
    """Large parts without an index."""
    query = (
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = %s AND relkind = 'r' AND starts_with(relname, %s) AND pg_relation_size(c.oid) >= %s"
        " AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid)"
    )
    return {name for (name,) in _rows(sql.SQL(query), [SCHEMA, PART_PREFIX, LARGE_BYTES])}


def analyze_part(*, part: str) -> None:
    """Gather the planner's statistics."""
    _execute(sql.SQL("ANALYZE {}").format(_table(part)))


def still_parts(*, parts: Sequence[str]) -> None:
    """Have autovacuum let go of parts, until the caller's transaction ends, before a lock that readers wait behind.

    It works 10 s and more on a part of 5,400,000 rows that was just loaded, and gives way only to somebody who has
    waited for ``deadlock_timeout``: a second, as long as a short lock waits. This lock lets readers by, so it has time.
    """
    if parts:
        with _short_lock(seconds=5):
            names = sql.SQL(", ").join(map(_table, parts))
            _execute(sql.SQL("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE").format(names))


def attach_part(*, table: str, part: str, file_id: int) -> None:
    """Make the file's rows visible in the dataset: milliseconds at any size."""
    with _short_lock():
        _execute(
            sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(
                _table(table), _table(part), sql.Literal(file_id)
            )
        )


def detach_part(*, table: str, part: str) -> None:
    """Take the file's rows out of the dataset and keep them off to the side."""
    with _short_lock():
        _execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(_table(table), _table(part)))


def drop(*, name: str) -> None:
    """Drop a part or an empty dataset; nothing happens when it is gone already."""
    with _short_lock():
        _execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_table(name)))


def part_names() -> set[str]:
    """Every part that exists, attached or not; a table that somebody made by hand is none."""
    return {
        name
        for (name,) in _rows(
            sql.SQL("SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename ~ %s"),
            [SCHEMA, rf"^{PART_PREFIX}\d+_\d+_\d+$"],
        )
    }


def attached_parts(*, table: str) -> set[str]:
    """The parts that readers of the dataset see."""
    return {
        name
        for (name,) in _rows(
            sql.SQL(
                "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
                " WHERE inhparent = to_regclass(%s)"
            ),
            [_table(table).as_string()],
        )
    }


def check_free(*, table: str) -> None:
    """Raise ``TableInUse`` when a view that somebody made reads the table."""
    views = _rows(
        sql.SQL(
            "SELECT DISTINCT ev_class::regclass::text FROM pg_depend JOIN pg_rewrite r ON r.oid = objid"
            " WHERE classid = 'pg_rewrite'::regclass AND refobjid = to_regclass(%s) ORDER BY 1"
        ),
        [_table(table).as_string()],
    )
    if views:
        names = ", ".join(name for (name,) in views)
        raise TableInUse(
            f"The table {SCHEMA}.{table} is read by {names}.", hint="Drop that view first, or ask whoever made it."
        )


def exists(*, name: str) -> bool:
    """Whether the schema has a table of this name."""
    [(found,)] = _rows(sql.SQL("SELECT to_regclass(%s) IS NOT NULL"), [_table(name).as_string()])
    return bool(found)


def read_rows(
    *, table: str, names: Sequence[str], file_id: int, load_id: int, after: int, upto: int, limit: int
) -> list[tuple[Any, ...]]:
    """Active rows of one load with ``after < _row <= upto``, in order: ``_row`` and the named columns.

    They are read through the dataset, so that a file switched off a moment ago has none. ``_file`` prunes to one part,
    and the range lets its BRIN index find the blocks: deep pages cost what the first one costs.
    """
    return _rows(
        sql.SQL(
            "SELECT {} FROM {} WHERE {} = %s AND {} = %s AND {row} > %s AND {row} <= %s ORDER BY {row} LIMIT %s"
        ).format(
            sql.SQL(", ").join(map(sql.Identifier, (ROW, *names))),
            _table(table),
            sql.Identifier(FILE),
            sql.Identifier(LOAD),
            row=sql.Identifier(ROW),
        ),
        [file_id, load_id, after, upto, limit],
    )


def end_backends_of(*, application: str) -> int:
    """End the database sessions of an attempt that has lost its lease; returns how many there were."""
    return len(
        _rows(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = %s AND datname = current_database() AND pid <> pg_backend_pid()"
            ),
            [application],
        )
    )


def open_snapshots() -> set[tuple[Any, ...]]:
    """Transactions of others that read by a snapshot right now, each by its process and its begin; loads read nothing.

    Of other roles PostgreSQL tells them only to members of ``pg_read_all_stats``.
    """
    query = (
        "SELECT pid, xact_start FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' AND backend_xmin IS NOT NULL AND NOT starts_with(application_name, %s)"
    )
    return set(_rows(sql.SQL(query), [LOADS]))


def set_application_name(name: str) -> None:
    """Name this database session, so that it can be found in ``pg_stat_activity``."""
    _execute(sql.SQL("SELECT set_config('application_name', %s, false)"), [name])


def application_name() -> str:
    """What this database session is called."""
    [(name,)] = _rows(sql.SQL("SELECT current_setting('application_name')"))
    return str(name)
