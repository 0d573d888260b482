"""A session of the database as the role that reads datasets and nothing else, for one query."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from uploads.database.querying.roles import QueryRole, RolesMissing, is_plain, session_limits
from uploads.database.statements import SCHEMA

APPLICATION = "sql query"

type Session = psycopg.Connection[tuple[Any, ...]]


class CannotSignIn(RolesMissing):
    """The role is there and its password is another, or the server lets it in by no way that we have."""


@contextmanager
def query_session(role: QueryRole, *, password: str, seconds: float) -> Iterator[Session]:
    """A transaction that reads, under limits, as the role of queries; the session ends with it.

    Raises ``CannotSignIn``, and ``RolesMissing`` where that role may do more than read datasets.
    """
    if not is_plain(role):
        raise RolesMissing(
            f"The role {role.name}, which queries run under, may do more than read datasets.",
            hint=f"As a superuser of the database: DROP OWNED BY {role.name}; DROP ROLE {role.name};"
            " then the next query makes it anew.",
        )
    with _signed_in(role.name, password) as session:
        limits = {
            **session_limits(seconds),
            "search_path": SCHEMA,
            "datestyle": "ISO",
            "intervalstyle": "postgres",
            "timezone": "UTC",
            "extra_float_digits": "1",
            "bytea_output": "hex",
            "max_parallel_workers_per_gather": "0",
            "jit": "off",
        }
        each = sql.SQL(", ").join(
            sql.SQL("set_config({}, {}, true)").format(sql.Literal(name), sql.Literal(value))
            for name, value in limits.items()
            if name != "default_transaction_read_only"
        )
        session.execute("BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY")
        session.execute(sql.SQL("SELECT {}").format(each))
        yield session


@contextmanager
def _signed_in(name: str, password: str) -> Iterator[Session]:
    params = connection.get_connection_params()
    known = {name: params[name] for name in params if name not in {"context", "cursor_factory", "prepare_threshold"}}
    known |= {"user": name, "password": password, "application_name": APPLICATION}
    try:
        session = psycopg.connect(**known, autocommit=True, prepare_threshold=None)
    except psycopg.OperationalError as error:
        raise CannotSignIn(
            f"The role {name}, which queries run under, cannot sign in to the database: {_last_line(error)}",
            hint="Let it in with a password (scram-sha-256) in pg_hba.conf, beside the role that the site has.",
        ) from error
    try:
        yield session
    finally:
        session.close()


def _last_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[-1]
