"""Changes of columns that were asked for on a page or over the API: a worker makes them, the dataset remembers them.

``Dataset.change`` is the truth, the job only a nudge: what a killed worker left is nudged again by the sweep.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from uploads.database.datasets import check_free
from uploads.database.rows import storable
from uploads.models import Dataset
from uploads.services.choice import Chooser
from uploads.services.columns.change import Change, checked_change, in_words
from uploads.services.datasets.adopted import check_keeps_columns
from uploads.services.datasets.browsing import files_of_dataset
from uploads.services.errors import DatasetBusy, DatasetNotFound
from uploads.services.files.permissions import Rights
from uploads.services.queueing import nudge_change
from uploads.services.visibility import Viewer


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingChange:
    """A change that was asked for and isn't made yet, or that could not be made."""

    words: tuple[str, ...]
    asked_at: datetime
    error: str
    """Why it could not be made; empty as long as it is on its way."""
    hint: str


def pending_change(*, dataset: Dataset) -> PendingChange | None:
    """What is on its way, or went wrong the last time; ``None`` where nothing is."""
    asked = dataset.change
    if not asked:
        return None
    error = asked.get("error") or {}
    return PendingChange(
        words=tuple(asked["words"]),
        asked_at=datetime.fromisoformat(asked["asked_at"]),
        error=error.get("message", ""),
        hint=error.get("hint", ""),
    )


def may_change_columns(*, rights: Rights, visitor: str, dataset: Dataset) -> bool:
    """Staff with the permission; and whoever sent the file of a draft, unless its types are those of a dataset.

    Nobody changes those of a table that is shown as it is.
    """
    if dataset.is_read_only:
        return False
    if rights.changes_datasets:
        return True
    if not dataset.is_draft or dataset.typed_by_id is not None:
        return False
    own = Viewer(user_id=rights.user_id, visitor=visitor).owns()
    return files_of_dataset(dataset_id=dataset.pk).filter(own).exists()


def require_change_columns(*, rights: Rights, visitor: str, dataset: Dataset) -> None:
    """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may change the dataset's columns."""
    if not may_change_columns(rights=rights, visitor=visitor, dataset=dataset):
        rights.require_change_dataset()


def chooser_of(rights: Rights) -> Chooser:
    """In what capacity somebody who may change the columns does it."""
    return Chooser.STAFF if rights.changes_datasets else Chooser.SENDER


def ask_for_change(
    *, slug: str, change: Change, user_id: int | None = None, chooser: Chooser = Chooser.STAFF
) -> PendingChange:
    """Note the change and tell the workers. Raises what ``checked_change`` raises, and ``DatasetBusy``."""
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(slug=slug).first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{slug}”.", hint="Look at the list of datasets.")
        change = checked_change(dataset=dataset, change=change)
        check_keeps_columns(dataset)
        check_free(table=dataset.slug)
        if dataset.change and not dataset.change.get("error"):
            raise DatasetBusy(
                "Another change of this dataset's columns is on its way.", hint="Try again when that is done."
            )
        dataset.change = {
            "change": change.as_json(),
            "words": [storable(sentence) for sentence in in_words(dataset=dataset, change=change)],
            "user_id": user_id,
            "chooser": chooser.value,
            "asked_at": timezone.now().isoformat(),
            "tries": 0,
            "of_draft": dataset.is_draft,
        }
        dataset.save(update_fields=["change"])
        nudge_change(dataset_id=dataset.pk)
    pending = pending_change(dataset=dataset)
    if pending is None:
        raise TypeError("a change was asked for and is not there")
    return pending


def enqueue_changes(*, asked_before: datetime) -> int:
    """Nudge again what was asked for a while ago and isn't made; returns how many there were."""
    waiting = [
        dataset.pk
        for dataset in Dataset.objects.exclude(change={})
        if not dataset.change.get("error") and datetime.fromisoformat(dataset.change["asked_at"]) < asked_before
    ]
    for dataset_id in waiting:
        nudge_change(dataset_id=dataset_id)
    return len(waiting)
