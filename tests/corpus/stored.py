"""What PostgreSQL holds of a load, printed back as it stood in the file, against what ``csv`` reads."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow as pa
from django.db import connection
from psycopg import sql

from tests.corpus.generated import Row, generated
from tests.corpus.round_trip import Difference, compare, differing_cells
from uploads.models import Load
from uploads.services.files.receipts import FileReceipt
from uploads.states import FileState
from uploads.tabular.chunks import ARROW_TYPES
from uploads.tabular.column_json import column_from_json
from uploads.tabular.table import Column, ColumnType, ReadOptions
from uploads.tabular.types.conversion import render

Loads = Callable[[bytes, str, dict[str, object]], FileReceipt]
"""Load these bytes under this name with these options, as staff would."""


def stored_rows(load: Load) -> tuple[Sequence[Column], list[Row]]:
    """The columns of a load and its rows in the file's order, every value as text."""
    columns = [column_from_json(column) for column in load.columns]
    query = sql.SQL("SELECT {} FROM data.{} WHERE _load = %s ORDER BY _row").format(
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns), sql.Identifier(load.part)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [load.pk])
        stored = list(zip(*cursor.fetchall(), strict=True))
    printed = [_printed(column, values) for column, values in zip(columns, stored, strict=True)]
    return columns, list(zip(*printed, strict=True))


def _printed(column: Column, values: Iterable[object]) -> list[str]:
    if column.type is ColumnType.NUMERIC:
        values = [None if value is None else str(value) for value in values]
    printed: list[str] = render(column, pa.array(list(values), ARROW_TYPES[column.type])).to_pylist()
    return printed


def differences_in_database(numbers: Iterable[int], home: Path, load: Loads, *, all_text: bool) -> list[Difference]:
    """The generated tables that PostgreSQL does not give back, told nothing.

    They travel in one archive. Only those that are read as ``csv`` reads them: the others are counted elsewhere.
    """
    options = ReadOptions(all_text=all_text)
    tables = {f"{number}.csv": generated(number) for number in numbers}
    sound = {name: table for name, table in tables.items() if compare(table, home / name, options) is None}
    sound = {name: table for name, table in sound.items() if any(cell.strip() for row in table.rows for cell in row)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in sound.items():
            archive.writestr(name, table.data)
    receipt = load(packed.getvalue(), "tables.zip", {"all_text": True} if all_text else {})
    if receipt.state is not FileState.ACTIVE:
        return [Difference(number=0, what=f"the archive is {receipt.state}: {receipt.error}")]
    found = {str(part.source): Load.objects.get(pk=part.load_id) for part in receipt.loads}
    wrong = [Difference(number=int(Path(name).stem), what="not loaded") for name in sound.keys() - found.keys()]
    for name, loaded in found.items():
        columns, rows = stored_rows(loaded)
        what = differing_cells(sound[name], columns, rows, loaded.rows_blank)
        if what is not None:
            wrong.append(Difference(number=int(Path(name).stem), what=what))
    return wrong
