"""A dataset that was adopted, and that nothing else was loaded into, becomes the table again that it was."""

from dataclasses import dataclass
from typing import Any

from django.db import DataError, ProgrammingError
from django.db.models import Q

from uploads.database.adopting import adoption
from uploads.database.adopting.adoption import FormerColumn
from uploads.database.adopting.existing_tables import is_in_catalogue
from uploads.database.datasets import check_free
from uploads.database.locks import Lock, lock_transaction
from uploads.database.merging.by_key import drop_key, drop_stores
from uploads.database.partitions import drop_table
from uploads.database.retrying import retry_while_locked
from uploads.database.statements import SCHEMA
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.admin_log import DELETION, log_act
from uploads.services.adopting.publication import no_such_dataset
from uploads.services.datasets.matching import loads_that_hold
from uploads.services.errors import CannotRelease
from uploads.services.files.forgetting import forget_content
from uploads.services.files.transitions import change_state
from uploads.services.merging.modes import old_name
from uploads.services.merging.shown_rows import hide_file, merging_table
from uploads.states import FileState, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """A dataset that is a plain table again."""

    slug: str
    table: str
    rows: int


def release_table(*, slug: str, user_id: int | None = None) -> Release:
    """Give a table back under its old name, with its types, defaults, indexes, comments and privileges.

    Raises ``CannotRelease`` with the reason, ``DatasetNotFound``, ``TableBusy``, and ``TableInUse`` where a view that
    was made since reads it; nothing is changed then.
    """
    try:
        return retry_while_locked(lambda: _release(slug, user_id))
    except (DataError, ProgrammingError) as error:
        hint = "Nothing was changed. Mend that in the database."
        raise CannotRelease(f"PostgreSQL refuses: {error}", hint=hint) from error


def release_refusal(dataset: Dataset) -> CannotRelease | None:
    """Why an adopted dataset cannot be given back now; ``None`` where it can."""
    if dataset.adopted is None:
        hint = "Unpublish it instead (unpublish_table)." if dataset.is_read_only else "Delete it instead."
        return CannotRelease(f"“{dataset.name}” was never a table of the database.", hint=hint)
    others = loads_that_hold(dataset).exclude(file__via=UploadedFile.Via.TABLE)
    waiting = Load.objects.filter(dataset__typed_by=dataset).exclude(part="")
    files = UploadedFile.objects.filter(Q(pk__in=others.values("file")) | Q(pk__in=waiting.values("file")))
    ids = list(files.exclude(state=FileState.DELETED).order_by("pk").values_list("pk", flat=True))
    if ids:
        noun = "File" if len(ids) == 1 else "Files"
        return CannotRelease(
            f"{noun} {', '.join(map(str, ids[:20]))} {'was' if len(ids) == 1 else 'were'} loaded into “{dataset.name}”"
            " since.",
            hint="Delete what was loaded, then release the table.",
        )
    return None


def _release(slug: str, user_id: int | None) -> Release:
    found = Dataset.objects.filter(slug=slug, established_at__isnull=False).first()
    if found is None:
        raise no_such_dataset(slug, called=_adopted_as(slug))
    lock_transaction(Lock.NAMING)
    theirs = UploadedFile.objects.filter(pk__in=Load.objects.filter(dataset=found).exclude(part="").values("file"))
    list(theirs.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    dataset = Dataset.objects.select_for_update().get(pk=found.pk)
    refusal = release_refusal(dataset)
    if refusal is not None:
        raise refusal
    load = Load.objects.select_related("file").exclude(part="").get(dataset=dataset)
    schema, name = old_name(dataset)
    _give_back(dataset, load, schema, name)
    _forget(dataset, load, user_id, f"{schema}.{name}")
    return Release(slug=slug, table=f"{schema}.{name}", rows=load.rows_loaded)


def _adopted_as(table: str) -> str:
    """The dataset that this table is, for whoever names the table; empty where there is none."""
    adopted = Dataset.objects.filter(adopted__isnull=False)
    return next((each.slug for each in adopted if ".".join(old_name(each)) == table), "")


def _give_back(dataset: Dataset, load: Load, schema: str, name: str) -> None:
    adopted: dict[str, Any] = dataset.adopted or {}
    check_free(table=dataset.slug, apart_from=(schema, name))
    if load.file.state == FileState.ACTIVE:
        UploadedFile.objects.filter(pk=load.file_id).update(state=FileState.LOADED)
        hide_file(file_id=load.file_id)
    if schema != SCHEMA:
        adoption.drop_view_of_old_name(schema=schema, name=name, of=dataset.slug)
    if dataset.mode == Mode.MERGE:
        drop_stores(merging_table(dataset))
    drop_table(name=dataset.slug)
    drop_key(part=load.part)
    if is_in_catalogue(schema=schema, name=name):
        raise CannotRelease(
            f"Something else is called {schema}.{name} by now.", hint="Rename that first, then release the table."
        )
    former = [FormerColumn(**column) for column in adopted["columns"]]
    adoption.move_out(part=load.part, schema=schema, name=name, former=former)


def _forget(dataset: Dataset, load: Load, user_id: int | None, table: str) -> None:
    """From here on the table is nobody's here: nothing that drops the rows of files may find it."""
    Load.objects.filter(pk=load.pk).update(part="")
    forget_content(file_id=load.file_id)
    change_state(file_id=load.file_id, to=FileState.DELETED, user_id=user_id, text=f"released as {table}")
    log_act(user_id=user_id, to=dataset, words=f"released as {table}", flag=DELETION)
    dataset.delete()
