"""Where another reading of a file puts its rows: into a dataset of its own, which takes the name when it is shown.

A dataset's types hold as long as there are rows in it, so a file read again into the dataset that it founded could
never change its mind. Where a dataset has rows of one file's readings alone, each reading therefore gets a dataset of
its own, and of these the one of the active reading has the name: people and programs go on reading ``data.sales``.
"""

from collections.abc import Collection, Sequence

from uploads.database.datasets import rename_table
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.datasets.column_locks import hold_columns
from uploads.services.datasets.matching import Match, match_dataset
from uploads.services.datasets.versions import readings_of
from uploads.tabular.names import header_key

SUFFIX = " (another reading)"
_MOVING = "_reading_on_its_way"


def match_reading(
    *, file: UploadedFile, labels: Sequence[str], hint: str, founded: Collection[int]
) -> tuple[Match | None, Dataset | None]:
    """The dataset that a table of a reading joins, or ``None`` and the dataset in whose stead it founds one.

    ``founded`` are the datasets of this very attempt. Raises ``ColumnMismatch``.
    """
    ours = Dataset.objects.filter(pk__in=founded, header_key=header_key(labels)).first()
    if ours is not None:
        return match_dataset(labels=labels, wanted=ours.slug, hint=hint), None
    wanted = Dataset.objects.filter(slug=file.dataset_wanted).first()
    if wanted is not None and _holds_only(wanted, file.pk):
        return None, wanted
    match = match_dataset(labels=labels, wanted=file.dataset_wanted, hint=hint)
    if match is not None and _holds_only(match.dataset, file.pk):
        return None, match.dataset
    return match, None


def inherit(*, dataset: Dataset, before: Dataset) -> None:
    """Give a reading's own dataset what was said of the one in whose stead it is."""
    dataset.name = _with_suffix(before.name)
    dataset.read_options = before.read_options
    dataset.save(update_fields=["name", "read_options"])


def take_names(*, file_id: int) -> None:
    """Let the datasets of a reading that becomes active have the names; the caller has the transaction.

    Raises ``TableBusy`` while the columns of one of them are being changed.
    """
    file = UploadedFile.objects.get(pk=file_id)
    others = readings_of(file_id=file_id).exclude(pk=file_id)
    theirs = list(Load.objects.filter(file__in=others).exclude(part="").select_related("dataset", "file"))
    settled: set[int] = set()
    for load in Load.objects.filter(file=file).exclude(part="").select_related("dataset").order_by("position"):
        mine = load.dataset
        if mine is None or mine.pk in settled:
            continue
        settled.add(mine.pk)
        alike = [other for other in theirs if other.dataset_id != mine.pk and _may_give(other, load, file)]
        best = min((other.dataset for other in alike if other.dataset), key=_rank, default=None)
        if best is not None and _rank(best) < _rank(mine):
            _exchange(mine, best, file_id)


def _may_give(other: Load, load: Load, file: UploadedFile) -> bool:
    """Whether another reading of the same table lies in a dataset whose name nobody gave to it alone."""
    if other.dataset is None or other.source != load.source:
        return False
    return file.dataset_wanted == other.dataset.slug or not (file.dataset_wanted or other.file.dataset_wanted)


def _rank(dataset: Dataset) -> tuple[int, str]:
    """``sales`` goes before ``sales_2``."""
    return len(dataset.slug), dataset.slug


def _exchange(mine: Dataset, theirs: Dataset, file_id: int) -> None:
    for dataset in sorted((mine, theirs), key=lambda dataset: dataset.pk):
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        hold_columns(dataset_id=dataset.pk)
    if not (_holds_only(mine, file_id) and _holds_only(theirs, file_id)):
        return
    name, other = theirs.slug, mine.slug
    for dataset, before, after in ((theirs, name, _MOVING), (mine, other, name), (theirs, _MOVING, other)):
        rename_table(table=before, to=after)
        Dataset.objects.filter(pk=dataset.pk).update(slug=after)
    plain = theirs.name.removesuffix(SUFFIX)
    Dataset.objects.filter(pk=mine.pk).update(name=plain)
    Dataset.objects.filter(pk=theirs.pk).update(name=_with_suffix(plain))


def _holds_only(dataset: Dataset, file_id: int) -> bool:
    """Whether a dataset has rows, and all of them are of one file's readings."""
    loads = Load.objects.filter(dataset=dataset).exclude(part="")
    return loads.exists() and not loads.exclude(file__in=readings_of(file_id=file_id)).exists()


def _with_suffix(name: str) -> str:
    return name.removesuffix(SUFFIX)[: 255 - len(SUFFIX)] + SUFFIX
