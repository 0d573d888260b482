"""An existing table moves into a dataset as the part of one file, and out of it again; its rows stay where they lie.

``_file`` and ``_load`` are constant defaults, which PostgreSQL keeps in the catalogue. So is ``_row``, 0: these rows
stood in no file and have no line there, and to number them would write the whole table anew while everybody waits.

Everything runs in the caller's transaction. Writers are kept out first, by ``hold_writers``; readers from ``move_in``
on, for as long as it takes PostgreSQL to look at ``_file`` once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from uploads.database.adopting.existing_tables import ExistingColumn, ExistingTable
from uploads.database.columns import TYPE_SQL
from uploads.database.partitions import FILE, LOAD
from uploads.database.statements import SCHEMA, execute, execute_briefly, fetch_rows, qualified
from uploads.tabular.table import ROW, ColumnType

FILE_CHECK = "_file_check"


@dataclass(frozen=True, kw_only=True, slots=True)
class FormerColumn:
    """What a column was, where its type was changed."""

    name: str
    type: str
    default: str | None


def hold_writers(*, schema: str, name: str) -> None:
    """Keep others from changing the table and its rows until the transaction ends; readers go on."""
    execute_briefly(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(schema, name)))


def count_rows(*, schema: str, name: str) -> int:
    """All of them, one by one."""
    [(count,)] = fetch_rows(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name)))
    return int(count)


def move_in(table: ExistingTable, *, part: str, file_id: int, load_id: int) -> None:
    """Make a part of a table: with our types and columns, under the part's name, in the schema ``data``."""
    relation = sql.Identifier(table.schema, table.name)
    changes = [change for column in table.columns if column.is_changed for change in _to_ours(column)]
    own = [
        sql.SQL("ADD COLUMN {} {} NOT NULL DEFAULT {}").format(sql.Identifier(name), sql.SQL(type_), sql.Literal(value))
        for name, type_, value in ((FILE, "integer", file_id), (LOAD, "integer", load_id), (ROW, "bigint", 0))
    ]
    check = sql.SQL("ADD CONSTRAINT {} CHECK ({} = {})").format(
        sql.Identifier(FILE_CHECK), sql.Identifier(FILE), sql.Literal(file_id)
    )
    execute_briefly(sql.SQL("ALTER TABLE {} {}").format(relation, sql.SQL(", ").join([*changes, *own, check])))
    _rename(schema=table.schema, name=table.name, to_schema=SCHEMA, to=part)


def create_parent(table: ExistingTable, *, name: str) -> None:
    """The empty dataset's table, with the old columns in their old order and ours behind them, for its old readers."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.becomes]))
        for column in table.columns
    )
    execute(
        sql.SQL(
            "CREATE TABLE {} ({}, {} integer NOT NULL, {} integer NOT NULL, {} bigint NOT NULL) PARTITION BY LIST ({})"
        ).format(qualified(name), columns, *map(sql.Identifier, (FILE, LOAD, ROW)), sql.Identifier(FILE))
    )
    _comment(qualified(name), "TABLE", table)
    _grant_reading(qualified(name), table.readers)


def create_view_of_old_name(table: ExistingTable, *, name: str) -> None:
    """Where the table stood, the very columns that it had, of all active files."""
    view = sql.Identifier(table.schema, table.name)
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    execute(sql.SQL("CREATE VIEW {} AS SELECT {} FROM {}").format(view, columns, qualified(name)))
    _comment(view, "VIEW", table)
    _grant_reading(view, table.readers)


def drop_view_of_old_name(*, schema: str, name: str, of: str) -> None:
    """Nothing where the view is not that ``of`` the dataset's table. Raises ``TableInUse`` where something reads it."""
    [(is_ours,)] = fetch_rows(
        sql.SQL(
            "SELECT EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c"
            " ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = to_regclass(%s) AND c.relkind = 'v'"
            " AND (n.nspname, c.relname) = (%s, %s))"
        ),
        [qualified(of).as_string(), schema, name],
    )
    if is_ours:
        execute_briefly(sql.SQL("DROP VIEW {}").format(sql.Identifier(schema, name)))


def move_out(*, part: str, schema: str, name: str, former: Sequence[FormerColumn]) -> None:
    """Make the table of a part again that it was; the indexes that were made on it for the dataset go with ours."""
    changes = [change for column in former for change in _to_theirs(column, part)]
    execute_briefly(
        sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}, DROP COLUMN {}, DROP COLUMN {}, DROP COLUMN {}").format(
            qualified(part), *map(sql.Identifier, (FILE_CHECK, FILE, LOAD, ROW))
        )
    )
    if changes:
        execute_briefly(sql.SQL("ALTER TABLE {} {}").format(qualified(part), sql.SQL(", ").join(changes)))
    _rename(schema=SCHEMA, name=part, to_schema=schema, to=name)
    defaults = [
        sql.SQL("ALTER COLUMN {} SET DEFAULT {}").format(sql.Identifier(column.name), sql.SQL(column.default))
        for column in former
        if column.default is not None
    ]
    if defaults:
        execute_briefly(sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(schema, name), sql.SQL(", ").join(defaults)))


def _rename(*, schema: str, name: str, to_schema: str, to: str) -> None:
    """First to a name that nobody has in either schema: that of a part."""
    steps = []
    if to_schema == SCHEMA:  # in: renamed where it is, then moved
        steps.append(sql.SQL("ALTER TABLE {} RENAME TO {}").format(sql.Identifier(schema, name), sql.Identifier(to)))
        name = to
    if schema != to_schema:
        relation = sql.Identifier(schema, name)
        steps.append(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(relation, sql.Identifier(to_schema)))
    if name != to:  # out: moved under the part's name, then renamed
        relation = sql.Identifier(to_schema, name)
        steps.append(sql.SQL("ALTER TABLE {} RENAME TO {}").format(relation, sql.Identifier(to)))
    for step in steps:
        execute_briefly(step)


def _to_ours(column: ExistingColumn) -> list[sql.Composable]:
    """What has no type of ours is read from its text: a ``real`` 0.1 becomes 0.1, and not 0.10000000149011612."""
    name, type_ = sql.Identifier(column.name), sql.SQL(TYPE_SQL[column.becomes])
    if not column.is_rewritten:
        return [sql.SQL("ALTER COLUMN {} TYPE {}").format(name, type_)]
    using = sql.SQL("{}::{}") if column.becomes is ColumnType.BIGINT else sql.SQL("{}::text::{}")
    drop = [sql.SQL("ALTER COLUMN {} DROP DEFAULT").format(name)] if column.default is not None else []
    return [*drop, sql.SQL("ALTER COLUMN {} TYPE {} USING {}").format(name, type_, using.format(name, type_))]


def _to_theirs(column: FormerColumn, part: str) -> list[sql.Composable]:
    name, type_ = sql.Identifier(column.name), sql.SQL(column.type)
    bare = sql.SQL(column.type.split(" COLLATE ")[0])
    return [sql.SQL("ALTER COLUMN {0} TYPE {1} USING {0}::{2}").format(name, type_, bare)]


def _comment(relation: sql.Identifier, kind: str, table: ExistingTable) -> None:
    comments = [sql.SQL("COMMENT ON {} {} IS {}").format(sql.SQL(kind), relation, sql.Literal(table.comment))]
    comments = comments if table.comment else []
    comments += [
        sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(relation, sql.Identifier(each.name), sql.Literal(each.comment))
        for each in table.columns
        if each.comment
    ]
    if comments:
        execute(sql.SQL("; ").join(comments), None)


def _grant_reading(relation: sql.Identifier, readers: Sequence[str]) -> None:
    """``readers`` are quoted by PostgreSQL."""
    if readers:
        roles = sql.SQL(", ".join(readers))
        execute(sql.SQL("GRANT SELECT ON {} TO {}").format(relation, roles))
