"""Roles for people who read datasets by SQL: what they see, and how they come and go."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from tests.integration.conftest import Pipeline
from uploads.services.querying.readers import server_address


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("make_reader", *arguments, stdout=out)
    return out.getvalue()


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def ana(prices: str) -> Iterator[str]:
    found = json.loads(command("ana", "--seconds", "7", "--json"))
    assert found["password"]
    yield "ana"
    execute("DROP ROLE IF EXISTS ana")


def asked_as(name: str, query: str) -> object:
    """What a role sees in a session that is its own in all but the way in."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {name}")
        try:
            cursor.execute(query)
            return cursor.fetchall()
        except DatabaseError as error:
            return getattr(error.__cause__, "sqlstate", None)
        finally:
            cursor.execute("RESET SESSION AUTHORIZATION")


DENIED = "42501"


def test_a_reader_sees_datasets_those_to_come_too_and_nothing_else(
    ana: str, pipeline: Pipeline, secret_part: str
) -> None:
    pipeline.load("code;n\nA;1\n", "later.csv")
    assert asked_as(ana, "SELECT count(*) FROM data.prices") == [(3,)]
    assert asked_as(ana, "SELECT count(*) FROM data.later") == [(1,)]
    assert asked_as(ana, "SELECT file_name FROM data._sources ORDER BY 1") == [("later.csv",), ("prices.csv",)]
    for table in (f"data.{secret_part}", "public.auth_user", "public.uploads_uploadedfile"):
        assert asked_as(ana, f"TABLE {table}") == DENIED
    assert asked_as(ana, "DELETE FROM data.prices") == DENIED
    assert asked_as(ana, "CREATE TABLE data.mine (n int)") == DENIED


def test_a_reader_holds_nothing_that_others_wait_for_or_that_fills_the_disk(ana: str) -> None:
    """On the server of our own; the site keeps what it needs."""
    locks = "SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ '^pg_(try_)?advisory_'"
    open_to_all = f"SELECT count(*) FROM ({locks}) AS l (name) WHERE has_function_privilege('{ana}', name, 'EXECUTE')"  # noqa: S608
    assert asked_as(ana, open_to_all) == [(0,)]
    for query in (
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock_shared(1, 2)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_get(1)",
        "CREATE TEMPORARY TABLE mine (n int)",
    ):
        assert asked_as(ana, query) == DENIED, query
    execute("SELECT pg_advisory_xact_lock(1)")


def test_its_statements_have_a_limit_and_its_password_is_kept_by_nobody(ana: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = 'ana'")
        [(settings,)] = cursor.fetchall()
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'ana'")
        [(kept,)] = cursor.fetchall()
    assert {"statement_timeout=7000ms", "default_transaction_read_only=on", "search_path=data"} <= {*settings}
    assert kept.startswith("SCRAM-SHA-256$")


def test_a_reader_gets_another_password_and_goes(ana: str) -> None:
    with pytest.raises(CommandError, match="has a role ana already"):
        command("ana")
    first = json.loads(command("ana", "--new-password", "--json"))["password"]
    assert first != json.loads(command("ana", "--new-password", "--json"))["password"]
    assert "The role ana is gone." in command("ana", "--remove")
    with pytest.raises(CommandError, match="There is no role ana that reads datasets and nothing else"):
        command("ana", "--new-password")


def test_a_role_of_others_is_left_alone(prices: str) -> None:
    execute("CREATE ROLE boss_of_all CREATEDB")
    try:
        for act in ("--new-password", "--remove"):
            with pytest.raises(CommandError, match="no role boss_of_all that reads datasets and nothing else"):
                command("boss_of_all", act)
    finally:
        execute("DROP ROLE boss_of_all")


def test_strings_to_connect_by_come_where_the_server_is_reached(ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Set DATABASE_LISTEN=" in command("ana", "--new-password")
    monkeypatch.setitem(connection.settings_dict, "LISTEN", "127.0.0.1:5433")
    said = json.loads(command("ana", "--new-password", "--json"))
    assert said["url"] == f"postgresql://ana:{said['password']}@127.0.0.1:5433/{connection.settings_dict['NAME']}"
    assert said["sqlalchemy_url"] == said["url"].replace("postgresql:", "postgresql+psycopg:")


def test_an_address_on_all_networks_is_told_by_the_name_that_is_known(
    prices: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "LISTEN", "0.0.0.0:5433")
    address = server_address(seen_as="data.example.org")
    assert address is not None
    assert address.url(name="NAME").startswith("postgresql://NAME@data.example.org:5433/")
