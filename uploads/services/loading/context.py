"""What the tables of one attempt at a file share: the attempt itself, and the ledger of what it has made."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from uploads.database.partitions import partition_name
from uploads.database.retrying import retry_while_locked
from uploads.database.statements import TableBusy
from uploads.models import Dataset, UploadedFile
from uploads.services.column_locks import join_dataset, leave_datasets
from uploads.services.datasets.drafts import discard_drafts
from uploads.services.datasets.matching import Match
from uploads.services.files.partitions import Attempt
from uploads.services.loading.allowance import Allowance
from uploads.services.loading.lease import Lease, discard_attempt
from uploads.services.options.remembered import DatasetDefaults
from uploads.tabular.place import TablePlace

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadContext:
    """One attempt at a file."""

    attempt: Attempt
    file: UploadedFile
    lease: Lease
    check: Callable[[], None]
    """Called between chunks; raises when the attempt must end."""
    allowance: Allowance
    """How much may become of it."""
    defaults: DatasetDefaults = field(default_factory=DatasetDefaults)
    """What the dataset that the file names remembers of how its files are read."""
    together: bool = False
    """Whether all tables of equal columns are looked through before the first is loaded."""


class Ledger:
    """What an attempt has made so far, each thing noted the moment it is there: a table that fails returns nothing, and
    all of it must be taken back. The attempt owns it; its tables note things and ask for them."""

    def __init__(self) -> None:
        self.drafts: dict[str, Dataset] = {}
        """Drafts that this attempt has made, by ``table_key``: tables of equal columns share one."""
        self.matches: dict[str, Match | None] = {}
        """What was found for the tables of each header: it holds for all of them, whatever others do meanwhile."""
        self.places: dict[str, list[TablePlace]] = {}
        """Where the tables of each draft stand in the file, by ``table_key``, in order."""
        self.parts: dict[int, str] = {}
        """Parts that it has made, by draft."""
        self.typing: dict[str, Mapping[str, Any]] = {}
        """How values are read as types, by ``table_key``: what was said of the file and what its datasets remember."""
        self._joined: set[int] = set()

    @property
    def joins(self) -> bool:
        """Whether a dataset was found for any of its tables."""
        return any(self.matches.values())

    def add(self, draft: Dataset, *, key: str, attempt: Attempt) -> None:
        """Note a draft in whose part the attempt is about to write; nobody else changes its columns meanwhile."""
        self.drafts[key] = draft
        self.parts[draft.pk] = partition_name(file_id=attempt.file_id, dataset_id=draft.pk, fence=attempt.fence)
        self.join(draft.pk, while_waiting=lambda: None)

    def join(self, dataset_id: int, *, while_waiting: Callable[[], None]) -> bool:
        """Keep the dataset's columns as they are until ``leave``; whether others could change them until now."""
        if dataset_id in self._joined:
            return False
        join_dataset(dataset_id=dataset_id, while_waiting=while_waiting)
        self._joined.add(dataset_id)
        return True

    def leave(self) -> None:
        """Let others change the datasets; what is to be taken back must be gone by then."""
        leave_datasets(dataset_ids=self._joined)
        self._joined.clear()

    def take_back(self, attempt: Attempt) -> None:
        """Drop what the attempt has made, unless it was published."""
        try:
            discard_attempt(attempt=attempt, parts=self.parts.values())
            ids = [draft.pk for draft in self.drafts.values()]
            retry_while_locked(partial(discard_drafts, ids=ids))
        except TableBusy as error:  # must not hide why the load ended; the sweep drops parts that are left
            logger.warning("file %s leaves a table behind for now: %s", attempt.file_id, error)
