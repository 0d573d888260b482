"""Autovacuum works on the tables of a dataset that merges, for minutes after a big file: nobody's act fails for it."""

import threading
from functools import partial

import psycopg
import pytest

from tests.integration.conftest import Pipeline, connection_parameters, rows
from tests.integration.files.test_activation import in_threads
from uploads.database import retrying
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.merging import shown_rows
from uploads.services.merging.shown_rows import merging_table

WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND clock_timestamp() - query_start > '1.2 s'"
)


@pytest.fixture
def bases(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two files with partitions of their own; each act is tried once."""
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(shown_rows, "BASE_ROWS", 2)
    wishes = {"mode": "merge", "key": "code"}
    sent = [
        pipeline.load(f"code;price\n{text}", "prices.csv", activate=True, **wish).file_id
        for text, wish in (("A1;1\nB2;2\n", wishes), ("B2;3\nC3;4\n", {}))
    ]
    assert set(UploadedFile.objects.values_list("state", flat=True)) == {"active"}
    return sent


def test_a_base_is_switched_while_autovacuum_works_on_another_one(bases: list[int]) -> None:
    first, second = bases
    part = Load.objects.get(file_id=first).part
    with psycopg.connect(**connection_parameters()) as vacuum:
        vacuum.execute(f"LOCK TABLE data.{part} IN SHARE UPDATE EXCLUSIVE MODE")  # what VACUUM takes
        deactivate_file(file_id=second)
        activate_file(file_id=second)
    assert rows("SELECT code, price FROM data.prices ORDER BY code") == [("A1", 1), ("B2", 3), ("C3", 4)]


@pytest.mark.parametrize("is_on", [True, False], ids=["deactivate", "activate"])
def test_switching_a_base_waits_until_autovacuum_lets_go_of_the_shared_rows_and_readers_go_on(
    bases: list[int], is_on: bool
) -> None:
    if not is_on:
        deactivate_file(file_id=bases[1])
    shared = merging_table(Dataset.objects.get()).shared
    act = partial(deactivate_file if is_on else activate_file, file_id=bases[1])
    errors: list[BaseException | None] = []
    with (
        psycopg.connect(**connection_parameters()) as vacuum,
        psycopg.connect(**connection_parameters(), autocommit=True) as reader,
    ):
        vacuum.execute(f"LOCK TABLE data.{shared} IN SHARE UPDATE EXCLUSIVE MODE")
        acting = threading.Thread(target=lambda: errors.extend(in_threads(act)))
        acting.start()
        reader.execute("SET lock_timeout = '100ms'")
        while acting.is_alive() and reader.execute(WAITS).fetchone() == (0,):
            reader.execute("SELECT count(*) FROM data.prices")
        vacuum.rollback()
        acting.join()
    assert errors == [None]
    assert rows("SELECT count(*) FROM data.prices") == [(2 if is_on else 3,)]
