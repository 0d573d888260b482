"""What cannot be done to a dataset that shows a table or view of the database as it is."""

from uploads.models import Dataset
from uploads.services.errors import ReadOnlyDataset
from uploads.services.visibility import OPERATOR, Viewer, reads


def check_takes_files(dataset: Dataset) -> None:
    """Raise ``ReadOnlyDataset`` for whatever is about files, their rows, or columns that are ours to change."""
    if dataset.is_read_only:
        raise ReadOnlyDataset(
            f"“{dataset.name}” shows {dataset.relation} of the database as it is: no file joins it, and nothing is"
            " changed in it here.",
            hint="Send the file under another name; or change the table in the database, and it is seen here at once.",
        )


def check_slug_takes_files(slug: str, *, viewer: Viewer = OPERATOR) -> None:
    """The same for a name that somebody chose; a dataset that is yet to be takes them, and so does one that the viewer
    does not know of."""
    dataset = Dataset.objects.filter(slug=slug).exclude(relation="").first() if slug else None
    if dataset is not None and reads(viewer, dataset):
        check_takes_files(dataset)
