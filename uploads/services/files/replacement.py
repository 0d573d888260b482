"""One file takes the place of others in one moment, and they take it back as quickly.

By a person's choice of files. Which they are where a file *replaces the whole table* is said by ``merging/joining.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.errors import FileNotFound, NeedsFitting, StateConflict
from uploads.services.files.activation import ActionResult, exchange_files, fit_file, replace_file
from uploads.services.files.same_bytes import add_duplicate
from uploads.states import FileState
from uploads.tabular.errors import BadOption

MOST_OFFERED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaceable:
    """An active file whose place another one may take."""

    file_id: int
    name: str
    rows: int
    since: datetime
    datasets: tuple[str, ...]


def replaceable_files(*, file_id: int) -> tuple[Replaceable, ...]:
    """The active files in the datasets of a file, and those of the same bytes, newest first."""
    file = _file(file_id)
    mine = Dataset.objects.filter(loads__in=Load.objects.filter(file_id=file_id).exclude(part=""))
    columns = Q(header_key__in=mine.values("header_key")) & Q(established_at__isnull=False)
    inside = Load.objects.filter(dataset__in=Dataset.objects.filter(columns | Q(pk__in=mine.values("pk")))).values(
        "file"
    )
    alike = Q(sha256=file.sha256) & ~Q(sha256="")
    active = UploadedFile.objects.filter(Q(pk__in=inside) | alike, state=FileState.ACTIVE).exclude(pk=file_id)
    found = active.order_by("-id").prefetch_related("loads__dataset")[:MOST_OFFERED]
    return tuple(
        Replaceable(
            file_id=each.pk,
            name=each.name,
            rows=each.rows_loaded,
            since=each.state_changed_at,
            datasets=tuple(sorted({load.dataset.slug for load in each.loads.all() if load.dataset is not None})),
        )
        for each in found
    )


def replace_files(*, old_ids: Sequence[int], new_id: int, user_id: int | None = None) -> ActionResult:
    """Let a loaded file take the place of active ones: one moment for all, and they stay loaded.

    A file that was held back because its bytes are here already is loaded first. Raises ``BadOption``,
    ``FileNotFound`` or ``StateConflict``; then nothing is changed.
    """
    old = sorted(set(old_ids))
    new = _file(new_id)
    if not old:
        raise BadOption("It is not said which file is to be replaced.", hint="Name at least one active file.")
    if new_id in old:
        raise BadOption(f"File {new_id} cannot take its own place.", hint="Name the files that go, then the new one.")
    files = [_file(file_id) for file_id in old]
    if new.state == FileState.ACTIVE and all(file.replaced_by_id == new_id for file in files):
        raise StateConflict(
            f"File {new_id} has taken the place of {_named(old)} already.", hint="There is nothing left to do."
        )
    if new.state not in (FileState.LOADED, FileState.DUPLICATE):
        raise StateConflict(
            f"Only a file that is loaded and not active can take the place of another; “{new.name}” is"
            f" {new.get_state_display()}.",
            hint="Deactivate the old file instead." if new.state == FileState.ACTIVE else "",
        )
    for file in files:
        if file.state != FileState.ACTIVE:
            raise StateConflict(
                f"Only an active file can be replaced; “{file.name}” (file {file.pk}) is {file.get_state_display()}.",
                hint="Look at its state again: somebody else may have changed it.",
            )
    if new.state == FileState.DUPLICATE:
        add_duplicate(file_id=new_id, user_id=user_id, replaces=old)
        done = ActionResult(file_id=new_id, name=new.name, rows=0, datasets=(), milliseconds=0, is_waiting=True)
    else:
        done = _exchanged(old, new_id, user_id)
    return replace(done, replaced=tuple(old) if done.is_waiting else _replaced_by(new_id))


def _replaced_by(file_id: int) -> tuple[int, ...]:
    """Those that were named, and those for which its dataset has it take their place."""
    gone = UploadedFile.objects.filter(replaced_by=file_id, state=FileState.LOADED)
    return tuple(gone.order_by("pk").values_list("pk", flat=True))


def _exchanged(old: Sequence[int], new_id: int, user_id: int | None) -> ActionResult:
    """At once, or after the file was read again with the types of the dataset."""
    try:
        return replace_file(old_ids=old, new_id=new_id, user_id=user_id)
    except NeedsFitting as need:
        return replace(
            fit_file(file_id=new_id, user_id=user_id, why=need.message, replaces=old), rows=0, is_waiting=True
        )


def put_back(*, file_id: int, user_id: int | None = None, then: Callable[[], None] = lambda: None) -> tuple[int, ...]:
    """Undo a replacement: the files whose place this one took are active again, and it is not. Returns their numbers.

    ``then`` is done in the same moment.

    Raises ``FileNotFound``, or ``StateConflict`` where there is nothing to be put back.
    """
    file = _file(file_id)
    replaced = list(file.replaced.filter(state=FileState.LOADED).order_by("pk").values_list("pk", flat=True))
    if file.state != FileState.ACTIVE or not replaced:
        raise StateConflict(
            f"There is nothing to put back: “{file.name}” is {file.get_state_display()} and has taken no file's place.",
            hint="Look at it again: somebody else may have changed it.",
        )

    def also() -> None:
        if len(replaced) > 1:  # what one click would put back is one of them, not all
            UploadedFile.objects.filter(pk=file_id).update(replaced_by=None)
        then()

    try:
        exchange_files(off=[file_id], on=replaced, user_id=user_id, then=also)
    except NeedsFitting as need:
        raise StateConflict(
            f"They cannot be put back at once: {need.message}", hint="Activate them: they are read again for that."
        ) from need
    return tuple(replaced)


def _file(file_id: int) -> UploadedFile:
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    return file


def _named(ids: Sequence[int]) -> str:
    *first, last = map(str, ids)
    return f"files {', '.join(first)} and {last}" if first else f"file {last}"
