"""What a file that comes has in common with the dataset that it is to join: asked where somebody decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.database.overlap import OverlapUnknown, equal_rows, keys_there, unique_columns
from uploads.models import Dataset, Load
from uploads.services.merging.switching import active_in_order
from uploads.states import FileState, Mode

SECONDS = 2
"""After so long a figure is left out: nobody waits for a question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """How a loaded file would join a dataset that has rows."""

    dataset: Dataset
    rows: int
    """Of the file in this dataset."""
    active: int
    """Active files of the dataset without this one."""
    key: tuple[str, ...]
    """What the dataset merges by, or the column that looks as if it told rows apart; empty where none does."""
    known_keys: int | None
    """Rows of the file whose key is there already; ``None``: there is no key, or to count them takes too long."""
    equal_rows: int | None
    """Rows that are there already as they are; ``None``: to count them takes too long."""


def overlaps_of(*, file_id: int) -> tuple[Overlap, ...]:
    """For each dataset with active rows that a loaded file is to join, or is in and not active."""
    found = []
    for part, home in _homes(file_id).items():
        active = [other for other in active_in_order(home) if other != file_id]
        if active:
            found.append(_overlap(home, part, len(active)))
    return tuple(found)


def homes_of(*, file_id: int) -> tuple[Dataset, ...]:
    """The datasets that a loaded file is to join, or is in and not active."""
    return tuple(_homes(file_id).values())


def _homes(file_id: int) -> dict[str, Dataset]:
    """By part."""
    loads = Load.objects.filter(file_id=file_id, file__state=FileState.LOADED).exclude(part="")
    found: dict[str, Dataset] = {}
    for load in loads.select_related("dataset__typed_by").order_by("position"):
        dataset = load.dataset
        home = dataset.typed_by if dataset is not None and dataset.is_draft else dataset
        if home is not None:
            found[load.part] = home
    return found


def likely_key(*, part: str, dataset: Dataset) -> tuple[str, ...]:
    """The first column that has a value in each row of a part and none twice, and looks like a name of things."""
    if dataset.mode == Mode.MERGE:
        return tuple(dataset.key)
    columns = list(dataset.columns.exclude(type__in=["double precision", "boolean", "timestamp"]).order_by("position"))
    unique = unique_columns(part=part, names=[column.name for column in columns])
    return tuple(unique[:1])


def _overlap(home: Dataset, part: str, active: int) -> Overlap:
    rows = sum(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))
    key = likely_key(part=part, dataset=home)
    names = list(home.columns.values_list("name", flat=True))
    return Overlap(
        dataset=home,
        rows=rows,
        active=active,
        key=key,
        known_keys=_counted(key, part, home.slug) if key else None,
        equal_rows=_equal(names, part, home.slug),
    )


def _counted(key: Sequence[str], part: str, table: str) -> int | None:
    try:
        return keys_there(part=part, table=table, key=key, seconds=SECONDS)
    except OverlapUnknown:
        return None


def _equal(names: Sequence[str], part: str, table: str) -> int | None:
    try:
        return equal_rows(part=part, table=table, names=names, seconds=SECONDS)
    except OverlapUnknown:
        return None
