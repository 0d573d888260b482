"""Tables that stand in the database already: what they are made of, and what hangs on them. Nothing is changed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from uploads.database.statements import SCHEMA, fetch_rows
from uploads.tabular.table import ColumnType

KEPT_TYPES: dict[str, ColumnType] = {
    "boolean": ColumnType.BOOLEAN,
    "bigint": ColumnType.BIGINT,
    "numeric": ColumnType.NUMERIC,
    "double precision": ColumnType.DOUBLE,
    "date": ColumnType.DATE,
    "timestamp without time zone": ColumnType.TIMESTAMP,
    "timestamp with time zone": ColumnType.TIMESTAMPTZ,
    "text": ColumnType.TEXT,
    "character varying": ColumnType.TEXT,
}
"""PostgreSQL's types that are ours, whatever their length or precision: at most the catalogue changes."""
WIDENED_TYPES: dict[str, ColumnType] = {
    "smallint": ColumnType.BIGINT,
    "integer": ColumnType.BIGINT,
    "real": ColumnType.DOUBLE,
}
"""Those with a wider one: every row is written anew. All others become text, as PostgreSQL prints them."""
_OURS = ("procrastinate_",)
"""Beginnings of names of tables that this site made beside Django's."""
_BEGINNINGS = ("django_", "auth_", "uploads_")
_DATES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingColumn:
    """A column as it stands in the catalogue."""

    name: str
    type: str
    """Whole, with length and collation, as ``ALTER COLUMN … TYPE`` takes it."""
    becomes: ColumnType
    is_rewritten: bool
    """Its type is not one of ours: every row of the table has to be written anew."""
    is_changed: bool
    """Its type is written in another way than ours; ``is_rewritten`` or not."""
    is_generated: bool
    default: str | None
    """An expression of SQL."""
    comment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UniqueIndex:
    """An index that lets no value come twice."""

    name: str
    is_primary: bool
    columns: tuple[str, ...]
    """In their order; empty where it is on expressions, on some rows, or can be deferred."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingTable:
    """A relation of the database, whatever it is, and what hangs on it; each as names that people know."""

    oid: int
    schema: str
    name: str
    kind: str
    """``r``: a plain table; else the letter that PostgreSQL has for it."""
    persistence: str
    is_inherited: bool
    is_typed: bool
    is_guarded: bool
    """Row security is on, or there are policies."""
    may_alter: bool
    is_ours: bool
    rows: int | None
    """As PostgreSQL estimates."""
    bytes: int
    comment: str
    columns: tuple[ExistingColumn, ...]
    unique: tuple[UniqueIndex, ...]
    exclusions: tuple[str, ...]
    foreign_keys: tuple[str, ...]
    referenced_by: tuple[str, ...]
    triggers: tuple[str, ...]
    rules: tuple[str, ...]
    views: tuple[str, ...]
    dependents: tuple[str, ...]
    extension: str
    clashes: tuple[str, ...]
    """Its indexes and sequences whose names are taken in the schema ``data``, where it would move to."""
    readers: tuple[str, ...]
    """Roles that may read it, quoted; ``PUBLIC`` for all."""
    writers: tuple[str, ...]

    @property
    def primary_key(self) -> tuple[str, ...]:
        return next((index.columns for index in self.unique if index.is_primary), ())

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.name}"


def list_tables() -> list[tuple[str, str, int | None]]:
    """Plain tables that are none of the site's own: schema, name, and rows as PostgreSQL estimates; ``None`` of a
    table that nothing has analyzed yet."""
    found = fetch_rows(
        sql.SQL(
            "SELECT n.nspname, c.relname, nullif(c.reltuples, -1)::bigint FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND NOT c.relispartition"
            " AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
            " ORDER BY 1, 2"
        )
    )
    own = _own_tables()
    return [(schema, name, rows) for schema, name, rows in found if not _is_ours(schema, name, own)]


def look_at(*, schema: str, name: str) -> ExistingTable | None:
    """What the catalogue says of a relation; ``None`` where there is none of this name."""
    found = fetch_rows(
        sql.SQL(
            "SELECT c.oid, c.relkind, c.relpersistence, c.reloftype <> 0, c.relrowsecurity OR"
            " EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid), pg_has_role(c.relowner, 'USAGE'),"
            " nullif(c.reltuples, -1)::bigint, coalesce(obj_description(c.oid, 'pg_class'), ''),"
            " EXISTS (SELECT FROM pg_inherits WHERE c.oid IN (inhrelid, inhparent))"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s"
        ),
        [schema, name],
    )
    if not found:
        return None
    [(oid, kind, persistence, is_typed, is_guarded, may_alter, rows, comment, is_inherited)] = found
    is_table = kind == "r"
    return ExistingTable(
        oid=oid,
        schema=schema,
        name=name,
        kind=kind,
        persistence=persistence,
        is_inherited=is_inherited,
        is_typed=is_typed,
        is_guarded=is_guarded,
        may_alter=may_alter,
        is_ours=_is_ours(schema, name, _own_tables()),
        rows=rows,
        bytes=int(_names("SELECT pg_total_relation_size(%s::oid)::text", oid)[0]) if is_table else 0,
        comment=comment,
        columns=_columns(oid),
        unique=_unique(oid),
        exclusions=_names("SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = %s ORDER BY 1", oid),
        foreign_keys=_names(_FOREIGN_KEYS, oid),
        referenced_by=_names(_REFERENCED_BY, oid),
        triggers=_names("SELECT tgname FROM pg_trigger WHERE tgrelid = %s AND NOT tgisinternal ORDER BY 1", oid),
        rules=_names("SELECT rulename FROM pg_rewrite WHERE ev_class = %s AND rulename <> '_RETURN' ORDER BY 1", oid),
        views=_names(_VIEWS, oid, oid),
        dependents=_names(_DEPENDENTS, oid, oid),
        extension=", ".join(_names(_EXTENSION, oid)),
        clashes=_names(_CLASHES, oid, oid, SCHEMA) if schema != SCHEMA else (),
        readers=_names(_GRANTED, ["SELECT"], oid),
        writers=_names(_GRANTED, ["INSERT", "UPDATE", "DELETE", "TRUNCATE"], oid),
    )


def is_in_catalogue(*, schema: str, name: str) -> bool:
    """Whether a schema has a relation of this name, of whatever kind."""
    query = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = %s AND relnamespace = to_regnamespace(%s))"
    [(found,)] = fetch_rows(sql.SQL(query), [name, sql.Identifier(schema).as_string()])
    return bool(found)


def is_ours(*, schema: str, name: str) -> bool:
    """Whether the site made it; in its own schema also what begins as its tables do."""
    if _is_ours(schema, name, _own_tables()):
        return True
    return name.startswith(_BEGINNINGS) and schema == _home()


def dates_out_of_range(table: ExistingTable) -> tuple[str, ...]:
    """Columns with dates that no calendar of a program has: infinite ones, and years outside 1 to 9999. One scan."""
    dates = [column for column in table.columns if column.becomes in _DATES and not column.is_rewritten]
    if not dates:
        return ()
    tests = sql.SQL(", ").join(
        sql.SQL("bool_or({0} < '0001-01-02' OR {0} >= '9999-12-31')").format(sql.Identifier(column.name))
        for column in dates
    )
    [found] = fetch_rows(sql.SQL("SELECT {} FROM {}").format(tests, sql.Identifier(table.schema, table.name)))
    return tuple(column.name for column, is_out in zip(dates, found, strict=True) if is_out)


_FOREIGN_KEYS = """
SELECT conname || ' (to ' || confrelid::regclass || ')' FROM pg_constraint
 WHERE contype = 'f' AND conrelid = %s ORDER BY 1"""
_REFERENCED_BY = """
SELECT conname || ' (of ' || conrelid::regclass || ')' FROM pg_constraint
 WHERE contype = 'f' AND confrelid = %s ORDER BY 1"""
_VIEWS = """
SELECT DISTINCT r.ev_class::regclass::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = %s
   AND r.ev_class <> %s ORDER BY 1"""
_DEPENDENTS = """
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
 WHERE d.deptype IN ('n', 'a') AND (d.refclassid = 'pg_class'::regclass AND d.refobjid = %s
    OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
       SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_type t WHERE t.typrelid = %s))
   AND d.classid NOT IN ('pg_rewrite'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass,
       'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_statistic_ext'::regclass, 'pg_type'::regclass)
   AND (c.relkind IS NULL OR c.relkind NOT IN ('i', 'I', 'S', 't')) ORDER BY 1"""
_EXTENSION = """
SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
 WHERE d.classid = 'pg_class'::regclass AND d.objid = %s AND d.refclassid = 'pg_extension'::regclass"""
_CLASHES = """
SELECT c.relname FROM pg_class c
 WHERE (c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %s)
    OR c.relkind = 'S' AND c.oid IN (SELECT objid FROM pg_depend WHERE refobjid = %s AND deptype = 'a'
       AND classid = 'pg_class'::regclass))
   AND EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = to_regnamespace(%s) AND o.relname = c.relname)
 ORDER BY 1"""
_GRANTED = """
SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
  FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
 WHERE a.privilege_type = ANY(%s) AND c.oid = %s AND a.grantee <> current_user::regrole ORDER BY 1"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, NULL),
       CASE WHEN a.attcollation NOT IN (0, t.typcollation) THEN a.attcollation::regcollation::text ELSE '' END,
       a.attgenerated <> '' OR a.attidentity <> '', pg_get_expr(d.adbin, d.adrelid),
       coalesce(col_description(a.attrelid, a.attnum), '')
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
_UNIQUE = """
SELECT c.relname, i.indisprimary, CASE WHEN i.indpred IS NULL AND i.indexprs IS NULL AND i.indimmediate
       THEN ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place)
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                   WHERE k.place <= i.indnkeyatts ORDER BY k.place) ELSE '{}' END
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = %s AND i.indisunique AND NOT i.indisexclusion ORDER BY i.indisprimary DESC, 1"""


def _columns(oid: int) -> tuple[ExistingColumn, ...]:
    found = []
    for name, whole, bare, collation, is_generated, default, comment in fetch_rows(sql.SQL(_COLUMNS), [oid]):
        becomes = KEPT_TYPES.get(bare)
        found.append(
            ExistingColumn(
                name=name,
                type=f"{whole} COLLATE {collation}" if collation else whole,
                becomes=becomes or WIDENED_TYPES.get(bare, ColumnType.TEXT),
                is_rewritten=becomes is None,
                is_changed=becomes is None or whole not in _AS_OURS or bool(collation),
                is_generated=is_generated,
                default=default,
                comment=comment,
            )
        )
    return tuple(found)


_AS_OURS = frozenset(KEPT_TYPES) - {"character varying"}


def _unique(oid: int) -> tuple[UniqueIndex, ...]:
    found = fetch_rows(sql.SQL(_UNIQUE), [oid])
    return tuple(UniqueIndex(name=name, is_primary=primary, columns=tuple(names)) for name, primary, names in found)


def _names(query: Any, *params: object) -> tuple[str, ...]:
    return tuple(str(name) for (name,) in fetch_rows(sql.SQL(query), params))


def _own_tables() -> set[str]:
    return set(connection.introspection.django_table_names()) | {"django_migrations"}


def _home() -> str:
    """The schema in which the site keeps what it knows of files."""
    query = (
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(%s)"
    )
    return next((str(schema) for (schema,) in fetch_rows(sql.SQL(query), ["uploads_dataset"])), "")


def _is_ours(schema: str, name: str, own: Sequence[str] | set[str]) -> bool:
    """The site's own tables stand where its role makes tables, and in ``data`` below names with an underscore."""
    if schema == SCHEMA:
        return name.startswith("_")
    return name in own or name.startswith(_OURS)
