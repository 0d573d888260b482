"""A dataset's columns as its page shows them: added, renamed, removed, described, and how strict it is about them.

Each is a change of the catalogue, milliseconds at any size. Files that come with the old names still join: what a
column was called is remembered, and so is one that was removed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from uploads.database.datasets import check_free
from uploads.database.locks import Lock, lock_transaction
from uploads.database.reshaping import drop_columns, rename_columns
from uploads.database.retrying import retry_while_locked
from uploads.database.rows import storable
from uploads.models import ColumnAlias, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.admin_log import log_act
from uploads.services.column_locks import hold_columns
from uploads.services.datasets.adopted import check_keeps_columns
from uploads.services.errors import DatasetBusy, DatasetNotFound
from uploads.services.merging.choices import MergeChoices, renamed_mark
from uploads.services.merging.modes import old_name
from uploads.services.plans.application import grow, keep_header, left_out, tables_of
from uploads.services.read_only import check_takes_files
from uploads.services.reading.profiles import rename_in_profiles
from uploads.services.table_comments import write_comments
from uploads.states import Mode, Strictness
from uploads.tabular.errors import BadOption
from uploads.tabular.names import column_names, has_name
from uploads.tabular.table import ColumnType

LONGEST_LABEL = 500
"""Characters of a column's name as people read it."""
LONGEST_DESCRIPTION = 5_000
MOST_COLUMNS = 1_590
"""PostgreSQL has 1,600, and each that was ever dropped counts; three are ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reshaped:
    """What was done, in words, and to which column."""

    slug: str
    column: str
    words: str


def add_column(
    *, slug: str, label: str, type_: str = ColumnType.TEXT.value, description: str = "", user_id: int | None = None
) -> Reshaped:
    """Add a column, empty in all rows; files may come without it.

    Raises what ``_act`` raises, and ``BadOption`` for a name that is none, or is taken.
    """
    if type_ not in list(ColumnType):
        raise BadOption(f"There is no type “{storable(type_)}”.", hint=f"The types are {', '.join(ColumnType)}.")

    def act(dataset: Dataset) -> Reshaped:
        name = _free_name(dataset, label)
        if dataset.columns.count() >= MOST_COLUMNS:
            raise BadOption(f"A dataset has at most {MOST_COLUMNS:,} columns.", hint="Remove one first.")
        row = DatasetColumn(label=label.strip(), description=storable(description).strip(), type=type_)
        grow(dataset, [(name, row)], evidence_file=None)
        return Reshaped(slug=dataset.slug, column=name, words=f"column “{label.strip()}” added ({type_})")

    _check_texts(label=label, description=description)
    return _act(slug, user_id, act)


def rename_column(*, slug: str, name: str, label: str, user_id: int | None = None) -> Reshaped:
    """Call a column otherwise, on pages and in SQL. Files that come with its old name still join.

    Raises what ``_act`` raises, and ``BadOption`` for a name that is none, or is taken.
    """

    def act(dataset: Dataset) -> Reshaped:
        row = _column(dataset, name)
        new = row.name if column_names([label])[0] == row.name else _free_name(dataset, label)
        words = f"column “{row.label or row.name}” renamed to “{label.strip()}”"
        if new != row.name:
            for table in tables_of(dataset):
                rename_columns(table=table, names={row.name: new})
            _follow(dataset, {row.name: new})
            dataset.key = [new if each == row.name else each for each in dataset.key]
            dataset.merge_choices = renamed_mark(MergeChoices.of(dataset), {row.name: new}).as_json()
            ColumnAlias.objects.filter(dataset=dataset, name=new).delete()
            ColumnAlias.objects.update_or_create(dataset=dataset, name=row.name, defaults={"column": row})
        row.name, row.label = new, label.strip()
        row.save(update_fields=["name", "label"])
        write_comments(dataset, names=[new])
        return Reshaped(slug=dataset.slug, column=new, words=words)

    _check_texts(label=label)
    return _act(slug, user_id, act)


def remove_column(*, slug: str, name: str, user_id: int | None = None) -> Reshaped:
    """Take a column out, with its values in all files; what they had in it is still in the files as they were sent.

    Raises what ``_act`` raises, ``TableInUse`` where somebody's view reads the table, and ``BadOption`` for a column of
    the key, and for the last one.
    """

    def act(dataset: Dataset) -> Reshaped:
        row = _column(dataset, name)
        if dataset.mode == Mode.MERGE and row.name in dataset.key:
            raise BadOption(
                f"Rows are told apart by “{row.label or row.name}”.", hint="Choose another key for the dataset first."
            )
        if row.name == MergeChoices.of(dataset).mark:
            raise BadOption(
                f"“{row.label or row.name}” says which rows are deleted.",
                hint="Say first that no column does so, on the page on how files join.",
            )
        if dataset.columns.count() == 1:
            raise BadOption("It is the only column.", hint="Delete the dataset instead.")
        check_free(table=dataset.slug, apart_from=old_name(dataset))
        for table in tables_of(dataset):
            drop_columns(table=table, names=[row.name])
        _follow(dataset, {row.name: None})
        ColumnAlias.objects.filter(dataset=dataset, column=row).update(column=None)
        ColumnAlias.objects.update_or_create(dataset=dataset, name=row.name, defaults={"column": None})
        row.delete()
        words = f"column “{row.label or row.name}” removed, with its values"
        return Reshaped(slug=dataset.slug, column=row.name, words=words)

    return _act(slug, user_id, act)


def describe_column(*, slug: str, name: str, description: str, user_id: int | None = None) -> Reshaped:
    """Say what a column means: on pages, and in the database for SQL and its tools. Raises what ``_act`` raises."""

    def act(dataset: Dataset) -> Reshaped:
        row = _column(dataset, name)
        row.description = storable(description).strip()
        row.save(update_fields=["description"])
        write_comments(dataset, names=[row.name])
        return Reshaped(slug=dataset.slug, column=row.name, words=f"column “{row.label or row.name}” described")

    _check_texts(description=description)
    return _act(slug, user_id, act, is_shape=False)


def change_strictness(*, slug: str, strictness: str, user_id: int | None = None) -> Strictness:
    """Say what becomes of files whose columns are not quite the dataset's. Raises what ``_act`` raises."""
    if strictness not in Strictness.values:
        raise BadOption(
            f"A dataset cannot be “{storable(strictness)}” about its columns.",
            hint=f"It can be {', '.join(Strictness.values)}.",
        )

    def act(dataset: Dataset) -> Reshaped:
        dataset.strictness = strictness
        words = f"of a file with other columns: {Strictness(strictness).label}"
        return Reshaped(slug=dataset.slug, column="", words=words)

    _act(slug, user_id, act, is_shape=False)
    return Strictness(strictness)


def _act(slug: str, user_id: int | None, act: Callable[[Dataset], Reshaped], *, is_shape: bool = True) -> Reshaped:
    """One transaction, with the names, the dataset's files and the dataset locked in this order, as everywhere.

    Raises ``DatasetNotFound``, ``DatasetBusy`` while a change of types waits or is made, ``TableBusy``, and
    ``StateConflict`` for a table of the database that was adopted, or is shown as it is.
    """

    def run() -> Reshaped:
        lock_transaction(Lock.NAMING)
        found = Dataset.objects.filter(slug=slug, established_at__isnull=False).first()
        if found is None:
            raise DatasetNotFound(f"There is no dataset “{storable(slug)}”.", hint="Look at the list of datasets.")
        if is_shape:
            _hold_files(found)
        dataset = Dataset.objects.select_for_update(no_key=True).get(pk=found.pk)
        check_takes_files(dataset)
        if is_shape:
            check_keeps_columns(dataset)
            hold_columns(dataset_id=dataset.pk)
            if dataset.change and not dataset.change.get("error"):
                raise DatasetBusy("Its columns are being changed already.", hint="Try again when that is done.")
        done = act(dataset)
        if is_shape:
            dataset.last_change, dataset.change = {}, {}  # they name columns as they were
            keep_header(dataset)
        dataset.save(update_fields=["key", "merge_choices", "strictness", "last_change", "change"])
        log_act(user_id=user_id, to=dataset, words=done.words)
        return done

    return retry_while_locked(run)


def _hold_files(dataset: Dataset) -> None:
    """Those with rows in it, and those that wait to join it."""
    theirs = Load.objects.filter(Q(dataset=dataset) | Q(dataset__typed_by=dataset)).exclude(part="").values("file")
    files = UploadedFile.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk")
    list(files.values_list("pk"))
    files.update(rows_hash="")


def _follow(dataset: Dataset, names: Mapping[str, str | None]) -> None:
    """Have the loads of a dataset call columns as it does; ``None``: they are left out from now on."""
    loads = list(Load.objects.filter(dataset=dataset).only("columns", "columns_missing", "key"))
    for load in loads:
        load.columns = [_renamed(column, names, place) for place, column in enumerate(load.columns, start=1)]
        kept = [names.get(name, name) for name in load.columns_missing]
        load.columns_missing = [name for name in kept if name is not None]
        load.key = [names.get(name, name) for name in load.key]
    Load.objects.bulk_update(loads, ["columns", "columns_missing", "key"], batch_size=500)
    rename_in_profiles(dataset_id=dataset.pk, names=names)
    _follow_answers(dataset, names)


def _follow_answers(dataset: Dataset, names: Mapping[str, str | None]) -> None:
    """Have what was said of files that come, or are read again, mean the columns that it meant."""
    theirs = Q(loads__dataset=dataset) | Q(loads__dataset__typed_by=dataset)
    files = list(UploadedFile.objects.filter(theirs).exclude(column_answers={}).distinct().only("column_answers"))
    for file in files:
        file.column_answers = {
            header: _renamed_answer(said, names) if said["dataset"] == dataset.pk else said
            for header, said in file.column_answers.items()
        }
    UploadedFile.objects.bulk_update(files, ["column_answers"], batch_size=500)


def _renamed_answer(said: Mapping[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    columns = {own: names.get(target, target) for own, target in said["columns"].items()}
    missing = [names.get(name, name) for name in said["missing"]]
    return {
        **said,
        "columns": {own: target for own, target in columns.items() if target is not None},
        "missing": [name for name in missing if name is not None],
    }


def _renamed(column: Mapping[str, Any], names: Mapping[str, str | None], place: int) -> dict[str, Any]:
    if column.get("left_out") or column["name"] not in names:
        return dict(column)
    new = names[column["name"]]
    return {**column, "name": new} if new is not None else left_out(column, place)


def _column(dataset: Dataset, said: str) -> DatasetColumn:
    rows = list(dataset.columns.all())
    found = next((row for row in rows if said in (row.name, row.label)), None)
    if found is None:
        raise BadOption(
            f"The dataset “{dataset.name}” has no column “{storable(said)}”.",
            hint=f"Its columns are {', '.join(row.name for row in rows)}.",
        )
    return found


def _free_name(dataset: Dataset, label: str) -> str:
    """What a column is called in SQL. Raises ``BadOption`` where another one is called so."""
    [name] = column_names([label])
    if not has_name(label):
        raise BadOption("A column needs a name with a letter or a figure.", hint="Such as: price")
    if dataset.columns.filter(name=name).exists():
        raise BadOption(f"There is a column “{name}” already.", hint="Choose another name.")
    return name


def _check_texts(*, label: str = "", description: str = "") -> None:
    if len(label) > LONGEST_LABEL or storable(label) != label:
        raise BadOption(f"A name has at most {LONGEST_LABEL:,} characters, and each can be stored.", hint="Shorten it.")
    if len(description) > LONGEST_DESCRIPTION:
        raise BadOption(f"A description has at most {LONGEST_DESCRIPTION:,} characters.", hint="Shorten it.")
