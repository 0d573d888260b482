"""The profile of a dataset: figures of each column over the rows of its active files."""

from dataclasses import dataclass
from datetime import datetime

from uploads.database.reading.profiles import LETTERS
from uploads.database.reading.terms import Field
from uploads.models import Dataset, Load
from uploads.services.datasets.reflection import RowsKnown
from uploads.services.queueing import nudge_profiles
from uploads.services.read_only import check_takes_files
from uploads.services.reading.histogram import bars_of
from uploads.services.reading.profile_merge import Kept, Merged, lacking, merged
from uploads.services.reading.profiles import is_fresh
from uploads.services.reading.values import read_value
from uploads.services.visibility import ColumnFacts, Viewer, columns_seen
from uploads.states import HAS_DATA, FileState
from uploads.tabular.table import ColumnType


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnProfile:
    """One column: what it is, its figures, and the shares of its values in ranges of equal width, for a histogram."""

    column: ColumnFacts
    figures: Merged
    bars: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetProfile:
    """Of the tables whose profile is made; ``missing`` others are not counted yet."""

    columns: tuple[ColumnProfile, ...]
    tables: int
    missing: int
    hidden: int
    """Rows that are counted though those of later files with the same keys hide them."""
    made_at: datetime | None

    @property
    def is_whole(self) -> bool:
        """Whether it is of the very rows that readers see."""
        return not self.missing and not self.hidden


def describe_profile(*, dataset: Dataset, viewer: Viewer) -> DatasetProfile:
    """Of a draft, that of the rows that it holds. Has missing ones made soon. Raises ``ReadOnlyDataset``."""
    check_takes_files(dataset)
    loads = _loads(dataset)
    fresh = [load for load in loads if is_fresh(load)]
    if len(fresh) < len(loads):
        nudge_profiles()
    columns = columns_seen(dataset=dataset, viewer=viewer)
    return DatasetProfile(
        columns=tuple(_profiled(column, fresh) for column in columns) if fresh else (),
        tables=len(loads),
        missing=len(loads) - len(fresh),
        hidden=sum(load.rows_hidden for load in loads),
        made_at=max((load.profile.made_at for load in fresh), default=None),
    )


def _loads(dataset: Dataset) -> list[Load]:
    states = HAS_DATA if dataset.is_draft else [FileState.ACTIVE]
    loads = Load.objects.filter(dataset=dataset, file__state__in=states, rows_loaded__gt=0).exclude(part="")
    return list(loads.select_related("profile").defer("columns", "notes").order_by("pk"))


def _profiled(column: ColumnFacts, loads: list[Load]) -> ColumnProfile:
    type_ = ColumnType(column.type)
    figures = merged([_kept(load, column.name) for load in loads], type_=type_)
    return ColumnProfile(column=column, figures=figures, bars=bars_of(figures.points, type_=type_))


def _kept(load: Load, name: str) -> Kept:
    """A column that came to the dataset later is empty in the rows of a load before it."""
    kept: Kept | None = load.profile.columns.get(name)
    return lacking(load.rows_loaded) if kept is None else kept


def profiled_values(*, dataset: Dataset, field: Field) -> list[tuple[object, int]] | None:
    """All kept values of a column with their rows, the most frequent first, where they are those of the very rows that
    readers see, exactly; ``None`` where that isn't known. ``None`` among the values are the blanks."""
    loads = _loads(dataset)
    if not all(is_fresh(load) and not load.rows_hidden for load in loads):
        return None
    if not loads:
        return []
    figures = merged([_kept(load, field.name) for load in loads], type_=field.type)
    if figures.values_known is not RowsKnown.EXACT:
        return None
    found: list[tuple[object, int]] = []
    for text, rows in figures.values:
        value = read_value(text, field)
        if value is None or (field.type is ColumnType.TEXT and len(text) > LETTERS):
            return None
        found.append((value, rows))
    if figures.blanks:
        place = next((at for at, (_, rows) in enumerate(found) if rows < figures.blanks), len(found))
        found.insert(place, (None, figures.blanks))
    return found
