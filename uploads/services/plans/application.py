"""A plan carried out: a file's part takes the columns of the dataset, and the dataset those that are added.

All of it is changes of the catalogue, in the transaction that activates the file.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from uploads.database.partitions import attached_partitions
from uploads.database.reshaping import add_columns, drop_columns, rename_columns
from uploads.models import ColumnAlias, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.merging.shown_rows import merging_table
from uploads.services.plans.plan import ColumnPlan, PlannedColumn, Use
from uploads.services.table_comments import write_comments
from uploads.states import Mode
from uploads.tabular.names import column_names, header_key
from uploads.tabular.table import ColumnType

KEPT = "kept"
"""With an answer: it is what the columns of a file were when it was read again, and nobody says it anew."""


def carry_out(*, plan: ColumnPlan, draft: Dataset, home: Dataset, file: UploadedFile) -> None:
    """Make the columns of a draft's part those of the dataset, and remember what was decided.

    The caller has the transaction, both datasets locked, and has seen to it that matched columns have one type.
    """
    added = [(column, draft.columns.get(name=column.name)) for column in plan.added]
    if added:
        grow(home, [(column.column, row) for column, row in added], evidence_file=file)
    loads = Load.objects.filter(file=file, dataset=draft).exclude(part="")
    missing = {column.name: ColumnType(column.type) for column in plan.missing}
    for part in sorted(set(loads.values_list("part", flat=True))):
        drop_columns(table=part, names=[column.name for column in plan.left_out])
        rename_columns(
            table=part, names={column.name: column.column for column in plan.columns if column.use is not Use.LEAVE_OUT}
        )
        add_columns(table=part, columns=missing)
    planned = {column.name: column for column in plan.columns}
    for load in loads:
        load.columns = [
            _as_stored(column, planned[column["name"]], place) for place, column in enumerate(load.columns, start=1)
        ]
        load.key = [planned[name].column for name in load.key]
        load.columns_missing = list(missing)
        load.save(update_fields=["columns", "key", "columns_missing"])
    file.key = _key_there(file, plan)
    UploadedFile.objects.filter(pk=file.pk).update(
        rows_hash="", column_answers=_carried_out(plan, draft, file), key=file.key
    )
    _remember(plan, home, file, is_new=not file.column_answers.get(draft.header_key, {}).get(KEPT))


def _key_there(file: UploadedFile, plan: ColumnPlan) -> list[str]:
    """What was said of the key with the file, by its own names or those in its header, in the dataset's names."""
    theirs = {name for column in plan.theirs for name in (column.name, column.label)}
    found = []
    for said in file.key:
        simple = column_names([said])[0]
        own = next((column for column in plan.columns if said in (column.name, column.label)), None)
        own = own or next((column for column in plan.columns if column.name == simple and said not in theirs), None)
        found.append(said if own is None or own.use is Use.LEAVE_OUT else own.column)
    return found


def _carried_out(plan: ColumnPlan, draft: Dataset, file: UploadedFile) -> dict[str, Any]:
    """What was said, without what is there by now: read again, the file has the column that was added for it."""
    answers = dict(file.column_answers)
    if draft.header_key in answers:
        added = {column.name: column.column for column in plan.added}
        said = answers[draft.header_key]
        answers[draft.header_key] = {**said, "columns": {**said["columns"], **added}}
    return answers


def _as_stored(column: Mapping[str, Any], planned: PlannedColumn, place: int) -> dict[str, Any]:
    """A column of the load as it is in the table. One that is left out keeps its place among the cells of a row."""
    return left_out(column, place) if planned.use is Use.LEAVE_OUT else {**column, "name": planned.column}


def left_out(column: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A column of a load that its part does not have, at this place among the cells of a row."""
    kept: dict[str, Any] = {"type": ColumnType.TEXT.value, "suggestion": None, "alternatives": [], "evidence": None}
    return {**column, **kept, "name": f"_left_out_{place}", "left_out": True}


def grow(home: Dataset, added: list[tuple[str, DatasetColumn]], *, evidence_file: UploadedFile | None) -> None:
    """Give a dataset further columns, each a name and what it is like; rows of its files have no value in them."""
    types = {name: ColumnType(row.type) for name, row in added}
    for table in tables_of(home):
        add_columns(table=table, columns=types)
    last = home.columns.aggregate(last=Max("position"))["last"] or 0
    DatasetColumn.objects.bulk_create(
        DatasetColumn(
            dataset=home,
            position=last + place,
            label=row.label,
            name=name,
            description=row.description,
            type=row.type,
            format=row.format,
            evidence=row.evidence,
            evidence_file=evidence_file,
            optional=True,
        )
        for place, (name, row) in enumerate(added, start=1)
    )
    ColumnAlias.objects.filter(dataset=home, name__in=types).delete()  # a column of this name is this one from now on
    write_comments(home, names=types)
    loads = list(Load.objects.filter(dataset=home).only("columns_missing"))
    for load in loads:
        load.columns_missing = [*load.columns_missing, *types]
    Load.objects.bulk_update(loads, ["columns_missing"], batch_size=500)
    keep_header(home)


def tables_of(dataset: Dataset) -> list[str]:
    """The dataset's table, whose attached parts follow it, and the tables that do not: files that are off, and hidden
    rows."""
    loads = Load.objects.filter(dataset=dataset).exclude(part="")
    attached = attached_partitions(table=dataset.slug)
    parts = set(loads.values_list("part", flat=True)) - attached
    aside = [merging_table(dataset).aside] if dataset.mode == Mode.MERGE else []
    return [dataset.slug, *aside, *sorted(parts)]


def keep_header(dataset: Dataset) -> None:
    """Have files of the columns that the dataset has now found by them."""
    dataset.header_key = header_key(list(dataset.columns.values_list("name", flat=True)))
    dataset.save(update_fields=["header_key"])


def _remember(plan: ColumnPlan, home: Dataset, file: UploadedFile, *, is_new: bool) -> None:
    """Let the next file of the kind pass by itself, and note with this one what it taught."""
    taught = file.taught.setdefault(str(home.pk), {})
    rows = {row.name: row for row in DatasetColumn.objects.filter(dataset=home)}
    before = aliases_of(home)
    for column in plan.columns if is_new else ():
        if column.name in rows:  # the next file's column of this name is that one, whatever became of this file's
            continue
        target = None if column.use is Use.LEAVE_OUT else rows[column.column]
        ColumnAlias.objects.update_or_create(dataset=home, name=column.name, defaults={"column": target})
    after = aliases_of(home)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        taught["aliases"] = {name: [before.get(name), after.get(name)] for name in changed}
    lacking = home.columns.filter(name__in=[column.name for column in plan.missing], optional=False)
    if optional := list(lacking.values_list("pk", flat=True)):
        taught["optional"] = optional
        home.columns.filter(pk__in=optional).update(optional=True)


def aliases_of(dataset: Dataset) -> dict[str, dict[str, int | None]]:
    """What a dataset remembers of columns with other names; as it is noted with the file that taught it."""
    return {name: {"column": column} for name, column in dataset.aliases.values_list("name", "column")}
