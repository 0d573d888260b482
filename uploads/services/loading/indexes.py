"""What makes parts quick to read: the indexes that readers of their datasets have, one for deep pages, statistics."""

import logging
from collections.abc import Mapping

from django.db import DatabaseError, transaction

from uploads.database.partitions import analyze_partition, index_partition, is_large, is_worth_an_index
from uploads.database.statements import TableBusy
from uploads.models import Dataset, DatasetColumn
from uploads.services.datasets.matching import Match
from uploads.services.reading.indexes import has_indexes, index_new_part

logger = logging.getLogger(__name__)


def prepare_for_readers(*, part: str) -> bool:
    """Index a part that is worth it, and gather the statistics of a large one; returns whether that was done.

    Comes after the rows can be seen: for 5,000,000 rows it takes 0.6 s, and over 100 columns half as long as COPY. A
    small part is read in a moment as it is, and autovacuum counts it. One that is gone by now, taken back by a person,
    is left alone, and the sweep comes back to one that was busy.
    """
    try:
        if not is_worth_an_index(part=part):
            return False
        with transaction.atomic():
            index_partition(part=part)
        if is_large(part=part):
            analyze_partition(part=part)
    except (DatabaseError, TableBusy) as error:
        logger.warning("%s has no index yet: %s", part, error)
        return False
    return True


def index_for_readers(
    *, drafts: Mapping[str, Dataset], matches: Mapping[str, Match | None], parts: Mapping[int, str]
) -> None:
    """Make the indexes that the datasets have for readers in parts that are to join them: two seconds a million rows,
    and none once the rows can be seen. Which are whose is said as by a ``Ledger``."""
    for table, draft in drafts.items():
        match = matches.get(table)
        if match is None or not has_indexes(dataset_id=match.dataset.pk):
            continue
        types = dict(DatasetColumn.objects.filter(dataset=draft).values_list("name", "type"))
        index_new_part(part=parts[draft.pk], dataset_id=match.dataset.pk, types=types)
