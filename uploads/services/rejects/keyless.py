"""Rows of a file that its key does not tell apart are rejected while it is loaded: each names the row that is first."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
from django.db.models import F

from uploads.database.merging.by_key import make_key
from uploads.database.merging.keys import KeylessRow, count_keyless, delete_keyless
from uploads.models import Load
from uploads.services.kept_cells import PackedCells, packed_cells
from uploads.services.merging.keys import key_does_not, key_faults, key_text
from uploads.services.rejects.keeping import keep_rejects
from uploads.services.rejects.too_many import are_too_many
from uploads.tabular.column_json import column_from_json
from uploads.tabular.errors import TooManyRejects
from uploads.tabular.kept_cells import KeptCells
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.table import Reject
from uploads.tabular.text.raw_rows import joined
from uploads.tabular.types.retyping import as_it_stood


def reject_keyless(*, part: str, key: Sequence[str]) -> int:
    """Reject the rows of a part that a key does not tell apart, the second and later of each; returns how many.

    In a transaction of the load that has written all of its rows; from then on the part is held to the key. Raises
    ``TooManyRejects`` where it is no key at all.
    """
    if not key_faults(part=part, key=key):
        return 0
    counts = count_keyless(part=part, key=key)
    many = counts.blank + counts.equal
    if are_too_many(rejected=many, tried=counts.rows) or many == counts.rows:
        raise TooManyRejects(
            f"{key_does_not(key)} tell the rows apart: {many:,} of {counts.rows:,} have none, or that of an"
            " earlier row.",
            hint="Choose another key, or add all rows without one.",
        )
    loads = {load.pk: load for load in Load.objects.filter(part=part)}
    columns = {load.pk: tuple(map(column_from_json, load.columns)) for load in loads.values()}
    names = [column.name for column in next(iter(columns.values()))]
    gone = delete_keyless(part=part, key=key, names=names)
    keeping = packed_cells(load_ids=loads)
    for load in loads.values():
        rejects = [_reject(row, key, load, loads, keeping.get(load.pk)) for row in gone if row.load == load.pk]
        keep_rejects(load_id=load.pk, rejects=rejects)
        if rejects:
            Load.objects.filter(pk=load.pk).update(
                rows_loaded=F("rows_loaded") - len(rejects), rows_rejected=F("rows_rejected") + len(rejects)
            )
    make_key(part=part, key=key)
    Load.objects.filter(part=part).update(key=list(key))
    return len(gone)


def _reject(
    row: KeylessRow, key: Sequence[str], load: Load, loads: Mapping[int, Load], packed: PackedCells | None
) -> Reject:
    """As it stood in the file: so it can be brought back."""
    columns = tuple(map(column_from_json, load.columns))
    words = load.dataset.null_words if load.dataset is not None else ()
    kept = packed.between(row.row, row.row) if packed else KeptCells()
    numbers = pa.array([row.row], pa.int64())
    cells = [
        str(as_it_stood(column, pa.array([row.values[column.name]], pa.string()), kept.at(place, numbers), words)[0])
        for place, column in enumerate(columns)
    ]
    labels = [column.label or column.name for column in columns if column.name in key]
    first = None if row.first_load is None else loads[row.first_load]
    figures = {"columns": labels, "value": key_text(row, key), "first": row.first_row}
    if first is not None and first.pk != load.pk:
        figures["source"] = first.source
    return Reject(
        row=row.row,
        reason=Reason(RejectCode.BLANK_KEY if row.first_row is None else RejectCode.EQUAL_KEY, figures),
        column=labels[0],
        value=key_text(row, key),
        raw=joined(cells, load.delimiter or "\t"),
    )
