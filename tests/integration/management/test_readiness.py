"""Commands on a database that is new, old, newer than the program, or not there.

Environment: ``EXAMPLES`` (any: two programs migrate one at the same time, as by ``make faults``; it takes seconds).
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from psycopg import sql

from tests.integration.conftest import connection_parameters, rows
from tests.integration.project.test_run import environment
from tests.own_commands import PLACES, own_command
from uploads.management.base import OperatorCommand
from uploads.services.upkeep import migration_state
from uploads.services.upkeep.migration_state import find_migration_state

PROJECT = Path(__file__).resolve().parents[3]
MIGRATIONS = set(MigrationLoader(None).disk_migrations)
TO_COME = "CommandError: The database has {} to come. Run: python manage.py migrate\n"
AHEAD = "INSERT INTO django_migrations (app, name, applied) VALUES ('uploads', '9999_of_a_newer_program', now())"
BEHIND = "DELETE FROM django_migrations WHERE app = 'procrastinate' AND name LIKE '0041%'"

_TOLD = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is in recovery mode\0\0"
RECOVERING = b"E" + (len(_TOLD) + 4).to_bytes(4) + _TOLD
"""What PostgreSQL answers to everybody then."""


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text("Area;Price\nNorth;1.50\n")
    return path


@pytest.fixture
def new_clone() -> Iterator[Mapping[str, str]]:
    """The environment of a program that never ran: its folder for data is empty."""
    with tempfile.TemporaryDirectory(prefix="uploader-new-") as folder:
        Path(folder).chmod(0o711)
        yield environment(VAR_DIR=folder)


@pytest.fixture
def scratch(db: None) -> Iterator[psycopg.Connection]:
    """A session on an empty database, beside the tests' own."""
    yield from database_like("template1")


@pytest.fixture
def migrated(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A session on a database that is as the tests' own."""
    connections.close_all()  # of what others work in no copy is made
    yield from database_like(connection_parameters()["dbname"])


def database_like(template: str) -> Iterator[psycopg.Connection]:
    parameters = connection_parameters() | {"dbname": "postgres"}
    with psycopg.connect(**parameters, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE scratch TEMPLATE {}").format(sql.Identifier(template)))
        try:
            with psycopg.connect(**parameters | {"dbname": "scratch"}, autocommit=True) as session:
                yield session
        finally:
            server.execute(sql.SQL("DROP DATABASE scratch WITH (FORCE)"))


def serving(session: psycopg.Connection, var: Path) -> Mapping[str, str]:
    """The environment of a program that is given this database by its address."""
    where = urlencode({"host": session.info.host, "port": session.info.port})
    address = f"postgres://{quote(session.info.user)}@/{session.info.dbname}?{where}"
    return environment(DATABASE_URL=address, VAR_DIR=str(var), SECRET_KEY="of the tests")


def begin(env: Mapping[str, str], *words: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=PROJECT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(env: Mapping[str, str], *words: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command in a process of its own."""
    process = begin(env, *words)
    out, err = process.communicate()
    return process.returncode, out, err


@pytest.mark.thorough
def test_commands_that_begin_on_a_new_clone_at_the_same_moment_all_work_and_one_makes_the_database(
    new_clone: Mapping[str, str], csv: Path
) -> None:
    """Afterwards nothing is said of it; and a newer program brings it up to date and keeps what is in it."""
    commands: list[list[str]] = [["load_file", str(csv), "--json"], ["run_worker", "--one-shot"], ["list_files"]]
    begun = [begin(new_clone, *command) for command in commands]
    (loaded, _), *others = ends = [process.communicate() for process in begun]
    assert [process.returncode for process in begun] == [0, 0, 0], others
    made = f"Made the database in {new_clone['VAR_DIR']}/postgres: {len(MIGRATIONS)} migrations applied.\n"
    assert sorted(made in err for _, err in ends) == [False, False, True]
    assert [file["state"] for file in json.loads(loaded)["files"]] == ["active"]
    *_, before, _ = sorted(name for app, name in MIGRATIONS if app == "uploads")
    assert ask(new_clone, "migrate", "uploads", before, "--verbosity", "0") == (0, "", "")
    status, out, err = ask(new_clone, "list_files", "--json")
    assert err == f"Brought the database in {new_clone['VAR_DIR']}/postgres up to date: 1 migration applied.\n"
    assert (status, [file["name"] for file in json.loads(out)["files"]]) == (0, ["prices.csv"])


def test_embedded_server_that_cannot_start_is_what_it_says_and_no_traceback(new_clone: Mapping[str, str]) -> None:
    data = Path(new_clone["VAR_DIR"]) / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    for command in (["list_files"], ["migrate"]):
        status, out, err = ask(new_clone, *command)
        assert (status, out, err.count("\n")) == (3, "", 1)
        assert err.startswith(f"CommandError: The data in {data} belong to PostgreSQL 9, ")


@pytest.mark.parametrize("command", [["list_files", "--json"], ["run_worker", "--one-shot"], ["activate_file", "1"]])
def test_given_database_is_not_touched_and_the_way_out_is_said(
    scratch: psycopg.Connection, tmp_path: Path, command: list[str]
) -> None:
    env = serving(scratch, tmp_path)
    assert ask(env, *command) == (3, "", TO_COME.format(f"{len(MIGRATIONS)} migrations"))
    assert scratch.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_given_database_is_used_once_all_of_it_is_migrated_those_of_the_queue_too(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    is_new = "EXAMPLES" in os.environ
    database: psycopg.Connection = request.getfixturevalue("scratch" if is_new else "migrated")
    env = serving(database, tmp_path)
    at_once = [begin(env, "migrate", "--verbosity", "0") for _ in range(2 * is_new)]
    assert [process.communicate() for process in at_once] == [("", "")] * len(at_once)
    assert json.loads(ask(env, "list_files", "--json")[1]) == {"files": []}
    database.execute(BEHIND)
    assert ask(env, "list_files") == (3, "", TO_COME.format("1 migration"))
    database.execute(AHEAD)
    status, out, err = ask(env, "list_files")
    assert (status, out) == (3, "")
    assert err == (
        "CommandError: The database is 1 migration ahead of this program. "
        "Install the newer program again, or undo them with it first.\n"
    )


def test_database_that_does_not_answer_or_not_to_us_is_one_sentence(
    scratch: psycopg.Connection, tmp_path: Path
) -> None:
    nowhere = {**serving(scratch, tmp_path), "DATABASE_URL": "postgres://somebody:secret@127.0.0.1:1/nowhere"}
    for command in (["run_worker", "--one-shot"], ["migrate"]):
        status, out, err = ask(nowhere, *command)
        assert (status, out, err.count("\n")) == (3, "", 1)
        assert err.startswith("CommandError: The database of DATABASE_URL cannot be used: ")
        assert "refused" in err
        assert "secret" not in err


def test_migrations_are_those_that_django_finds() -> None:
    assert {(app, name) for app, names in migration_state._known().items() for name in names} == MIGRATIONS


@pytest.mark.django_db
def test_migrations_that_were_folded_into_one_are_no_newer_program() -> None:
    rows("INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '0000_old', now()) RETURNING id")
    rows("INSERT INTO django_migrations (app, name, applied) VALUES ('removed', '0001_x', now()) RETURNING id")
    state = find_migration_state()
    assert (state.applied, state.pending, state.ahead) == (len(MIGRATIONS) + 2, 0, 0)


@pytest.mark.django_db
def test_health_says_that_the_database_is_behind_and_lets_a_program_that_is_behind_go_on(client: Client) -> None:
    rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    rows(f"{AHEAD} RETURNING id")
    assert client.get("/healthz").status_code == 200
    rows("DELETE FROM django_migrations WHERE name LIKE '9999%%' RETURNING id")
    rows(f"{BEHIND} RETURNING id".replace("%", "%%"))
    response = client.get("/healthz")
    assert response.status_code == 503
    parts = response.json()["parts"]
    assert parts["database"] == "The database has 1 migration to come. Run: python manage.py migrate"
    assert parts["web"] == "ok" != parts["queue"]


def test_every_command_of_ours_looks_at_the_database_first_and_its_help_has_the_status() -> None:
    ours = {name: own_command(name) for name in PLACES}
    others = {name for name, command in ours.items() if not isinstance(command, OperatorCommand)}
    assert others == {"makemigrations", "migrate"}
    for name in ours.keys() - others:
        assert "exit status 3: " in ours[name].create_parser("manage.py", name).format_help()


def test_worker_that_begins_while_the_database_recovers_waits_for_it(
    migrated: psycopg.Connection, tmp_path: Path
) -> None:
    """Whoever keeps it running need not start it again and again; that it waits is said once."""
    place = tmp_path / f".s.PGSQL.{migrated.info.port}"
    env = dict(serving(migrated, tmp_path))
    env["DATABASE_URL"] = env["DATABASE_URL"].replace(quote(migrated.info.host, safe=""), quote(str(tmp_path), safe=""))
    refused: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as recovering:
        recovering.bind(str(place))
        recovering.listen()
        worker = begin(env, "run_worker", "--one-shot")
        for _ in range(4):
            with recovering.accept()[0] as client:
                refused.append(client.recv(1_000))
                client.sendall(RECOVERING)
        place.unlink()
        place.symlink_to(Path(migrated.info.host) / place.name)
    _, err = worker.communicate()
    assert worker.returncode == 0, err
    assert err.count("The database is starting or recovering") == 1
    assert len(refused) == 4
