"""What a reader is promised while a file is switched, as the README says it: in each isolation level, and to cursors.

February updates January's rows. January is the first file and so has a partition of its own, as big files have.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import transaction

from tests.integration.conftest import Pipeline, connection_parameters, rows
from uploads.database import retrying
from uploads.database.statements import TableBusy
from uploads.models import UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.states import Mode

SEEN = "SELECT code, price, note FROM data.prices ORDER BY code"
BOTH = [("A1", 10, "old"), ("B2", 21, "new"), ("D4", 40, "new")]
FOLDED = [("A1", 10, "old"), ("B2", 21, "old"), ("D4", 40, None)]
JANUARY_ONLY = [("A1", 10, "old"), ("B2", 20, "old")]


@pytest.fixture(params=["whole rows", "blanks keep"])
def files(request: pytest.FixtureRequest, pipeline: Pipeline) -> tuple[int, int, list[Any]]:
    """January, February, and what both give."""
    keeps = request.param == "blanks keep"
    january = load(pipeline, "code;price;note\nA1;10;old\nB2;20;old\n", mode="merge", key="code")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks="keep" if keeps else "replace"))
    note = "" if keeps else "new"
    february = load(pipeline, f"code;price;note\nB2;21;{note}\nD4;40;{note}\n")
    return january, february, FOLDED if keeps else BOTH


def load(pipeline: Pipeline, text: str, **wishes: object) -> int:
    file = UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", activate=True, **wishes).file_id)
    assert file.state == "active"
    return file.pk


@contextmanager
def reader(level: psycopg.IsolationLevel) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**connection_parameters()) as session:
        session.isolation_level = level
        yield session


READ_COMMITTED = psycopg.IsolationLevel.READ_COMMITTED
REPEATABLE_READ = psycopg.IsolationLevel.REPEATABLE_READ


def test_read_committed_sees_the_old_rows_until_the_switch_is_over_and_then_the_new(
    files: tuple[int, int, list[Any]],
) -> None:
    _, february, both = files
    with reader(READ_COMMITTED) as session:
        with transaction.atomic():
            deactivate_file(file_id=february)
            assert session.execute(SEEN).fetchall() == both  # nobody waits, and nothing of it is seen
        assert session.execute(SEEN).fetchall() == JANUARY_ONLY
        with transaction.atomic():
            activate_file(file_id=february)
            assert session.execute(SEEN).fetchall() == JANUARY_ONLY
        assert session.execute(SEEN).fetchall() == both


def test_repeatable_read_keeps_its_moment_even_where_it_had_not_read_the_table(
    files: tuple[int, int, list[Any]],
) -> None:
    _, february, both = files
    with reader(REPEATABLE_READ) as session:
        session.execute("SELECT now()")  # its snapshot
        deactivate_file(file_id=february)
        assert session.execute(SEEN).fetchall() == both
        activate_file(file_id=february)
        assert session.execute(SEEN).fetchall() == both
        session.rollback()
        assert session.execute(SEEN).fetchall() == both


@pytest.mark.parametrize("hold", ["WITH HOLD", ""])
def test_a_cursor_gives_the_rows_of_the_moment_in_which_it_was_opened(
    files: tuple[int, int, list[Any]], hold: str
) -> None:
    _, february, both = files
    with reader(READ_COMMITTED) as session:
        session.execute(f"DECLARE seen CURSOR {hold} FOR {SEEN}")
        begun = session.execute("FETCH 1 FROM seen").fetchall()
        if hold:
            session.commit()
        deactivate_file(file_id=february)
        assert begun + session.execute("FETCH ALL FROM seen").fetchall() == both
        session.execute("CLOSE seen")
        assert session.execute(SEEN).fetchall() == JANUARY_ONLY


def test_a_big_file_waits_for_whoever_has_read_the_table_and_a_held_cursor_is_in_nobodys_way(
    files: tuple[int, int, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.0)
    january, _, both = files
    with reader(REPEATABLE_READ) as session:
        assert session.execute(SEEN).fetchall() == both
        with pytest.raises(TableBusy):
            deactivate_file(file_id=january)
        assert session.execute(SEEN).fetchall() == both
        session.rollback()
        session.execute(f"DECLARE seen CURSOR WITH HOLD FOR {SEEN}")
        session.commit()
        deactivate_file(file_id=january)
        assert session.execute("FETCH ALL FROM seen").fetchall() == both
        seen = session.execute(SEEN).fetchall()
        assert [code for code, _, _ in seen] == ["B2", "D4"]


def test_read_committed_waits_while_a_big_file_is_switched_and_sees_all_of_it_or_nothing(
    files: tuple[int, int, list[Any]],
) -> None:
    january, _, both = files
    with reader(READ_COMMITTED) as session:
        session.execute("SET lock_timeout = '100ms'")
        session.commit()
        with transaction.atomic():
            deactivate_file(file_id=january)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                session.execute(SEEN)
            session.rollback()
        assert [code for code, _, _ in session.execute(SEEN).fetchall()] == ["B2", "D4"]
        session.rollback()
        activate_file(file_id=january)
        assert session.execute(SEEN).fetchall() == both


def test_repeatable_read_that_begins_with_a_lock_waits_for_a_big_file_and_sees_what_is_there_then(
    files: tuple[int, int, list[Any]],
) -> None:
    january, _, both = files

    def read() -> list[Any]:
        with reader(REPEATABLE_READ) as session:
            session.execute("LOCK TABLE data.prices IN ACCESS SHARE MODE")
            return session.execute(SEEN).fetchall()

    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'data.prices'::regclass"
    deactivate_file(file_id=january)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            activate_file(file_id=january)
            reading = pool.submit(read)
            while rows(waiting) == [(0,)] and not reading.done():
                pass
        assert reading.result() == both


def test_in_a_dataset_that_only_grows_an_open_repeatable_read_sees_a_file_that_is_switched_on(
    pipeline: Pipeline,
) -> None:
    load(pipeline, "code;price;note\nA1;10;old\n")
    second = pipeline.load("code;price;note\nD4;40;new\n", "prices.csv", activate=False).file_id
    with reader(REPEATABLE_READ) as session:
        assert session.execute(SEEN).fetchall() == [("A1", 10, "old")]
        activate_file(file_id=second)  # nobody waits
        assert session.execute(SEEN).fetchall() == [("A1", 10, "old"), ("D4", 40, "new")]
        session.rollback()
