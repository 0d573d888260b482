"""Measure a file that would become active by itself against the guards of its datasets.

Nothing is looked up where no guard is set. How many rows there are costs nothing, for their number is kept; what
changes takes seconds, and only the guard on changes asks it (and that on fewer rows where files merge).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from uploads.database.comparison.sides import columns_of
from uploads.database.lookups.kept_rows import KeyedRows, NotCounted, OldPart, rows_by_key, rows_kept
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.merging.choices import choices_with, fold_of
from uploads.services.merging.guards import Against, Guards, Tripped
from uploads.services.merging.homes import homes_by_part
from uploads.services.merging.keys import key_columns
from uploads.services.merging.overlap import names_in_part
from uploads.services.merging.shown_rows import active_in_order, bases_aside
from uploads.states import FileState, Guard, Kept, Mode
from uploads.tabular.errors import BadOption

SECONDS = 120
"""Longer than counting ever took; a file of which it is not known by then waits, for nobody knows that it is little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A file and one dataset with guards, at the moment when it was measured."""

    dataset_id: int
    active: frozenset[int]
    """The other files that were active."""
    tripped: tuple[Tripped, ...]


def measure_file(*, file: UploadedFile, instead_of: Collection[int] = ()) -> tuple[Measured, ...]:
    """A file whose tables are loaded and that is not active yet, for each dataset with guards that it is to join.

    ``instead_of``: files whose place it takes wherever they are, such as another reading of it.
    """
    found = []
    for part, (home, draft) in homes_by_part(file.pk, FileState.LOADING).items():
        if Guards.of(home):
            active = [other for other in active_in_order(home) if other != file.pk]
            tripped: tuple[Tripped, ...] = ()
            if active:
                tripped = _Measure(
                    file=file, part=part, home=home, draft=draft, active=active, instead_of=instead_of
                ).run()
            found.append(Measured(dataset_id=home.pk, active=frozenset(active), tripped=tripped))
    return tuple(found)


def is_as_measured(measured: Measured, *, file_id: int) -> bool:
    """Whether a file that is active by now met those files that it was measured against.

    Within the transaction that activates it, which has locked its datasets: a file that became active meanwhile, or
    ceased to be, shows here.
    """
    dataset = Dataset.objects.filter(pk=measured.dataset_id).first()
    if dataset is None:  # another reading has taken its place
        return not measured.active
    now = {other for other in active_in_order(dataset) if other != file_id}
    gone = measured.active - now
    made_way = UploadedFile.objects.filter(pk__in=gone, replaced_by=file_id).values_list("pk", flat=True)
    return now <= measured.active and gone == set(made_way)


class _Measure:
    """One table of a file against one dataset."""

    def __init__(
        self,
        *,
        file: UploadedFile,
        part: str,
        home: Dataset,
        draft: Dataset,
        active: Sequence[int],
        instead_of: Collection[int],
    ) -> None:
        self._file, self._part, self._home = file, part, home
        self._active = active
        self._guards = Guards.of(home)
        self._rows = sum(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))
        self._names = names_in_part(home, draft, file.pk)
        mode = Mode(file.mode or home.mode)
        if mode is Mode.REPLACE:
            self._against, self._files = Against.REPLACED, list(active)
        elif replaced := [other for other in active if other in instead_of]:
            self._against, self._files = Against.REPLACED, replaced
        elif mode is Mode.MERGE:
            self._against, self._files = Against.SEEN, []
        else:
            self._against, self._files = Against.LAST, [active[-1]]

    def run(self) -> tuple[Tripped, ...]:
        found = [self._column_gone()] if self._guards.column_gone else []
        try:
            if self._against is Against.SEEN:
                found += self._by_key()
            else:
                found += [self._fewer_rows(before=self._rows_of(self._files), after=self._rows), self._changed()]
        except NotCounted:
            found.append(self._tripped(Guard.NOT_MEASURED))
        return tuple(each for each in found if each is not None)

    def _tripped(self, guard: Guard, **figures: object) -> Tripped:
        said: dict[str, object] = {"files": tuple(self._files), **figures}
        return Tripped(
            guard=guard,
            dataset=self._home.slug,
            name=self._home.name,
            against=self._against,
            **said,  # type: ignore[arg-type]  # figures of a guard
        )

    def _fewer_rows(self, *, before: int, after: int) -> Tripped | None:
        limit = self._guards.fewer_rows
        if limit is None:
            return None
        found = self._tripped(Guard.FEWER_ROWS, before=before, after=after, limit=limit)
        return found if found.percent > limit else None

    def _share_changed(self, *, before: int, changed: int) -> Tripped | None:
        limit = self._guards.changed
        if limit is None:
            return None
        found = self._tripped(Guard.CHANGED, before=before, after=changed, limit=limit)
        return found if found.percent > limit else None

    def _changed(self) -> Tripped | None:
        """Rows of the files whose place it takes that it does not have as they were."""
        if self._guards.changed is None or self._against is not Against.REPLACED:
            return None
        asides = bases_aside(self._home)
        loads = Load.objects.filter(dataset=self._home, file__in=self._files).exclude(part="")
        parts = dict(loads.values_list("part", "file_id"))
        old = [OldPart(part=part, file_id=file, aside=asides.get(part, "")) for part, file in sorted(parts.items())]
        names = self._comparable() | dict.fromkeys(self._lacked(), "")
        before = self._rows_of(self._files)
        kept = rows_kept(old=old, new=self._part, names=names, seconds=SECONDS)
        return self._share_changed(before=before, changed=before - kept)

    def _by_key(self) -> list[Tripped | None]:
        """What is seen of the keys that it has changes; of a full file, what it lacks goes."""
        if self._guards.fewer_rows is None and self._guards.changed is None:
            return []
        key, names = self._key(), self._comparable()
        if not key or not set(key) <= names.keys():
            return []  # it cannot become active so: it is read again, or fails, with the reason
        found = self._keyed(key, names)
        loads = Load.objects.filter(dataset=self._home, file__in=self._active).exclude(part="")
        seen = sum(rows - hidden for rows, hidden in loads.values_list("rows_loaded", "rows_hidden"))
        gone = found.deleted + (seen - found.touched if self._file.full else 0)
        return [
            self._fewer_rows(before=seen, after=seen - gone),
            self._share_changed(before=found.touched, changed=found.changed),
        ]

    def _keyed(self, key: Sequence[str], names: dict[str, str]) -> KeyedRows:
        choices, fold = choices_with(self._home, self._file, key=key), fold_of(self._home)
        is_marked_so = fold is not None and fold.mark == choices.mark
        return rows_by_key(
            part=self._part,
            table=self._home.slug,
            names=names,
            key=key,
            blanks_keep=choices.blanks == Kept.KEEP,
            emptied=() if choices.keeps else self._lacked(),
            mark=choices.mark,
            marks=fold.mark_values if fold is not None and is_marked_so else choices.mark_values,
            seconds=SECONDS,
        )

    def _key(self) -> list[str]:
        if self._home.mode == Mode.MERGE and not self._file.key:
            return list(self._home.key)
        try:
            return key_columns(self._file.key, labels=dict(self._home.columns.values_list("name", "label")))
        except BadOption:
            return []

    def _comparable(self) -> dict[str, str]:
        """The columns that both have, of the same type: others are read again before they are seen."""
        mine, theirs = columns_of(table=self._part), columns_of(table=self._home.slug)
        return {
            name: own for name, own in self._names.items() if own in mine and mine[own] == theirs.get(name, mine[own])
        }

    def _column_gone(self) -> Tripped | None:
        files = self._files or [self._active[-1]]
        loads = Load.objects.filter(dataset=self._home, file__in=files).exclude(part="")
        known = [set(load.columns_missing) for load in loads]
        gone = [name for name in self._lacked() if not all(name in each for each in known)]
        if not gone:
            return None
        labels = dict(self._home.columns.values_list("name", "label"))
        return self._tripped(
            Guard.COLUMN_GONE, files=tuple(files), columns=tuple(labels[name] or name for name in gone)
        )

    def _lacked(self) -> list[str]:
        """The dataset's columns that the file does not have."""
        return [name for name in self._home.columns.values_list("name", flat=True) if name not in self._names]

    def _rows_of(self, files: Sequence[int]) -> int:
        loads = Load.objects.filter(dataset=self._home, file__in=files).exclude(part="")
        return sum(loads.values_list("rows_loaded", flat=True))
