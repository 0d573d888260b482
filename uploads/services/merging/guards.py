"""What a dataset may have a file wait for a person for: said for it, each off by default, and what a guard found.

``guard_measures.py`` measures a file. Against what depends on what becomes of the others when it joins (``Against``):

- it takes the place of files (the mode *replace*, or it is another reading of an active file): against these;
- it updates rows by key: against the rows that are seen;
- its rows are added: against the active file that stands last. Then nothing that is seen changes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from django.db import transaction

from uploads.database.rows import storable
from uploads.models import Dataset
from uploads.services.admin_log import log_act
from uploads.services.errors import DatasetNotFound
from uploads.services.read_only import check_takes_files
from uploads.states import Guard
from uploads.tabular.errors import BadOption

OFF = "off"


class Against(StrEnum):
    """What a file is measured against. The values are stored with the file, and shown by the API."""

    REPLACED = "replaced"
    """The files whose place it takes."""
    SEEN = "seen"
    """The rows that are seen, by key."""
    LAST = "last"
    """The active file that stands last."""


GUARD_FIELDS = ("guard_fewer_rows", "guard_changed", "guard_column_gone")
"""Of a dataset: where its guards are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guards:
    """What a dataset has files wait for; limits are percent that still pass, ``None``: it does not."""

    fewer_rows: float | None = None
    changed: float | None = None
    column_gone: bool = False

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        return cls(
            fewer_rows=dataset.guard_fewer_rows,
            changed=dataset.guard_changed,
            column_gone=dataset.guard_column_gone,
        )

    def __bool__(self) -> bool:
        return self.fewer_rows is not None or self.changed is not None or self.column_gone


@dataclass(frozen=True, kw_only=True, slots=True)
class Tripped:
    """Why a file waits: the figures of one guard of one dataset."""

    guard: Guard
    dataset: str
    """Its slug."""
    name: str
    against: Against
    files: tuple[int, ...] = ()
    """Those that it was measured against; of the rows that are seen none."""
    before: int = 0
    """``fewer_rows``: rows of these files, or rows that are seen. ``changed``: rows of these files, or rows that are
    seen whose keys the file has."""
    after: int = 0
    """``fewer_rows``: rows of the file; against what is seen: rows that are seen of those before. ``changed``: how many
    of those before are not the same."""
    limit: float = 0
    """Percent."""
    columns: tuple[str, ...] = ()
    """``column_gone``: as they stand in files."""

    @property
    def percent(self) -> float:
        """Of the rows before: how many fewer there are, or how many change."""
        if not self.before:
            return 0.0
        part = self.before - self.after if self.guard is Guard.FEWER_ROWS else self.after
        return 100 * part / self.before

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        listed = {"files": tuple(data["files"]), "columns": tuple(data["columns"])}
        return cls(**{**data, **listed, "guard": Guard(data["guard"]), "against": Against(data["against"])})


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidGuards:
    """What a person says, as text; ``None``: that stays as it is."""

    fewer_rows: str | None = None
    changed: str | None = None
    column_gone: bool | None = None

    @property
    def says_something(self) -> bool:
        return (self.fewer_rows, self.changed, self.column_gone) != (None, None, None)


def parse_percent(said: str) -> float | None:
    """``20``, ``20 %`` or ``0.5``; ``off`` or nothing: the guard is off. Raises ``BadOption``."""
    text = said.strip().removesuffix("%").strip()
    if text.lower() in ("", OFF):
        return None
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent < 100:
        raise BadOption(
            f"“{storable(said)}” is not a percentage.", hint=f"Say a number from 0 to less than 100, or “{OFF}”."
        )
    return percent


def change_guards(*, slug: str, said: SaidGuards, user_id: int | None = None) -> Guards:
    """Say what the files of a dataset wait for; those that are loaded already stay as they are.

    Raises ``DatasetNotFound``, ``ReadOnlyDataset`` and ``BadOption``.
    """
    changes: dict[str, Any] = {}
    if said.fewer_rows is not None:
        changes["guard_fewer_rows"] = parse_percent(said.fewer_rows)
    if said.changed is not None:
        changes["guard_changed"] = parse_percent(said.changed)
    if said.column_gone is not None:
        changes["guard_column_gone"] = said.column_gone
    with transaction.atomic():
        found = Dataset.objects.select_for_update(no_key=True).filter(slug=slug, established_at__isnull=False)
        dataset = found.first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{storable(slug)}”.", hint="Look at the list of datasets.")
        check_takes_files(dataset)
        for field, value in changes.items():
            setattr(dataset, field, value)
        if changes:
            dataset.save(update_fields=list(changes))
            log_act(user_id=user_id, to=dataset, words=f"what its files wait for: {guards_words(Guards.of(dataset))}")
    return Guards.of(dataset)


def guards_words(guards: Guards) -> str:
    """``more than 20 % fewer rows, or a column gone``; ``nothing``."""
    words = []
    if guards.fewer_rows is not None:
        words.append(f"more than {guards.fewer_rows:g} % fewer rows")
    if guards.changed is not None:
        words.append(f"more than {guards.changed:g} % of the rows changed")
    if guards.column_gone:
        words.append("a column gone")
    if len(words) > 1:
        words[-1] = f"or {words[-1]}"
    return (", " if len(words) > 2 else " ").join(words) or "nothing"
