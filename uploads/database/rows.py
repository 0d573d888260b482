"""Rows of data tables: copied in and out, counted, read page by page, deleted one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from uploads.database.columns import TYPE_SQL
from uploads.database.partitions import FILE, LOAD
from uploads.database.statements import execute, fetch_rows, qualified
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ROW, Column

_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
"""What is trimmed off a cell before it is read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A place in a dataset's order: file, load, row. The next page begins after it."""

    file: int
    load: int
    row: int
    key: tuple[str | None, ...] = ()
    """In a table that is none of ours: the values of its key in the row, as PostgreSQL prints them; ``None`` only
    where somebody stated the key."""


OFFSET_BITS = 16
"""Of a place in a table, as a number: the block, and in these bits the row's number in it."""


def no_such_page() -> BadOption:
    """What to raise for a place that nobody was given."""
    return BadOption("This page of rows doesn't exist.", hint="Begin again at the first page.")


def storable(text: str) -> str:
    """Text that PostgreSQL can store: NUL shown as ␀, what is not Unicode as a backslash escape."""
    return text.replace("\x00", "␀").encode("utf-8", "backslashreplace").decode("utf-8")


def storable_json(value: Any) -> Any:
    """A value of JSON whose texts PostgreSQL can store."""
    match value:
        case str():
            return storable(value)
        case dict():
            return {key: storable_json(item) for key, item in value.items()}
        case list() | tuple():
            return [storable_json(item) for item in value]
    return value


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
        return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(qualified(part), columns)
    if text:
        return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT text, ENCODING 'UTF8', DELIMITER {}, NULL '')").format(
            qualified(part), columns, sql.Literal(delimiter)
        )
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ENCODING 'UTF8', DELIMITER {}{})").format(
        qualified(part),
        columns,
        sql.Literal(delimiter),
        sql.SQL(", FORCE_NULL ({})").format(columns) if force_null else sql.SQL(""),
    )


def delete_rows(*, part: str, load_id: int, rows: Sequence[int]) -> int:
    """Take single rows out of a part again; returns how many there were."""
    return len(
        fetch_rows(
            sql.SQL("DELETE FROM {} WHERE {} = %s AND {row} = ANY(%s) RETURNING {row}").format(
                qualified(part), sql.Identifier(LOAD), row=sql.Identifier(ROW)
            ),
            [load_id, list(rows)],
        )
    )


def whole_part(*, part: str, names: Sequence[str], aside: str = "", file_id: int = 0) -> sql.Composable:
    """All rows of a part to select from, by the named columns: where ``aside`` has rows of its file, with those."""
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    if not aside:
        return qualified(part)
    return sql.SQL("(SELECT {columns} FROM {} UNION ALL SELECT {columns} FROM {} WHERE {} = {}) AS whole").format(
        qualified(part), qualified(aside), sql.Identifier(FILE), sql.Literal(file_id), columns=columns
    )


def copy_out_statement(*, part: str, names: Sequence[str], aside: str = "", file_id: int = 0) -> sql.Composable:
    """COPY … TO STDOUT of ``_load``, ``_row`` and the named columns, in the order in which the rows lie.

    Sets for the caller's transaction how PostgreSQL prints: ISO dates, UTC, floats that read back as the same.
    """
    print_plainly()
    every = (LOAD, ROW, *names)
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(map(sql.Identifier, every)),
        whole_part(part=part, names=every, aside=aside, file_id=file_id),
    )


def insert_cast(*, part: str, new_part: str, columns: Sequence[Column], aside: str = "", file_id: int = 0) -> int:
    """Copy all rows of a part into a new one whose columns have other types; returns how many there were."""
    print_plainly()
    own = sql.SQL(", ").join(map(sql.Identifier, (LOAD, ROW)))
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    casts = sql.SQL(", ").join(
        sql.SQL("{}::{}").format(sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.type])) for column in columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {} ({own}, {}) SELECT {own}, {} FROM {}").format(
                qualified(new_part),
                names,
                casts,
                whole_part(
                    part=part, names=[LOAD, ROW, *(column.name for column in columns)], aside=aside, file_id=file_id
                ),
                own=own,
            )
        )
        return int(cursor.rowcount)


def print_plainly() -> None:
    """For the caller's transaction: ISO dates, UTC, floats that read back as the same, rows in their order."""
    execute(
        sql.SQL(
            "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true),"
            " set_config('extra_float_digits', '1', true), set_config('synchronize_seqscans', 'off', true),"
            " set_config('max_parallel_workers_per_gather', '0', true)"
        )
    )


def count_words(
    *, part: str, names: Sequence[str], words: Sequence[str], aside: str = "", file_id: int = 0
) -> dict[str, int]:
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
            sql.SQL("SELECT {} FROM {}").format(
                counts, whole_part(part=part, names=names, aside=aside, file_id=file_id)
            ),
            {"words": list(words)},
        )
        found = cursor.fetchone() or ()
    return {name: count for name, count in zip(names, found, strict=True) if count}


def last_place(*, tables: Sequence[str]) -> int:
    """Behind the last row of the longest of some tables; of one that is not there 0."""
    [(blocks,)] = fetch_rows(
        sql.SQL(
            "SELECT coalesce(max(pg_relation_size(to_regclass(name)) / current_setting('block_size')::int), 0)::bigint"
            " FROM unnest(%s::text[]) AS name"
        ),
        [[qualified(table).as_string() for table in tables]],
    )
    return int(blocks) << OFFSET_BITS


def place_of_number(number: int) -> str:
    """As PostgreSQL writes a place: ``(block,row)``."""
    return f"({number >> OFFSET_BITS},{number & (1 << OFFSET_BITS) - 1})"


def number_of_place(place: str) -> int:
    """The other way."""
    block, offset = place.strip("()").split(",")
    return (int(block) << OFFSET_BITS) | int(offset)
