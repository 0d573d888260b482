"""What a query names, as PostgreSQL's own parser says it: only datasets, and functions that read nothing themselves.

A role without rights may still read the system catalogs, and there the names and columns of tables that it cannot read:
those of files that nobody has activated. So a query is parsed first, and not run. The server tells the tree that it
parsed (``debug_print_parse``), with the number of each table, function and type; what is not known to be harmless is
refused. What is a text to a function (``query_to_xml``) would be parsed later, so such functions are not among them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg
from psycopg import pq, sql

from uploads.database.querying.faults import ENDED, NO_DATASET, Fault, FaultKind, QueryRefused, refused
from uploads.database.querying.published import Readable, relation_oids
from uploads.database.querying.session import Session
from uploads.database.statements import SCHEMA, fetch_rows

_TREE = "parse tree:"
_RELATIONS = re.compile(r" :relid (\d+)")
_FUNCTIONS = re.compile(r" :(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)")
_TYPES = re.compile(r" :\w*(?:type|typeid|typid) (\d+)", re.IGNORECASE)
_TYPE_LISTS = re.compile(r" :\w*types \(o ([\d ]+)\)", re.IGNORECASE)
_SEQUENCES = re.compile(r" :seqid (\d+)")

SAFE_STABLE = frozenset(
    [
        "age",
        "anytextcat",
        "array_to_json",
        "array_to_string",
        "concat",
        "concat_ws",
        "convert",
        "convert_from",
        "convert_to",
        "date",
        "date_add",
        "date_part",
        "date_subtract",
        "date_trunc",
        "extract",
        "format",
        "generate_series",
        "in_range",
        "interval_pl_timestamptz",
        "json_agg",
        "json_agg_strict",
        "json_build_array",
        "json_build_object",
        "json_object_agg",
        "json_object_agg_strict",
        "json_object_agg_unique",
        "json_object_agg_unique_strict",
        "json_populate_record",
        "json_populate_recordset",
        "json_to_record",
        "json_to_recordset",
        "jsonb_agg",
        "jsonb_agg_strict",
        "jsonb_build_array",
        "jsonb_build_object",
        "jsonb_object_agg",
        "jsonb_object_agg_strict",
        "jsonb_object_agg_unique",
        "jsonb_object_agg_unique_strict",
        "jsonb_path_exists_tz",
        "jsonb_path_match_tz",
        "jsonb_path_query_array_tz",
        "jsonb_path_query_first_tz",
        "jsonb_path_query_tz",
        "jsonb_populate_record",
        "jsonb_populate_recordset",
        "jsonb_to_record",
        "jsonb_to_recordset",
        "length",
        "make_timestamptz",
        "money",
        "now",
        "numeric",
        "overlaps",
        "phraseto_tsquery",
        "plainto_tsquery",
        "quote_literal",
        "quote_nullable",
        "row_to_json",
        "statement_timestamp",
        "textanycat",
        "time",
        "timestamp",
        "timestamptz",
        "timetz",
        "timezone",
        "to_char",
        "to_date",
        "to_json",
        "to_jsonb",
        "to_number",
        "to_timestamp",
        "to_tsquery",
        "to_tsvector",
        "transaction_timestamp",
        "ts_headline",
        "ts_match_tq",
        "ts_match_tt",
        "version",
        "websearch_to_tsquery",
    ]
)
"""Functions that depend on the clock, the time zone or the language, and read no table."""
SAFE_VOLATILE = frozenset(
    [
        "array_sample",
        "array_shuffle",
        "clock_timestamp",
        "gen_random_uuid",
        "random",
        "random_normal",
        "timeofday",
        "uuidv4",
        "uuidv7",
    ]
)
_FOUND_FUNCTIONS = """
SELECT p.proname::text FROM pg_proc p WHERE p.oid = ANY(%s) AND NOT (
    p.pronamespace = 'pg_catalog'::regnamespace AND p.prorettype <> 'cstring'::regtype
    AND CASE p.provolatile
    WHEN 'i' THEN p.proname !~ '^(pg_partition|pg_ddl|acl|makeacl|has_|satisfies_)'
        AND 'internal'::regtype <> ALL(p.proargtypes)
    WHEN 's' THEN p.proname = ANY(%s) OR p.proname ~ '^(date|timestamp|timestamptz)_(cmp|eq|ge|gt|le|lt|mi|ne|pl)_'
    ELSE p.proname = ANY(%s) END) ORDER BY 1"""
_FOUND_TYPES = """
SELECT t.oid::regtype::text, coalesce(e.typrelid, t.typrelid) <> 0
  FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
 WHERE t.oid = ANY(%s) AND (
    t.typnamespace <> 'pg_catalog'::regnamespace AND coalesce(e.typrelid, t.typrelid) <> ALL(%s)
       AND (coalesce(e.typrelid, t.typrelid) <> 0 OR t.oid NOT IN (
         SELECT unnest(ARRAY[a.atttypid, y.typarray, y.typelem, y.typbasetype])
           FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = ANY(%s) AND a.attnum > 0))
    OR t.typnamespace = 'pg_catalog'::regnamespace
       AND (coalesce(e.typrelid, t.typrelid) <> 0 OR coalesce(e.typname, t.typname) ~ '^reg(?!config|dictionary)'))
 ORDER BY 2, 1"""
_HIDDEN = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'f', 'p')
   AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace) AND oid <> ALL(%s)"""
_NAME_TYPE = re.compile(r"\breg(?:class|collation|database|namespace|oper|operator|proc|procedure|role|type)\b")
"""Types whose values are names of what the database has; those of the languages of searches tell nothing."""
_ESCAPE = "u&"
"""Letters of a name may stand behind it as numbers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryColumn:
    """A column of a result, as PostgreSQL calls it, and the number of its type."""

    name: str
    type_oid: int


def parse_query(session: Session, text: str, *, readable: Readable) -> tuple[QueryColumn, ...]:
    """The columns of a query that may be run, which names nothing but what is ``readable``. Nothing of it is run.

    Raises ``QueryRefused``, and those of ``ENDED``.
    """
    _check_size(text)
    published = relation_oids(readable.relations)
    allowed = [*(oid for (oid,) in fetch_rows(_OIDS, [SCHEMA, list(readable.tables)])), *published]
    trees: list[str] = []

    def hear(said: psycopg.errors.Diagnostic) -> None:
        if said.message_primary == _TREE:
            trees.append((said.message_detail or "").replace("\n", " "))

    session.execute("SET LOCAL client_min_messages = log")
    session.execute("SET LOCAL debug_pretty_print = off")
    session.execute("SET LOCAL debug_print_parse = on")
    session.add_notice_handler(hear)
    trees.clear()
    try:
        result = session.pgconn.prepare(b"", text.encode())
        if result.status == pq.ExecStatus.FATAL_ERROR:
            ended = psycopg.errors.error_from_result(result)
            if isinstance(ended, ENDED):
                raise ended
            raise _without_what_is_hidden(refused(ended, text), text, allowed)
        columns = _columns(session.pgconn.describe_prepared(b""))
    finally:
        session.remove_notice_handler(hear)
    if not columns:
        raise QueryRefused(Fault(kind=FaultKind.NO_ROWS))
    _check_named(text, " ".join(trees), allowed, published)
    session.execute("SET LOCAL debug_print_parse = off")
    session.execute("SET LOCAL client_min_messages = warning")
    return columns


def _check_size(text: str) -> None:
    """A tree has all columns of each SELECT, of each ``*``, and of each JOIN those of all before it: of thirty joins of
    1,000 columns it is a gigabyte, here too, and nobody could end the parser. Words in texts and comments count."""
    for word, (pattern, most) in _MOST.items():
        if len(pattern.findall(text)) > most:
            raise QueryRefused(Fault(kind=FaultKind.TOO_MANY_WORDS, name=word, limit=most))


_MOST = {
    "JOIN": (re.compile(r"\bjoin\b", re.IGNORECASE), 16),
    "SELECT": (re.compile(r"\b(?:select|table)\b", re.IGNORECASE), 100),
    "*": (re.compile(r"\*"), 200),
}
_NAMES = sql.SQL("SELECT relname::text FROM pg_class WHERE oid = ANY(%s)")
_OIDS = sql.SQL(
    "SELECT c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE nspname = %s AND relname = ANY(%s)"
)


def _columns(described: "pq.abc.PGresult") -> tuple[QueryColumn, ...]:
    return tuple(
        QueryColumn(name=(described.fname(at) or b"").decode(), type_oid=described.ftype(at))
        for at in range(described.nfields)
    )


def _check_named(text: str, tree: str, allowed: Sequence[int], published: Sequence[int]) -> None:
    """``published``: those of the allowed whose columns may have types that PostgreSQL does not come with."""
    if not tree:
        raise QueryRefused(Fault(kind=FaultKind.NOT_LOOKED_AT))
    others = (ids(_RELATIONS, tree) | ids(_SEQUENCES, tree)) - set(allowed)
    if others:
        names = [name for (name,) in fetch_rows(_NAMES, [list(others)])]
        raise QueryRefused(replace(NO_DATASET, position=_place_of(names, text)))
    functions = fetch_rows(
        sql.SQL(_FOUND_FUNCTIONS), [list(ids(_FUNCTIONS, tree)), list(SAFE_STABLE), list(SAFE_VOLATILE)]
    )
    if functions:
        raise QueryRefused(Fault(kind=FaultKind.FUNCTION, name=functions[0][0]))
    types = ids(_TYPES, tree) | {int(each) for found in _TYPE_LISTS.findall(tree) for each in found.split()}
    refused_types = fetch_rows(sql.SQL(_FOUND_TYPES), [list(types), list(allowed), list(published)])
    for name, is_relation in refused_types:
        is_hidden = is_relation or (_ESCAPE in text.lower() and _NAME_TYPE.search(name))
        raise QueryRefused(NO_DATASET if is_hidden else Fault(kind=FaultKind.TYPE, name=name.removesuffix("[]")))


def ids(pattern: re.Pattern[str], tree: str) -> set[int]:
    """Numbers of what the tree names; 0 is nothing."""
    return {int(found) for found in pattern.findall(tree)} - {0}


def _without_what_is_hidden(refusal: QueryRefused, text: str, allowed: Sequence[int]) -> QueryRefused:
    """What PostgreSQL says of a query that does not parse may be about a table's columns: of one that is no dataset
    it says nothing that it would not say of one that is not there. ``'ana'::regrole`` does not parse where there is no
    role ana: it is refused in the words that it has where there is one."""
    folded = text.lower()
    if _ESCAPE not in folded and (found := _NAME_TYPE.search(folded)):
        return QueryRefused(Fault(kind=FaultKind.TYPE, name=found[0]))
    names = [name for (name,) in fetch_rows(sql.SQL(_HIDDEN), [list(allowed)]) if _is_named(name, folded)]
    if _ESCAPE in folded or names:
        return QueryRefused(replace(NO_DATASET, position=_place_of(names, text)))
    return refusal


def _is_named(name: str, folded: str) -> bool:
    """Or its letters stand there as something else: no matter. ``"a b"`` stands in quotes, with its own doubled."""
    written = name.lower().replace('"', '""')
    return written in folded and (not re.fullmatch(r"[\w$]+", name) or bool(_written(name).search(folded)))


def _place_of(names: Sequence[str], text: str) -> int | None:
    """Where the first of the names stands, with its schema; where PostgreSQL too marks one that is not there."""
    places = [found.start() for name in names if (found := _written(name).search(text))]
    return min(places, default=None)


def _written(name: str) -> re.Pattern[str]:
    written = re.escape(name.replace('"', '""'))
    return re.compile(rf'(?:(?:\w+|"\w+")\s*\.\s*)?(?:"{written}"|(?<![\w$"]){written}(?![\w$]))', re.IGNORECASE)
