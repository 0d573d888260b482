"""Fixtures of the tests that need the database."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.integration.emptying import empty_tables
from uploads.database.reading import counts
from uploads.management import foreground
from uploads.models import UploadedFile
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.loading.attempt import load_file
from uploads.services.reading import facets
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.services.visibility import OPERATOR
from uploads.states import FileState
from uploads.tabular.sandbox.client import WarmReader


class LentReader(WarmReader):
    """The session's reading process: whoever is done with it leaves it to the next."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def warm_reader() -> Iterator[WarmReader]:
    reader = LentReader()
    yield reader
    WarmReader.close(reader)


@pytest.fixture(scope="session", autouse=True)
def shared_set_up(warm_reader: WarmReader) -> Iterator[None]:
    """What most tests would do again in the same way: start a process that reads, empty the database.

    A command run in a process of its own (``test_readiness``) starts and ends its own reader.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foreground, "WarmReader", lambda: warm_reader)
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(scope="session", autouse=True)
def patient_counts() -> Iterator[None]:
    """Rows are counted exactly however busy the machine is: what is given up after a second has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (counts, facets):
            patch.setattr(module, "COUNT_SECONDS", 120)
        yield


@pytest.fixture
def data_schema(transactional_db: None) -> Iterator[None]:
    """A schema without data tables; whatever the test leaves in it is dropped."""
    yield
    empty_data_schema()


def empty_data_schema() -> None:
    """The schema as the migrations make it."""
    sources = import_module("uploads.migrations.0051_2026_11_29_2045_sources_for_their_readers")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA data CASCADE")
        cursor.execute("CREATE SCHEMA data")
        cursor.execute(sources.VIEW)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sends and loads files as a member of staff would."""

    reader: WarmReader

    def receive(self, content: str | bytes, name: str = "table.csv", **wishes: Any) -> UploadedFile:
        data = content.encode() if isinstance(content, str) else content
        return receive_file(
            content=io.BytesIO(data),
            size=len(data),
            name=name,
            # tests send the same few lines over and over; what becomes of that is tested with again=False
            **{
                "via": UploadedFile.Via.COMMAND,
                "activate": True,
                "again": True,
                "uploader": Sender(is_staff=True),
                **wishes,
            },
        )

    def load(self, content: str | bytes, name: str = "table.csv", **wishes: Any) -> FileReceipt:
        """Receive and load, with every try that a failing file gets."""
        file = self.receive(content, name, **wishes)
        return self.finish(file.pk)

    def load_path(self, path: Path, **wishes: Any) -> FileReceipt:
        return self.load(path.read_bytes(), path.name, **wishes)

    def finish(self, file_id: int) -> FileReceipt:
        while load_file(file_id=file_id, reader=self.reader) is FileState.WAITING:
            pass
        return describe_file(file_id=file_id, viewer=OPERATOR)


@pytest.fixture
def pipeline(data_schema: None, warm_reader: WarmReader) -> Pipeline:
    return Pipeline(warm_reader)


def rows(sql: str, *params: str | int) -> list[tuple[Any, ...]]:
    """What PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def data_tables() -> set[str]:
    """Every table in the schema ``data``."""
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'data'")}


def connection_parameters() -> dict[str, Any]:
    """What psycopg needs for a session of its own on the tests' database."""
    wanted = {"host", "port", "user", "password", "dbname"}
    return {key: value for key, value in connection.get_connection_params().items() if key in wanted}
