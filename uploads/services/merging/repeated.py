"""Rows of a file that are in its dataset already where no page asks how it joins: as they are, or by a likely key.

What a command or a program sends says how it joins, or adds all of its rows. Where most of them are there already,
exactly as they are, it waits, as it does on the page; of fewer, and of keys, the number is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uploads.database.lookups.overlap import OverlapUnknown, equal_rows, has_equal_rows, keys_there
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.budget import Budget
from uploads.services.merging.asked import is_decided
from uploads.services.merging.homes import homes_by_part
from uploads.services.merging.likely_keys import likely_key
from uploads.services.merging.overlap import BY_HAND, Overlap, names_of_same_type
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Mode

SECONDS = 2.0
"""That a load takes longer for it at most; what takes longer is not counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeated:
    """How many rows of a part its dataset has already."""

    part: str
    rows: int
    equal_rows: int = 0
    key: tuple[str, ...] = ()
    """The column that looks as if it told rows apart, where nobody has said how files join, as it stands in files."""
    known_keys: int = 0
    """Rows whose key is there."""

    @property
    def is_most(self) -> bool:
        """Of the rows as they are."""
        return 2 * self.equal_rows > self.rows


def repeated_rows(file: UploadedFile, *, state: FileState = FileState.LOADING) -> tuple[Repeated, ...]:
    """By part, where it has such rows and would only add them; ``state``: the one that the file is in."""
    if file.via in BY_HAND or file.mode or file.replaces or file.version_of_id is not None:
        return ()
    time = Budget(SECONDS)
    found = (
        _repeated(home, part, names_of_same_type(home, draft, file.pk), time)
        for part, (home, draft) in homes_by_part(file.pk, state).items()
        if home.mode == Mode.APPEND and not set(active_in_order(home)) <= {file.pk}
    )
    return tuple(each for each in found if each.equal_rows or each.known_keys)


def repeated_of(file: UploadedFile, overlaps: Sequence[Overlap]) -> tuple[Repeated, ...]:
    """The same where they were counted already, of a file that is being loaded."""
    equal = {overlap.dataset: overlap.equal_rows for overlap in overlaps if overlap.repeats}
    return tuple(
        Repeated(part=part, rows=0, equal_rows=equal[home.slug] or 0)
        for part, (home, _) in homes_by_part(file.pk, FileState.LOADING).items()
        if home.slug in equal
    )


def _repeated(home: Dataset, part: str, names: Mapping[str, str], time: Budget) -> Repeated:
    rows = sum(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))
    equal = _equal_rows(home, part, names, time) if len(names) == home.columns.count() else 0
    key = () if is_decided(home) or time.is_spent else likely_key(part=part, dataset=home, names=names)
    known = _known_keys(home, part, {name: names[name] for name in key}, time) if key else 0
    labels = dict(home.columns.values_list("name", "label"))
    return Repeated(
        part=part,
        rows=rows,
        equal_rows=equal,
        key=tuple(labels[name] or name for name in key) if known else (),
        known_keys=known,
    )


def _equal_rows(home: Dataset, part: str, names: Mapping[str, str], time: Budget) -> int:
    try:
        if not has_equal_rows(part=part, table=home.slug, names=names, seconds=time.left):
            return 0
        return equal_rows(part=part, table=home.slug, names=names, seconds=time.left)
    except OverlapUnknown:
        return 0


def _known_keys(home: Dataset, part: str, key: Mapping[str, str], time: Budget) -> int:
    try:
        return 0 if time.is_spent else keys_there(part=part, table=home.slug, key=key, seconds=time.left)
    except OverlapUnknown:
        return 0
