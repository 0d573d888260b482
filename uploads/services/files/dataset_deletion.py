"""Take back a whole dataset: its files, with all their rows, and then its table."""

from dataclasses import dataclass

from uploads.database.datasets import check_free
from uploads.models import Dataset
from uploads.services.admin_log import DELETION, log_act
from uploads.services.datasets.adopted import check_not_adopted
from uploads.services.datasets.browsing import files_of_dataset
from uploads.services.datasets.ending import discard_dataset
from uploads.services.errors import DatasetNotFound, StateConflict
from uploads.services.files.activation import delete_file
from uploads.services.read_only import check_takes_files


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetRemoval:
    """What went with the dataset."""

    slug: str
    files: int
    rows: int


def delete_dataset(*, dataset_id: int, user_id: int | None = None) -> DatasetRemoval:
    """Delete the dataset's files, each as a unit (a workbook goes with all its sheets), and the table itself.

    Raises ``DatasetNotFound``, ``ReadOnlyDataset``, or ``StateConflict`` when another file joins meanwhile: the dataset
    then stays, with it.
    """
    dataset = Dataset.objects.filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFound("There is no such dataset.", hint="Look at the list of datasets.")
    check_takes_files(dataset)
    slug = dataset.public_slug
    files = list(files_of_dataset(dataset_id=dataset_id))
    check_not_adopted(file_ids=[file.pk for file in files])
    check_free(table=dataset.slug)
    rows = sum(delete_file(file_id=file.pk, user_id=user_id).rows for file in files)
    if not discard_dataset(dataset_id=dataset_id):
        raise StateConflict(
            f"Another file joined the dataset “{dataset.name}” while it was being deleted.",
            hint="Its earlier files are deleted; delete it again to remove this one too.",
        )
    words = f"deleted with {len(files):,} file{'s' * (len(files) != 1)} and {rows:,} row{'s' * (rows != 1)}"
    log_act(user_id=user_id, to=dataset, words=words, flag=DELETION)
    return DatasetRemoval(slug=slug, files=len(files), rows=rows)
