"""The change of a dataset's columns that was made last, with its figures, as pages tell it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from uploads.database.rows import storable_json
from uploads.models import Dataset
from uploads.services.columns.change import (
    NAMED,
    Change,
    columns_in_words,
    kind_in_words,
    listed,
    one_in_words,
    words_added,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Retyped:
    """One column."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeChange:
    """What was done."""

    at: datetime
    columns: tuple[Retyped, ...]
    words_before: tuple[str, ...] | None
    """The null words; ``None`` where they stayed."""
    words_added: tuple[str, ...]
    rows: int
    """That were written anew, with those that don't fit."""
    rejected: int
    mended: int
    """Rejected rows that fit by it and were loaded."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """For people, the columns first, then the figures."""
        said = list(self._retyped)
        if self.words_added:
            said.append(
                f"Cells that hold just {listed(self.words_added)} are empty now, in all columns and in later files."
            )
        elif self.words_before is not None:
            said.append("The words that mean an empty cell were changed.")
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        if self.rejected:
            left_out = "does not fit and is" if self.rejected == 1 else "do not fit and are"
            said.append(f"Of {rows} {self.rejected:,} {left_out} rejected.")
        elif self.rows:
            said.append("The 1 row fits." if self.rows == 1 else f"All {rows} fit.")
        if self.mended:
            fits = "row fits by it and was" if self.mended == 1 else "rows fit by it and were"
            said.append(f"{self.mended:,} rejected {fits} loaded.")
        return tuple(said)

    @property
    def _retyped(self) -> Iterator[str]:
        alike: dict[tuple[str, str], list[str]] = {}
        for column in self.columns:
            alike.setdefault((column.before, column.after), []).append(column.label)
        for (before, after), labels in alike.items():
            for what in columns_in_words(labels):
                if len(labels) > NAMED:
                    yield f"{what} were {kind_in_words(before)} and are {kind_in_words(after)} now."
                else:
                    yield f"{what} was {one_in_words(before)} and is {one_in_words(after)} now."


def beginning(*, dataset: Dataset, change: Change) -> dict[str, Any]:
    """What is remembered of a change, before it is made; its figures are added by ``note_change``."""
    now = {column.name: column for column in dataset.columns.order_by("position")}
    columns = [
        Retyped(name=name, label=column.label or name, before=column.type, after=change.types[name].value)
        for name, column in now.items()
        if name in change.types
    ]
    return {
        "columns": [asdict(column) for column in columns],
        "words_before": None if change.null_words is None else list(dataset.null_words),
        "words_added": list(words_added(dataset=dataset, change=change)),
    }


def note_change(*, dataset_id: int, begun: Mapping[str, Any], rows: int, rejected: int, mended: int) -> None:
    """Remember a change that was made just now."""
    figures = {"at": timezone.now().isoformat(), "rows": rows, "rejected": rejected, "mended": mended}
    Dataset.objects.filter(pk=dataset_id).update(last_change=storable_json({**begun, **figures}))


def last_change(*, dataset: Dataset) -> MadeChange | None:
    """The change that was made last, as long as the columns are as it made them."""
    made = dataset.last_change
    if not made:
        return None
    now = dict(dataset.columns.values_list("name", "type"))
    columns = tuple(Retyped(**column) for column in made["columns"])
    if any(now.get(column.name) != column.after for column in columns):
        return None
    return MadeChange(
        at=datetime.fromisoformat(made["at"]),
        columns=columns,
        words_before=None if made["words_before"] is None else tuple(made["words_before"]),
        words_added=tuple(made["words_added"]),
        rows=made["rows"],
        rejected=made["rejected"],
        mended=made["mended"],
    )
