"""What the switch of a file has to know of it and of its dataset: read in one round trip, once the dataset is locked.

A small file is switched in milliseconds, of which each statement that Django makes anew takes one.
"""

import json
from dataclasses import dataclass

from uploads.database.merging.by_key import MergingTable
from uploads.database.merging.planner_knowledge import learn_aside, unknown_aside_question
from uploads.database.partitions import attached_question
from uploads.database.prepared import Wording
from uploads.models import Dataset
from uploads.services.column_locks import fetch_with_columns_held
from uploads.services.merging.standing import ActiveFile, Standing, standing_among
from uploads.states import FileState

_FILES = Wording(
    "uploads_load",
    """
SELECT f.id, f.ranked_at, f."full", l.id, l.part, l.key, l.rows_loaded
  FROM uploads_load l JOIN uploads_uploadedfile f ON f.id = l.file_id
 WHERE l.dataset_id = %s AND l.part <> '' AND (f.state = %s OR f.id = %s) ORDER BY l.position""",
)
_COLUMNS = Wording(
    "uploads_datasetcolumn", "SELECT name FROM uploads_datasetcolumn WHERE dataset_id = %s ORDER BY position"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartLoad:
    """A load whose rows lie in the part that is switched."""

    load_id: int
    key: tuple[str, ...]
    """Columns of which it is known that they tell the rows of the part apart."""
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """Of one part of a file that merges, which may have become active, or ceased to be, just now."""

    table: MergingTable
    standing: Standing
    loads: tuple[PartLoad, ...]
    """Those of the part, by their place in the file."""
    attached: frozenset[str]
    """What are partitions of the dataset, but for the shared one: the parts of bases."""


def situation_of(dataset: Dataset, *, part: str, file_id: int) -> Situation:
    """It holds the columns for the transaction of the caller, who has locked the dataset. Raises ``TableBusy``."""
    loads, columns, attached, [(is_aside_unknown,)] = fetch_with_columns_held(
        [
            (_FILES, [dataset.pk, FileState.ACTIVE, file_id]),
            (_COLUMNS, [dataset.pk]),
            attached_question(table=dataset.slug),
            unknown_aside_question(dataset_id=dataset.pk),
        ],
        dataset_id=dataset.pk,
    )
    ranks = {file: (ranked_at, file, is_full) for file, ranked_at, is_full, *_ in loads}
    mine = ranks.pop(file_id)
    others = sorted(ranks.values())
    table = MergingTable(
        dataset_id=dataset.pk, table=dataset.slug, key=tuple(dataset.key), names=tuple(name for (name,) in columns)
    )
    if is_aside_unknown:
        learn_aside(table)
    return Situation(
        table=table,
        standing=standing_among(
            is_full=mine[2],
            below=[ActiveFile(file_id=pk, is_full=is_full) for rank, pk, is_full in others if (rank, pk) < mine[:2]],
            above=[ActiveFile(file_id=pk, is_full=is_full) for rank, pk, is_full in others if (rank, pk) > mine[:2]],
        ),
        loads=tuple(
            PartLoad(load_id=load_id, key=tuple(json.loads(key)), rows=rows)
            for _, _, _, load_id, name, key, rows in loads
            if name == part
        ),
        attached=frozenset(name for (name,) in attached) - {table.shared},
    )
