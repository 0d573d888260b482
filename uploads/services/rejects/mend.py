"""Rejected rows that are loaded after all: as they are, with a proposed mend, or with cells that a person edited."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from uploads.database.retrying import retry_while_locked
from uploads.database.rows import delete_rows
from uploads.models import Load, RejectedRow, UploadedFile
from uploads.services.column_locks import hold_columns
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.history import note_event
from uploads.services.merging.keys import key_words
from uploads.services.merging.shown_rows import rows_at_rest
from uploads.services.reading.profiles import forget_profile
from uploads.services.rejects.edit import check_cells, check_whole, find_reject
from uploads.services.rejects.proposals import propose
from uploads.states import HAS_DATA, FileState
from uploads.tabular.column_json import column_from_json
from uploads.tabular.table import Column
from uploads.tabular.text.raw_rows import typed_cells

BATCH = 1_000
"""Rows mended and written at a time: a raw row may hold 100,000 characters. 25 to 80 µs of Python each, then COPY."""
type Cells = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """What an act did: rows that are loaded now, and rows that were tried and still don't fit."""

    loaded: int
    left: int


def retry_rejected_rows(*, load_id: int, user_id: int | None = None) -> Mended:
    """Try a load's rejected rows again as they are, against the columns and null words that hold now.

    Called after a column was widened or a null word was said. Locks the file's row; a caller's own transaction may
    surround it. Raises ``StateConflict`` where the file has no rows in a table, ``FileNotFound`` for no such load.
    """
    return load_after_all(
        load_id=load_id,
        user_id=user_id,
        chosen=Q(code="bad_value"),
        cells_of=_as_they_are,
        outcome="fit their columns now and were loaded",
    )


def count_fitting_rejects(*, load_id: int, columns: Sequence[Column], null_words: Collection[str] = ()) -> int:
    """How many of a load's rejected rows would fit these columns (in the file's order) as they are."""
    from uploads.services.rejects.storing import fitting_rows  # noqa: PLC0415 - it loads Arrow

    load = Load.objects.get(pk=load_id)
    return sum(
        len(fitting_rows(columns, null_words, _as_they_are(load, columns, batch))[0])
        for batch in _batches(load, Q(code="bad_value"))
    )


def mend_rejected_rows(
    *,
    load_id: int,
    ids: Collection[int] | None = None,
    code: str | None = None,
    column: str | None = None,
    user_id: int | None = None,
) -> Mended:
    """Fix rejected rows as proposed and load them: those of ``ids``, of one kind and column, or all that have one."""
    asked: dict[str, object] = {"pk__in": ids, "code": code, "column": column}
    return load_after_all(
        load_id=load_id,
        user_id=user_id,
        chosen=Q(**{lookup: value for lookup, value in asked.items() if value is not None}),
        cells_of=_as_proposed,
        outcome="fixed automatically and loaded",
    )


def load_edited_row(*, reject_id: int, cells: Sequence[str], user_id: int | None = None) -> Mended:
    """Load one rejected row with the cells that a person typed, in the file's order.

    Raises ``CellsDoNotFit``, which names each column that does not take its cell.
    """
    reject = find_reject(reject_id=reject_id)
    check_whole(reject)
    check_cells(load=reject.load, cells=cells)
    done = load_after_all(
        load_id=reject.load_id,
        user_id=user_id,
        chosen=Q(pk=reject_id),
        cells_of=lambda load, columns, rejects: [tuple(cells) for _ in rejects],
        outcome=f"edited by hand and loaded (line {reject.row:,})",
    )
    if not done.loaded and reject.load.key:
        raise StateConflict(
            f"Another row of this file has the same {key_words(reject.load.key)}, which tells rows apart.",
            hint="Correct that cell, or leave this row out.",
        )
    return done


def tables_to_mend(*, file_id: int, load_id: int | None = None) -> list[int]:
    """The file's loads, or the one that was chosen; raises ``FileNotFound`` where that is another file's."""
    loads = list(Load.objects.filter(file_id=file_id).order_by("position").values_list("pk", flat=True))
    if load_id is None:
        return loads
    if load_id not in loads:
        raise FileNotFound(f"File {file_id} has no table {load_id}.", hint="Look at the file's receipt again.")
    return [load_id]


def take_back_mends(*, load_id: int, ids: Collection[int] | None = None, user_id: int | None = None) -> int:
    """Undo: make rows that were fixed and loaded rejected again, as they were; returns how many."""

    def act() -> int:
        load = hold_load(load_id=load_id)
        mended = RejectedRow.objects.filter(load=load, mended_at__isnull=False)
        chosen = mended if ids is None else mended.filter(pk__in=ids)
        rows = dict(chosen.values_list("pk", "row"))
        if rows:
            with rows_at_rest(file=load.file, part=load.part):
                gone = delete_rows(part=load.part, load_id=load.pk, rows=list(rows.values()))
            if gone != len(rows):
                raise StateConflict(
                    "These rows cannot be told from others of the same line any more.", hint="Load the file again."
                )
            chosen.update(mended_at=None, mended_by=None)
            move_counts(load=load, loaded=-len(rows))
            _note(load, user_id, f"{_rows(len(rows))} taken back: rejected again")
        return len(rows)

    return retry_while_locked(act)


def load_after_all(
    *,
    load_id: int,
    user_id: int | None,
    chosen: Q,
    cells_of: Callable[[Load, Sequence[Column], Sequence[RejectedRow]], list[Cells | None]],
    outcome: str,
) -> Mended:
    """Load the ``chosen`` rejected rows whose cells fit, all in one transaction; a second call finds none left.

    ``cells_of`` gives a row's cells in the file's order, or ``None`` for a row to be left alone. ``outcome`` goes on
    for the history where “12 rejected rows …” ends.
    """

    from uploads.services.rejects.storing import store_rows  # noqa: PLC0415 - it loads Arrow, which few pages need

    def act() -> Mended:
        load = hold_load(load_id=load_id)
        columns = tuple(map(column_from_json, load.columns))
        loaded = tried = last = 0
        with rows_at_rest(file=load.file, part=load.part):
            for batch in _batches(load, chosen):
                cells = cells_of(load, columns, batch)
                tried += sum(row is not None for row in cells)
                stored = store_rows(load, columns, batch, cells)
                RejectedRow.objects.filter(pk__in=[reject.pk for reject in stored]).update(
                    mended_at=Now(), mended_by_id=user_id
                )
                loaded += len(stored)
                last = max(last, *(reject.row for reject in stored), 0)
        if loaded:
            Load.objects.filter(pk=load.pk).update(last_row=Greatest(F("last_row"), last))
            move_counts(load=load, loaded=loaded)
            _note(load, user_id, f"{_rows(loaded)} {outcome}")
        return Mended(loaded=loaded, left=tried - loaded)

    return retry_while_locked(act)


def hold_load(*, load_id: int) -> Load:
    """The load, with its file kept as it is until the caller's transaction ends: two acts come one after the other."""
    file_id = Load.objects.filter(pk=load_id).values_list("file_id", flat=True).first()
    if file_id is not None:
        file = UploadedFile.objects.select_for_update(no_key=True).get(pk=file_id)
        load = Load.objects.select_related("dataset", "file").filter(pk=load_id).first()
        if load is not None:
            _check_state(file, load)
            if load.dataset_id is not None:
                hold_columns(dataset_id=load.dataset_id)
            return load
    raise FileNotFound(
        "This table is no longer there: its file was loaded again.", hint="Look at the file's receipt again."
    )


def move_counts(*, load: Load, loaded: int) -> None:
    """Count rows as loaded that were counted as rejected, or back for a negative number; the sums stay as they are."""
    change = {"rows_loaded": F("rows_loaded") + loaded, "rows_rejected": F("rows_rejected") - loaded}
    Load.objects.filter(pk=load.pk).update(**change, likely_key=None)
    forget_profile(load_id=load.pk)
    UploadedFile.objects.filter(pk=load.file_id).update(**change, rows_hash="")


def _note(load: Load, user_id: int | None, text: str) -> None:
    note_event(file_id=load.file_id, user_id=user_id, state=FileState(load.file.state), text=text)


def _rows(count: int) -> str:
    return f"{count:,} rejected row{'s' * (count != 1)}"


def _check_state(file: UploadedFile, load: Load) -> None:
    if file.state == FileState.FAILED:
        raise StateConflict(
            f"“{file.name}” failed as a whole: none of its rows is loaded, so none can be added to them.",
            hint="Mend the file and send it again.",
        )
    if file.state not in HAS_DATA or not load.part or load.dataset is None:
        raise StateConflict(
            f"Rows can be added only to a file that is loaded; “{file.name}” is {file.get_state_display()}.",
            hint="Look at its state again: somebody else may have changed it.",
        )


def _batches(load: Load, chosen: Q) -> Iterator[list[RejectedRow]]:
    """The rejects that were not loaded yet, in the order in which they were met."""
    after = 0
    while batch := list(
        RejectedRow.objects.filter(chosen, load=load, mended_at=None, pk__gt=after).order_by("pk")[:BATCH]
    ):
        yield batch
        after = batch[-1].pk


def _as_they_are(load: Load, columns: Sequence[Column], rejects: Sequence[RejectedRow]) -> list[Cells | None]:
    return [typed_cells(reject.raw, delimiter=load.delimiter, width=len(columns)) for reject in rejects]


def _as_proposed(load: Load, columns: Sequence[Column], rejects: Sequence[RejectedRow]) -> list[Cells | None]:
    return [None if mend is None else mend.cells for mend in propose(load=load, rejects=rejects)]
