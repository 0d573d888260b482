"""Profiles: figures of the columns of each load, made once its rows are there, in the background, and kept with it."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from uploads.database.exporting.laid_order import Stretch, file_of_part, file_of_untouched, find_stretches
from uploads.database.locks import Lock, try_lock, unlock
from uploads.database.reading.giving_way import GaveWay, giving_way
from uploads.database.reading.profiles import (
    MOST_COUNTED,
    ORDERED,
    SAMPLED_ROWS,
    Rows,
    Span,
    Values,
    count_values,
    estimate_distinct,
    guessed_distinct,
    hundredths,
    spans,
)
from uploads.database.rows import last_place, storable
from uploads.models import ADOPTED_FORMAT, DatasetColumn, Load, LoadProfile
from uploads.services.column_locks import columns_held
from uploads.services.queueing import files_wait, nudge_profiles
from uploads.states import HAS_DATA
from uploads.tabular.table import ColumnType

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 10
SOON_ROWS = 10_000
"""A load of so many rows has its profile made at once; those of small ones are made together, by the next sweep."""


def unprofiled() -> QuerySet[Load]:
    """Loads with rows whose profile is not made, or is of other rows than they have now; the newest first."""
    loads = Load.objects.filter(file__state__in=HAS_DATA, rows_loaded__gt=0, dataset__isnull=False).exclude(part="")
    is_whole = Q(profile__hidden=0) | Q(rows_hidden__gt=0)
    return loads.exclude(is_whole, profile__part=F("part"), profile__rows=F("rows_loaded")).order_by("-pk")


def is_fresh(load: Load) -> bool:
    """Whether its profile, which comes with it, is of the rows that it has now."""
    profile: LoadProfile | None = getattr(load, "profile", None)
    if profile is None or not profile.columns or (profile.part, profile.rows) != (load.part, load.rows_loaded):
        return False
    return not profile.hidden or load.rows_hidden > 0


def make_profiles(*, gives_way: bool = True) -> int:
    """Make those that are missing; gives how many. Where somebody is in the way, it goes on later by itself.

    ``gives_way`` also to files that wait to be loaded: the worker that does this is theirs.
    """
    if not try_lock(Lock.PROFILING):
        return 0
    try:
        made, is_done = _make_missing(gives_way=gives_way)
    finally:
        unlock(Lock.PROFILING)
    if not is_done:
        nudge_profiles(in_seconds=AGAIN_SECONDS)
    return made


def _make_missing(*, gives_way: bool) -> tuple[int, bool]:
    made = 0
    for load_id in list(unprofiled().values_list("pk", flat=True)):
        if gives_way and files_wait():
            return made, False
        try:
            made += _make(load_id, gives_way=gives_way)
        except GaveWay:
            logger.info("the profile of load %s is made later: somebody waited", load_id)
            return made, False
    return made, True


def _make(load_id: int, *, gives_way: bool) -> bool:
    load = unprofiled().filter(pk=load_id).first()
    if load is None or load.dataset_id is None:
        return False  # taken back, or made by now
    with columns_held(dataset_id=load.dataset_id) as held:
        if not held:
            return False  # its columns change, and its part with them
        types = _types(load)
        try:
            with giving_way(to=files_wait if gives_way else lambda: False):
                figures = profile_of(Rows(part=load.part, load_id=load.pk), types)
                laid = _laid(load)
        except DatabaseError:
            if not _is_as_it_was(load, types):
                return False
            logger.exception("the profile of load %s cannot be made", load_id)
            figures, laid = {}, ([], 0)  # noted, for it would be tried again and again
        return _keep(load, types, figures, laid)


def _types(load: Load) -> list[tuple[str, ColumnType]]:
    columns = DatasetColumn.objects.filter(dataset=load.dataset_id).order_by("position")
    return [(name, ColumnType(type_)) for name, type_ in columns.values_list("name", "type")]


def _is_as_it_was(load: Load, types: Sequence[tuple[str, ColumnType]]) -> bool:
    """False where its rows were taken back meanwhile, or its columns are called otherwise."""
    return unprofiled().filter(pk=load.pk, part=load.part).exists() and _types(load) == types


def _laid(load: Load) -> tuple[list[Stretch], int]:
    """In which order the rows lie, for exports, and in which file; of what was a table of the database nobody knows."""
    if load.format == ADOPTED_FORMAT:
        return [], 0
    file = file_of_part(part=load.part)
    return find_stretches(part=load.part), file


def stretches_of(load: Load) -> Sequence[Stretch]:
    """All places of its rows in the order of their numbers, as far as that is known and nothing was done to them since;
    else empty. Its profile comes with it."""
    profile: LoadProfile | None = getattr(load, "profile", None)
    if (
        profile is None
        or not (profile.stretches and profile.laid_in)
        or (profile.part, profile.rows) != (load.part, load.rows_loaded)
    ):
        return ()
    stretches = [(int(start), int(end)) for start, end in profile.stretches]
    # PostgreSQL counts what is done with a delay; rows that came behind the last place are seen at once.
    if last_place(tables=[load.part]) > max(end for _, end in stretches):
        return ()
    return stretches if file_of_untouched(part=load.part, rows=load.rows_loaded) == profile.laid_in else ()


def _keep(
    load: Load,
    types: Sequence[tuple[str, ColumnType]],
    figures: Mapping[str, Any],
    laid: tuple[Sequence[Stretch], int],
) -> bool:
    """Under the lock of its load: whoever takes it back, or renames columns, changes that first, and profiles then."""
    with transaction.atomic():
        list(Load.objects.select_for_update(no_key=True).filter(pk=load.pk).values_list("pk"))
        if not _is_as_it_was(load, types):
            return False
        kept = {"part": load.part, "rows": load.rows_loaded, "hidden": load.rows_hidden, "columns": figures}
        kept |= {"stretches": laid[0], "laid_in": laid[1]}
        LoadProfile.objects.update_or_create(load_id=load.pk, defaults={**kept, "made_at": Now()})
    return True


def profile_of(rows: Rows, columns: Sequence[tuple[str, ColumnType]]) -> dict[str, Any]:
    """What is kept of each column, by name."""
    found = spans(rows, columns)
    count = max((span.rows for span in found.values()), default=0)
    guesses = guessed_distinct(rows, [name for name, _ in columns], filled=count) if count > SAMPLED_ROWS else {}
    return {name: _kept(rows, name, type_, found[name], guesses.get(name, 0)) for name, type_ in columns}


def _kept(rows: Rows, name: str, type_: ColumnType, span: Span, guess: int) -> dict[str, Any]:
    filled = span.rows - span.blanks
    if not filled:
        values = Values(distinct=0, is_exact=True, most=())
    elif guess > MOST_COUNTED:
        values = estimate_distinct(rows, name, type_, guess=guess)
    else:
        values = count_values(rows, name, type_)
    share = min(1.0, SAMPLED_ROWS / max(1, span.rows))
    points = hundredths(rows, name, share=share) if type_ in ORDERED and filled else []
    return {
        "type": type_.value,
        "rows": span.rows,
        "blanks": span.blanks,
        "least": _text(span.least),
        "greatest": _text(span.greatest),
        "total": span.total,
        "shortest": span.shortest,
        "longest": span.longest,
        "distinct": min(values.distinct, filled),
        "is_exact": values.is_exact,
        "values": [[storable(value), number] for value, number in values.most],
        "points": _with_ends(points, span),
        "is_sampled": share < 1,
    }


def _with_ends(points: list[str], span: Span) -> list[str]:
    """A sample misses the ends, which are known."""
    if not points or span.least is None or span.greatest is None:
        return points
    return [span.least, *points[1:-1], span.greatest]


def _text(value: str | None) -> str | None:
    return None if value is None else storable(value)


def forget_profiles(*, file_id: int) -> None:
    """They hold values of the file."""
    LoadProfile.objects.filter(load__file_id=file_id).delete()


def forget_profile(*, load_id: int) -> None:
    """Of a load whose rows are others now, though they may be as many again."""
    LoadProfile.objects.filter(load_id=load_id).delete()


def rename_in_profiles(*, dataset_id: int, names: Mapping[str, str | None]) -> None:
    """Have what is kept follow columns that are called otherwise now; ``None``: they are gone, and their values too."""
    profiles = list(LoadProfile.objects.filter(load__dataset=dataset_id))
    for profile in profiles:
        new = {name: names.get(name, name) for name in profile.columns}
        profile.columns = {new[name]: kept for name, kept in profile.columns.items() if new[name] is not None}
    LoadProfile.objects.bulk_update(profiles, ["columns"], batch_size=100)
