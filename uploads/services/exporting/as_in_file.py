"""The rows of one file as they stood in it: its columns in its order, each value printed back in its column's format.

They are printed from what is stored, which loading lost nothing of but outer spaces of values that it knows unasked;
what else that does not tell, such as a word that is read as empty, is kept beside it. Rows that were rejected are not
among them.
"""

import csv
import io
from collections.abc import Generator, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from pyarrow import csv as arrow_csv

from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.printing import AsStored
from uploads.database.exporting.windows import one_moment, print_rows
from uploads.database.partitions import FILE, LOAD
from uploads.database.rows import whole_part
from uploads.models import ADOPTED_FORMAT, Dataset, Load
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.exporting.export import Export, begun
from uploads.services.exporting.formats import ExportFormat
from uploads.services.exporting.limits import one_of_few
from uploads.services.exporting.source import load_span
from uploads.services.kept_cells import PackedCells, packed_cells
from uploads.services.merging.shown_rows import bases_aside
from uploads.services.visibility import Viewer, find_dataset
from uploads.tabular.column_json import column_from_json
from uploads.tabular.kept_cells import KeptCells
from uploads.tabular.table import ROW, Column, ColumnType, FileFormat
from uploads.tabular.types.retyping import text_of


def export_file(*, slug: str, file_id: int, viewer: Viewer) -> Export:
    """CSV with the file's delimiter, a comma for sheets; also of a file that is not active.

    Raises ``DatasetNotFound``, ``FileNotFound``, and ``StateConflict`` for one whose tables cannot stand in one file.
    """
    dataset = find_dataset(slug=slug, viewer=viewer)
    with one_moment():
        found = Load.objects.filter(dataset=dataset, file_id=file_id).exclude(part="").select_related("file")
        loads = list(found.order_by("position"))
    if not loads:
        raise FileNotFound(
            f"File {file_id} has no rows in the dataset “{dataset.name}”.",
            hint="List the files to see which there are.",
        )
    if len({tuple(column.label for column in _columns(load)) for load in loads}) > 1:
        raise StateConflict(
            f"File {file_id} has {len(loads)} tables with different columns in this dataset.",
            hint="Export its rows as they are stored.",
        )
    return _export(dataset, loads, name=f"{dataset.public_slug}-{file_id}.csv")


def export_table(load: Load) -> Export:
    """The same of one table of a file, for whoever may see what stands in it. Raises ``StateConflict``."""
    if load.dataset is None or not load.part:
        raise StateConflict("This table has no rows to download.", hint="Open the receipt to see its state.")
    others = Load.objects.filter(file=load.file_id).exclude(part="").exclude(pk=load.pk).exists()
    place = f"-{load.position}" if others else ""
    return _export(load.dataset, [load], name=f"{load.dataset.public_slug}-{load.file_id}{place}.csv")


def _export(dataset: Dataset, loads: Sequence[Load], *, name: str) -> Export:
    if any(load.format == ADOPTED_FORMAT for load in loads):
        raise StateConflict(
            f"{loads[0].file_id} was a table of the database, and no file.", hint="Export its rows as they are."
        )
    return Export(name=name, media_type=ExportFormat.CSV.facts.media_type, pieces=begun(_pieces(dataset, loads)))


def _columns(load: Load) -> list[Column]:
    return [column_from_json(column) for column in load.kept_columns]


def _pieces(dataset: Dataset, loads: Sequence[Load]) -> Generator[bytes]:
    delimiter = loads[0].delimiter if loads[0].format == FileFormat.CSV and loads[0].delimiter else ","
    aside = bases_aside(dataset)
    keeping = packed_cells(load_ids=(load.pk for load in loads))
    with one_of_few():
        if any(labels := [column.label for column in _columns(loads[0])]):  # else no header stood there
            yield _csv([labels], delimiter)
        for load in loads:
            columns = _columns(load)
            places = [place for place, column in enumerate(load.columns) if not column.get("left_out")]
            names = [column.name for column in columns]
            table = whole_part(
                part=load.part, names=[FILE, LOAD, ROW, *names], aside=aside.get(load.part, ""), file_id=load.file_id
            )
            span = load_span(load, table=sql.SQL("(SELECT * FROM {})").format(table))
            printing = AsStored(columns=[ExportColumn(name=name, type=ColumnType.TEXT) for name in (ROW, *names)])
            for printed in print_rows(span, printing):
                yield _csv(_as_it_stood(printed, keeping.get(load.pk), columns, places), delimiter)


def _as_it_stood(
    printed: bytes, packed: PackedCells | None, columns: Sequence[Column], places: Sequence[int]
) -> Iterable[Sequence[str]]:
    """``packed``: texts beside what is stored; ``places``: of the columns among all that the file has."""
    names = [ROW, *(column.name for column in columns)]
    read = arrow_csv.read_csv(
        pa.BufferReader(b"\xef\xbb\xbf" + printed),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(printed) + 8),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types={**dict.fromkeys(names, pa.string()), ROW: pa.int64()},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ).combine_chunks()
    rows = read.column(ROW).combine_chunks()
    kept = KeptCells()
    if packed is not None and len(rows):
        kept = packed.between(pc.min(rows).as_py(), pc.max(rows).as_py())
    cells = (
        kept.over(place, rows, text_of(column, read.column(column.name).combine_chunks())).to_pylist()
        for column, place in zip(columns, places, strict=True)
    )
    return zip(*cells, strict=True)


def _csv(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    """Arrow's writer would put quotes around every text."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return lines.getvalue().encode()
