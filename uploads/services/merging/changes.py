"""What a file changed when it became active where files merge: noted with its tables, for its receipt.

It costs the act next to nothing, which meets each of these rows anyway. A full file is another matter: it takes the
place of all rows without a look at them, so what it changes is counted beforehand, where that takes no seconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from uploads.database.merging.by_key import MergingTable
from uploads.database.merging.changes import Changes
from uploads.database.merging.folding import Fold, FoldedTable, changes_by_list
from uploads.database.prepared import Wording, fetch_worded
from uploads.models import Dataset, Load
from uploads.services.merging.choices import fold_of
from uploads.services.merging.standing import Standing

MOST_ROWS = 1_000_000
"""Of a full file and of those that it takes out of sight: to compare so many takes a second."""

_NONE: Mapping[int, int] = MappingProxyType({})


class Uncounted(StrEnum):
    """Why nobody knows what a full file changed. The values are stored, and shown by ``--json``."""

    TOO_MANY_ROWS = "too_many_rows"
    LATER_FILES = "later_files"
    """Of its rows those are seen whose keys these do not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotedChanges:
    """By load; what a load has besides is new. ``gone``: rows of keys that a full file does not have."""

    by_load: Mapping[int, Changes]
    gone: int = 0
    unknown: Uncounted | None = None
    """Then there are no figures."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedRows:
    """What a table of a file changed when its file became active."""

    updated: int
    added: int
    deleted: int
    """Rows that were seen until then: it marks their keys as deleted, or is a full file without them."""
    unchanged: int
    """Rows of it that changed nothing: the same was seen before, or a later file has their keys."""

    @classmethod
    def of(cls, load: Load) -> Self | None:
        """``None``: its rows don't merge, or they were not counted."""
        noted: dict[str, Any] | None = load.changes
        if noted is None or "unknown" in noted:
            return None
        known = Changes(**noted["rows"])
        return cls(
            updated=known.updated,
            added=max(0, load.rows_loaded - known.updated - known.deleted - known.unchanged),
            deleted=known.deleted + noted["gone"],
            unchanged=known.unchanged,
        )


def why_uncounted(load: Load) -> Uncounted | None:
    """Of a load that merged and has no figures; ``None``: it has, or there is nothing to tell."""
    said = (load.changes or {}).get("unknown")
    return None if said is None else Uncounted(said)


def changes_of_full(table: MergingTable, dataset: Dataset, *, part: str, standing: Standing) -> NotedChanges | None:
    """Of a full file that is about to be shown in the place of others; ``None`` where it takes nobody's."""
    if not standing.covers:
        return None
    if standing.order.above:
        return NotedChanges(by_load={}, unknown=Uncounted.LATER_FILES)
    loads = Load.objects.filter(dataset=dataset, file__in=standing.covers).exclude(part="")
    seen = sum(rows - hidden for rows, hidden in loads.values_list("rows_loaded", "rows_hidden"))
    own = sum(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))
    if seen + own > MOST_ROWS:
        return NotedChanges(by_load={}, unknown=Uncounted.TOO_MANY_ROWS)
    folded = FoldedTable(merging=table, fold=fold_of(dataset) or Fold(), order=(), base=None)
    by_load, touched = changes_by_list(folded, part=part)
    return NotedChanges(by_load=by_load, gone=seen - touched)


def note_changes(*, loads: Sequence[int], noted: NotedChanges | None, hidden: Mapping[int, int] = _NONE) -> None:
    """Keep it with the loads of a part that readers see from now on; ``None``: it is not known.

    ``hidden``: by how many rows more of each load are hidden since, of others too: their rows are written together.
    """
    written: dict[int, Any] = dict.fromkeys(loads)
    if noted is not None and noted.unknown is not None:
        written = {load_id: {"unknown": noted.unknown.value} for load_id in loads}
    elif noted is not None:
        gone = {load_id: 0 if place else noted.gone for place, load_id in enumerate(loads)}
        written = {
            load_id: {"rows": asdict(noted.by_load.get(load_id, Changes())), "gone": gone[load_id]} for load_id in loads
        }
    _write(written, hidden)


def add_hidden(hidden: Mapping[int, int]) -> None:
    """The same of an act that knows what it changed: counting takes as long as all that is hidden."""
    _write({}, hidden)


def _write(noted: Mapping[int, Any], hidden: Mapping[int, int]) -> None:
    loads = sorted({*noted, *hidden})
    if loads:
        changes = [None if noted.get(load_id) is None else json.dumps(noted[load_id]) for load_id in loads]
        rows = [loads, [hidden.get(load_id, 0) for load_id in loads], [load_id in noted for load_id in loads], changes]
        fetch_worded([(_NOTE, rows)])


_NOTE = Wording(
    "uploads_load",
    "UPDATE uploads_load l SET rows_hidden = l.rows_hidden + w.hidden,"
    " changes = CASE WHEN w.is_noted THEN w.changes ELSE l.changes END"
    " FROM unnest(%s::int[], %s::bigint[], %s::bool[], %s::jsonb[]) AS w(id, hidden, is_noted, changes)"
    " WHERE l.id = w.id",
)
