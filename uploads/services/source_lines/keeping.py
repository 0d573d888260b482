"""What a load keeps of how its table stood in the file: its first rows as they were read, and where its lines stand."""

from uploads.database.rows import storable_json
from uploads.models import FirstRows, LineOffsets
from uploads.tabular.line_index import LineIndex
from uploads.tabular.sandbox.messages import TableEnd


def keep_source(*, load_id: int, end: TableEnd) -> None:
    """Once, in the transaction in which the load is finished: another attempt begins with a load of its own."""
    if end.first_rows:
        FirstRows.objects.create(load_id=load_id, rows=[[row, storable_json(cells)] for row, cells in end.first_rows])
    if end.line_index is not None:
        LineOffsets.objects.create(load_id=load_id, marks=end.line_index)


def kept_index(*, load_id: int) -> LineIndex:
    """As far as it is known; empty for a short text, and for one that was loaded before any index was kept."""
    marks = LineOffsets.objects.filter(load_id=load_id).values_list("marks", flat=True).first()
    return LineIndex() if marks is None else LineIndex.from_bytes(bytes(marks))


def keep_index(*, load_id: int, index: LineIndex) -> None:
    """What was found by looking, unless the file's content is gone by now: then there is nothing to find any more."""
    LineOffsets.objects.update_or_create(load_id=load_id, defaults={"marks": index.to_bytes()})
