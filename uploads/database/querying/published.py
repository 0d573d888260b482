"""Tables and views of the database that are shown as they are: what lets queries read them, and no more than that.

The role of a person's queries is granted SELECT on each by itself, and nobody else is: who reads them with tools of
their own is for their owners to say.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, transaction
from psycopg import sql

from uploads.database.adopting.relations import Relation
from uploads.database.statements import SCHEMA, execute, fetch_rows

logger = logging.getLogger(__name__)

_MAY = sql.SQL(
    "SELECT has_schema_privilege(%(role)s, n.oid, 'USAGE'), has_table_privilege(%(role)s, c.oid, 'SELECT')"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = %(oid)s"
)
_GRANTED = sql.SQL(
    "SELECT DISTINCT rolname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
    " LATERAL (SELECT grantee FROM aclexplode(c.relacl) UNION SELECT grantee FROM aclexplode(n.nspacl)) a"
    " JOIN pg_roles r ON r.oid = grantee WHERE c.oid = %(oid)s AND starts_with(rolname, 'uploads_sql')"
)
"""The roles of queries that have a right on a relation, or on its schema."""
_OIDS = sql.SQL("SELECT to_regclass(name)::oid::bigint FROM unnest(%s::text[]) AS name")


@dataclass(frozen=True, kw_only=True, slots=True)
class Readable:
    """What a query may name."""

    tables: Sequence[str]
    """In the schema of the datasets."""
    relations: Sequence[str] = ()
    """Others, as SQL writes them with their schemas."""


def parsed_names(relations: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Schema and name of each."""
    query = sql.SQL("SELECT name, parse_ident(name) FROM unnest(%s::text[]) AS name")
    return {name: (parts[0], parts[1]) for name, parts in fetch_rows(query, [list(relations)])}


def named_in(text: str, *, relations: Sequence[str]) -> list[str]:
    """Those that stand in the text of a query with their schemas; that of the datasets may be left out there."""
    parsed = parsed_names(relations)
    return [relation for relation, (schema, name) in parsed.items() if _pattern(schema, name).search(text)]


def _pattern(schema: str, name: str) -> re.Pattern[str]:
    may_lack = "?" if schema == SCHEMA else ""
    return re.compile(rf"(?:{_as_written(schema)}\s*\.\s*){may_lack}{_as_written(name)}", re.IGNORECASE)


def _as_written(name: str) -> str:
    """A pattern: in quotes, or without."""
    quoted = re.escape(name.replace('"', '""'))
    return rf'(?:"{quoted}"|(?<![\w$"]){re.escape(name)}(?![\w$"]))'


def relation_oids(relations: Sequence[str]) -> list[int]:
    """Of those that are there."""
    return [oid for (oid,) in fetch_rows(_OIDS, [list(relations)]) if oid is not None] if relations else []


def let_queries_read(relation: Relation, *, role: str) -> tuple[str, ...]:
    """Grant what is missing to the role of a query; gives what is missing still, as statements for its owner to run."""
    for grant in _missing(relation, role):
        _try(grant)
    return tuple(grant.as_string() for grant in _missing(relation, role))


def _missing(relation: Relation, name: str) -> list[sql.Composable]:
    role = sql.Identifier(name)
    [(may_use, may_read)] = fetch_rows(_MAY, {"role": name, "oid": relation.oid})
    usage = sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(relation.schema), role)
    select = sql.SQL("GRANT SELECT ON {} TO {}").format(relation.identifier, role)
    return [grant for grant, is_there in ((usage, may_use), (select, may_read)) if not is_there]


def keep_queries_from(relation: Relation, *, with_schema: bool) -> None:
    """Take back what ``let_queries_read`` granted to any role of queries; ``with_schema``: nothing else in its schema
    is shown."""
    for (name,) in fetch_rows(_GRANTED, {"oid": relation.oid}):
        role = sql.Identifier(name)
        _try(sql.SQL("REVOKE SELECT ON {} FROM {}").format(relation.identifier, role))
        if with_schema:
            _try(sql.SQL("REVOKE USAGE ON SCHEMA {} FROM {}").format(sql.Identifier(relation.schema), role))


def _try(statement: sql.Composable) -> None:
    """What the site's role may not say is its owner's to say; who asks looks afterwards whether it holds."""
    try:
        with transaction.atomic():
            execute(statement, None)
    except DatabaseError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        logger.info("not ours to say: %s (%s)", statement.as_string(), error.__cause__.diag.message_primary)
