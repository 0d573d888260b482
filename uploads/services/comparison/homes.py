"""The tables of a file that waits, and where each belongs: what is known before it can be said what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from uploads.database.comparison.sides import columns_of
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.comparison.result import Unforetold
from uploads.services.datasets.establishment import Home, find_home, joins_as_read
from uploads.states import FileState, Mode
from uploads.tabular.errors import UploaderError


@dataclass(frozen=True, kw_only=True, slots=True)
class TableOfFile:
    """One table of a file, and where it belongs."""

    part: str
    loads: Sequence[Load]
    home: Home


def tables_with_homes(file: UploadedFile) -> list[TableOfFile]:
    loads = Load.objects.filter(file=file, dataset__isnull=False).exclude(part="").select_related("dataset", "file")
    by_part: dict[str, list[Load]] = {}
    for load in loads.order_by("position"):
        by_part.setdefault(load.part, []).append(load)
    homes = [(part, each, home_of(each, file)) for part, each in by_part.items()]
    return [TableOfFile(part=part, loads=each, home=home) for part, each, home in homes if home is not None]


def why_unforetold(table: TableOfFile, tables: Sequence[TableOfFile], file: UploadedFile) -> Unforetold | None:
    dataset = table.home.dataset
    if sum(other.home.dataset.pk == dataset.pk for other in tables) > 1:
        return Unforetold.SEVERAL_TABLES
    if not is_as_read(table.loads[0], table.home):
        return Unforetold.READ_AGAIN
    names = names_of(table.home, columns_of(table=dataset.slug))
    if file.mode == Mode.APPEND or Mode.MERGE not in (file.mode or dataset.mode, dataset.mode):
        return None
    return None if is_keyed(table.loads, key_of(file, dataset, names), names) else Unforetold.KEY_NOT_CHECKED


def is_as_read(load: Load, home: Home) -> bool:
    """Whether its rows can be rows of the dataset as they are."""
    draft = load.dataset
    return draft is None or not draft.is_draft or joins_as_read(draft, home, load.file)


def home_of(loads: Sequence[Load], file: UploadedFile) -> Home | None:
    dataset = loads[0].dataset
    if dataset is None or not dataset.is_draft:
        return None if dataset is None else Home(dataset=dataset)
    prefetch_related_objects([dataset], "columns")
    try:
        found = find_home(dataset, file)
    except UploaderError:  # it cannot be activated as things are
        return None
    return None if found is None or (found.plan is not None and not found.plan.is_settled) else found


def key_of(file: UploadedFile, dataset: Dataset, names: Mapping[str, str]) -> tuple[str, ...]:
    """That of the dataset, or what was said with the file; empty where it has no such columns."""
    if file.mode == Mode.MERGE and file.key:
        named = {name: said for said in file.key for name in names if said in (name, names[name])}
        return tuple(named) if len(named) == len(file.key) else ()
    return tuple(dataset.key if dataset.mode == Mode.MERGE else ())


def names_of(home: Home, there: Mapping[str, str]) -> dict[str, str]:
    """The columns that a file has in a dataset, by their names there."""
    if home.plan is None:
        return {name: name for name in there}
    matched = {name: own.name for name, own in home.plan.matched.items()}
    return matched | {own.column: own.name for own in home.plan.added}


def is_keyed(loads: Sequence[Load], key: Sequence[str], names: Mapping[str, str]) -> bool:
    """Whether the rows are known to be told apart by the key: else the file is read again, and some are rejected."""
    if not key or not set(key) <= names.keys():
        return False
    wanted = [names[name] for name in key]
    return all(load.key in (wanted, list(key)) for load in loads)


def unforetold(file: UploadedFile) -> dict[str, Unforetold]:
    """By the slugs of the datasets that a loaded file is to join, why its effect can't be foretold; without those where
    it can, and those that something is to be said of before."""
    if file.state != FileState.LOADED:
        return {}
    tables = tables_with_homes(file)
    found = {table.home.dataset.slug: why_unforetold(table, tables, file) for table in tables}
    return {slug: why for slug, why in found.items() if why is not None}
