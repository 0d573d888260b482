"""A draft's way into a dataset when its file is activated.

A draft joins the established dataset of its columns where its types are the same; where there is none it becomes one.
Where the types differ the file has to be read again with those of the dataset: *fitted*. A dataset that has rows of no
other file than this one's readings makes way instead, for its types were found in the same bytes.

Who calls holds ``Lock.NAMING`` for the transaction: of two drafts with equal columns the second finds the first.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Now
from psycopg import sql

from uploads.database.datasets import check_free, create_dataset_table
from uploads.database.locks import Lock, lock_transaction
from uploads.database.merging.by_key import drop_stores
from uploads.database.partitions import drop_table
from uploads.database.statements import fetch_rows
from uploads.models import ColumnAlias, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.column_locks import hold_columns
from uploads.services.datasets.adopted import check_keeps_columns
from uploads.services.datasets.drafts import draft_slug, drafts_of, free_slug
from uploads.services.datasets.joinable import is_among
from uploads.services.datasets.matching import (
    check_null_words,
    find_established,
    has_rows_of_others,
)
from uploads.services.datasets.nameless import is_headerless
from uploads.services.datasets.rights import reading_roles
from uploads.services.datasets.tables_joined import join_tables
from uploads.services.datasets.versions import readings_of
from uploads.services.errors import ColumnsUndecided, NeedsFitting
from uploads.services.merging.choices import MergeChoices, SaidChoices
from uploads.services.merging.keys import key_words
from uploads.services.merging.modes import change_mode_in_transaction
from uploads.services.merging.shown_rows import merging_table
from uploads.services.options.catalogue import OF_VALUES
from uploads.services.options.remembered import defaults_of
from uploads.services.plans.application import carry_out
from uploads.services.plans.plan import ColumnPlan
from uploads.services.plans.proposal import find_plan
from uploads.services.table_comments import write_comments
from uploads.states import Mode
from uploads.tabular.errors import ColumnMismatch
from uploads.tabular.evidence import Evidence
from uploads.tabular.table import Column, ColumnType, Format

_SHOWN = 3
_LIES = ("file_id", "dataset_id", "part")
_SAID_OF_A_DATASET = (
    "mode_chosen",
    "strictness",
    "guard_fewer_rows",
    "guard_changed",
    "guard_column_gone",
    "visibility",
)
"""What people said of it stays with its name, whatever reading of its file it shows."""

_HAS_DRAFTS = sql.SQL(
    "SELECT EXISTS (SELECT FROM uploads_load l JOIN uploads_dataset d ON d.id = l.dataset_id"
    " WHERE l.file_id = %s AND d.established_at IS NULL)"
)


def hold_names(*, file_id: int, known: bool | None = None) -> bool:
    """Take ``Lock.NAMING`` where the file has drafts to find datasets for; the caller has the transaction.

    ``known``: whether it had some a moment ago; ``None``: it is looked up.
    """
    [(has_drafts,)] = fetch_rows(_HAS_DRAFTS, [file_id]) if known is None else [(known,)]
    if not has_drafts:
        return False
    lock_transaction(Lock.NAMING)
    return True


def settle_drafts(file: UploadedFile) -> None:
    """Let each draft of a file that becomes active join its dataset or become one; readings of it have made way.

    Raises ``NeedsFitting`` where its types are not those of the dataset, ``ColumnsUndecided`` where its columns almost
    are and nobody has said what becomes of the others, ``ColumnMismatch`` where the dataset that was asked for has
    other columns by now, ``BadOption`` where a word that the file reads as empty is none there or its
    name is taken, ``TableBusy`` while the dataset's columns are being changed, and ``TableInUse``.
    """
    for draft in drafts_of(file_id=file.pk):
        hold_columns(dataset_id=draft.pk)
        prefetch_related_objects([draft], "columns")
        found = find_home(draft, file)
        home = None if found is None else Dataset.objects.select_for_update(no_key=True).get(pk=found.dataset.pk)
        if found is None or home is None:
            _establish(draft, file, slug=file.dataset_wanted or free_slug(draft.planned))
            continue
        hold_columns(dataset_id=home.pk)
        if found.plan is not None:
            _join_by_plan(draft, home, found.plan, file)
            continue
        differences = _differences(draft, home, file)
        if not differences and home.header_key == draft.header_key:
            _join(draft, home, file)
        elif _goes_against_choice(draft, home) or has_rows_of_others(dataset=home, file=file):
            raise _needs_fitting(file, home, differences)
        else:
            _take_place(draft, home, file)


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The established dataset that a draft belongs to, and what becomes of its columns where they are not quite its."""

    dataset: Dataset
    plan: ColumnPlan | None = None


def find_home(draft: Dataset, file: UploadedFile, homes: QuerySet[Dataset] | None = None) -> Home | None:
    """Where a draft belongs now, of all datasets or of these ``homes``; raises what ``find_established`` does."""
    columns = _columns(draft)
    labels = [column.label for column in columns]
    try:
        dataset = find_established(
            file=file,
            key=draft.header_key,
            labels=labels,
            slug=draft.planned,
            source=_source_of(draft, file) if is_headerless(labels) else "",
            own=lambda: columns,
            homes=homes,
        )
    except ColumnMismatch:
        plan = plan_of(draft, file, homes)
        if plan is None or plan.is_refused:
            raise
        return Home(dataset=Dataset.objects.get(pk=plan.dataset_id), plan=plan)
    dataset = dataset or _held_by_readings(draft, file)
    if dataset is not None and is_among(dataset, homes):
        return Home(dataset=dataset)
    plan = plan_of(draft, file, homes)
    return None if plan is None else Home(dataset=Dataset.objects.get(pk=plan.dataset_id), plan=plan)


def plan_of(draft: Dataset, file: UploadedFile, homes: QuerySet[Dataset] | None = None) -> ColumnPlan | None:
    """What becomes of a draft's columns in the dataset that they almost are those of; ``None``: there is none."""
    part = Load.objects.filter(file=file, dataset=draft).exclude(part="").values_list("part", flat=True).first()
    return find_plan(file=file, key=draft.header_key, columns=_columns(draft), part=part or "", homes=homes)


def joins_as_read(draft: Dataset, found: Home, file: UploadedFile) -> bool:
    """Whether its rows can be rows of the dataset at once: else the file is read again with the types there."""
    same = found.plan is not None or found.dataset.header_key == draft.header_key
    return same and not _differences(draft, found.dataset, file, found.plan)


def _source_of(draft: Dataset, file: UploadedFile) -> str:
    return Load.objects.filter(file=file, dataset=draft).values_list("source", flat=True).first() or ""


def _held_by_readings(draft: Dataset, file: UploadedFile) -> Dataset | None:
    """The dataset in which another reading of the same table lies, under a name that nobody gave to that one alone."""
    readings = list(readings_of(file).exclude(pk=file.pk).values_list("pk", flat=True))
    if not readings:
        return None
    sources = Load.objects.filter(file=file, dataset=draft).values("source")
    others = Load.objects.filter(
        file__in=readings,
        source__in=sources,
        dataset__established_at__isnull=False,
    ).exclude(part="")
    for load in others.select_related("dataset", "file").order_by("-pk"):
        home = load.dataset
        if home is None or has_rows_of_others(dataset=home, file=file):
            continue
        if Load.objects.filter(file=file, dataset__header_key=home.header_key).exclude(dataset=draft).exists():
            continue  # another sheet or member of this file has its columns, and is to be found there
        if file.dataset_wanted == home.slug or not (file.dataset_wanted or load.file.dataset_wanted):
            return home
    return None


def _differences(draft: Dataset, home: Dataset, file: UploadedFile, plan: ColumnPlan | None = None) -> list[str]:
    """What keeps the draft's rows from being rows of the dataset, a phrase each."""
    theirs = {column.name: column for column in home.columns.all()}
    names = {name: name for name in theirs}
    if plan is not None:
        names = {own.name: name for name, own in plan.matched.items()}
    differences = [
        f"“{mine.label or mine.name}” is {mine.type}, there {theirs[names[mine.name]].type}"
        for mine in draft.columns.all()
        if mine.name in names and mine.type != theirs[names[mine.name]].type
    ]
    if plan is None and draft.header_key != home.header_key:
        differences.append("its columns have no names, and are matched by their place there")
    if set(draft.null_words) != set(home.null_words):
        differences.append("other words mean an empty cell there")
    if _said_of_values(draft, file) != _said_of_values(home, file):
        differences.append("its values are read in another way there")
    return differences


def _goes_against_choice(draft: Dataset, home: Dataset) -> bool:
    """Whether a person chose another type for a column of the dataset than the draft has."""
    chosen = dict(home.columns.filter(chosen__isnull=False).values_list("name", "type"))
    return any(chosen.get(name, type_) != type_ for name, type_ in draft.columns.values_list("name", "type"))


def _said_of_values(dataset: Dataset, file: UploadedFile) -> dict[str, object]:
    return defaults_of(dataset).only(OF_VALUES).without(file.options).options


def _needs_fitting(file: UploadedFile, home: Dataset, differences: list[str]) -> NeedsFitting:
    check_null_words(file.options.get("null_words") or [], dataset=home)
    more = f", and {len(differences) - _SHOWN:,} more" if len(differences) > _SHOWN else ""
    return NeedsFitting(
        f"“{file.name}” does not fit the dataset “{home.name}” yet: {'; '.join(differences[:_SHOWN])}{more}.",
        hint="It is read again with the types of the dataset before its rows can be seen.",
    )


def _establish(draft: Dataset, file: UploadedFile, *, slug: str) -> None:
    """How the file is to join is how those after it do; that it is merged is seen to when it is shown."""
    create_dataset_table(table=slug, columns=_columns(draft), readers=reading_roles(draft))
    draft.slug, draft.established_at, draft.planned = slug, Now(), ""
    draft.typed_by, draft.read_options = None, {}
    draft.mode = Mode.REPLACE if file.mode == Mode.REPLACE else Mode.APPEND
    draft.save(update_fields=["slug", "established_at", "planned", "typed_by", "read_options", "mode"])
    write_comments(draft)


def _join_by_plan(draft: Dataset, home: Dataset, plan: ColumnPlan, file: UploadedFile) -> None:
    if not plan.is_settled:
        raise _undecided(file, plan)
    differences = _differences(draft, home, file, plan)
    if differences:
        raise _needs_fitting(file, home, differences)
    if plan.added:
        check_keeps_columns(home)
    carry_out(plan=plan, draft=draft, home=home, file=file)
    _join(draft, home, file)


def _undecided(file: UploadedFile, plan: ColumnPlan) -> ColumnsUndecided:
    matched = f"{len(plan.agreed):,} of {len(plan.columns):,} columns of “{file.name}” are those of “{plan.dataset}”"
    if plan.missing_key:
        return ColumnsUndecided(
            f"{matched}, whose rows are told apart by {key_words(plan.missing_key)}: the file has no such column.",
            hint="Say which column of the file that is, or make it a dataset of its own.",
        )
    if plan.is_refused:
        return ColumnsUndecided(
            f"{matched}, which takes only files with exactly its columns.",
            hint="Correct the file's header, make it a dataset of its own, or let the dataset ask or grow.",
        )
    open_ = [column.label for column in plan.undecided] + [column.label for column in plan.undecided_missing]
    listed = ", ".join(f"“{label}”" for label in open_[:_SHOWN])
    more = f" and {len(open_) - _SHOWN:,} more" if len(open_) > _SHOWN else ""
    return ColumnsUndecided(
        f"{matched}. Somebody has to say what becomes of {listed}{more}.",
        hint="Answer on the file's receipt, or make it a dataset of its own.",
    )


def _join(draft: Dataset, home: Dataset, file: UploadedFile) -> None:
    _describe(home, draft)
    loads = list(Load.objects.filter(Q(file=file, dataset=home) | Q(dataset=draft)).order_by("position").only(*_LIES))
    there = next((load.part for load in loads if load.dataset_id == home.pk and load.part), None)
    if there is not None:
        join_tables(file=file, draft=draft, home=home, part=there)
    Load.objects.filter(file=file, dataset=draft).update(dataset=home)
    if all(load.file_id == file.pk for load in loads):  # readings that were active together may still lie in it
        draft.delete()


def _describe(home: Dataset, draft: Dataset) -> None:
    """Take over what the draft says about columns of which the dataset knows nothing but their names."""
    said = {column.name: column.description for column in draft.columns.all() if column.description}
    rows = [row for row in home.columns.all() if row.name in said and not row.description] if said else []
    for row in rows:
        row.description = said[row.name]
    if rows:
        DatasetColumn.objects.bulk_update(rows, ["description"], batch_size=500)
        write_comments(home, names=[row.name for row in rows])


def _take_place(draft: Dataset, home: Dataset, file: UploadedFile) -> None:
    """Give the name to the draft, and make a draft of the dataset: its readings may be activated again."""
    check_free(table=home.slug)
    mode, key, choices = home.mode, home.key, MergeChoices.of(home)
    said_of_it = {name: getattr(home, name) for name in _SAID_OF_A_DATASET}
    groups = list(home.groups.all())
    aliases = list(home.aliases.values_list("name", "column__name"))
    if home.mode == Mode.MERGE:
        drop_stores(merging_table(home))
        home.mode, home.key, home.merge_choices = Mode.APPEND, [], {}
        home.save(update_fields=["mode", "key", "merge_choices"])
    drop_table(name=home.slug)
    slug, name, memory, since = home.slug, home.name, home.read_options, home.established_at
    for column, chosen in home.columns.filter(chosen__isnull=False).values_list("name", "chosen"):
        draft.columns.filter(name=column).update(chosen=chosen)
    Dataset.objects.filter(typed_by=home).exclude(pk=draft.pk).update(typed_by=draft)
    if Load.objects.filter(dataset=home).exclude(part="").exists():
        Dataset.objects.filter(pk=home.pk).update(slug=draft_slug(), planned=slug, established_at=None)
    else:
        home.delete()
    draft.groups.set(groups)
    draft.visibility = said_of_it["visibility"]
    create_dataset_table(table=slug, columns=_columns(draft), readers=reading_roles(draft))
    Dataset.objects.filter(pk=draft.pk).update(
        slug=slug,
        name=name,
        read_options=memory,
        established_at=since,
        typed_by=None,
        planned="",
        **said_of_it,
        mode=Mode.APPEND if mode == Mode.MERGE else mode,
    )
    write_comments(Dataset.objects.get(pk=draft.pk))
    names = {column.name: column for column in draft.columns.all()}
    ColumnAlias.objects.bulk_create(
        ColumnAlias(dataset=draft, name=name, column=names.get(str(column)))
        for name, column in aliases
        if column in (None, *names)
    )
    if mode == Mode.MERGE and set(key) <= names.keys():
        said = SaidChoices(
            blanks=choices.blanks,
            missing=choices.missing,
            delete_when=(choices.mark, choices.mark_values) if choices.mark in names else None,
        )
        row = Dataset.objects.get(pk=draft.pk)
        change_mode_in_transaction(row, mode=Mode.MERGE, key=key, said=said, without=file.pk)


def _columns(dataset: Dataset) -> list[Column]:
    return [
        Column(
            label=row.label,
            name=row.name,
            type=ColumnType(row.type),
            description=row.description,
            format=Format(**row.format),
            evidence=Evidence.from_json(row.evidence),
        )
        for row in dataset.columns.all()
    ]
