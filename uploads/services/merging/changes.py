"""What a file changed when it became active where files merge: noted with its tables, for its receipt.

It costs the act next to nothing, which meets each of these rows anyway. A full file is another matter: it takes the
place of all rows without a look at them, so what it changes is counted beforehand, where that takes no seconds.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from uploads.database.changes import Changes
from uploads.database.folding import Fold, FoldedTable, changes_by_list
from uploads.database.merging import MergingTable
from uploads.models import Dataset, Load
from uploads.services.merging.choices import fold_of
from uploads.services.merging.standing import Standing

MOST_ROWS = 1_000_000
"""Of a full file and of those that it takes out of sight: to compare so many takes a second."""


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


def note_changes(*, part: str, noted: NotedChanges | None) -> None:
    """Keep it with the loads of a part that readers see from now on; ``None``: it is not known."""
    loads = list(Load.objects.filter(part=part).order_by("position").only("changes"))
    for place, load in enumerate(loads):
        rows = None if noted is None else asdict(noted.by_load.get(load.pk, Changes()))
        gone = 0 if noted is None or place else noted.gone
        load.changes = None if rows is None else {"rows": rows, "gone": gone}
        if noted is not None and noted.unknown is not None:
            load.changes = {"unknown": noted.unknown.value}
    Load.objects.bulk_update(loads, ["changes"])
