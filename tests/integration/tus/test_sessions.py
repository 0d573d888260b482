"""What an upload asks of the database: few questions, and sessions that are left as they were found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests.integration.tus.client import OFFSET_TYPE, create, head, metadata, patch, tus
from uploads.tus import records

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"a;b\n1;2\n"
type Traces = set[tuple[str, str]]
TRACES = """
SELECT 'setting ' || name, setting FROM pg_settings WHERE source = 'session'
UNION ALL SELECT 'lock', objid::text FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
UNION ALL SELECT 'cursor', name FROM pg_cursors
UNION ALL SELECT 'channel', name FROM pg_listening_channels() AS name
UNION ALL SELECT 'table', relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
"""
"""What outlasts a transaction, and a session is freed of before others have it."""


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


def traces() -> Traces:
    with connection.cursor() as cursor:
        cursor.execute(TRACES)
        return set(cursor.fetchall())


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Traces]]:
    """What each of the sessions was found to have that were said to be left as they were found."""
    found: list[Traces] = []
    monkeypatch.setattr(records, "leave_as_found", lambda: found.append(traces()))
    yield found
    connection.close()


def test_no_verb_leaves_a_trace_in_a_session(left: list[Traces]) -> None:
    connection.close()
    new = traces()
    connection.close()
    location = create(len(CONTENT))
    assert head(location).offset == 0
    assert patch(location, 0, CONTENT[:4]).status == 204
    assert patch(location, 4, CONTENT[4:]).status == 204
    assert tus("DELETE", create(3)).status == 204
    whole = {"Upload-Length": "4", "Content-Type": OFFSET_TYPE, "Upload-Metadata": metadata(filename="x.csv")}
    assert tus("POST", headers=whole, body=CONTENT[:4]).status == 201
    part = tus("POST", headers={"Upload-Concat": "partial", "Upload-Length": "4"})
    assert patch(part.location, 0, CONTENT[:4]).status == 204
    assert tus("POST", headers={"Upload-Concat": f"final;{part.location}"}).status == 201
    assert left.count(new) == len(left) > 10
