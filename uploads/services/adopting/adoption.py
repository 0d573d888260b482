"""An existing table becomes a dataset: its rows are those of a first file, which has no bytes. All of it or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, InternalError, NotSupportedError, ProgrammingError
from django.utils import timezone

from uploads.database.adopting import adoption
from uploads.database.adopting.existing_tables import ExistingTable
from uploads.database.locks import Lock, lock_transaction
from uploads.database.partitions import partition_name
from uploads.database.retrying import retry_while_locked
from uploads.database.statements import SCHEMA
from uploads.models import ADOPTED_FORMAT, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.admin_log import ADDITION, log_act
from uploads.services.adopting.plan import AdoptionPlan, find_table, parse_table, plan_for
from uploads.services.datasets.rights import mirror_rights
from uploads.services.errors import CannotAdopt
from uploads.services.files.history import note_event
from uploads.services.merging.modes import begin_merging
from uploads.services.merging.shown_rows import held_parts, show_parts
from uploads.states import FileState, Mode
from uploads.tabular.column_json import column_to_json
from uploads.tabular.names import header_key
from uploads.tabular.table import Column

_REFUSALS = (DataError, InternalError, NotSupportedError, ProgrammingError)
"""What PostgreSQL says of a default, an index or a check that does not go with another type."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """A table that is a dataset now."""

    table: str
    """What it was called."""
    slug: str
    file_id: int
    rows: int


def adopt_table(*, table: str, merge: bool = False, cast: bool = False, user_id: int | None = None) -> Adoption:
    """Make a dataset of ``schema.table``, in one transaction and without copying its rows.

    ``merge`` and ``cast`` are those of ``plan_adoption``. Raises ``CannotAdopt`` with all that is in the way,
    ``DatasetNotFound``, ``BadOption`` and ``TableBusy``; nothing is changed then.
    """
    schema, name = parse_table(table)
    find_table(schema=schema, name=name)
    try:
        return retry_while_locked(lambda: _adopt(schema, name, merge=merge, cast=cast, user_id=user_id))
    except _REFUSALS as error:
        hint = "Nothing was changed. Mend that in the database."
        raise CannotAdopt(f"PostgreSQL refuses: {error}", hint=hint) from error


def check_possible(plan: AdoptionPlan) -> None:
    """Raise ``CannotAdopt`` with the whole list."""
    if plan.obstacles:
        listed = " ".join(obstacle.message for obstacle in plan.obstacles)
        hints = " ".join(dict.fromkeys(obstacle.hint for obstacle in plan.obstacles))
        raise CannotAdopt(f"{plan.table} cannot become a dataset. {listed}", hint=hints)


def _adopt(schema: str, name: str, *, merge: bool, cast: bool, user_id: int | None) -> Adoption:
    """What was looked at without a lock may have changed: it is looked at again."""
    lock_transaction(Lock.NAMING)
    check_possible(plan_for(find_table(schema=schema, name=name), merge=merge, cast=cast, reads_rows=False))
    adoption.hold_writers(schema=schema, name=name)
    table = find_table(schema=schema, name=name)
    plan = plan_for(table, merge=merge, cast=cast)
    check_possible(plan)
    rows = adoption.count_rows(schema=schema, name=name)
    dataset = _create_dataset(table, plan, user_id)
    file = _create_file(table, rows, user_id)
    load = _create_load(table, dataset, file, rows)
    adoption.move_in(table, part=load.part, file_id=file.pk, load_id=load.pk)
    adoption.create_parent(table, name=plan.slug)
    mirror_rights(dataset)
    if schema != SCHEMA:
        adoption.create_view_of_old_name(table, name=plan.slug)
    if plan.key:
        begin_merging(dataset)
    show_parts(held_parts(file_id=file.pk), file_id=file.pk)
    note_event(file_id=file.pk, state=FileState.ACTIVE, user_id=user_id, text=f"adopted from {table.qualified}")
    log_act(user_id=user_id, to=dataset, words=f"adopted from {table.qualified}", flag=ADDITION)
    return Adoption(table=table.qualified, slug=plan.slug, file_id=file.pk, rows=rows)


def _create_dataset(table: ExistingTable, plan: AdoptionPlan, user_id: int | None) -> Dataset:
    """A dataset of this name may be there whose own table is gone; its slug is unique then, and this is refused."""
    former = [
        {"name": column.name, "type": column.type, "default": column.default if column.is_rewritten else None}
        for column in table.columns
        if column.is_changed
    ]
    dataset = Dataset.objects.create(
        slug=plan.slug,
        name=table.name,
        header_key=header_key([column.name for column in table.columns]),
        established_at=timezone.now(),
        mode=Mode.MERGE if plan.key else Mode.APPEND,
        key=list(plan.key),
        adopted={"schema": table.schema, "table": table.name, "columns": former},
    )
    DatasetColumn.objects.bulk_create(
        DatasetColumn(
            dataset=dataset,
            position=position,
            label=column.name,
            name=column.name,
            description=column.comment,
            type=column.becomes.value,
        )
        for position, column in enumerate(table.columns, start=1)
    )
    return dataset


def _create_file(table: ExistingTable, rows: int, user_id: int | None) -> UploadedFile:
    now = timezone.now()
    return UploadedFile.objects.create(
        name=table.qualified[:255],
        size=0,
        via=UploadedFile.Via.TABLE,
        uploaded_by_id=user_id,
        state=FileState.ACTIVE,
        received_at=now,
        activated_at=now,
        ranked_at=now,
        started_at=now,
        finished_at=now,
        rows_read=rows,
        rows_loaded=rows,
        rows_done=rows,
    )


def _create_load(table: ExistingTable, dataset: Dataset, file: UploadedFile, rows: int) -> Load:
    now: datetime = timezone.now()
    columns = [
        Column(label=each.name, name=each.name, type=each.becomes, description=each.comment) for each in table.columns
    ]
    return Load.objects.create(
        file=file,
        dataset=dataset,
        position=1,
        part=partition_name(file_id=file.pk, dataset_id=dataset.pk, fence=file.fence),
        fence=file.fence,
        format=ADOPTED_FORMAT,
        columns=[column_to_json(column) for column in columns],
        rows_read=rows,
        rows_loaded=rows,
        key=dataset.key,
        started_at=now,
        finished_at=now,
    )
