"""Tables of datasets: made, renamed, given other types, dropped when empty; partitioned by list on ``_file``."""

from collections.abc import Iterable, Mapping, Sequence

from psycopg import sql

from uploads.database.columns import TYPE_SQL, column_definitions
from uploads.database.partitions import FILE, LOAD
from uploads.database.querying.grants import mirroring
from uploads.database.statements import SCHEMA, TableInUse, execute, execute_briefly, fetch_rows, qualified
from uploads.tabular.table import ROW, Column


def create_dataset_table(*, table: str, columns: Sequence[Column], readers: Sequence[str] = ()) -> None:
    """Make the empty partitioned table, for these roles to read by SQL too."""
    made = sql.SQL(
        "CREATE TABLE {} ({} integer NOT NULL, {} integer NOT NULL, {} bigint NOT NULL, {}) PARTITION BY LIST ({})"
    ).format(
        qualified(table),
        *map(sql.Identifier, (FILE, LOAD, ROW)),
        column_definitions(columns),
        sql.Identifier(FILE),
    )
    execute(sql.SQL("; ").join([made, mirroring(table=table, roles=readers)]), None)


def write_comments(*, table: str, columns: Mapping[str, str], comment: str = "") -> None:
    """Say in the database what a table and its columns are, all at once; an empty text takes back what was said of a
    column."""
    of_column = sql.SQL("COMMENT ON COLUMN {}.{} IS {}")
    statements = [
        of_column.format(qualified(table), sql.Identifier(name), sql.Literal(text or None))
        for name, text in columns.items()
    ]
    if comment:
        statements.append(sql.SQL("COMMENT ON TABLE {} IS {}").format(qualified(table), sql.Literal(comment)))
    if statements:
        execute(sql.SQL("; ").join(statements), None)


def change_types(*, table: str, columns: Iterable[Column]) -> None:
    """Give columns of an empty table new types: of a part, or of a dataset without parts."""
    changes = [
        sql.SQL("ALTER COLUMN {} TYPE {} USING NULL").format(
            sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.type])
        )
        for column in columns
    ]
    if changes:
        execute_briefly(sql.SQL("ALTER TABLE {} {}").format(qualified(table), sql.SQL(", ").join(changes)))


def check_free(*, table: str, apart_from: tuple[str, str] = ("", "")) -> None:
    """Raise ``TableInUse`` when a view that somebody made reads the table; ``apart_from``: schema and name of ours."""
    views = fetch_rows(
        sql.SQL(
            "SELECT DISTINCT ev_class::regclass::text FROM pg_depend JOIN pg_rewrite r ON r.oid = objid"
            " JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE classid = 'pg_rewrite'::regclass AND refobjid = to_regclass(%s)"
            " AND (nspname, c.relname) <> (%s, %s) ORDER BY 1"
        ),
        [qualified(table).as_string(), *apart_from],
    )
    if views:
        names = ", ".join(name for (name,) in views)
        raise TableInUse(
            f"The table {SCHEMA}.{table} is read by {names}.", hint="Drop that view first, or ask whoever made it."
        )


def table_exists(*, name: str) -> bool:
    """Whether the schema has a table of this name."""
    [(found,)] = fetch_rows(sql.SQL("SELECT to_regclass(%s) IS NOT NULL"), [qualified(name).as_string()])
    return bool(found)
