"""Which tables are laid beside each other: those of two files, or those of a file beside what their datasets show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.datasets.establishment import plan_of
from uploads.services.datasets.joinable import established
from uploads.services.visibility import OPERATOR, Viewer, reads
from uploads.states import FileState


@dataclass(frozen=True, kw_only=True, slots=True)
class FileTable:
    """Rows of a file that lie in one table of the database: mostly one table of the file, or several of one kind."""

    name: str
    """The sheet or the archive's member; of several tables, or of a file that is its table, the dataset."""
    table: str
    """In the schema ``data``."""
    without_file: int | None = None
    source: str = ""
    home: int | None = None
    """The established dataset that it is in, or is to join."""
    slug: str = ""
    """Of that dataset, or that which it asks for."""
    header_key: str = ""
    draft: int | None = None
    """What it lies in until the file is active for the first time."""
    rejected: int = 0
    """Rows of the file for this table that were rejected and lie nowhere."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Columns that have another name in the dataset that it is compared with, and that name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairing:
    """Tables with their counterparts, old and new, and those that have none."""

    pairs: tuple[tuple[FileTable, FileTable], ...]
    only_old: tuple[FileTable, ...]
    only_new: tuple[FileTable, ...]


def tables_of(file: UploadedFile) -> tuple[FileTable, ...]:
    """The tables in which the file's rows lie, in its order; the loads of one dataset lie in one part."""
    loads = Load.objects.filter(file=file, dataset__isnull=False).exclude(part="").select_related("dataset__typed_by")
    by_part: dict[str, list[Load]] = {}
    for load in loads.order_by("position"):
        by_part.setdefault(load.part, []).append(load)
    return tuple(_table(part, found) for part, found in by_part.items())


def _table(part: str, loads: Sequence[Load]) -> FileTable:
    dataset = loads[0].dataset
    if dataset is None:
        raise ValueError("a part belongs to a dataset")
    home = dataset.typed_by if dataset.is_draft else dataset
    source = loads[0].source if len(loads) == 1 else ""
    return FileTable(
        name=source or dataset.name,
        table=part,
        source=source,
        home=None if home is None else home.pk,
        slug=dataset.public_slug,
        header_key=dataset.header_key,
        draft=dataset.pk if dataset.is_draft else None,
        rejected=sum(load.rows_rejected for load in loads),
    )


def pair_tables(old: Sequence[FileTable], new: Sequence[FileTable]) -> Pairing:
    """Those of the same dataset are counterparts, then those of the same sheet, then those of the same columns or of
    the same name; and two files of one table each are compared whatever these are called."""
    left_old, left_new = list(old), list(new)
    pairs: list[tuple[FileTable, FileTable]] = []
    for alike in (
        lambda a, b: a.home is not None and a.home == b.home and a.source == b.source,
        lambda a, b: a.home is not None and a.home == b.home,
        lambda a, b: bool(a.source) and a.source == b.source,
        lambda a, b: a.header_key == b.header_key and a.slug == b.slug,
        lambda a, b: a.header_key == b.header_key,
        lambda a, b: a.slug == b.slug,
        lambda a, b: len(old) == 1 == len(new),
    ):
        for b in list(left_new):
            a = next((each for each in left_old if alike(each, b)), None)
            if a is not None:
                pairs.append((a, b))
                left_old.remove(a)
                left_new.remove(b)
    order = {table.table: number for number, table in enumerate(new)}
    pairs.sort(key=lambda pair: order[pair[1].table])
    return Pairing(pairs=tuple(pairs), only_old=tuple(left_old), only_new=tuple(left_new))


def active_counterparts(file: UploadedFile, tables: Sequence[FileTable], viewer: Viewer = OPERATOR) -> Pairing:
    """The tables of a file beside what their datasets show without it; one that founds a dataset has none, nor has one
    of a dataset that the viewer does not read."""
    pairs: list[tuple[FileTable, FileTable]] = []
    alone: list[FileTable] = []
    for stored in tables:
        dataset, names = _planned(file, stored) or (_home_of(stored), {})
        table = replace(stored, names=names)
        if dataset is None or not reads(viewer, dataset):
            alone.append(table)
            continue
        shown = FileTable(name=dataset.name, table=dataset.slug, without_file=file.pk, home=dataset.pk)
        pairs.append((shown, table))
    return Pairing(pairs=tuple(pairs), only_old=(), only_new=tuple(alone))


def _planned(file: UploadedFile, table: FileTable) -> tuple[Dataset, Mapping[str, str]] | None:
    """The dataset that a table almost belongs to, and names that columns have there: as answered, or as proposed."""
    draft = None if table.draft is None else Dataset.objects.filter(pk=table.draft).first()
    plan = None if draft is None else plan_of(draft, file)
    dataset = None if plan is None else established().filter(pk=plan.dataset_id).first()
    if plan is None or dataset is None:
        return None
    return dataset, {own.name: name for name, own in plan.matched.items() if own.name != name}


def _home_of(table: FileTable) -> Dataset | None:
    """Its dataset; of a draft that is older than the dataset of its columns, the one that it would join now."""
    if table.home is not None:
        return established().filter(pk=table.home).first()
    active = Exists(Load.objects.filter(dataset=OuterRef("pk"), file__state=FileState.ACTIVE))
    alike = list(established().filter(active, header_key=table.header_key).order_by("-id"))
    return next((dataset for dataset in alike if dataset.slug == table.slug), alike[0] if alike else None)
