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

from uploads.database.reading.terms import Filter, Operator
from uploads.models import ColumnUse, Dataset, DatasetColumn
from uploads.services.queueing import nudge_indexes
from uploads.services.reading.view import View
from uploads.tabular.table import ColumnType

SLOW_SECONDS = 0.2
"""A page that takes longer is slow: a reader notices."""
SLOW_PAGES = 5
"""So many of late, and the index is made."""
OF_LATE = timedelta(days=7)
MOST_BY_ITSELF = 5
"""Indexes of a dataset that nobody asked for: each takes some 40 MB a million rows, and two seconds of each load."""
TELL_SECONDS = 60.0
_COMPARING = frozenset({Operator.EXACT, Operator.IN, Operator.ISNULL})
_ORDERED = frozenset({Operator.LT, Operator.LTE, Operator.GT, Operator.GTE, Operator.RANGE})

type _Key = tuple[int, str]


class _Counts:
    """Slow pages that the database does not know of yet, by dataset and column."""

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
    """Count a page that was read in so many seconds."""
    if seconds < SLOW_SECONDS:
        return
    names = helped_by_index(view)
    if names and (told := _counts.add([(dataset.pk, name) for name in names])):
        tell(told)


def helped_by_index(view: View) -> list[str]:
    """The columns whose index would serve the view: that of its order, else those that its rows are chosen by."""
    if view.sort:
        return [view.sort[0].field.name]
    served = (each for each in view.filters if isinstance(each, Filter) and _is_served(each))
    return list(dict.fromkeys(each.field.name for each in served))


def _is_served(each: Filter) -> bool:
    if each.field.name.startswith("_"):  # the file and the row, which windows find
        return False
    return each.operator in _COMPARING or (each.operator in _ORDERED and each.field.type is not ColumnType.TEXT)


def tell(counts: Mapping[_Key, int]) -> None:
    """Add them to what the database knows, and ask for the indexes of columns that there are enough of."""
    columns = DatasetColumn.objects.filter(dataset_id__in={dataset_id for dataset_id, _ in counts})
    found = {(column.dataset_id, column.name): column.pk for column in columns.only("dataset_id", "name")}
    with transaction.atomic():
        for key in sorted(counts, key=lambda key: found.get(key, 0)):
            if key not in found:
                continue  # removed, or called otherwise by now
            ColumnUse.objects.bulk_create([ColumnUse(column_id=found[key])], ignore_conflicts=True)
            is_late = When(slow_at__gte=Now() - OF_LATE, then=F("slow_pages") + counts[key])
            ColumnUse.objects.filter(pk=found[key]).update(
                slow_pages=Case(is_late, default=Value(counts[key])), slow_at=Now()
            )
        for dataset_id in {dataset_id for dataset_id, _ in counts}:
            if _want_by_itself(dataset_id):
                nudge_indexes(dataset_id=dataset_id)


def _want_by_itself(dataset_id: int) -> bool:
    uses = ColumnUse.objects.filter(column__dataset_id=dataset_id)
    room = MOST_BY_ITSELF - uses.filter(indexed_at__isnull=False).count()
    wanted = uses.filter(indexed_at=None, is_refused=False, obstacle="", slow_pages__gte=SLOW_PAGES)
    chosen = list(wanted.order_by("-slow_pages").values_list("pk", flat=True)[: max(0, room)])
    return bool(chosen) and bool(uses.filter(pk__in=chosen, indexed_at=None).update(indexed_at=Now(), slow_pages=0))
