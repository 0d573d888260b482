"""What a session of the database has that outlasts a transaction."""

from django.db import connection

type Traces = set[tuple[str, str]]
TRACES = """
SELECT 'setting ' || name, setting FROM pg_settings WHERE source = 'session'
UNION ALL SELECT 'lock', objid::text FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
UNION ALL SELECT 'cursor', name FROM pg_cursors
UNION ALL SELECT 'channel', name FROM pg_listening_channels() AS name
UNION ALL SELECT 'table', relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
"""
"""What outlasts a transaction, and a session is freed of before others have it."""


def traces() -> Traces:
    with connection.cursor() as cursor:
        cursor.execute(TRACES)
        return set(cursor.fetchall())
