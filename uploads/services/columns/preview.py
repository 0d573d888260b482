"""What a change of columns would cost and bring, looked up before anything is done."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Sum

from uploads.database.datasets import check_free
from uploads.database.partitions import bytes_of
from uploads.database.rows import count_words
from uploads.models import Dataset, Load
from uploads.services.columns.change import (
    NAMED,
    Change,
    checked_change,
    columns_in_words,
    in_words,
    listed,
    words_added,
)
from uploads.services.columns.in_file import in_file_order
from uploads.services.datasets.adopted import check_keeps_columns
from uploads.services.errors import CannotRetype
from uploads.states import HAS_DATA
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import ColumnType

if TYPE_CHECKING:
    from uploads.services.columns.rebuild import Part

CHECKED_ROWS = 1_000_000
"""Up to so many rows every value is looked at for a preview, in about a second; more only when the change is made."""
COUNTED_REJECTS = 50_000
STRANGERS_SHOWN = 3
_SURVEYED = 1.5
"""Looking at every value before the first is written costs half as much again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What would happen; nothing has."""

    words: tuple[str, ...]
    """The change itself, a sentence for each column and list."""
    files: int
    rows: int
    size: int
    """Bytes of the tables that are written anew."""
    seconds: float
    """About how long, going by how long the loads took."""
    emptied: tuple[tuple[str, int], ...] | None
    """Columns and how many of their cells become empty; ``None``: too many rows to look."""
    mended: int | None
    """Rejected rows that would fit; ``None``: not looked at."""
    rejected: int | None
    """Rows that do not fit and are rejected by it; ``None``: not looked at."""
    strangers: tuple[str, ...]
    """The first of them: ``line 12, column “price”: "1,5x" is not a number``."""
    obstacle: str
    """The first value that is in the way; empty if there is none, or if not all were looked at."""
    checked: bool
    """Whether every value was looked at, or doesn't have to be."""
    is_rejecting: bool = False
    """Whether rows that do not fit are to be rejected."""
    empty_words: tuple[str, ...] = ()
    """Words that go on to be read as empty in a column that becomes text."""

    @property
    def sentence(self) -> str:
        """``5,000,000 rows in 3 files are written anew, in about 8 seconds; readers go on, loads wait.``"""
        if not self.rows:
            return "No row has to be written anew."
        files = f"{self.files:,} file{'s' * (self.files != 1)}"
        rows = f"{self.rows:,} row{'s' * (self.rows != 1)}"
        verb = "is" if self.rows == 1 else "are"
        return f"{rows} in {files} {verb} written anew, in about {_duration(self.seconds)}; readers go on, loads wait."

    @property
    def effects(self) -> tuple[str, ...]:
        """What else happens, a sentence each."""
        sentences = list(self._emptied_sentences)
        if self.mended == 1:
            sentences.append("1 rejected row fits then and is loaded.")
        elif self.mended:
            sentences.append(f"{self.mended:,} rejected rows fit then and are loaded.")
        if self.empty_words:
            sentences.append(f"Cells that were read as empty for {listed(self.empty_words)} stay empty.")
        if self.rejected:
            sentences.append(self._rejected_sentence)
        elif self.rejected == 0 and self.is_rejecting:
            sentences.append("All rows fit; none is rejected.")
        if not self.checked and self.is_rejecting:
            sentences.append(
                f"The rows that don't fit are counted then; if they are more than {settings.MAX_REJECTED_SHARE:g} % of"
                " a file, nothing is changed."
            )
        elif not self.checked:
            sentences.append("Every value is looked at first; if one doesn't fit, nothing is changed.")
        return tuple(sentences)

    @property
    def _emptied_sentences(self) -> Iterator[str]:
        emptied = self.emptied or ()
        if len(emptied) > NAMED:
            (columns,) = columns_in_words([label for label, _ in emptied])
            yield f"{sum(count for _, count in emptied):,} cells of {columns} become empty."
            return
        for label, count in emptied:
            yield f"{count:,} cell{'s' * (count != 1)} of “{label}” become{'s' * (count == 1)} empty."

    @property
    def _rejected_sentence(self) -> str:
        """``2 rows don't fit and are rejected: line 12, column “price”: "x" is not a number; …``"""
        rejected = self.rejected or 0
        rows = "1 row doesn't fit and is" if rejected == 1 else f"{rejected:,} rows don't fit and are"
        more = f"; and {rejected - len(self.strangers):,} more" if rejected > len(self.strangers) else ""
        return (
            f"{rows} rejected: {'; '.join(self.strangers)}{more}."
            " Mend them then like any rejected row; or make the column text again: that brings them back."
        )


def preview_change(*, dataset: Dataset, change: Change, check_all: bool = False) -> Preview:
    """Look what a change would do.

    Raises ``BadOption`` where there is nothing to change, ``TableInUse``, and ``DatasetChanged`` where a file goes.
    """
    from uploads.services.columns.rebuild import files_staying  # noqa: PLC0415 - it loads Arrow, as few pages do

    with files_staying():
        return _preview(dataset, checked_change(dataset=dataset, change=change), check_all=check_all)


def _preview(dataset: Dataset, change: Change, *, check_all: bool) -> Preview:
    from uploads.services.columns.apply import touched_partitions  # noqa: PLC0415 - as above
    from uploads.services.columns.rebuild import choose_formats, convert_part  # noqa: PLC0415

    check_keeps_columns(dataset)
    check_free(table=dataset.slug)
    added = words_added(dataset=dataset, change=change)
    parts = touched_partitions(dataset=dataset, change=change, null_words=added)
    rows = sum(part.rows for part in parts)
    surveyed = any(retyping.surveyed for part in parts for retyping in part.loads.values())
    looks = check_all or rows <= CHECKED_ROWS
    obstacle = ""
    if looks or not surveyed:
        try:
            choose_formats(parts=parts, hints=change.hints, rejecting=change.reject_misfits, truth=change.truth)
            if change.reject_misfits:
                for part in parts:
                    convert_part(part, rejecting=True)
        except CannotRetype as error:
            obstacle = error.message
    fits = not obstacle and (looks or not surveyed)
    return Preview(
        words=in_words(dataset=dataset, change=change),
        files=len({part.file_id for part in parts}),
        rows=rows,
        size=bytes_of(parts=[part.name for part in parts]),
        seconds=_seconds(parts) * (_SURVEYED if surveyed else 1),
        emptied=_emptied(dataset, parts, added) if looks else None,
        mended=_mended(dataset, change, parts) if fits else None,
        rejected=sum(part.rejected for part in parts) if fits else None,
        strangers=_strangers(parts),
        is_rejecting=change.reject_misfits,
        obstacle=obstacle,
        checked=looks or not surveyed,
        empty_words=_empty_words(dataset, change),
    )


def _empty_words(dataset: Dataset, change: Change) -> tuple[str, ...]:
    words = dataset.null_words if change.null_words is None else change.null_words
    return tuple(words) if ColumnType.TEXT in change.types.values() else ()


def _strangers(parts: "tuple[Part, ...]") -> tuple[str, ...]:
    """The first rows that don't fit, each with its file where there are several."""
    first = [
        (part.file_name, reject)
        for part in parts
        for some in part.misfits.values()
        for reject in some[:STRANGERS_SHOWN]
    ][:STRANGERS_SHOWN]
    return tuple(
        (f"“{name}”, " if len(parts) > 1 else "")
        + f"line {reject.row:,}, column “{reject.column}”: {reason_in_words(reject.reason)}"
        for name, reject in first
    )


def _seconds(parts: "tuple[Part, ...]") -> float:
    loads = Load.objects.filter(part__in=[part.name for part in parts], finished_at__isnull=False)
    took = loads.aggregate(total=Sum(F("finished_at") - F("started_at")))["total"]
    return float(took.total_seconds()) if took else 0.0


def _emptied(dataset: Dataset, parts: "tuple[Part, ...]", words: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    labels = {column.name: column.label or column.name for column in dataset.columns.filter(type="text")}
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(count_words(part=part.name, names=list(labels), words=words))
    return tuple((labels[name], count) for name, count in counts.most_common())


def _mended(dataset: Dataset, change: Change, parts: "tuple[Part, ...]") -> int | None:
    """Rejected rows that would fit the columns as they will be; ``None`` where there are too many to try."""
    words = dataset.null_words if change.null_words is None else change.null_words
    new = {load_id: retyping.new for part in parts for load_id, retyping in part.loads.items()}
    loads = Load.objects.filter(dataset=dataset, file__state__in=HAS_DATA, rows_rejected__gt=0).exclude(part="")
    if (loads.aggregate(total=Sum("rows_rejected"))["total"] or 0) > COUNTED_REJECTS:
        return None
    from uploads.services.rejects.mend import count_fitting_rejects  # noqa: PLC0415 - as above

    return sum(
        count_fitting_rejects(load_id=load.pk, columns=in_file_order(load, new.get(load.pk, ())), null_words=words)
        for load in loads
    )


def _duration(seconds: float) -> str:
    if seconds < 1.5:
        return "a second"
    return f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
