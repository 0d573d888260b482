"""An export has the rows of one moment, holds nobody up, and ends with an error where it cannot be whole."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from tests.integration.conftest import Pipeline, connection_parameters, rows
from uploads.database.exporting import windows
from uploads.database.exporting.windows import RowsChanged
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.exporting.export import Pieces, export_view
from uploads.services.exporting.formats import ExportFormat
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.reading.parameters import read_view
from uploads.services.reading.view import fields_of
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.tabular.table import ColumnType


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several windows of a few rows."""
    monkeypatch.setattr(windows, "FIRST_ROWS", 10)
    monkeypatch.setattr(windows, "MOST_ROWS", 10)


def numbered(first: int, last: int) -> str:
    return "n;word\n" + "".join(f"{n};w{n}\n" for n in range(first, last + 1))


def export(**query: str) -> Pieces:
    dataset = find_dataset(slug="words", viewer=OPERATOR)
    view = read_view({name: [text] for name, text in query.items()}, fields=fields_of(dataset=dataset, viewer=OPERATOR))
    return export_view(slug="words", view=view, format_=ExportFormat.CSV, viewer=OPERATOR).pieces


def numbers(text: bytes) -> list[int]:
    return [int(line.split(",")[0]) for line in text.decode().splitlines()[1:]]


def test_files_that_are_switched_meanwhile_change_nothing(pipeline: Pipeline) -> None:
    first = pipeline.load(numbered(1, 30), "words.csv")
    second = pipeline.load(numbered(31, 60), "words.csv")
    third = pipeline.load(numbered(61, 90), "words.csv", activate=False)
    pieces = export()
    begun = next(pieces)
    activate_file(file_id=third.file_id)
    deactivate_file(file_id=second.file_id)
    assert numbers(begun + b"".join(pieces)) == list(range(1, 61))
    assert numbers(b"".join(export())) == [*range(1, 31), *range(61, 91)]
    assert first.file_id < second.file_id


def test_nothing_is_held_between_two_pieces(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 60), "words.csv")
    for query in ({}, {"_sort": "-n"}):
        pieces = export(**query)
        next(pieces)
        held = rows(
            "SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE n.nspname = 'data'"
        )
        [(snapshot,)] = rows(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state LIKE 'idle in%%'"
        )
        assert (held, snapshot) == ([], 0)
        pieces.close()
    assert rows("SELECT to_regclass('pg_temp.export_rows')::text, to_regclass('pg_temp.export_sorted')::text") == [
        (None, None)
    ]


@pytest.mark.parametrize("sort", ["", "-n"])
def test_deleted_file_ends_the_export_unless_it_was_copied(pipeline: Pipeline, sort: str) -> None:
    file = pipeline.load(numbered(1, 60), "words.csv")
    pieces = export(**({"_sort": sort} if sort else {}))
    begun = next(pieces)
    delete_file(file_id=file.file_id)
    if sort:
        assert numbers(begun + b"".join(pieces)) == list(range(60, 0, -1))
        return
    with pytest.raises(RowsChanged):
        list(pieces)


def test_column_that_takes_another_type_ends_the_export(pipeline: Pipeline) -> None:
    pipeline.load(numbered(1, 60), "words.csv")
    pieces = export()
    next(pieces)
    dataset = find_dataset(slug="words", viewer=OPERATOR)
    change_columns(dataset_id=dataset.pk, change=Change(types={"n": ColumnType.TEXT}))
    with pytest.raises(RowsChanged):
        list(pieces)


def test_files_that_merge_are_copied_again_when_one_is_switched_meanwhile(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(numbered(1, 30), "words.csv", mode="merge", key=["n"])
    later = pipeline.load("n;word\n5;five\n31;new\n", "words.csv", mode="merge", key=["n"], activate=False)
    original, copied = windows.copy_rows_to, []

    def switch_meanwhile(*arguments: object, **named: object) -> Iterator[None]:
        copied.append(1)
        yield from original(*arguments, **named)  # type: ignore[arg-type]
        if len(copied) == 1:
            _in_another_thread(lambda: activate_file(file_id=later.file_id))

    monkeypatch.setattr("uploads.database.exporting.spool.copy_rows_to", switch_meanwhile)
    text = b"".join(export(_sort="n"))
    assert numbers(text) == list(range(1, 32))
    assert b"5,five\n" in text
    assert len(copied) > 1


def test_client_that_waits_holds_no_activation_up(pipeline: Pipeline) -> None:
    first = pipeline.load(numbered(1, 60), "words.csv")
    pieces = export()
    next(pieces)
    with psycopg.connect(**connection_parameters(), autocommit=True) as other:
        other.execute("SET lock_timeout = '1s'")
        part = rows("SELECT part FROM uploads_load WHERE file_id = %s", first.file_id)[0][0]
        other.execute(f'BEGIN; LOCK TABLE data."{part}" IN ACCESS EXCLUSIVE MODE; ROLLBACK')
    assert len(numbers(b"".join([b"\n", *pieces]))) == 51


def _in_another_thread(act: object) -> None:
    def run() -> None:
        try:
            act()  # type: ignore[operator]
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
