"""What must hold once all is quiet again: everything settled, everything owned, every row where its receipt says."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Sum
from django.utils import timezone
from psycopg import sql

from tests.faults.files import total
from tests.faults.people import Truth
from tests.faults.system import scratch
from uploads.database.partitions import attached_partitions
from uploads.database.rows import whole_part
from uploads.models import Dataset, DatasetColumn, Load, PreparedExport, RejectedRow, UploadedFile
from uploads.services.datasets.joinable import established
from uploads.services.files.activation import retry_file
from uploads.services.merging.shown_rows import active_in_order, bases_aside, merging_table
from uploads.services.upkeep.sweep import Sweep, sweep
from uploads.states import HAS_DATA, IN_PROGRESS, ExportState, FileState, Mode

QUIET_SECONDS = 240.0
"""Everything that was killed is picked up by then: a lease of seconds, a sweep each 10 s, a job's heartbeat of 60 s."""
FAULTS = frozenset({"worker_lost", "reader_died", "database_error", "dataset_changed", "table_busy"})
"""Why a good file may fail: its tries were used up."""
LOST_BYTES = 4 * 2**20
"""For each time that PostgreSQL was killed: it forgets the files of tables that were being made then (an empty one
takes 8 KiB), and nobody can tell it which; a new cluster from a dump is without them."""


def becomes_true(condition: Callable[[], bool], seconds: float = QUIET_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def ask(statement: str | sql.Composable, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)  # type: ignore[arg-type]
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def answers() -> bool:
    """Whether the database is there."""
    try:
        return ask("SELECT 1") == [(1,)]
    except (OperationalError, InterfaceError):
        connection.close()
        return False


def is_quiet() -> bool:
    """Nothing waits, loads or is about to be changed."""
    changes = [change for change in Dataset.objects.values_list("change", flat=True) if change]
    return (
        not UploadedFile.objects.filter(state__in=IN_PROGRESS).exists()
        and all(change.get("error") for change in changes)
        and not ask("SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
    )


def settle(truth: Truth) -> Iterator[str]:
    """Wait for all that goes on; good files that used up their tries are asked for once more. Then a day goes by."""
    UploadedFile.objects.filter(state=FileState.RECEIVING).update(expires_at=timezone.now() - timedelta(days=1))
    if not becomes_true(is_quiet):
        yield from _unquiet()
    for file in UploadedFile.objects.filter(state=FileState.FAILED):
        if truth.sent[file.name].fails:
            continue
        if file.error_code not in FAULTS:
            yield f"{file.name} failed: {file.error_code}: {file.error_message}"
        retry_file(file_id=file.pk)
    if not becomes_true(is_quiet):
        yield from _unquiet()
    Dataset.objects.update(created_at=timezone.now() - timedelta(days=1))
    if not becomes_true(lambda: sweep() == Sweep(), 60):
        yield "the sweep finds something to mend each time"


def _unquiet() -> Iterator[str]:
    for file in UploadedFile.objects.filter(state__in=IN_PROGRESS):
        yield f"{file.name} is still {file.state}, lease until {file.lease_until}, attempts {file.attempts}"
    for dataset in Dataset.objects.exclude(change={}):
        yield f"{dataset.slug}: {dataset.change}"
    for job in ask("SELECT id, task_name, status, args FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"):
        yield f"job {job}"


def broken_promises(truth: Truth, *, crashes: int) -> Iterator[str]:
    """Each sentence is a promise that does not hold. ``crashes``: how often PostgreSQL was killed."""
    yield from _files(truth)
    yield from _owners()
    yield from _drafts()
    yield from _columns()
    yield from _rows(truth)
    yield from _merged(truth)
    yield from _bytes()
    yield from _database(crashes)


def _files(truth: Truth) -> Iterator[str]:
    for file in UploadedFile.objects.all():
        made = truth.sent[file.name]
        settled = {FileState.FAILED} if made.fails else HAS_DATA
        if file.state not in settled | {FileState.DELETED}:
            yield f"{file.name} is {file.state}: {file.error_code} {file.error_message}"
        if file.lease_until is not None or file.phase:
            yield f"{file.name} is {file.state} and still leased until {file.lease_until}, phase {file.phase!r}"
        if file.state in HAS_DATA and file.loads.count() != len(made.tables):
            yield f"{file.name} has {file.loads.count()} loads for {len(made.tables)} tables"


def _owners() -> Iterator[str]:
    there = {name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'data'")}
    parts = dict(Load.objects.exclude(part="").values_list("part", "file__state"))
    stores = {
        store
        for dataset in established().filter(mode=Mode.MERGE)
        for store in (merging_table(dataset).shared, merging_table(dataset).aside)
    }
    owned = set(established().values_list("slug", flat=True)) | set(parts) | stores
    yield from (f"the table {name} has no owner" for name in sorted(there - owned))
    yield from (f"the table {name} is gone" for name in sorted(owned - there))
    yield from (f"{part} belongs to a {state} file" for part, state in parts.items() if state not in HAS_DATA)
    added = established().exclude(mode=Mode.MERGE).values_list("slug", flat=True)
    attached = {name for slug in added for name in attached_partitions(table=slug)}
    merging = set(Load.objects.filter(dataset__mode=Mode.MERGE).values_list("part", flat=True))
    active = {part for part, state in parts.items() if state == FileState.ACTIVE} - merging
    yield from (f"{part} is attached and not active, or the other way round" for part in attached ^ active)


def _drafts() -> Iterator[str]:
    """What was never active is off to the side, and what is active is not; neither is kept for no file."""
    active = Load.objects.filter(dataset__established_at=None, file__state=FileState.ACTIVE)
    names = active.values_list("file__name", "dataset__planned")
    yield from (f"{name} is active in the draft {planned}" for name, planned in names)
    kept = [state for state in FileState if state is not FileState.DELETED]
    for dataset in Dataset.objects.exclude(loads__file__state__in=kept):
        yield f"{dataset.slug} ({dataset.planned}) is kept for no file"


def _columns() -> Iterator[str]:
    """Each part has the columns of its dataset, as the dataset remembers them; a draft has no table but its parts."""
    types = "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    for dataset in Dataset.objects.all():
        known = set(DatasetColumn.objects.filter(dataset=dataset).values_list("name", "type"))
        parts = set(Load.objects.filter(dataset=dataset).exclude(part="").values_list("part", flat=True))
        for table in (*sorted(parts), *([] if dataset.is_draft else [dataset.slug])):
            name = sql.Identifier("data", table).as_string()
            found = {(column, type_.replace(" without time zone", "")) for column, type_ in ask(types, [name])}
            if {each for each in found if not each[0].startswith("_")} != known:
                yield f"{table} has the columns {found}, its dataset {known}"


def _rows(truth: Truth) -> Iterator[str]:
    for load in Load.objects.filter(file__state__in=HAS_DATA).select_related("file", "dataset"):
        made = truth.sent[load.file.name]
        column = load.columns[0]["name"]
        query = sql.SQL("SELECT count(*), coalesce(sum({}), 0), count(DISTINCT _row) FROM {} WHERE _load = %s")
        aside = bases_aside(load.dataset).get(load.part, "") if load.dataset is not None else ""
        place = whole_part(part=load.part, names=[column, "_row", "_load"], aside=aside, file_id=load.file_id)
        [(count, numbers, distinct)] = ask(query.format(sql.Identifier(column), place), [load.pk])
        left = RejectedRow.objects.filter(load=load, mended_at=None)
        missing = [int(raw.partition(";")[0]) for raw in left.values_list("raw", flat=True)]
        told = f"{load.file.name}, {column}: {count:,} rows, receipt {load.rows_loaded:,}, {len(missing)} rejected"
        if count != load.rows_loaded or distinct != count or len(missing) != load.rows_rejected:
            yield f"{told}, {distinct:,} lines, {load.rows_rejected} on the receipt"
        if count + len(missing) != made.tables[column] or numbers + sum(missing) != total(
            made.tables[column], made.first
        ):
            yield f"{told}: {made.tables[column]:,} were sent"
    for file in UploadedFile.objects.filter(state__in=HAS_DATA):
        sums = file.loads.aggregate(loaded=Sum("rows_loaded"), rejected=Sum("rows_rejected"))
        if (file.rows_loaded, file.rows_rejected) != (sums["loaded"], sums["rejected"]):
            yield f"{file.name} counts {file.rows_loaded} + {file.rows_rejected} rows, its loads {sums}"


def _merged(truth: Truth) -> Iterator[str]:
    """Of each key the row of the latest active file is seen, and no other."""
    for dataset in established().filter(mode=Mode.MERGE):
        expected: dict[int, int] = {}
        for file in UploadedFile.objects.filter(pk__in=active_in_order(dataset)).order_by("ranked_at", "pk"):
            made = truth.sent[file.name]
            if file.full:
                expected.clear()
            expected |= dict.fromkeys(range(made.first, made.first + made.tables["code"]), file.pk)
        found = ask(sql.SQL("SELECT code, _file FROM {}").format(sql.Identifier("data", dataset.slug)))
        if len(found) != len(expected) or dict(found) != expected:
            yield f"{dataset.slug} shows {len(found):,} rows, its active files give {len(expected):,}, or other ones"


def _bytes() -> Iterator[str]:
    stored = {str(path.relative_to(settings.MEDIA_ROOT)) for path in _below(Path(settings.MEDIA_ROOT))}
    kept = UploadedFile.objects.exclude(state=FileState.DELETED)
    ready = PreparedExport.objects.filter(state=ExportState.READY)
    owned = set(kept.values_list("stored_as", flat=True)) | set(ready.values_list("stored_as", flat=True))
    yield from (f"the stored bytes {name} have no owner" for name in sorted(stored - owned))
    yield from (f"the stored bytes {name} are gone" for name in sorted(owned - stored))
    for folder in ("spool", "tmp"):
        # A web server that is killed between making a file and its row leaves it, without a byte, to the sweep.
        found = (path for path in _below(Path(settings.VAR_DIR) / folder) if path.stat().st_size)
        yield from (f"{path} was left behind" for path in found)
    yield from (f"{path} was left behind" for path in scratch().glob("uploaded-*"))


def _below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _database(crashes: int) -> Iterator[str]:
    def advisory() -> list[tuple[Any, ...]]:
        return ask(
            "SELECT application_name, query FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
        )

    if not becomes_true(lambda: not advisory(), 30):
        yield f"advisory locks are held: {advisory()}"
    if not becomes_true(lambda: not ask("SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"), 30):
        yield "a session is idle in a transaction"
    lost = ask(
        "SELECT name, (pg_stat_file(place || '/' || name, true)).size FROM"
        " (SELECT 'base/' || oid AS place FROM pg_database WHERE datname = current_database()) d, pg_ls_dir(place) name"
        " WHERE name ~ '^[0-9]+(\\.[0-9]+)?$' AND split_part(name, '.', 1)::oid NOT IN"
        " (SELECT pg_relation_filenode(oid) FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL)"
    )
    size = sum(size or 0 for _, size in lost)
    if size > crashes * LOST_BYTES:
        yield f"PostgreSQL holds {size / 2**20:,.1f} MiB in {len(lost)} files that belong to no table: {lost[:5]}"


def connections() -> Counter[str]:
    """Sessions of the workers by what they are called."""
    found = ask(
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return Counter(name for (name,) in found)
