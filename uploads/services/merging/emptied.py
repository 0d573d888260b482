"""Values of a dataset that a file empties, where it updates others by key and no page asks what its blanks mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uploads.database.lookups.overlap import OverlapUnknown, values_emptied
from uploads.models import Dataset, UploadedFile
from uploads.services.budget import Budget
from uploads.services.merging.choices import MergeChoices, choices_with
from uploads.services.merging.homes import homes_by_part
from uploads.services.merging.keys import key_columns
from uploads.services.merging.overlap import BY_HAND, lacking_columns, names_of_same_type
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Kept, Mode
from uploads.tabular.errors import BadOption

SECONDS = 2.0
"""That a load takes longer for it at most; what takes longer is not told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Emptied:
    """Rows of a part without a value where the same key has one in its dataset."""

    part: str
    dataset: str
    """Its name."""
    rows: int
    columns: tuple[tuple[str, int], ...]
    """As they stand in files, and how many of these rows have no value there; the most first."""


def emptied_by(file: UploadedFile) -> tuple[Emptied, ...]:
    """Of a file that is being loaded; nothing of a full one, which says what there is, blanks too, nor of another
    reading of a file, whose own values those of before are."""
    if file.via in BY_HAND or file.full or file.replaces or file.version_of_id is not None:
        return ()
    if file.mode not in ("", Mode.MERGE):
        return ()
    time = Budget(SECONDS)
    found = (
        _emptied(home, draft, part, file, time)
        for part, (home, draft) in homes_by_part(file.pk, FileState.LOADING).items()
        if (file.mode or home.mode) == Mode.MERGE and not set(active_in_order(home)) <= {file.pk}
    )
    return tuple(each for each in found if each is not None)


def _emptied(home: Dataset, draft: Dataset, part: str, file: UploadedFile, time: Budget) -> Emptied | None:
    labels = dict(home.columns.values_list("name", "label"))
    key = _key(home, file, labels)
    names = names_of_same_type(home, draft, file.pk)
    choices = choices_with(home, file, key=key)
    lacking = lacking_columns(home, draft, part, file.pk)
    others = _others(names, lacking, choices)
    others = {name: own for name, own in others.items() if name not in key}
    if not key or not set(key) <= names.keys() or not others or time.is_spent:
        return None
    mark = (names[choices.mark], choices.mark_values) if choices.mark in names else None
    try:
        rows, columns = values_emptied(
            part=part,
            table=home.slug,
            key={name: names[name] for name in key},
            others=others,
            seconds=time.left,
            but=mark,
        )
    except OverlapUnknown:
        return None
    most = sorted(columns.items(), key=lambda each: -each[1])
    named = tuple((labels[name] or name, count) for name, count in most)
    return Emptied(part=part, dataset=home.name, rows=rows, columns=named) if rows else None


def _key(home: Dataset, file: UploadedFile, labels: Mapping[str, str]) -> Sequence[str]:
    if not file.key:
        return tuple(home.key)
    try:
        return key_columns(file.key, labels=labels)
    except BadOption:  # then it does not join, and says why
        return ()


def _others(names: Mapping[str, str], lacking: Sequence[str], choices: MergeChoices) -> dict[str, str | None]:
    """The columns of which a file empties values where it has none, by their names in the dataset; ``None``: the file
    lacks it."""
    if choices.blanks == Kept.KEEP:
        return {}
    there = {name: own for name, own in names.items() if name not in lacking}
    lacks = dict.fromkeys(lacking) if choices.missing != Kept.KEEP else {}
    return {**there, **lacks}
