"""Locks are taken in the order that ``database/locks.py`` declares, so that two acts do not wait for each other."""

import time

import psycopg

from tests.integration.conftest import Pipeline, connection_parameters
from tests.integration.files.test_activation import in_threads
from uploads.database.locks import Lock
from uploads.models import UploadedFile
from uploads.states import FileState

TABLE = "a;b\n1;2\n"
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted"
ROWS = "SELECT id FROM uploads_uploadedfile ORDER BY id FOR NO KEY UPDATE"
PATIENCE_SECONDS = 60


def test_load_that_waits_to_name_its_dataset_has_locked_no_file(pipeline: Pipeline) -> None:
    """Who exchanges files has that lock and wants their rows next."""
    pipeline.load(TABLE, activate=False)
    file = pipeline.receive(TABLE, "same.csv")
    UploadedFile.objects.filter(pk=file.pk).update(again=False)
    locked: list[tuple[int, ...]] = []

    def exchange() -> None:
        with psycopg.connect(**connection_parameters()) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, 0)", [Lock.NAMING.value])
            end = time.monotonic() + PATIENCE_SECONDS
            while other.execute(WAITS, [Lock.NAMING.value]).fetchone() != (1,):
                assert time.monotonic() < end, "the load never asked for the lock"
                time.sleep(0.01)
            other.execute("SET LOCAL lock_timeout = '500ms'")  # before PostgreSQL ends a deadlock, after a second
            locked.extend(other.execute(ROWS).fetchall())

    assert in_threads(exchange, lambda: pipeline.finish(file.pk)) == [None, None]
    assert len(locked) == 2
    assert UploadedFile.objects.get(pk=file.pk).state == FileState.ACTIVE
