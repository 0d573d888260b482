"""How much may become of one file, and wait of one sender: what is packed small can be a table of any size."""

from django.conf import settings
from django.db.models import Count, Q, Sum

from uploads.models import Load, UploadedFile
from uploads.services.files.progress import awaits_review
from uploads.services.sender_network import sent_from
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState
from uploads.tabular.errors import LimitExceeded

_PENDING = (FileState.LOADING, FileState.LOADED)
"""States of files that hold rows which nobody has let in yet."""
_ASK = "Ask the people who run this site to look at what waits, or come back later."


class Allowance:
    """What one attempt at a file may make. Staff's files are held to the limits of a file alone."""

    def __init__(self, file: UploadedFile) -> None:
        self._name = file.name
        self._waiting: dict[str, int] | None = None
        if awaits_review(file):
            self._waiting = _waiting(file)

    def check_rows(self, count: int) -> None:
        """Raise ``LimitExceeded`` where the file, or what its sender has waiting, has more rows than it may."""
        if 0 < settings.MAX_ROWS < count:
            raise LimitExceeded(
                f"{self._name} has more than {settings.MAX_ROWS:,} rows.", hint="Split it into smaller files."
            )
        most = settings.MAX_ROWS_WAITING_PER_ADDRESS
        if self._waiting is not None and 0 < most < count + (self._waiting["rows"] or 0):
            raise LimitExceeded(
                f"With {self._name} more than {most:,} rows from your network wait to be looked at.", hint=_ASK
            )

    def check_datasets(self, count: int) -> None:
        """The same for the datasets that the tables of the file are for."""
        if 0 < settings.MAX_DATASETS_PER_FILE < count:
            raise LimitExceeded(
                f"{self._name} has tables of more than {settings.MAX_DATASETS_PER_FILE:,} kinds.",
                hint="Send those that belong together in a file of their own.",
            )
        most = settings.MAX_DATASETS_WAITING_PER_ADDRESS
        if self._waiting is not None and 0 < most < count + self._waiting["datasets"]:
            raise LimitExceeded(
                f"With {self._name} more than {most:,} datasets from your network wait to be looked at.", hint=_ASK
            )


def _waiting(file: UploadedFile) -> dict[str, int]:
    """Of other files of the same sender that were never active."""
    others = UploadedFile.objects.filter(state__in=_PENDING, activated_at=None, **sent_from(file.address))
    others = others.filter(Q(uploaded_by=None) | Q(uploaded_by__is_staff=False))
    others = others.exclude(via__in=WITHOUT_SENDER).exclude(pk=file.pk)
    loads = Load.objects.filter(file__in=others)
    return loads.aggregate(rows=Sum("rows_loaded"), datasets=Count("dataset", distinct=True))
