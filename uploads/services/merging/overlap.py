"""What a file that comes has in common with the dataset that it is to join: asked where somebody decides about it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from uploads.database.lookups.overlap import OverlapUnknown, equal_rows, keys_there, rows_emptied, rows_valued
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.budget import Budget
from uploads.services.merging.asked import fingerprint, is_decided
from uploads.services.merging.choices import WHOLE_ROWS, MergeChoices, fold_of
from uploads.services.merging.homes import homes_by_part
from uploads.services.merging.likely_keys import joint_key_of, likely_columns, likely_key, moment_key_of
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Mode

HOW_TO_JOIN = "loaded, but not activated: rows of it are there already, and nobody has said how it joins them"
OLD_VALUES = (
    "loaded, but not activated: it has no values where rows that it updates have some, and nobody has said what becomes"
    " of those"
)
"""For the history of a file."""
BY_HAND = (UploadedFile.Via.PAGE, UploadedFile.Via.FORM)
"""Whoever sends so is asked how the file joins; other senders have an option for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """How a loaded file would join a dataset that has rows."""

    dataset: str
    """Its slug."""
    name: str
    mode: Mode
    dataset_key: tuple[str, ...]
    is_decided: bool
    """Somebody said how files join it."""
    rows: int
    """Of the file in this dataset."""
    active: int
    """Active files of the dataset without this one."""
    key: tuple[str, ...]
    """What the dataset merges by, or the column that looks as if it told rows apart; empty where none does."""
    key_labels: tuple[str, ...]
    """The same as they stand in files."""
    known_keys: int | None
    """Rows of the file whose key is there already; ``None``: there is no key, or to count them takes too long."""
    equal_rows: int | None
    """Rows that are there already as they are; ``None``: to count them takes too long."""
    choices: MergeChoices = WHOLE_ROWS
    """Of the dataset."""
    is_counted: bool = True
    """Whether there was time for all of these figures."""
    emptied_rows: int | None = None
    """Rows with a blank where the same key has a value; ``None``: not counted, or it was said what that means."""
    lacking: tuple[str, ...] = ()
    """The dataset's columns that the file does not have, as they stand in files."""
    lacking_rows: int | None = None
    """Rows for whose key the dataset has a value in one of these; ``None``: not counted."""

    @property
    def is_to_decide(self) -> bool:
        """Rows of it are there already, and nobody has said how files join."""
        return not self.is_decided and bool(self.known_keys or self.equal_rows)

    @property
    def empties_unasked(self) -> bool:
        """Its rows update others by key, it has no values where these have some, and nobody said what that means."""
        return (
            self.is_decided
            and self.mode == Mode.MERGE
            and self.choices.asks(emptied_rows=self.emptied_rows, lacking_rows=self.lacking_rows)
        )

    @property
    def repeats(self) -> bool:
        """It was said that rows are only added, and some of these would be added a second time."""
        return self.is_decided and self.mode == Mode.APPEND and bool(self.equal_rows)

    @property
    def is_repeated(self) -> bool:
        """Most of them would."""
        return self.repeats and 2 * (self.equal_rows or 0) > self.rows

    @property
    def seen(self) -> str:
        """A fingerprint of how files join the dataset."""
        return fingerprint(mode=self.mode, key=self.dataset_key, choices=self.choices, is_decided=self.is_decided)

    @property
    def may_empty_by_blanks(self) -> bool:
        """Whether it matters what a blank means where its rows update others by key, or nobody knows if it does."""
        return self._may_empty(self.emptied_rows, is_open=self.choices.asks_of_blanks)

    @property
    def may_empty_by_lack(self) -> bool:
        """The same of columns that the file does not have."""
        return bool(self.lacking) and self._may_empty(self.lacking_rows, is_open=self.choices.asks_of_lack)

    def _may_empty(self, rows: int | None, *, is_open: bool) -> bool:
        if not self.is_decided:
            return bool(self.key) and 0 not in (self.known_keys, rows)
        return self.mode == Mode.MERGE and is_open and bool(rows)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "choices": self.choices.as_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        listed = {name: tuple(data.get(name, ())) for name in ("key", "key_labels", "dataset_key", "lacking")}
        choices = MergeChoices.from_json(data.get("choices", {}))
        return cls(**{**data, **listed, "mode": Mode(data["mode"]), "choices": choices})


def overlaps_of(
    *, file_id: int, state: FileState = FileState.LOADED, budget: Budget | None = None
) -> tuple[Overlap, ...]:
    """For each dataset with active rows that a loaded file is to join, or is in and not active.

    ``budget``: the time for all figures; what does not fit is left out, as what takes too long by itself always is.
    """
    time = budget or Budget()
    found = []
    for part, (home, draft) in homes_by_part(file_id, state).items():
        active = [other for other in active_in_order(home) if other != file_id]
        if active:
            lacking = lacking_columns(home, draft, part, file_id)
            names = {name: own for name, own in names_of_same_type(home, draft, file_id).items() if name not in lacking}
            is_asked = state is FileState.LOADED
            found.append(_overlap(home, part, len(active), names=names, lacking=lacking, is_asked=is_asked, time=time))
    return tuple(found)


def overlaps_by_hand(file: UploadedFile, *, state: FileState = FileState.LOADING) -> tuple[Overlap, ...]:
    """Those that matter for a file that somebody sent on the page, before it is seen: ``questions_of`` and
    ``is_repeated``. Other senders have an option for how it joins. ``state``: the one that it is in."""
    found = all_by_hand(file, state=state)
    return tuple(each for each in found if each.is_to_decide or each.is_repeated or each in asked_of_values(found))


def all_by_hand(file: UploadedFile, *, state: FileState = FileState.LOADING) -> tuple[Overlap, ...]:
    """Those of such a file, whether or not they matter before it is seen."""
    if file.via not in BY_HAND or file.mode or file.replaces or file.version_of_id is not None:
        return ()
    return overlaps_of(file_id=file.pk, state=state)


def asked_of_values(overlaps: Sequence[Overlap]) -> tuple[Overlap, ...]:
    """Those that ``empties_unasked``, where all tables of the file update by key: one answer holds for all."""
    if not all(each.is_decided and each.mode == Mode.MERGE for each in overlaps):
        return ()
    return tuple(each for each in overlaps if each.empties_unasked)


def ask_again(*, file_id: int) -> None:
    """How a file joins, where that was said for the first time with its activation, which was undone."""
    file = UploadedFile.objects.get(pk=file_id)
    open_ = [each.as_json() for each in questions_of(overlaps_by_hand(file, state=FileState.LOADED))]
    if open_:
        UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).update(overlaps=open_)


def questions_of(overlaps: Sequence[Overlap]) -> tuple[Overlap, ...]:
    """Those of which somebody has to say something before the file is seen."""
    return tuple(each for each in overlaps if each.is_to_decide) or asked_of_values(overlaps)


def why_asked(overlaps: Sequence[Overlap]) -> str:
    """For the history of a file that waits for an answer to these."""
    return OLD_VALUES if all(overlap.empties_unasked for overlap in overlaps) else HOW_TO_JOIN


def seen_of(overlaps: Sequence[Overlap]) -> str:
    """What goes back with the answer, so that one which comes too late is noticed."""
    return " ".join(dict.fromkeys(f"{overlap.dataset}:{overlap.seen}" for overlap in overlaps))


def names_of_same_type(home: Dataset, draft: Dataset, file_id: int) -> dict[str, str]:
    """The columns of a file's part that are columns of its dataset, and of the same type, by their names there."""
    names = names_in_part(home, draft, file_id)
    if draft.pk == home.pk or draft.header_key == home.header_key:
        return names
    types = dict(home.columns.values_list("name", "type"))
    own = dict(draft.columns.values_list("name", "type"))
    return {name: mine for name, mine in names.items() if types[name] == own[mine]}


def names_in_part(home: Dataset, draft: Dataset, file_id: int) -> dict[str, str]:
    """The same whatever the types are."""
    theirs = {row.pk: row.name for row in home.columns.all()}
    names = {name: name for name in theirs.values()}
    if draft.pk == home.pk or draft.header_key == home.header_key:
        return names
    own = {column.name for column in draft.columns.all()}
    known = {alias.name: theirs.get(alias.column_id or 0, "") for alias in home.aliases.all()}
    answers = UploadedFile.objects.values_list("column_answers", flat=True).get(pk=file_id)
    known |= answers.get(draft.header_key, {}).get("columns", {})
    said = {known[name]: name for name in own & known.keys() if known[name] in names}
    return {name: name for name in names if name in own and name not in known} | said


def lacking_columns(home: Dataset, draft: Dataset, part: str, file_id: int) -> list[str]:
    """The columns of a dataset that a file does not have, by their names there."""
    told = {
        name for names in Load.objects.filter(part=part).values_list("columns_missing", flat=True) for name in names
    }
    own = names_in_part(home, draft, file_id)
    return [name for name in home.columns.values_list("name", flat=True) if name in told or name not in own]


def _overlap(
    home: Dataset,
    part: str,
    active: int,
    *,
    names: Mapping[str, str],
    lacking: Sequence[str],
    is_asked: bool,
    time: Budget,
) -> Overlap:
    """``is_asked``: somebody looks at it, so a key of several columns is looked for too."""
    rows = sum(Load.objects.filter(part=part).values_list("rows_loaded", flat=True))
    key = _key(home, part, rows, names=names, is_asked=is_asked, time=time)
    known = _counted({name: names[name] for name in key}, part, home.slug, time) if key else None
    is_comparable = len(names) == home.columns.count()
    equal = _equal(names, part, home.slug, time) if is_comparable else None
    if not key and is_asked and equal and not time.is_spent:
        key = moment_key_of(part=part, dataset=home, names=names, equal_rows=equal, seconds=time.left)
        known = equal if key else None
    choices = MergeChoices.of(home)
    may_empty = bool(known) and (not is_decided(home) or home.mode == Mode.MERGE)
    labels = dict(home.columns.values_list("name", "label"))
    return Overlap(
        dataset=home.slug,
        name=home.name,
        mode=Mode(home.mode),
        dataset_key=tuple(home.key),
        is_decided=is_decided(home),
        rows=rows,
        active=active,
        key=key,
        key_labels=tuple(labels[name] or name for name in key),
        known_keys=known,
        choices=choices,
        equal_rows=equal,
        is_counted=not (time.is_spent or (bool(key) and known is None) or (is_comparable and equal is None)),
        emptied_rows=_emptied(names, key, part, home, time) if may_empty and choices.asks_of_blanks else None,
        lacking=tuple(labels[name] or name for name in lacking),
        lacking_rows=(
            _valued(names, key, lacking, part=part, home=home, time=time)
            if may_empty and choices.asks_of_lack
            else None
        ),
    )


def _key(
    home: Dataset, part: str, rows: int, *, names: Mapping[str, str], is_asked: bool, time: Budget
) -> tuple[str, ...]:
    key = () if time.is_spent else likely_key(part=part, dataset=home, names=names)
    if not key and rows == 1 and not time.is_spent:  # that its values are different ones says nothing
        key = _key_of_first(home, names)
    if not key and is_asked and not time.is_spent:
        key = joint_key_of(part=part, dataset=home, names=names, seconds=time.left)
    return key


def _key_of_first(home: Dataset, names: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that look like a key in the first active file of a dataset, where the other file has them."""
    loads = Load.objects.filter(dataset=home, file__in=active_in_order(home)[:1]).exclude(part="")
    first = loads.order_by("position").first()
    key = () if first is None else likely_columns(dataset=home, load=first)
    return key if set(key) <= names.keys() else ()


def _counted(key: Mapping[str, str], part: str, table: str, time: Budget) -> int | None:
    if time.is_spent:
        return None
    try:
        return keys_there(part=part, table=table, key=key, seconds=time.left)
    except OverlapUnknown:
        return None


def _emptied(names: Mapping[str, str], key: Sequence[str], part: str, home: Dataset, time: Budget) -> int | None:
    own, others = ({name: names[name] for name in names if (name in key) is in_key} for in_key in (True, False))
    if not others:
        return 0
    if time.is_spent:
        return None
    try:
        return rows_emptied(
            part=part, table=home.slug, key=own, others=others, but=_marks(home, names), seconds=time.left
        )
    except OverlapUnknown:
        return None


def _valued(
    names: Mapping[str, str], key: Sequence[str], columns: Sequence[str], *, part: str, home: Dataset, time: Budget
) -> int | None:
    if not columns:
        return 0
    if time.is_spent:
        return None
    try:
        return rows_valued(
            part=part,
            table=home.slug,
            key={name: names[name] for name in key},
            columns=columns,
            but=_marks(home, names),
            seconds=time.left,
        )
    except OverlapUnknown:
        return None


def _marks(home: Dataset, names: Mapping[str, str]) -> tuple[str, Sequence[str]] | None:
    """The column and the values by which a row deletes its key: whether the rest of it is blank matters to nobody."""
    fold = fold_of(home)
    return (names[fold.mark], fold.mark_values) if fold is not None and fold.mark in names else None


def _equal(names: Mapping[str, str], part: str, table: str, time: Budget) -> int | None:
    if time.is_spent:
        return None
    try:
        return equal_rows(part=part, table=table, names=names, seconds=time.left)
    except OverlapUnknown:
        return None
