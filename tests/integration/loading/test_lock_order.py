"""Locks are taken in the order that ``database/locks.py`` declares, so that two acts do not wait for each other."""

import threading

import psycopg

from tests.integration.conftest import Pipeline, connection_parameters
from tests.integration.files.test_activation import in_threads
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.database.locks import Lock
from uploads.models import UploadedFile
from uploads.services.files.activation import retry_file
from uploads.states import FileState

TABLE = "a;b\n1;2\n"
WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted"
ROWS = "SELECT id FROM uploads_uploadedfile ORDER BY id FOR NO KEY UPDATE"


def test_load_that_waits_to_name_its_dataset_has_locked_no_file(pipeline: Pipeline) -> None:
    """Who exchanges files has that lock and wants their rows next."""
    pipeline.load(TABLE, activate=False)
    file = pipeline.load(TABLE, "same.csv", activate=False).file_id
    UploadedFile.objects.filter(pk=file).update(again=False, activate=True)
    retry_file(file_id=file)
    held, locked = threading.Event(), list[tuple[int, ...]]()

    def exchange() -> None:
        with psycopg.connect(**connection_parameters()) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, 0)", [Lock.NAMING.value])
            held.set()
            wait_until(lambda: other.execute(WAITS, [Lock.NAMING.value]).fetchone() == (1,))
            other.execute("SET LOCAL lock_timeout = '500ms'")  # before PostgreSQL ends a deadlock, after a second
            locked.extend(other.execute(ROWS).fetchall())

    def load() -> None:
        held.wait(GIVE_UP_SECONDS)
        pipeline.finish(file)

    assert in_threads(exchange, load) == [None, None]
    assert len(locked) == 2
    assert UploadedFile.objects.get(pk=file).state == FileState.ACTIVE
