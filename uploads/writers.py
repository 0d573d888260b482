"""Two ways to put typed chunks into a part, with the same result: COPY (the default) and Django's ``bulk_create``."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Protocol

import pgpq
import psycopg
import pyarrow as pa
from django.apps.registry import Apps
from django.db import OperationalError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from pyarrow import csv

from uploads import tables
from uploads.domain.table import ROW, Column, ColumnType, TypedChunk

_CSV = csv.WriteOptions(include_header=False, quoting_style="needed")


class Writer(Protocol):
    """Writes chunks in order, in the caller's transaction."""

    def write(self, chunk: TypedChunk) -> int:
        """Write the chunk's rows and return how many PostgreSQL says it stored."""


class CopyWriter:
    """COPY in slices of ``slice_rows``; the bytes are made by compiled code.

    Binary where every column has a binary encoder, else CSV: ``numeric`` travels as text, for each of its values keeps
    a scale of its own, and Arrow's decimals cannot say that.
    """

    def __init__(self, *, part: str, columns: Sequence[Column], slice_rows: int) -> None:
        self._binary = all(column.type is not ColumnType.NUMERIC for column in columns)
        self._statement = tables.copy_statement(
            part=part, names=[column.name for column in columns], binary=self._binary
        )
        self._slice_rows = slice_rows

    def write(self, chunk: TypedChunk) -> int:
        batch = chunk.batch()
        stored = 0
        with connection.cursor() as cursor:
            for start in range(0, batch.num_rows, self._slice_rows):
                part = batch.slice(start, self._slice_rows)
                with _limits_explained(), connection.wrap_database_errors, cursor.copy(self._statement) as copy:
                    copy.write(_binary_bytes(part) if self._binary else _csv_bytes(part))
                stored += cursor.rowcount
        return stored


def _binary_bytes(batch: pa.RecordBatch) -> bytes:
    encoder = pgpq.ArrowToPostgresBinaryEncoder(batch.schema)
    return b"".join((encoder.write_header(), encoder.write_batch(batch), encoder.finish()))


def _csv_bytes(batch: pa.RecordBatch) -> memoryview:
    sink = io.BytesIO()
    csv.write_csv(batch, sink, _CSV)
    return sink.getbuffer()


class BulkCreateWriter:
    """Django's own way, through a model made for the part: some 30 times slower, and nothing but the ORM."""

    def __init__(self, *, part: str, columns: Sequence[Column], slice_rows: int) -> None:
        self._model = _model_of(part, columns)
        self._rows: models.Manager[models.Model] = models.Manager()
        self._rows.model = self._model
        self._numeric = [index for index, column in enumerate(columns, start=1) if column.type is ColumnType.NUMERIC]
        self._slice_rows = slice_rows

    def write(self, chunk: TypedChunk) -> int:
        values = [column.to_pylist() for column in chunk.batch().columns]
        for index in self._numeric:
            values[index] = [None if text is None else Decimal(text) for text in values[index]]
        objects = [self._model(*row) for row in zip(*values, strict=True)]
        with _limits_explained():
            return len(self._rows.bulk_create(objects, batch_size=self._slice_rows))


class _DataField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """A value that goes to PostgreSQL as it is: the domain has already checked it."""

    def __init__(self, *, column_type: ColumnType, **options: Any) -> None:
        super().__init__(null=True, **options)
        self._column_type = column_type

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return tables.TYPE_SQL[self._column_type]


def _model_of(part: str, columns: Sequence[Column]) -> type[models.Model]:
    """An unmanaged model of the part, kept out of the project's registry."""

    class Meta:
        app_label = "data"
        managed = False
        apps = Apps()
        db_table = f'"{tables.SCHEMA}"."{part}"'  # Django leaves a name alone that is quoted already

    fields: dict[str, Any] = {
        "row": models.BigIntegerField(primary_key=True, db_column=ROW),
        **{
            f"value{index}": _DataField(column_type=column.type, db_column=column.name)
            for index, column in enumerate(columns)
        },
    }
    return type("Row", (models.Model,), {"Meta": Meta, "__module__": __name__, **fields})


@contextmanager
def _limits_explained() -> Iterator[None]:
    """Say in plain words which of PostgreSQL's limits a row has met."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.ProgramLimitExceeded):
            raise tables.RowTooWide(
                "A row of this file is wider than PostgreSQL can store (8,160 bytes after long values are moved out).",
                hint="Split the table into several files with fewer columns.",
            ) from error
        raise


WRITERS: dict[str, type[CopyWriter | BulkCreateWriter]] = {"copy": CopyWriter, "bulk_create": BulkCreateWriter}
