"""The roles of PostgreSQL that sign in and read datasets, and nothing beside them: members of those with the rights.

These, and what is granted to them, are those of ``grants.py``.

Queries of the site run under roles of their own, one for each person who sees less than all: with ``SET ROLE`` in a
session of ours, whatever a query calls could go back to who we are. Such a role signs in as itself, so there is nothing
to go back to.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from uploads.database.locks import Lock, lock_transaction
from uploads.database.querying.grants import READER, drop_role, role_of_database, signed_in_role
from uploads.database.statements import SCHEMA, execute, fetch_rows
from uploads.tabular.errors import UploaderError

MOST_SESSIONS = 32
"""Of a role that queries run under, in all processes of the site: each has four at once."""

_UNREADABLE = sql.SQL(
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %(schema)s"
    " AND relname = ANY(%(tables)s) AND NOT has_table_privilege(%(reader)s, c.oid, 'SELECT')"
)


_END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND pg_has_role(usesysid, 'USAGE')"
)


class RolesMissing(UploaderError):
    """A role that reads datasets is not there, or cannot sign in, and we may not make it."""

    code = "roles_missing"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryRole:
    """Whom a query runs as."""

    name: str
    member_of: tuple[str, ...]
    """The roles with the rights; it is in these and no other."""


def query_role(person: str = "") -> str:
    """The name of the role that queries run under: of everybody's, or of a person's."""
    return role_of_database(f"uploads_sql_{person}" if person else "uploads_sql")


def role_of_queries(*, person: str = "", member_of: Sequence[str] = (READER,)) -> QueryRole:
    return QueryRole(name=query_role(person), member_of=tuple(sorted(set(member_of))))


def role_exists(name: str) -> bool:
    return bool(fetch_rows(sql.SQL("SELECT 1 FROM pg_roles WHERE rolname = %s"), [name]))


def unreadable(tables: Sequence[str], *, by: str) -> list[str]:
    """Those of the tables that a role may not read: all, where it is not there or may not use the schema."""
    usable = "SELECT 1 FROM pg_roles WHERE rolname = %s AND has_schema_privilege(oid, %s, 'USAGE')"
    if not fetch_rows(sql.SQL(usable), [by, SCHEMA]):
        return list(tables)
    found = fetch_rows(_UNREADABLE, {"reader": by, "schema": SCHEMA, "tables": list(tables)})
    return [name for (name,) in found]


def make_query_role(role: QueryRole, *, password: str, seconds: float) -> None:
    """The role that queries run under, or its password and memberships anew. Raises ``RolesMissing``.

    What is set for it holds before anything that a query says; the same is set for each session once more.
    """
    with explained():
        _make_login(role, password=password, most_sessions=MOST_SESSIONS)
        _set_for(role.name, {**session_limits(seconds), "search_path": SCHEMA})
        _set_for_superusers(role.name)


def make_login_role(role: QueryRole, *, password: str, most_sessions: int, limits: Mapping[str, str]) -> None:
    """A role for a person or a program that reads datasets; an existing one gets the password. Raises
    ``RolesMissing``."""
    with explained():
        _make_login(role, password=password, most_sessions=most_sessions)
        _set_for(role.name, {**limits, "search_path": SCHEMA})


def drop_login_role(name: str) -> None:
    """Its sessions end with it, where we may end them."""
    with explained():
        fetch_rows(sql.SQL(_END_SESSIONS), [name])
        execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def query_roles_of_people() -> dict[int, str]:
    """The roles that people's queries ran under in this database, by the number of the person."""
    query = (
        "SELECT DISTINCT r.rolname::text, substring(r.rolname from '^uploads_sql_([0-9]{1,18})_')::bigint"
        " FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid"
        " WHERE g.rolname = %s AND r.rolname ~ '^uploads_sql_[0-9]{1,18}_'"
    )
    found = fetch_rows(sql.SQL(query), [signed_in_role()])
    return {person: name for name, person in found if name == query_role(str(person))}


def drop_query_role(person: int) -> None:
    """With its sessions, where it is there. Raises ``RolesMissing`` where we may not, or it has rights of others."""
    name = query_role(str(person))
    if role_exists(name):
        with explained():
            fetch_rows(sql.SQL(_END_SESSIONS), [name])
            drop_role(name)


def is_plain(role: QueryRole) -> bool:
    """Whether a role reads what the ones it is to be in read, and can do nothing else."""
    return memberships_of(role.name) == list(role.member_of)


def is_plain_reader(name: str) -> bool:
    """Whether a role reads datasets and can do nothing else: no attribute, no membership but in roles of ours."""
    found = memberships_of(name)
    return bool(found) and all(group.startswith("uploads_") for group in found)


def memberships_of(name: str) -> list[str]:
    """The roles that it is in; none for one that is not there, or has any attribute."""
    query = (
        "SELECT g.rolname::text FROM pg_roles r JOIN pg_auth_members m ON m.member = r.oid JOIN pg_roles g"
        " ON g.oid = m.roleid WHERE r.rolname = %s AND NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb"
        " OR r.rolreplication OR r.rolbypassrls)"
    )
    return sorted(group for (group,) in fetch_rows(sql.SQL(query), [name]))


def plain_readers() -> tuple[str, ...]:
    """The roles of people and programs that read datasets, by name; not those of the site's own queries."""
    query = (
        "SELECT DISTINCT m.rolname FROM pg_auth_members JOIN pg_roles m ON m.oid = member JOIN pg_roles g"
        " ON g.oid = roleid WHERE starts_with(g.rolname, %(ours)s) AND m.rolcanlogin"
        " AND NOT starts_with(m.rolname, %(ours)s) ORDER BY 1"
    )
    return tuple(str(name) for (name,) in fetch_rows(sql.SQL(query), {"ours": "uploads_"}))


def reader_limits(seconds: float) -> dict[str, str]:
    """Of people with tools: their sessions stay, and an open transaction would hold up whoever switches a file."""
    return {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{round(seconds * 1000)}ms",
        "idle_in_transaction_session_timeout": "60s",
    }


def session_limits(seconds: float) -> dict[str, str]:
    """PostgreSQL before 17 knows no limit of a whole transaction: there each statement has its own alone."""
    version = connection.pg_version  # type: ignore[attr-defined]  # of the PostgreSQL backend
    whole = {"transaction_timeout": f"{round(seconds * 1000) + 5_000}ms"} if version >= 170_000 else {}
    return {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{round(seconds * 1000)}ms",
        **whole,
        "idle_in_transaction_session_timeout": "30s",
        "lock_timeout": "2s",
    }


def _make_login(role: QueryRole, *, password: str, most_sessions: int) -> None:
    """What is sent, and might be logged, is what PostgreSQL keeps of the password, not the password."""
    name = role.name
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    kept = raw.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT {}").format(
        sql.SQL("ALTER" if role_exists(name) else "CREATE"),
        sql.Identifier(name),
        sql.Literal(kept),
        sql.Literal(most_sessions),
    )
    execute(statement)
    there = set(memberships_of(name))
    for group in sorted(there - {*role.member_of}):
        execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(group), sql.Identifier(name)))
    for group in sorted({*role.member_of} - there):
        execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(name)))


def _set_for(name: str, settings: Mapping[str, str]) -> None:
    each = sql.SQL("ALTER ROLE {} SET {} = {}")
    execute(
        sql.SQL("; ").join(
            each.format(sql.Identifier(name), sql.SQL(key), sql.Literal(value)) for key, value in settings.items()
        ),
        None,
    )


def _set_for_superusers(name: str) -> None:
    """Only superusers may say these: no more than so much on disk, and no trees of queries in the server's log."""
    if fetch_rows(sql.SQL("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) == [(True,)]:
        _set_for(name, {"temp_file_limit": "4GB", "log_min_messages": "fatal"})


@contextmanager
def explained() -> Iterator[None]:
    """One transaction, one at a time, whose refusals are told in plain words."""
    try:
        with transaction.atomic():
            lock_transaction(Lock.ROLES)
            yield
    except DatabaseError as error:
        if isinstance(error.__cause__, psycopg.errors.DependentObjectsStillExist):
            diagnosis = error.__cause__.diag
            raise RolesMissing(
                f"A role is still needed: {diagnosis.message_primary}. {diagnosis.message_detail or ''}".rstrip(),
                hint="Whoever granted it that has to take it back first.",
            ) from error
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        [(name,)] = fetch_rows(sql.SQL("SELECT quote_ident(current_user)"))
        raise RolesMissing(
            f"The database does not let {name} make roles that read datasets: {error.__cause__.diag.message_primary}.",
            hint=f"As a superuser of the database, once: ALTER ROLE {name} CREATEROLE;",
        ) from error
