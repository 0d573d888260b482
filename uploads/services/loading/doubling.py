"""Rows of a file that are there already: asked before it becomes active by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from uploads.database.rows import storable_json
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.loading.guarding import MOST_TRIES, DatasetMoved
from uploads.services.loading.same_rows import find_same_rows, has_same_rows, others_of_as_many
from uploads.services.merging.emptied import emptied_by
from uploads.services.merging.homes import homes_of
from uploads.services.merging.overlap import Overlap, all_by_hand, overlaps_of, questions_of, why_asked
from uploads.services.merging.repeated import Repeated, repeated_of, repeated_rows
from uploads.states import FileState, Mode
from uploads.tabular.notes import Note, NoteKind

_MOST_NAMED = 100
"""Columns of which a note says how many values are emptied there."""
REPEATED = "loaded, but not activated: most of its rows are there already, exactly as they are"


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubles:
    """What was found."""

    waits: str = ""
    """Why the file is not activated by itself; empty where it may be."""
    overlaps: tuple[Overlap, ...] = ()
    """What somebody is to say of it first."""


class Doubling:
    """What one attempt at a file finds of its rows elsewhere; nothing where it is to be loaded all the same."""

    def __init__(self, file: UploadedFile) -> None:
        self._file = file
        self._rows = 0
        self._looked_at: frozenset[int] = frozenset()
        self._met: set[int] = set()
        self._times_met = 0

    def note_same_rows(self, *, rows: int, joins: bool) -> None:
        """Of a file that somebody activates later: so that it is told before."""
        if not self._file.again:
            find_same_rows(file=self._file, rows=rows)
            self._note(repeated_rows(self._file) if joins else ())

    def ask(self, *, rows: int, joins: bool) -> Doubles:
        """``rows``: of all its tables; ``joins``: whether a dataset was found for any of them, which may have rows."""
        if self._file.again:
            return Doubles()
        same = find_same_rows(file=self._file, rows=rows)
        self._rows, self._looked_at = rows, same.looked_at
        if same.active and not self._file.replaces:
            return Doubles(
                waits=f"loaded, but not activated: the same rows are active already, in file {same.active[0]}"
            )
        if not joins and not self._times_met:
            return Doubles()
        self._met |= self._active_in(homes_of(file_id=self._file.pk, state=FileState.LOADING))
        return self._in_datasets()

    def _in_datasets(self) -> Doubles:
        by_hand = all_by_hand(self._file)
        if asked := questions_of(by_hand):
            return Doubles(waits=why_asked(asked), overlaps=asked)
        if by_hand:
            self._note(repeated_of(self._file, by_hand))
            return Doubles(waits=REPEATED if any(each.is_repeated for each in by_hand) else "")
        repeated = repeated_rows(self._file)
        self._note(repeated)
        if not any(each.is_most for each in repeated):
            return Doubles()
        found = overlaps_of(file_id=self._file.pk, state=FileState.LOADING)
        return Doubles(waits=REPEATED, overlaps=tuple(each for each in found if each.is_to_decide))

    def note_emptied(self) -> None:
        """The values of its datasets that it empties, where no page asks whether it should."""
        for each in emptied_by(self._file):
            note = Note.of(
                NoteKind.VALUES_EMPTIED,
                dataset=each.dataset,
                rows=each.rows,
                columns=[{"name": name, "rows": rows} for name, rows in each.columns[:_MOST_NAMED]],
            )
            load = Load.objects.filter(file=self._file, part=each.part).order_by("position").first()
            if load is not None:
                load.notes = [*load.notes, storable_json(note.as_json())]
                load.save(update_fields=["notes"])

    def check_still(self) -> None:
        """In the transaction in which it became active: raises ``DatasetMoved`` where a file of the same rows became so
        a moment before, or another one in its dataset, whose rows nobody compared with these."""
        self._check_met()
        for other in UploadedFile.objects.filter(pk__in=self._others() - self._looked_at):
            if has_same_rows(self._file, other):
                raise DatasetMoved

    def _check_met(self) -> None:
        """Two files of a new kind that come together: each found no dataset to join when it was read. Where files go on
        coming, the last try lets this one in."""
        is_said = self._file.again or self._file.mode or self._file.replaces or self._file.version_of_id is not None
        if is_said or self._times_met >= MOST_TRIES - 1:
            return
        homes = Dataset.objects.filter(loads__file=self._file).exclude(mode=Mode.REPLACE)
        met = self._active_in(homes)
        if not met <= self._met:
            self._times_met += 1
            self._met |= met
            raise DatasetMoved

    def _active_in(self, homes: Iterable[Dataset]) -> set[int]:
        """The other files that are active in these datasets."""
        loads = Load.objects.filter(dataset__in=homes, file__state=FileState.ACTIVE).exclude(part="")
        return set(loads.exclude(file=self._file).values_list("file_id", flat=True))

    def _others(self) -> set[int]:
        if not self._rows or self._file.replaces:
            return set()
        others = others_of_as_many(file=self._file, rows=self._rows).filter(state=FileState.ACTIVE)
        return set(others.values_list("pk", flat=True))

    def _note(self, repeated: tuple[Repeated, ...]) -> None:
        for each in repeated:
            first = Load.objects.filter(file=self._file, part=each.part).order_by("position")[:1]
            keys = {"rows": each.known_keys, "columns": list(each.key)} if each.known_keys else {}
            Load.objects.filter(pk__in=first.values("pk")).update(rows_repeated=each.equal_rows, keys_repeated=keys)
