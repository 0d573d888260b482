"""Pages that take long for want of an index, counted by column; the index is made once there are some.

Each process counts in memory, and tells the database a few at a time. A page that is quick counts for nothing, so that
it costs nothing.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from uploads.models import ColumnUse, Dataset, DatasetColumn
from uploads.services.queueing import nudge_indexes
from uploads.services.reading.serving import Helper, helpers_of
from uploads.services.reading.view import View

SLOW_SECONDS = 0.2
"""A page that takes longer is slow: a reader notices."""
SLOW_PAGES = 5
"""So many of late, and the index is made."""
OF_LATE = timedelta(days=7)
MOST_BY_ITSELF = 5
"""Indexes of a dataset that nobody asked for: each takes some 40 MB a million rows, and two seconds of each load."""
TELL_SECONDS = 60.0

type _Key = tuple[int, Helper]


class _Counts:
    """Slow pages that the database does not know of yet, by dataset and index."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[_Key] = Counter()
        self._since = 0.0

    def add(self, keys: Iterable[_Key]) -> Mapping[_Key, int]:
        """Count one more of each; gives what is to be told now, which is forgotten here."""
        with self._lock:
            if not self._counts:
                self._since = time.monotonic()
            self._counts.update(keys)
            is_due = time.monotonic() - self._since >= TELL_SECONDS
            if not is_due and max(self._counts.values(), default=0) < SLOW_PAGES:
                return {}
            told, self._counts = self._counts, Counter()
            return told


_counts = _Counts()


def note_page(*, dataset: Dataset, view: View, seconds: float) -> None:
    """Count a page that was read in so many seconds; a search in more columns than are indexed for it is not helped."""
    if seconds < SLOW_SECONDS:
        return
    helpers = helpers_of(view)
    if 0 < len(helpers) <= MOST_BY_ITSELF and (told := _counts.add([(dataset.pk, each) for each in helpers])):
        tell(told)


def tell(counts: Mapping[_Key, int]) -> None:
    """Add them to what the database knows, and ask for the indexes of columns that there are enough of."""
    columns = DatasetColumn.objects.filter(dataset_id__in={dataset_id for dataset_id, _ in counts})
    found = {(column.dataset_id, column.name): column.pk for column in columns.only("dataset_id", "name")}
    numbers = {key: found[key[0], key[1].name] for key in counts if (key[0], key[1].name) in found}
    with transaction.atomic():
        for key in sorted(numbers, key=lambda key: (numbers[key], key[1].kind)):  # others were removed, or renamed
            use = {"column_id": numbers[key], "kind": key[1].kind}
            ColumnUse.objects.bulk_create([ColumnUse(**use)], ignore_conflicts=True)
            is_late = When(slow_at__gte=Now() - OF_LATE, then=F("slow_pages") + counts[key])
            ColumnUse.objects.filter(**use).update(slow_pages=Case(is_late, default=Value(counts[key])), slow_at=Now())
        for dataset_id in {dataset_id for dataset_id, _ in counts}:
            if _want_by_itself(dataset_id):
                nudge_indexes(dataset_id=dataset_id)


def _want_by_itself(dataset_id: int) -> bool:
    uses = ColumnUse.objects.filter(column__dataset_id=dataset_id)
    room = MOST_BY_ITSELF - uses.filter(indexed_at__isnull=False).count()
    wanted = uses.filter(indexed_at=None, is_refused=False, obstacle="", slow_pages__gte=SLOW_PAGES)
    chosen = list(wanted.order_by("-slow_pages", "column_id").values_list("pk", flat=True)[: max(0, room)])
    return bool(chosen) and bool(uses.filter(pk__in=chosen, indexed_at=None).update(indexed_at=Now(), slow_pages=0))
