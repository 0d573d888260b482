"""The roles that read datasets by SQL, and what they may read: the tables of datasets, and nothing beside them.

``uploads_reader`` has the grants and lets nobody in; roles that sign in are its members. It is granted on each table of
a dataset by name, and by no default of the schema: the tables of files that are not active lie there too. A partition
is read through its dataset, which takes no right on the partition.

Queries of the site itself run under a role of their own, one for each database: with ``SET ROLE`` in a session of ours,
whatever a query calls could go back to who we are. That role signs in as itself, so there is nothing to go back to.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from uploads.database.locks import Lock, lock_transaction
from uploads.database.statements import SCHEMA, execute, fetch_rows, qualified
from uploads.tabular.errors import UploaderError

READER = "uploads_reader"
SOURCES = "_sources"
"""The view with the names of files, for those who read datasets."""
MOST_SESSIONS = 32
"""Of the role that queries run under, in all processes of the site: each has four at once."""
_PREFIX = "uploads_sql_"
_NAME_BYTES = 63
_UNREADABLE = sql.SQL(
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %(schema)s"
    " AND relname = ANY(%(tables)s) AND NOT has_table_privilege(%(reader)s, c.oid, 'SELECT')"
)


class RolesMissing(UploaderError):
    """A role that reads datasets is not there, or cannot sign in, and we may not make it."""

    code = "roles_missing"


def query_role() -> str:
    """Under which queries of the site run: ``uploads_sql_`` and the name of the database."""
    database = str(connection.settings_dict["NAME"])
    name = f"{_PREFIX}{database}"
    if len(name.encode()) <= _NAME_BYTES:
        return name
    return f"{_PREFIX}{sha256(database.encode()).hexdigest()[:40]}"


def role_exists(name: str) -> bool:
    return bool(fetch_rows(sql.SQL("SELECT 1 FROM pg_roles WHERE rolname = %s"), [name]))


def grant_reading(*, table: str) -> sql.Composable:
    """Lets readers read a table of a dataset, to be sent with what makes it; does nothing where there are none."""
    grant = sql.SQL(
        "BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = {}) THEN GRANT SELECT ON {} TO {}; END IF; END"
    ).format(sql.Literal(READER), qualified(table), sql.Identifier(READER))
    return sql.SQL("DO {}").format(sql.Literal(grant.as_string()))


def make_reader_role(*, tables: Sequence[str]) -> None:
    """The role that has the grants, on every dataset that there is. Raises ``RolesMissing``."""
    reader = sql.Identifier(READER)
    with explained():
        if not role_exists(READER):
            execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(reader))
        execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(SCHEMA), reader))
        found = fetch_rows(_UNREADABLE, {"reader": READER, "schema": SCHEMA, "tables": [*tables, SOURCES]})
        if found:
            names = sql.SQL(", ").join(qualified(name) for (name,) in found)
            execute(sql.SQL("GRANT SELECT ON {} TO {}").format(names, reader))


def unreadable(tables: Sequence[str]) -> bool:
    """Whether readers are not there, or may not read one of the tables."""
    usable = "SELECT 1 FROM pg_roles WHERE rolname = %s AND has_schema_privilege(oid, %s, 'USAGE')"
    if not fetch_rows(sql.SQL(usable), [READER, SCHEMA]):
        return True
    return bool(fetch_rows(_UNREADABLE, {"reader": READER, "schema": SCHEMA, "tables": [*tables, SOURCES]}))


def make_query_role(*, password: str, seconds: float) -> None:
    """The role that queries run under, or its password anew. Raises ``RolesMissing``.

    What is set for it holds before anything that a query says; the same is set for each session once more.
    """
    name = query_role()
    with explained():
        _make_login(name, password=password, most_sessions=MOST_SESSIONS)
        _set_for(name, {**session_limits(seconds), "search_path": SCHEMA})
        _set_for_superusers(name)


def make_login_role(*, name: str, password: str, most_sessions: int, limits: Mapping[str, str]) -> None:
    """A role for a person or a program that reads datasets; an existing one gets the password. Raises
    ``RolesMissing``."""
    with explained():
        _make_login(name, password=password, most_sessions=most_sessions)
        _set_for(name, {**limits, "search_path": SCHEMA})


def drop_login_role(name: str) -> None:
    """Its sessions end with it, where we may end them."""
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND pg_has_role(usesysid, 'USAGE')"
    )
    with explained():
        fetch_rows(sql.SQL(ended), [name])
        execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def is_plain_reader(name: str) -> bool:
    """Whether a role reads datasets and can do nothing else: no attribute, no membership but the one."""
    query = (
        "SELECT NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)"
        " AND (SELECT array_agg(g.rolname::text) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " WHERE m.member = r.oid) = ARRAY[%s] FROM pg_roles r WHERE rolname = %s"
    )
    return fetch_rows(sql.SQL(query), [READER, name]) == [(True,)]


def plain_readers() -> tuple[str, ...]:
    """The roles of people and programs that read datasets, by name; not that of the site's own queries."""
    query = (
        "SELECT m.rolname FROM pg_auth_members JOIN pg_roles m ON m.oid = member JOIN pg_roles g ON g.oid = roleid"
        " WHERE g.rolname = %s AND m.rolcanlogin AND NOT starts_with(m.rolname, %s) ORDER BY 1"
    )
    return tuple(str(name) for (name,) in fetch_rows(sql.SQL(query), [READER, _PREFIX]))


def reader_limits(seconds: float) -> dict[str, str]:
    """Of people with tools: their sessions stay, and an open transaction would hold up whoever switches a file."""
    return {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{round(seconds * 1000)}ms",
        "idle_in_transaction_session_timeout": "60s",
    }


def session_limits(seconds: float) -> dict[str, str]:
    return {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{round(seconds * 1000)}ms",
        "transaction_timeout": f"{round(seconds * 1000) + 5_000}ms",
        "idle_in_transaction_session_timeout": "30s",
        "lock_timeout": "2s",
    }


def _make_login(name: str, *, password: str, most_sessions: int) -> None:
    """What is sent, and might be logged, is what PostgreSQL keeps of the password, not the password."""
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
    execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(READER), sql.Identifier(name)))


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
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        [(name,)] = fetch_rows(sql.SQL("SELECT quote_ident(current_user)"))
        raise RolesMissing(
            f"The database does not let {name} make roles that read datasets: {error.__cause__.diag.message_primary}.",
            hint=f"As a superuser of the database, once: ALTER ROLE {name} CREATEROLE;",
        ) from error
