"""Which datasets take files, and which of them a file may join as it is loaded: of others its sender is not told."""

from django.db.models import QuerySet

from uploads.models import Dataset, UploadedFile
from uploads.services.visibility import OPERATOR, Viewer, read_by, sender_of
from uploads.states import Visibility


def established() -> QuerySet[Dataset]:
    """The datasets that a file of theirs has been active in; only they bind others, and only they take files."""
    return Dataset.objects.filter(established_at__isnull=False, relation="")


def homes_of(file: UploadedFile) -> QuerySet[Dataset]:
    """Those whose types and questions a file is loaded with: that its sender reads.

    What became of it by another would tell that this is there. It takes the file once staff activate it, and from then
    on the file is read with its types.
    """
    return established().filter(read_by(reader_of_homes(file)))


def reader_of_homes(file: UploadedFile) -> Viewer:
    """As whom it looks for datasets: as its sender, until staff have activated it."""
    return sender_of(file) if file.fit_rejects is None and file.activated_at is None else OPERATOR


def homes_for(viewer: Viewer) -> QuerySet[Dataset] | None:
    """Those that take files and this person reads; ``None``: all that there are."""
    return None if viewer.sees_all else established().filter(read_by(viewer))


def is_among(dataset: Dataset, homes: QuerySet[Dataset] | None) -> bool:
    """Whether it is there for whoever has these ``homes``; ``None``: all that there are. One that takes no files is
    none of them, and there for those who know of it anyway."""
    if homes is None:
        return True
    if dataset.is_read_only:
        return dataset.visibility == Visibility.PUBLIC
    return homes.filter(pk=dataset.pk).exists()
