"""Tables and views of the database that are looked at and left alone: what the catalogue says of them.

Nothing here waits for a lock: whoever alters such a table keeps nobody from the pages that list it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from uploads.database.adopting.existing_tables import KEPT_TYPES, WIDENED_TYPES, is_ours
from uploads.database.adopting.view_keys import MOST_DEEP, columns_shown
from uploads.database.statements import fetch_rows
from uploads.tabular.table import ColumnType

WITH_ROWS = frozenset({"r", "p", "v", "m", "f"})
"""PostgreSQL's letters of what can be read from: tables, partitioned ones, views, materialized ones, foreign tables."""
MOST_IN_KEY = 8
"""Columns of a key by which pages are found."""
READ_AS_THEY_ARE = frozenset({*KEPT_TYPES, *WIDENED_TYPES})


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationColumn:
    """A column as the database has it."""

    name: str
    type: str
    """Whole, with its length."""
    becomes: ColumnType
    """Ours; text for what we have no type for."""
    is_as_text: bool
    """It is read as PostgreSQL prints it."""
    comment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyColumn:
    """A column of a key, and its type as SQL casts to it."""

    name: str
    type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """A table or view, with the columns that this site's role may read."""

    oid: int
    schema: str
    name: str
    quoted: str
    """``schema.name``, as SQL writes it."""
    quoted_schema: str
    role: str
    """That of this site, as SQL writes it."""
    kind: str
    """PostgreSQL's letter."""
    is_temporary: bool
    has_children: bool
    """Other tables inherit from it: their rows are read with its."""
    is_filled: bool
    """``False``: a materialized view that was never refreshed."""
    is_guarded: bool
    """Row security is on."""
    is_ours: bool
    may_use: bool
    """Whether the role may look into the schema."""
    extension: str
    comment: str
    rows: int | None
    """As PostgreSQL estimates; ``None`` where it does not, as of views and of what was never analyzed."""
    columns: tuple[RelationColumn, ...]
    hidden: int
    """Columns that the role may not read."""
    key: tuple[KeyColumn, ...]
    """Of its primary key, or of another that is never NULL; of a view that shows the rows of one table, of that one's;
    empty where there is none."""
    readers: tuple[str, ...]
    """Roles that may read it, quoted; ``PUBLIC`` for all."""
    is_key_stated: bool = False
    """Somebody said the key: no index of the database stands for it."""

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedRelation:
    """One of the list, by its names."""

    schema: str
    name: str
    quoted: str
    kind: str
    rows: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationFigures:
    """What a list shows of one."""

    rows: int | None
    columns: int


_PARTS = """
WITH RECURSIVE part AS (
  SELECT c.oid AS relid UNION ALL SELECT i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.relid)
SELECT sum(greatest(l.reltuples, 0)) FILTER (WHERE l.reltuples >= 0)
  FROM part JOIN pg_class l ON l.oid = part.relid AND l.relkind <> 'p'"""
_ROWS = f"""CASE WHEN c.relkind = 'v' THEN NULL WHEN c.relkind = 'p' OR c.relhassubclass THEN ({_PARTS})
     WHEN c.reltuples >= 0 THEN c.reltuples END::bigint"""
"""An estimate of a parent that inherits lies with its children; partitions that are yet to fill say nothing."""
_QUOTED = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
_RELATION = f"""
SELECT c.oid, n.nspname, c.relname, {_QUOTED}, quote_ident(n.nspname), quote_ident(current_user),
       c.relkind::text, c.relpersistence = 't',
       c.relkind = 'r' AND c.relhassubclass, c.relispopulated, c.relrowsecurity,
       has_schema_privilege(n.oid, 'USAGE'), coalesce(obj_description(c.oid, 'pg_class'), ''), {_ROWS},
       coalesce((SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_extension'::regclass
         LIMIT 1), '')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = (%s::text[])[1] AND c.relname = (%s::text[])[2]"""  # noqa: S608 - constants of this module
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, NULL),
       coalesce(col_description(a.attrelid, a.attnum), ''), has_column_privilege(a.attrelid, a.attnum, 'SELECT')
  FROM pg_attribute a WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
_KEYS = """
SELECT ARRAY(SELECT k.number FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place)
              WHERE k.place <= i.indnkeyatts ORDER BY k.place)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
 WHERE i.indrelid = %s AND i.indisunique AND i.indisvalid AND i.indimmediate AND NOT i.indisexclusion
   AND NOT (c.relkind = 'r' AND c.relhassubclass)
   AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts <= %s
   AND NOT EXISTS (SELECT FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place)
                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                    WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull)
 ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid"""
_KEY_COLUMNS = """
SELECT a.attname::text, format_type(a.atttypid, -1)
  FROM unnest(%s::int[]) WITH ORDINALITY AS k(number, place)
  JOIN pg_attribute a ON a.attrelid = %s AND a.attnum = k.number ORDER BY k.place"""
"""``format_type`` with -1 writes ``bpchar`` where it would write ``character``, which is one letter long."""
_READERS = """
SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
  FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
 WHERE a.privilege_type = 'SELECT' AND c.oid = %s ORDER BY 1"""
_LIST = f"""
SELECT n.nspname, c.relname, {_QUOTED}, c.relkind::text, {_ROWS}
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = ANY(%s) AND NOT c.relispartition AND c.relpersistence <> 't'
   AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY 1, 2"""  # noqa: S608 - as above
_FIGURES = f"""
SELECT wanted.name, {_ROWS}, (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
        AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT'))
  FROM unnest(%s::text[]) AS wanted(name)
  JOIN pg_namespace n ON n.nspname = (parse_ident(wanted.name))[1]
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = (parse_ident(wanted.name))[2]"""  # noqa: S608 - as above


def find_relation(*, schema: str, name: str) -> Relation | None:
    """Whatever has this name; ``None`` where nothing does."""
    return _found([schema, name])


def look_at_relation(*, quoted: str) -> Relation | None:
    """The same by the name as SQL writes it."""
    [(parts,)] = fetch_rows(sql.SQL("SELECT parse_ident(%s)"), [quoted])
    return _found(parts)


def list_relations() -> list[ListedRelation]:
    """All that rows can be read from, but the site's own tables and PostgreSQL's."""
    found = fetch_rows(sql.SQL(_LIST), [sorted(WITH_ROWS)])
    return [
        ListedRelation(schema=schema, name=name, quoted=quoted, kind=kind, rows=rows)
        for schema, name, quoted, kind, rows in found
        if not is_ours(schema=schema, name=name)
    ]


def figures_of(*, relations: Collection[str]) -> dict[str, RelationFigures]:
    """Of those that are there, by their names as SQL writes them; one question for all."""
    found = fetch_rows(sql.SQL(_FIGURES), [list(relations)]) if relations else []
    return {name: RelationFigures(rows=rows, columns=columns) for name, rows, columns in found}


def _found(parts: list[str]) -> Relation | None:
    found = fetch_rows(sql.SQL(_RELATION), [parts, parts])
    if not found:
        return None
    oid, schema, name, quoted, quoted_schema, role, kind, is_temporary, has_children, *rest = found[0]
    is_filled, is_guarded, may_use, comment, rows, extension = rest
    columns, hidden = _columns(oid)
    return Relation(
        oid=oid,
        schema=schema,
        name=name,
        quoted=quoted,
        quoted_schema=quoted_schema,
        role=role,
        kind=kind,
        is_temporary=is_temporary,
        has_children=has_children,
        is_filled=is_filled,
        is_guarded=is_guarded,
        is_ours=is_ours(schema=schema, name=name),
        may_use=may_use,
        extension=extension,
        comment=comment,
        rows=rows,
        columns=columns,
        hidden=hidden,
        key=() if has_children else _key(oid, {column.name for column in columns}),
        readers=tuple(str(role) for (role,) in fetch_rows(sql.SQL(_READERS), [oid])),
    )


def _columns(oid: int) -> tuple[tuple[RelationColumn, ...], int]:
    found: list[Any] = fetch_rows(sql.SQL(_COLUMNS), [oid])
    readable = tuple(
        RelationColumn(
            name=name,
            type=whole,
            becomes=KEPT_TYPES.get(bare) or WIDENED_TYPES.get(bare, ColumnType.TEXT),
            is_as_text=bare not in READ_AS_THEY_ARE,
            comment=comment,
        )
        for name, whole, bare, comment, may_read in found
        if may_read
    )
    return readable, len(found) - len(readable)


def _key(oid: int, readable: set[str]) -> tuple[KeyColumn, ...]:
    for numbers in _keys(oid, deep=0):
        found = fetch_rows(sql.SQL(_KEY_COLUMNS), [numbers, oid])
        if readable.issuperset(name for name, _ in found):
            return tuple(KeyColumn(name=name, type=type_) for name, type_ in found)
    return ()


def _keys(oid: int, *, deep: int) -> list[list[int]]:
    """By the numbers of their columns; of a view those of the table that it shows, where they are among its columns."""
    shown = columns_shown(oid) if deep < MOST_DEEP else None
    if shown is None:
        return [numbers for (numbers,) in fetch_rows(sql.SQL(_KEYS), [oid, MOST_IN_KEY])]
    table, columns = shown
    keys = _keys(table, deep=deep + 1)
    return [[columns[number] for number in key] for key in keys if columns.keys() >= set(key)]
