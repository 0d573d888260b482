"""What readers will see when a file that waits is activated: worked out beforehand, and nothing is switched for it.

In whatever way the file is to join: added, in the place of others, or merged by key with marks, blanks that keep the
old value, columns that it lacks, a full list, and a place in the middle of the order. How many rows that makes others
is counted by ``effects.py``. A test holds this to what is seen afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from uploads.database.comparison.seen_rows import (
    WHOLE,
    SentRows,
    all_rows,
    rows_of_files,
    rows_of_keys,
    seen_rows,
    with_others,
)
from uploads.database.comparison.sides import Side, columns_of
from uploads.database.merging.folding import Fold
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.comparison.homes import (
    home_of,
    is_as_read,
    is_keyed,
    key_of,
    names_of,
    tables_with_homes,
    why_unforetold,
)
from uploads.services.comparison.result import ColumnChanges
from uploads.services.comparison.tables import FileTable
from uploads.services.datasets.establishment import Home
from uploads.services.datasets.versions import readings_of
from uploads.services.merging.choices import MergeChoices, choices_with, fold_of
from uploads.services.merging.shown_rows import RANK_STEP, bases_aside, parts_of
from uploads.services.merging.standing import ActiveFile, Standing, standing_among
from uploads.states import FileState, Kept, Mode


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """One table of a file beside what its dataset shows now."""

    dataset: Dataset
    mode: Mode
    key: tuple[str, ...] | None
    """``None``: rows are told apart by all that they hold."""
    old: Side
    """What is seen now of the rows that may be seen otherwise afterwards."""
    new: Side
    """The same afterwards."""
    seen_now: int
    """All rows that are seen now."""
    rows: int
    """Of the file."""
    columns: ColumnChanges
    sent: SentRows
    above: tuple[SentRows, ...] = ()
    """Files that hide rows of this one."""
    only_adds: bool = False
    """All of its rows are seen beside the others, which stay."""
    is_unseen: bool = False
    """A full file above hides it whole."""
    whole: tuple[Side, Side] | None = None
    """All rows that are seen, before and after; ``None``: ``old`` and ``new`` are all."""
    tables: tuple[str, ...] = ()
    """Of the database, that are read."""
    is_active: bool = False
    """It is active already: ``old`` is what would be seen without it, and ``new`` what is seen."""

    def answers(self, key: Sequence[str] | None) -> bool:
        """Whether a comparison by this key is that of what is seen now and afterwards.

        Where rows are only added, it is that of the file with what is there: so it shows which ones are there twice.
        """
        if self.mode is Mode.MERGE:
            return key is None or list(key) == list(self.key or ())
        return self.mode is Mode.REPLACE and (key is None or set(key) <= self.new.columns.keys())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Joining:
    """A file on its way into a dataset."""

    file: UploadedFile
    dataset: Dataset
    sent: SentRows
    missing: tuple[str, ...]
    """Columns of the dataset that the file lacks."""
    added: tuple[str, ...]
    mode: Mode
    key: tuple[str, ...]
    is_full: bool
    columns: Mapping[str, str]
    """Of the dataset as it will be, with their types."""
    leaving: tuple[int, ...]
    """Active files whose place it takes."""


def forecasts_of(file: UploadedFile, *, is_full: bool | None = None) -> dict[str, Forecast]:
    """By part, for each table of a loaded file whose effect can be foretold.

    Not so of one that founds a dataset, waits for an answer, has to be read again before it can join, or is refused.
    ``is_full``: as if that were said of it.
    """
    if file.state != FileState.LOADED:
        return {}
    found: dict[str, Forecast] = {}
    tables = tables_with_homes(file)
    for table in tables:
        if why_unforetold(table, tables, file) is not None:
            continue
        is_full_list = file.full if is_full is None else is_full
        joining = _joining(file, table.home, table.part, table.loads, is_full=is_full_list)
        forecast = None if joining is None else _forecast(joining, table.loads)
        if forecast is not None:
            found[table.part] = forecast
    return found


def _joining(file: UploadedFile, home: Home, part: str, loads: Sequence[Load], *, is_full: bool) -> _Joining | None:
    dataset = home.dataset
    there, own = columns_of(table=dataset.slug), columns_of(table=part)
    names = names_of(home, there)
    added = tuple(name for name in names if name not in there)
    mode = Mode(file.mode or dataset.mode)
    merges = Mode.MERGE in (mode, dataset.mode)
    key = key_of(file, dataset, names)
    if merges and (file.mode == Mode.APPEND or not is_keyed(loads, key, names)):
        return None
    if merges and is_full and MergeChoices.of(dataset).keeps:
        return None
    if merges and choices_with(dataset, file, key=key) != MergeChoices.of(dataset):
        return None  # what is seen of all its rows is folded anew
    others = active_but(dataset, file=file)
    readings = set(readings_of(file).values_list("pk", flat=True))
    return _Joining(
        file=file,
        dataset=dataset,
        sent=SentRows(file_id=file.pk, part=part, names=names),
        missing=tuple(name for name in there if name not in names),
        added=added,
        mode=mode,
        key=key,
        is_full=is_full and merges,
        columns={**there, **{name: own[names[name]] for name in added}},
        leaving=tuple(pk for _, pk, _ in others if mode is Mode.REPLACE or pk in readings),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedPair:
    """Two tables as their dataset folds them."""

    key: tuple[str, ...]
    sides: tuple[Side, Side]
    columns: ColumnChanges


def as_they_merge(old: FileTable, new: FileTable) -> MergedPair | None:
    """The tables of two files of a dataset that folds its rows: what is seen of one, and what the other makes of it.

    So a mark is no row, and a blank that keeps the old value changes nothing. ``None`` where rows are what they are.
    """
    dataset = Dataset.objects.filter(pk=new.home).first() if new.home is not None and new.home == old.home else None
    if dataset is None or dataset.mode != Mode.MERGE or fold_of(dataset) is None:
        return None
    columns = columns_of(table=dataset.slug)
    sent: list[SentRows] = []
    fold = fold_of(dataset) or WHOLE
    asides = bases_aside(dataset)
    for table in (old, new):
        loads = list(Load.objects.filter(part=table.table).select_related("dataset", "file").order_by("position"))
        home = home_of(loads, loads[0].file) if loads else None
        is_here = home is not None and home.dataset.pk == dataset.pk and is_as_read(loads[0], home)
        names = names_of(home, columns) if home is not None and is_here else {}
        if not is_keyed(loads, dataset.key, names):
            return None
        lacks = [name for name in columns if name not in names]
        if lacks and MergeChoices.of(dataset).missing == Kept.KEEP:
            fold = replace(fold, missing={**fold.missing, **{load.pk: lacks for load in loads}})
        aside = asides.get(table.table, "")
        sent.append(SentRows(file_id=loads[0].file_id, part=table.table, names=names, aside=aside))
    before, after = sent
    key = tuple(dataset.key)
    return MergedPair(
        key=key,
        sides=(
            seen_rows([before], key=key, columns=columns, fold=fold),
            seen_rows([before, after], key=key, columns=columns, fold=fold, keys_of=after),
        ),
        columns=ColumnChanges(
            added=tuple(name for name in after.names if name not in before.names),
            missing=tuple(name for name in before.names if name not in after.names),
        ),
    )


def active_but(dataset: Dataset, *, file: UploadedFile) -> list[tuple[datetime | None, int, bool]]:
    """The other active files of a dataset, the lowest first: place in the order, number, and whether it is full."""
    theirs = Load.objects.filter(dataset=dataset).exclude(part="").values("file")
    files = UploadedFile.objects.filter(pk__in=theirs, state=FileState.ACTIVE).exclude(pk=file.pk)
    return list(files.order_by("ranked_at", "pk").values_list("ranked_at", "pk", "full"))


def rows_seen(dataset: Dataset) -> int:
    """How many rows readers see."""
    shown = Load.objects.filter(dataset=dataset, file__state=FileState.ACTIVE).exclude(part="")
    return sum(loaded - hidden for loaded, hidden in shown.values_list("rows_loaded", "rows_hidden"))


def _forecast(joining: _Joining, loads: Sequence[Load]) -> Forecast | None:
    dataset, sent, columns = joining.dataset, joining.sent, joining.columns
    seen_now = rows_seen(dataset)
    seen = SentRows(file_id=0, part=dataset.slug, names={name: name for name in columns if name not in joining.added})
    rows = sum(load.rows_loaded for load in loads)
    found = Forecast(
        dataset=dataset,
        mode=joining.mode,
        key=joining.key or None,
        old=all_rows(seen, columns, rows=seen_now),
        new=all_rows(sent, columns, rows=rows),
        seen_now=seen_now,
        rows=rows,
        columns=ColumnChanges(added=joining.added, missing=joining.missing),
        sent=sent,
        tables=(dataset.slug, sent.part),
    )
    if Mode.MERGE in (joining.mode, dataset.mode):
        return _merged(found, joining, seen, loads)
    if joining.mode is Mode.REPLACE:
        return found
    old = rows_of_files(seen, columns, file_ids=joining.leaving)
    return replace(found, key=None, old=old, only_adds=not joining.leaving)


def _merged(found: Forecast, joining: _Joining, seen: SentRows, loads: Sequence[Load]) -> Forecast:
    """By the files that have a part in what is seen afterwards; mostly of the keys of this file alone."""
    dataset, sent, columns, key = joining.dataset, joining.sent, joining.columns, joining.key
    standing = _standing(joining)
    order = standing.order
    parts = parts_of(dataset, file_ids=order.others)
    asides = bases_aside(dataset)
    others = {
        pk: SentRows(file_id=pk, part=part, names=seen.names, aside=asides.get(part, "")) for pk, part in parts.items()
    }
    below, above = ([others[pk] for pk in pks] for pks in (order.below, order.above))
    is_usual = dataset.mode == Mode.MERGE and not joining.leaving and not joining.is_full
    fold = _fold(joining, loads)
    # a row that is taken whole, or deletes its key, hides all below it
    files = [*(below if not is_usual or not fold.takes_whole_rows else ()), sent, *above]
    if standing.is_covered:
        files = above
    keys_of = sent if is_usual else None
    new = seen_rows(files, key=key, columns=columns, fold=fold, keys_of=keys_of)
    tables = {*found.tables, *(table for file in files for table in file.tables)}
    found = replace(
        found,
        mode=Mode.MERGE,
        new=new,
        above=tuple(above),
        is_unseen=standing.is_covered,
        tables=tuple(sorted(tables)),
    )
    if keys_of is None:
        return found
    old = rows_of_keys(seen, columns, key=key, keys_of=sent)
    whole = (all_rows(seen, columns), with_others(new, seen, key=key, keys_of=sent))
    return replace(found, old=old, whole=whole)


def _fold(joining: _Joining, loads: Sequence[Load]) -> Fold:
    """That of the dataset, which does not know yet what this file lacks."""
    fold = fold_of(joining.dataset) if joining.dataset.mode == Mode.MERGE else None
    if fold is None:
        return WHOLE
    choices = MergeChoices.of(joining.dataset)
    if joining.missing and choices.missing == Kept.KEEP and choices.blanks != Kept.KEEP:
        return replace(fold, missing={**fold.missing, **{load.pk: joining.missing for load in loads}})
    return fold


def _standing(joining: _Joining) -> Standing:
    """Where the file will stand: on top, or where it stood before, or right above those whose place it takes."""
    others = active_but(joining.dataset, file=joining.file)
    left = [rank for rank, pk, _ in others if pk in joining.leaving and rank is not None]
    own = joining.file.ranked_at
    ranks = [*([own] if own is not None else []), *([max(left) + RANK_STEP] if left else [])]
    at = (max(ranks), joining.file.pk) if ranks else None
    staying = [(rank, pk, is_full) for rank, pk, is_full in others if pk not in joining.leaving]
    is_below = [at is None or rank is None or (rank, pk) < at for rank, pk, _ in staying]
    files = [ActiveFile(file_id=pk, is_full=is_full) for _, pk, is_full in staying]
    return standing_among(
        is_full=joining.is_full,
        below=[file for file, below in zip(files, is_below, strict=True) if below],
        above=[file for file, below in zip(files, is_below, strict=True) if not below],
    )
