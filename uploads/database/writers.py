"""Two ways to put typed chunks into a part, with the same result: COPY (the default) and Django's ``bulk_create``."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from uploads.database.columns import TYPE_SQL
from uploads.database.copy_streams import CopyStreams, copy_rows, limits_explained
from uploads.database.rows import copy_statement
from uploads.database.statements import SCHEMA
from uploads.states import Writer
from uploads.tabular.sandbox.client import ReadChunk
from uploads.tabular.sandbox.messages import CopyFormat
from uploads.tabular.table import ROW, Column, ColumnType

if TYPE_CHECKING:
    import pandas as pd

SMALL_BYTES = 8 * 2**20
"""A first chunk up to this size is written at once, in 0.05 s; most files have no other."""


class CopyWriter:
    """COPY of bytes that the child has made.

    A first chunk of up to ``SMALL_BYTES`` goes in the caller's transaction, so that a small file needs nothing else.
    What follows goes through ``COPY_STREAMS`` sessions, each with one long COPY: one backend takes 2.4 s for 5,000,000
    rows, more than all other work together. Their rows are committed by ``close``; nobody sees them before the part is
    attached.
    """

    def __init__(self, *, part: str, columns: Sequence[Column], slice_rows: int, copy_format: CopyFormat) -> None:
        self.slice_rows: int | None = slice_rows
        self._binary = copy_format.binary
        self._statement = copy_statement(
            part=part,
            names=[column.name for column in columns],
            binary=copy_format.binary,
            delimiter=copy_format.delimiter,
            force_null=copy_format.force_null,
            text=copy_format.text,
        )
        self._stored = 0
        self._first = True
        self._streams: CopyStreams | None = None

    def write(self, read: ReadChunk) -> None:
        if not read.rows:
            return
        first, self._first = self._first, False
        if first and read.size <= SMALL_BYTES:
            self._stored += copy_rows(self._statement, read.frames, binary=self._binary)
            return
        if self._streams is None:
            self._streams = CopyStreams(self._statement, binary=self._binary)
        for frame in read.frames:
            self._streams.write(frame)

    def close(self) -> int:
        return self._stored + (self._streams.close() if self._streams else 0)

    def abort(self) -> None:
        if self._streams:
            self._streams.abort()


class BulkCreateWriter:
    """Django's own way: pandas frames through a model made for the part. 30 times slower, and nothing but the ORM."""

    def __init__(self, *, part: str, columns: Sequence[Column], slice_rows: int, copy_format: CopyFormat) -> None:
        import pandas as pd  # noqa: PLC0415 - 26 MB and 0.2 s that a worker needs for this writer alone

        self._pandas = pd
        self._model = _model_of(part, columns)
        self._rows: models.Manager[models.Model] = models.Manager()
        self._rows.model = self._model
        self._numeric = [index for index, column in enumerate(columns, start=1) if column.type is ColumnType.NUMERIC]
        self.slice_rows: int | None = None
        self._batch_size = slice_rows
        self._stored = 0

    def write(self, read: ReadChunk) -> None:
        if read.typed is None:
            raise TypeError("this writer takes typed rows")
        frame = read.typed.batch.to_pandas(types_mapper=self._pandas.ArrowDtype)
        values = [self._plain(frame[name]) for name in frame]
        for index in self._numeric:
            values[index] = [None if text is None else Decimal(text) for text in values[index]]
        objects = [self._model(*row) for row in zip(*values, strict=True)]
        with limits_explained():
            self._stored += len(self._rows.bulk_create(objects, batch_size=self._batch_size))

    def _plain(self, column: "pd.Series[Any]") -> list[Any]:
        """The values as Django takes them: ``None``, and datetimes of the standard library."""
        values = (None if value is self._pandas.NA else value for value in column.array)
        return [value.to_pydatetime() if isinstance(value, self._pandas.Timestamp) else value for value in values]

    def close(self) -> int:
        return self._stored

    def abort(self) -> None:
        """All that was written is in the caller's transaction."""


class _DataField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """A value that goes to PostgreSQL as it is: the domain has already checked it."""

    def __init__(self, *, column_type: ColumnType, **options: Any) -> None:
        super().__init__(null=True, **options)
        self._column_type = column_type

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return TYPE_SQL[self._column_type]


def _model_of(part: str, columns: Sequence[Column]) -> type[models.Model]:
    """An unmanaged model of the part, kept out of the project's registry."""

    class Meta:
        app_label = "data"
        managed = False
        apps = Apps()
        db_table = f'"{SCHEMA}"."{part}"'  # Django leaves a name alone that is quoted already

    fields: dict[str, Any] = {
        "row": models.BigIntegerField(primary_key=True, db_column=ROW),
        **{
            f"value{index}": _DataField(column_type=column.type, db_column=column.name)
            for index, column in enumerate(columns)
        },
    }
    return type("Row", (models.Model,), {"Meta": Meta, "__module__": __name__, **fields})


WRITERS: dict[Writer, type[CopyWriter | BulkCreateWriter]] = {
    Writer.COPY: CopyWriter,
    Writer.BULK_CREATE: BulkCreateWriter,
}
