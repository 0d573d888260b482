"""Switch files on and off and take them back: milliseconds at any size, all of a file or nothing of it."""

import time
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce, Now

from uploads.database.datasets import check_free
from uploads.database.partitions import hold_off_autovacuum, may_be_large
from uploads.database.prepared import Prepared
from uploads.database.retrying import retry_while_locked
from uploads.database.sessions import end_backends_of
from uploads.database.statements import TableBusy
from uploads.models import Load, UploadedFile
from uploads.services.datasets.adopted import check_has_bytes, check_not_adopted
from uploads.services.datasets.drafts import public_slugs
from uploads.services.datasets.ending import leave_datasets_of
from uploads.services.datasets.establishment import hold_names, settle_drafts
from uploads.services.datasets.versions import active_versions
from uploads.services.errors import FileNotFound, NeedsFitting
from uploads.services.files.deletion import purge_file
from uploads.services.files.forgetting import forget_content
from uploads.services.files.partitions import Attempt, drop_partition, partitions_of
from uploads.services.files.transitions import HAS_DRAFTS, HAS_READINGS, change_state
from uploads.services.merging.joining import files_to_replace
from uploads.services.merging.shown_rows import held_parts, hide_file, show_parts, take_rank
from uploads.services.options.remembered import remember_file
from uploads.services.plans.lessons import keep_uses, teach_again
from uploads.services.queueing import enqueue_load
from uploads.states import FileState, Phase

NOTHING_SAID: dict[str, Any] = {"mode": "", "key": [], "mode_choice": None, "merge_said": {}, "mode_seen": {}}
"""Of how a file joins its datasets."""
_FIRST_ACTIVATED, _FIRST_RANKED = Coalesce("activated_at", Now()), Coalesce("ranked_at", Now())
HOWEVER_MANY = 2**62
"""Rejected rows that nobody wants to see first, when a file is read again that is activated by itself."""

_ASKED_WHEN_ACTIVATED = (
    "rows_loaded",
    "version_of",
    "taught",
    "options",
    "mode",
    "mode_choice",
    "mode_seen",
    "merge_said",
    "key",
    HAS_READINGS,
    HAS_DRAFTS,
)
"""Fields of every file that becomes active; what only some are asked is looked up then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionResult:
    """What an act did: which file, how many rows, which datasets, and what it took in the database."""

    file_id: int
    name: str
    rows: int
    datasets: tuple[str, ...]
    milliseconds: float
    replaced: tuple[int, ...] = ()
    """The files whose place it took."""
    is_waiting: bool = False
    """It has to be loaded first."""
    fitting: str = ""
    """Why the file is being read again before its rows can be seen; empty where it is done."""


def activate_file(
    *, file_id: int, user_id: int | None = None, check: Callable[[], None] = lambda: None, **said: Any
) -> ActionResult:
    """Make a loaded file's rows visible in its datasets; ``said`` of how it joins is kept with its row in that moment.

    ``check`` is asked in that transaction and raises what speaks against it.

    One that was typed before its dataset was there is *fitted*: read again with the types of the dataset, by a worker.
    It becomes active then, unless more of its rows are rejected than before: their count is for a person to see first.
    """
    file = _file(file_id)
    known = iter([bool(vars(file)[HAS_DRAFTS])])  # once: when it is tried again, that may have changed

    def act() -> None:
        has_drafts = hold_names(file_id=file_id, known=next(known, None))
        check()
        if said:
            UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).update(**said)
        activate_in_transaction(file_id=file_id, user_id=user_id, has_drafts=has_drafts)

    try:
        return _publication(file_id, act, file=file)
    except NeedsFitting as need:
        if not said.get("mode"):  # what is seen when it was read again, nobody could foresee
            said.pop("mode_seen", None)
        return fit_file(file_id=file_id, user_id=user_id, why=need.message, check=check, **said)


def fit_file(
    *,
    file_id: int,
    user_id: int | None,
    why: str,
    replaces: Sequence[int] = (),
    check: Callable[[], None] = lambda: None,
    **said: Any,
) -> ActionResult:
    """Have a loaded file read again with the types of its dataset, to be activated and take the place of others."""

    def act() -> None:
        check()
        rejected = UploadedFile.objects.values_list("rows_rejected", flat=True).get(pk=file_id)
        changes = {"fit_rejects": rejected, "replaces": sorted(replaces), **said}
        _load_again(file_id, user_id, text=f"read again: {why}", **changes)

    return replace(_publication(file_id, act), fitting=why)


def fit_in_transaction(*, file_id: int, user_id: int | None, why: str) -> None:
    """The same for one that is activated by itself, whose rejected rows nobody wants to see first, as for any file."""
    _load_again(file_id, user_id, text=f"read again: {why}", fit_rejects=HOWEVER_MANY)


def deactivate_file(
    *,
    file_id: int,
    user_id: int | None = None,
    text: str = "deactivated",
    then: Callable[[], None] = lambda: None,
    **changes: Any,
) -> ActionResult:
    """Take an active file's rows out of its datasets; they stay, ready to be activated again.

    ``text`` is for the history, ``changes`` are made to the file's row with it; ``then`` is done in the same moment.
    """

    def act() -> None:
        change_state(
            file_id=file_id,
            to=FileState.LOADED,
            user_id=user_id,
            among=frozenset({FileState.ACTIVE}),
            text=text,
            **changes,
        )
        hide_file(file_id=file_id)
        then()

    return _publication(file_id, act)


def delete_file(
    *,
    file_id: int,
    user_id: int | None = None,
    text: str = "",
    check: Callable[[], None] = lambda: None,
    forget: Callable[[], None] = lambda: None,
    **changes: Any,
) -> ActionResult:
    """Remove a file's rows, rejects and stored bytes. Name, size, hash, who and when stay in the history.

    A load in progress is ended first: its fence is raised, its database session closed. Readers see none of it any more
    once the transaction is through; giving back the space comes after. ``check`` is asked under the file's lock and
    raises what speaks against it; ``forget`` empties what else tells of it, once nothing does, and before the deletion
    is on record. ``text`` is for the history, ``changes`` are made to the file's row with it.
    """

    def act() -> None:
        now = UploadedFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
        check()
        check_not_adopted(file_ids=[file_id])
        if now is not None and now.state == FileState.LOADING:
            end_backends_of(application=Attempt(file_id=file_id, fence=now.fence).application_name)
        forget_content(file_id=file_id)
        forget()
        gone = {"lease_until": None, "phase": Phase.NONE, **changes}
        change_state(file_id=file_id, to=FileState.DELETED, user_id=user_id, text=text, **gone)
        for part in _parts(file_id):
            check_free(table=part)
        if now is not None and now.state == FileState.ACTIVE:
            hide_file(file_id=file_id)
        leave_datasets_of(file_id=file_id)

    publication = _publication(file_id, act, datasets=public_slugs(file_id=file_id))
    purge_file(file_id=file_id)
    return publication


def retry_file(*, file_id: int, user_id: int | None = None) -> None:
    """Load a file again from its stored bytes: one that failed, or one that is loaded and not active."""
    retry_while_locked(lambda: _load_again(file_id, user_id, text="loaded again"))


def _load_again(file_id: int, user_id: int | None, *, text: str, **changes: Any) -> None:
    check_has_bytes(file_id=file_id, why=text)
    keep_uses(file_id=file_id)
    change_state(
        file_id=file_id,
        to=FileState.WAITING,
        user_id=user_id,
        among=frozenset({FileState.FAILED, FileState.LOADED}),
        text=text,
        attempts=0,
        finished_at=None,
        **changes,
    )
    for part in partitions_of(file_id=file_id):
        drop_partition(part=part)
    enqueue_load(file_id=file_id)


def replace_file(*, old_ids: Sequence[int], new_id: int, user_id: int | None = None) -> ActionResult:
    """Deactivate some files and activate another in one transaction: readers see them or it, never a mix."""
    return _publication(new_id, lambda: exchange_in_transaction(off=old_ids, on=[new_id], user_id=user_id))


def exchange_files(
    *, off: Sequence[int], on: Sequence[int], user_id: int | None = None, then: Callable[[], None] = lambda: None
) -> None:
    """The same with several to activate; ``then`` is done in the same moment."""

    def act() -> None:
        exchange_in_transaction(off=off, on=on, user_id=user_id)
        then()

    retry_while_locked(act)


def exchange_in_transaction(*, off: Sequence[int], on: Sequence[int], user_id: int | None) -> None:
    """Deactivate ``off`` and activate ``on``; the caller has the transaction."""
    for new_id in sorted(on):
        hold_names(file_id=new_id)
    everyone = UploadedFile.objects.select_for_update(no_key=True).filter(pk__in=[*off, *on])
    list(everyone.order_by("pk").values_list("pk"))  # in one order for all: two exchanges never wait for each other
    hold_off_autovacuum(parts=[part for file_id in sorted(on) for part in _parts(file_id)])
    _make_way(old_ids=sorted(off), new_id=on[0], user_id=user_id)
    _forget_replaced(by=on[0], but=off)
    for new_id in sorted(on):
        activate_in_transaction(file_id=new_id, user_id=user_id, together=on)


def activate_in_transaction(
    *, file_id: int, user_id: int | None, has_drafts: bool | None = None, together: Collection[int] = ()
) -> None:
    """Move a loaded file to active and attach its parts; the caller has the transaction.

    Files that are activated ``together`` do not make way for each other, whatever their dataset says.

    Another reading of the same bytes that is active makes way. The file's drafts find their datasets: raises what
    ``settle_drafts`` raises, and ``TooManyActiveFiles``. ``has_drafts``: it has some, and ``Lock.NAMING`` is held for
    them; ``False``: it had none a moment ago, and where that has changed ``TableBusy`` is raised; ``None``: nobody has
    looked.
    """
    if has_drafts is None:
        has_drafts = hold_names(file_id=file_id)
    file = change_state(
        file_id=file_id,
        to=FileState.ACTIVE,
        user_id=user_id,
        activated_at=_FIRST_ACTIVATED,
        ranked_at=_FIRST_RANKED,
        replaced_by=None,
        overlaps=[],
        columns_open=[],
        guards_tripped=[],
        fields=_ASKED_WHEN_ACTIVATED,
    )
    if may_be_large(rows=file.rows_loaded):  # of others autovacuum lets go by itself, in milliseconds
        hold_off_autovacuum(parts=_parts(file_id))
    taught = deepcopy(file.taught)
    readings = active_versions(file) if file.version_of_id is not None or vars(file)[HAS_READINGS] else []
    _make_way(old_ids=readings, new_id=file_id, user_id=user_id)
    teach_again(file)
    if vars(file)[HAS_DRAFTS] and not has_drafts:  # the lock comes before any file's row
        raise TableBusy("Its dataset is being replaced right now.", hint="Try again in a moment.")
    if has_drafts:
        settle_drafts(file)
    held = held_parts(file_id=file_id)
    others = files_to_replace(file, datasets=[each.dataset for each in held], together=together)
    _make_way(old_ids=others, new_id=file_id, user_id=user_id)
    if (others or readings) and not together:
        _forget_replaced(by=file_id, but=[*others, *readings])
    if others or file.mode:  # then the datasets may be other than they were
        held = held_parts(file_id=file_id)
    show_parts(held, file_id=file_id)
    changes: dict[str, Any] = {} if file.taught == taught else {"taught": file.taught}
    if file.mode or file.mode_seen:  # said of how it comes; off and on again it takes nobody's place
        changes |= NOTHING_SAID
    if changes:
        UploadedFile.objects.filter(pk=file_id).update(**changes)
    remember_file(file)


def _make_way(*, old_ids: Sequence[int], new_id: int, user_id: int | None) -> None:
    why, among = f"replaced by file {new_id}", frozenset({FileState.ACTIVE})
    for old_id in old_ids:
        change_state(file_id=old_id, to=FileState.LOADED, user_id=user_id, among=among, text=why, replaced_by=new_id)
        take_rank(file_id=new_id, of=old_id)
        hide_file(file_id=old_id)


def _forget_replaced(*, by: int, but: Sequence[int]) -> None:
    """Whose place it took when it became active earlier: to undo this act is to put back those that it replaced."""
    UploadedFile.objects.filter(replaced_by=by).exclude(pk__in=but).update(replaced_by=None)


def _publication(
    file_id: int, act: Callable[[], None], datasets: tuple[str, ...] | None = None, file: UploadedFile | None = None
) -> ActionResult:
    """Do it, and say what it was done to: the file's ``datasets``, as they are called afterwards."""
    file = file or _file(file_id)
    began = time.perf_counter()
    retry_while_locked(act)
    took = (time.perf_counter() - began) * 1_000
    return ActionResult(
        file_id=file_id,
        name=file.name,
        rows=file.rows_loaded,
        datasets=public_slugs(file_id=file_id) if datasets is None else datasets,
        milliseconds=took,
    )


_DRAFTS = Load.objects.filter(file=OuterRef("pk"), dataset__isnull=False, dataset__established_at=None)
_KNOWN = ("id", "name", "rows_loaded")
_FILE = Prepared(lambda file: UploadedFile.objects.filter(pk=file).values_list(*_KNOWN, Exists(_DRAFTS)))


def _file(file_id: int) -> UploadedFile:
    for *values, has_drafts in _FILE.rows(file=file_id):
        file = UploadedFile.from_db(connection.alias, _KNOWN, values)
        setattr(file, HAS_DRAFTS, has_drafts)
        return file
    raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")


def _parts(file_id: int) -> list[str]:
    """The parts of a file, in one order for all, so that two acts never wait for each other."""
    loads = Load.objects.filter(file_id=file_id, dataset__isnull=False).exclude(part="")
    return sorted(set(loads.values_list("part", flat=True)))
