"""What an active file that merges makes of what readers see: what they would see without it, beside what they see.

As ``forecast.py`` says it beforehand. The file's rows beside all others would say otherwise: that those of other keys
are gone, and that those whose old row it hides are new.
"""

from collections.abc import Sequence
from dataclasses import replace

from uploads.database.comparison.seen_rows import (
    WHOLE,
    SentRows,
    all_rows,
    rows_of_keys,
    seen_rows,
    with_others,
)
from uploads.database.comparison.sides import columns_of
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.comparison.forecast import Forecast, active_but, rows_seen
from uploads.services.comparison.homes import is_keyed, tables_with_homes
from uploads.services.comparison.result import ColumnChanges, Unforetold
from uploads.services.merging.choices import fold_of
from uploads.services.merging.shown_rows import bases_aside, parts_of
from uploads.services.merging.standing import ActiveFile, from_highest_full
from uploads.states import FileState, Mode

MOST_OTHERS = 100
"""Active files that are looked through for the rows of its keys."""


def hindsights_of(file: UploadedFile) -> dict[str, Forecast]:
    """By part, for each table of an active file in a dataset that merges.

    Not so where there are too many others or none.
    """
    if file.state != FileState.ACTIVE:
        return {}
    tables = tables_with_homes(file)
    homes = [table.home.dataset.pk for table in tables]
    found = {
        table.part: _hindsight(file, table.home.dataset, table.part, table.loads)
        for table in tables
        if homes.count(table.home.dataset.pk) == 1
    }
    return {part: each for part, each in found.items() if each is not None}


def too_many_beside(file: UploadedFile) -> dict[str, Unforetold]:
    """By the slugs of the datasets where an active file is one of too many."""
    if file.state != FileState.ACTIVE:
        return {}
    merging = [each.home.dataset for each in tables_with_homes(file) if each.home.dataset.mode == Mode.MERGE]
    many = [dataset.slug for dataset in merging if len(active_but(dataset, file=file)) > MOST_OTHERS]
    return dict.fromkeys(many, Unforetold.TOO_MANY_FILES)


def _hindsight(file: UploadedFile, dataset: Dataset, part: str, loads: Sequence[Load]) -> Forecast | None:
    others = active_but(dataset, file=file)
    if dataset.mode != Mode.MERGE or not 0 < len(others) <= MOST_OTHERS:
        return None
    asides = bases_aside(dataset)
    of_all = [ActiveFile(file_id=pk, is_full=is_full) for _, pk, is_full in others]
    shown = [each.file_id for each in from_highest_full(of_all)]
    # a base has most of the keys, and without a full file those come back that it lacks
    is_of_all = part in asides or file.full or any(each.is_full for each in of_all)
    columns = columns_of(table=dataset.slug)
    names, key = {name: name for name in columns}, tuple(dataset.key)
    if not is_keyed(loads, key, names):
        return None
    parts = parts_of(dataset, file_ids=shown)
    sent = SentRows(file_id=file.pk, part=part, names=names)
    seen = SentRows(file_id=0, part=dataset.slug, names=names)
    files = [SentRows(file_id=pk, part=parts[pk], names=names, aside=asides.get(parts[pk], "")) for pk in shown]
    fold = fold_of(dataset) or WHOLE
    old = seen_rows(files, key=key, columns=columns, fold=fold, keys_of=None if is_of_all else sent)
    found = Forecast(
        dataset=dataset,
        mode=Mode.MERGE,
        key=key,
        old=old,
        new=all_rows(seen, columns),
        seen_now=rows_seen(dataset),
        rows=sum(load.rows_loaded for load in loads),
        columns=ColumnChanges(),
        sent=sent,
        tables=tuple(sorted({dataset.slug, part, *(table for each in files for table in each.tables)})),
        is_active=True,
    )
    if is_of_all:
        return found
    whole = (with_others(old, seen, key=key, keys_of=sent), found.new)
    return replace(found, new=rows_of_keys(seen, columns, key=key, keys_of=sent), whole=whole)
