"""How the files of a dataset join it: said for the dataset, shown with it, and changed while it has rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.database.datasets import check_free
from uploads.database.merging import by_key
from uploads.database.partitions import attached_partitions, detach_partition, hold_off_autovacuum
from uploads.database.retrying import retry_while_locked
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.admin_log import log_act
from uploads.services.choice import Choice, Chooser
from uploads.services.column_locks import hold_columns
from uploads.services.errors import DatasetNotFound, KeyNotUnique, ModeDecided
from uploads.services.merging.asked import ask_no_longer, fingerprint_of
from uploads.services.merging.choices import WHOLE_ROWS, MergeChoices, SaidChoices, choices_words, choose
from uploads.services.merging.keys import key_columns, key_does_not, key_faults, key_words
from uploads.services.merging.shown_rows import (
    HeldPart,
    active_in_order,
    merging_table,
    parts_of,
    show_part,
)
from uploads.services.read_only import check_takes_files
from uploads.states import Kept, Mode
from uploads.tabular.errors import BadOption
from uploads.tabular.table import Column, ColumnType


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteWhen:
    """Which rows delete their key."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetMode:
    """How files join a dataset, who said so, and in which order they merge."""

    slug: str
    mode: Mode
    key: tuple[str, ...]
    chosen: Choice | None
    choices: MergeChoices = WHOLE_ROWS

    @property
    def words(self) -> str:
        return mode_words(self.mode, self.key, self.choices)

    @property
    def blanks(self) -> Kept:
        return self.choices.blanks

    @property
    def missing_columns(self) -> Kept:
        return self.choices.missing

    @property
    def delete_when(self) -> DeleteWhen | None:
        return DeleteWhen(column=self.choices.mark, values=self.choices.mark_values) if self.choices.mark else None


def mode_words(mode: Mode | str, key: Sequence[str], choices: MergeChoices | None = None) -> str:
    """What becomes of a file that comes: ``its rows update those with the same “code”``."""
    match Mode(mode):
        case Mode.REPLACE:
            return "a new file takes the place of the others"
        case Mode.MERGE:
            whole = f"a new file updates the rows with the same {key_words(key)} and adds the others"
            return "; ".join([whole, *choices_words(choices or WHOLE_ROWS)])
        case _:
            return "all rows of a new file are added"


def mode_of(dataset: Dataset) -> DatasetMode:
    """What holds for the files that come."""
    return DatasetMode(
        slug=dataset.public_slug,
        mode=Mode(dataset.mode),
        key=tuple(dataset.key),
        chosen=Choice.from_json(dataset.mode_chosen),
        choices=MergeChoices.of(dataset),
    )


def parse_mode(said: str) -> Mode:
    """Raises ``BadOption``."""
    if said not in Mode.values:
        raise BadOption(f"There is no mode “{said}”.", hint=f"The modes are {', '.join(Mode.values)}.")
    return Mode(said)


def check_mode(
    mode: str,
    key: Sequence[str],
    *,
    key_may_be_known: bool = False,
    said: SaidChoices | None = None,
    is_full: bool = False,
) -> None:
    """Raise ``BadOption`` where a key is said of a mode that has none, or none of one that needs it.

    ``key_may_be_known``: to the dataset that a file is to join.
    """
    if mode == Mode.MERGE and not key and not key_may_be_known:
        raise BadOption("To update by key, a dataset needs a key.", hint="Name the column that tells rows apart.")
    if mode != Mode.MERGE and key:
        raise BadOption(f"A key is for merging; the mode is {mode or 'not said'}.", hint="Say the mode merge with it.")
    if mode != Mode.MERGE and said is not None and said.says_something:
        raise BadOption(
            f"What blanks, missing columns and marks do is for merging; the mode is {mode or 'not said'}.",
            hint="Say the mode merge with it.",
        )
    if mode != Mode.MERGE and is_full:
        raise BadOption(
            f"A full file is for merging; the mode is {mode or 'not said'}.",
            hint="Say the mode merge with it; to put it in the place of the others, say replace.",
        )


def change_mode(
    *,
    slug: str,
    mode: Mode,
    key: Sequence[str] = (),
    said: SaidChoices | None = None,
    seen: str = "",
    user_id: int | None = None,
    chooser: Chooser = Chooser.OPERATOR,
) -> DatasetMode:
    """Say how files join a dataset, and show its active files in that way from now on.

    ``said``: of what makes one row of those with the same key; what is not said stays, as long as files merge.
    ``seen``: the fingerprint of what held when whoever says it looked.

    Raises ``DatasetNotFound``, ``ReadOnlyDataset``, ``BadOption``, ``KeyNotUnique`` where active files have rows that
    the key does not tell apart, ``TableBusy``, ``TableInUse``, and ``ModeDecided`` where by now something else holds
    than was ``seen`` and than is said.
    """
    check_mode(mode, key, said=said)

    def act() -> DatasetMode:
        dataset = Dataset.objects.filter(slug=slug, established_at__isnull=False).first()
        if dataset is None:
            raise DatasetNotFound(f"There is no dataset “{slug}”.", hint="Look at the list of datasets.")
        check_takes_files(dataset)
        _hold_files(dataset)
        dataset = Dataset.objects.select_for_update(no_key=True).get(pk=dataset.pk)
        if seen not in ("", fingerprint_of(dataset)) and _changes(dataset, mode, key, said):
            raise ModeDecided(
                f"Somebody else has said how files join “{dataset.name}” since you looked: {mode_of(dataset).words}.",
                hint="Nothing was changed. Look at what holds now, and change that if it should be otherwise.",
            )
        choice = Choice.now(chooser=chooser, user_id=user_id)
        change_mode_in_transaction(dataset, mode=mode, key=key, said=said, choice=choice)
        log_act(user_id=user_id, to=dataset, words=f"how files join: {mode_of(dataset).words}")
        return mode_of(dataset)

    return retry_while_locked(act)


def change_mode_in_transaction(
    dataset: Dataset,
    *,
    mode: Mode,
    key: Sequence[str],
    said: SaidChoices | None = None,
    choice: Choice | None = None,
    without: int | None = None,
) -> None:
    """The same within the caller's transaction, which has locked the dataset.

    ``choice``: by whom it was chosen for the dataset; ``without``: a file that is about to be shown by the caller.
    """
    columns, choices = _wanted(dataset, mode, key, said)
    if _changes(dataset, mode, key, said):
        hold_columns(dataset_id=dataset.pk)
        active = [file_id for file_id in active_in_order(dataset) if file_id != without]
        parts = parts_of(dataset, file_ids=active)
        if mode == Mode.MERGE:
            _check_key(dataset, columns, parts)
        if Mode.MERGE in (mode, dataset.mode):
            check_free(table=dataset.slug, apart_from=old_name(dataset))
            hold_off_autovacuum(parts=sorted(parts.values()))
            take_apart(dataset, parts)
        if dataset.mode == Mode.MERGE and mode != Mode.MERGE:
            _let_keys_go(dataset)
        before, dataset.mode, dataset.key = dataset.mode, mode, columns
        dataset.merge_choices = choices.as_json()
        if mode == Mode.MERGE:
            begin_merging(dataset)
        for file_id in active:
            if Mode.MERGE in (mode, before):
                show_part(HeldPart(dataset=dataset, part=parts[file_id]), file_id=file_id)
    else:
        dataset.merge_choices = choices.as_json()  # more may have been said, though nothing is seen otherwise
    if choice is not None:
        dataset.mode_chosen = choice.as_json()
    dataset.save(update_fields=["mode", "key", "merge_choices", "mode_chosen"])
    ask_no_longer(dataset)


def _wanted(
    dataset: Dataset, mode: Mode, key: Sequence[str], said: SaidChoices | None
) -> tuple[list[str], MergeChoices]:
    """The columns of the key, and all choices, those too that are not said."""
    if mode != Mode.MERGE:
        return [], WHOLE_ROWS
    labels = dict(dataset.columns.values_list("name", "label"))
    columns = key_columns(key, labels=labels)
    return columns, choose(MergeChoices.of(dataset), said, labels=labels, key=columns)


def _changes(dataset: Dataset, mode: Mode, key: Sequence[str], said: SaidChoices | None) -> bool:
    return (mode, *_wanted(dataset, mode, key, said)) != (dataset.mode, list(dataset.key), MergeChoices.of(dataset))


def old_name(dataset: Dataset) -> tuple[str, str]:
    """Schema and name of the view that stands where its table stood before it was adopted; empty where none does."""
    adopted = dataset.adopted or {}
    return adopted.get("schema", ""), adopted.get("table", "")


def take_apart(dataset: Dataset, parts: dict[int, str]) -> None:
    """Out of sight with all active files of a dataset, whose parts are whole then."""
    attached = attached_partitions(table=dataset.slug)
    bases = {file_id: part for file_id, part in parts.items() if part in attached}
    if dataset.mode == Mode.MERGE:
        by_key.empty_stores(merging_table(dataset), bases=bases)
    for part in bases.values():
        detach_partition(table=dataset.slug, part=part)
    if dataset.mode == Mode.MERGE:
        by_key.drop_stores(merging_table(dataset))
        Load.objects.filter(dataset=dataset).update(rows_hidden=0, changes=None)


def _let_keys_go(dataset: Dataset) -> None:
    """Of files that are off too: rows of one key may be added to them again."""
    keyed = Load.objects.filter(dataset=dataset).exclude(part="").exclude(key=[])
    for part in sorted(set(keyed.values_list("part", flat=True))):
        by_key.drop_key(part=part)
    keyed.update(key=[])


def begin_merging(dataset: Dataset) -> None:
    """Make what a dataset needs whose files merge; it shows none yet."""
    columns = [Column(label=row.label, name=row.name, type=ColumnType(row.type)) for row in dataset.columns.all()]
    by_key.create_stores(merging_table(dataset), columns=columns)


def _hold_files(dataset: Dataset) -> None:
    """Files before their datasets, as everywhere."""
    theirs = Load.objects.filter(dataset=dataset).exclude(part="").values("file")
    files = UploadedFile.objects.select_for_update(no_key=True).filter(pk__in=theirs)
    list(files.order_by("pk").values_list("pk"))


def _check_key(dataset: Dataset, key: Sequence[str], parts: dict[int, str]) -> None:
    for file_id, part in parts.items():
        known = [list(each) for each in Load.objects.filter(part=part).values_list("key", flat=True)]
        if all(each == list(key) for each in known):
            continue
        if any(each and each != list(key) for each in known):
            by_key.drop_key(part=part)
        faults = key_faults(part=part, key=key)
        if faults:
            raise KeyNotUnique(
                f"{key_does_not(key)} tell the rows of file {file_id} apart: it has {faults}.",
                hint="Choose another key, or correct the file and send it again.",
            )
