"""New parts for a dataset whose columns change, made off to the side of those that people are reading."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import ProgrammingError, transaction
from django.db.models import F

from uploads.database.merging.by_key import make_key
from uploads.database.merging.keys import count_keyless, has_blank_keys
from uploads.database.partition_copy import PartitionCopy, StoredRows, copy_exactly, read_stored
from uploads.database.partitions import (
    analyze_partition,
    create_partition,
    drop_table,
    index_partition,
    partition_name,
)
from uploads.database.retrying import retry_while_locked
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.columns.in_file import columns_by_name, stored_columns
from uploads.services.errors import CannotRetype, DatasetChanged
from uploads.services.kept_cells import PackedCells, packed_cells
from uploads.services.merging.keys import key_words
from uploads.services.merging.shown_rows import bases_aside
from uploads.services.reading.indexes import index_new_part
from uploads.services.rejects.too_many import are_too_many
from uploads.states import HAS_DATA
from uploads.tabular.errors import FileError
from uploads.tabular.evidence import GroundKind
from uploads.tabular.kept_cells import KeptCells
from uploads.tabular.sentences.evidence import ground_in_words
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column, ColumnType, FormatHints, Reject
from uploads.tabular.text.raw_rows import RAW_KEPT, joined
from uploads.tabular.types.retyping import Ambiguous, Converted, Retyping, casts_exactly

_WAYS_OUT = {
    GroundKind.CURRENCIES: "Leave it text, or give each currency a column of its own in the file and send it again.",
    GroundKind.SHARES: "Leave it text, or write them all alike in the file and send it again.",
}


@dataclass(kw_only=True, slots=True)
class Part:
    """One file's rows in the dataset, and how each of its loads changes."""

    name: str
    file_id: int
    file_name: str
    rows: int
    loads: dict[int, Retyping] = field(default_factory=dict)
    rejected_before: int = 0
    in_file: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """By load: its columns in the file's order, by name; also those that are left out."""
    delimiters: dict[int, str] = field(default_factory=dict)
    """By load: what joins the cells of a rejected row; a tab for a sheet."""
    aside: str = ""
    """Where rows of it lie that those of later files hide; empty where it is whole."""
    key: tuple[str, ...] = ()
    """By which each of its rows is the only one."""
    new_name: str = ""
    misfits: dict[int, list[Reject]] = field(default_factory=dict)
    """By load: rows that do not fit, and are to be rejected."""
    keeping: Mapping[int, PackedCells] = field(default_factory=dict)
    """By load: texts beside what is stored. Rows come by COPY, and its session answers no question meanwhile."""
    kept: dict[int, list[KeptCells]] = field(default_factory=dict)
    """By load: texts that are to be kept beside the new values."""

    @property
    def rejected(self) -> int:
        return sum(map(len, self.misfits.values()))

    @property
    def casts_exactly(self) -> bool:
        if self.keeping and any(each.type is ColumnType.TEXT for load in self.loads.values() for each in load.changed):
            return False  # words that were read as empty may come back
        return all(
            casts_exactly(old, new.type)
            for load in self.loads.values()
            for old, new in zip(load.columns, load.new, strict=True)
        )


def partitions_to_change(
    *, dataset: Dataset, types: Mapping[str, ColumnType], null_words: Collection[str], held: Collection[str] = ()
) -> tuple[Part, ...]:
    """The parts of the dataset's files, oldest first; the words are those of ``Retyping``."""
    loads = Load.objects.filter(dataset=dataset, file__state__in=HAS_DATA).exclude(part="").select_related("file")
    parts: dict[str, Part] = {}
    aside, lacking = bases_aside(dataset), columns_by_name(dataset)
    for load in loads.order_by("file_id", "position"):
        part = parts.setdefault(
            load.part,
            Part(
                name=load.part,
                file_id=load.file_id,
                file_name=load.file.name,
                rows=0,
                aside=aside.get(load.part, ""),
                key=tuple(load.key),
            ),
        )
        part.rows += load.rows_loaded
        part.rejected_before += load.rows_rejected
        part.delimiters[load.pk] = load.delimiter or "\t"
        part.in_file[load.pk] = tuple(column["name"] for column in load.columns)
        part.loads[load.pk] = Retyping(stored_columns(load, lacking), types, null_words, held=held)
    for part in parts.values():
        part.keeping = packed_cells(load_ids=part.loads)
    return tuple(parts.values())


@contextmanager
def files_staying() -> Iterator[None]:
    """Raise ``DatasetChanged`` where a part that was just there is gone: a person took its file back meanwhile."""
    try:
        yield
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            raise DatasetChanged("A file of this dataset was taken back meanwhile.", hint="Try again.") from error
        raise


def choose_formats(
    *, parts: Collection[Part], hints: FormatHints, rejecting: bool = False, truth: tuple[str, str] | None = None
) -> None:
    """Choose each load's new formats by all of its values. Raises ``CannotRetype`` with the first that doesn't fit;
    ``rejecting``: rows that don't fit are found when all are converted."""
    retypings = [retyping for part in parts for retyping in part.loads.values()]
    for part in parts:
        _survey(part)
    shown = [retyping.shown() for retyping in retypings]
    marks = hints.marks or frozenset[str]().union(*(marks for marks, _ in shown))
    orders = hints.orders or frozenset[str]().union(*(orders for _, orders in shown))
    for part in parts:
        for retyping in part.loads.values():
            try:
                retyping.choose_formats(marks, orders, hints.first_year, most=rejecting, truth=truth)
            except Ambiguous as error:
                raise CannotRetype(
                    f"“{part.file_name}” (file {part.file_id}), column “{error.column.label}”:"
                    f' "{error.example}" {ground_in_words(error.doubt)}.',
                    hint=_WAYS_OUT.get(
                        error.doubt.kind,
                        "Say which: the decimal mark, the order of day and month, or the first year of two digits.",
                    ),
                ) from error
        if not rejecting and not all(retyping.fits for retyping in part.loads.values()):
            convert_part(part)


def _survey(part: Part) -> None:
    names = [column.name for column in next(iter(part.loads.values())).surveyed]
    if names:
        for stored in read_stored(part=part.name, names=names, aside=part.aside, file_id=part.file_id):
            values = [stored.values[name] for name in names]
            part.loads[stored.load].observe(stored.rows, values, _kept_texts(part, stored))


def _kept_texts(part: Part, stored: StoredRows) -> dict[str, pa.StringArray]:
    """What is kept beside these rows, by column."""
    if stored.load not in part.keeping or not len(stored.rows):
        return {}
    first, last = pc.min(stored.rows).as_py(), pc.max(stored.rows).as_py()
    kept = part.keeping[stored.load].between(first, last)
    found = {name: kept.at(place, stored.rows) for place, name in enumerate(part.in_file[stored.load])}
    return {name: texts for name, texts in found.items() if texts is not None}


def _keep(part: Part, stored: StoredRows, converted: Converted) -> None:
    places = {name: place for place, name in enumerate(part.in_file[stored.load])}
    names = [column.name for column in part.loads[stored.load].columns]
    at = {number: places[name] for number, name in enumerate(names) if name in places}
    kept = converted.kept.moved(at).renumbered(dict(enumerate(stored.rows.to_pylist())))
    part.kept.setdefault(stored.load, []).append(kept)


def convert_part(part: Part, writer: PartitionCopy | None = None, *, rejecting: bool = False) -> None:
    """Convert every row, and write it where there is a writer; raises ``CannotRetype`` at the first misfit.

    ``rejecting``: misfits are gathered in the part instead, and it is raised where there are too many of them.
    """
    part.misfits.clear()
    part.kept.clear()
    names = [column.name for column in next(iter(part.loads.values())).columns]
    for stored in read_stored(part=part.name, names=names, aside=part.aside, file_id=part.file_id):
        kept = _kept_texts(part, stored)
        converted = part.loads[stored.load].convert(stored.values, kept)
        if converted.misfits:
            if not rejecting:
                raise _misfit(part, converted.misfits[0], stored.rows[converted.misfits[0].row].as_py())
            part.misfits.setdefault(stored.load, []).extend(_rejects(part, stored, converted, kept))
            check_share(part)
        if writer is not None:
            writer.write(stored.only(converted.places) if converted.misfits else stored, converted.values)
            if converted.kept:
                _keep(part, stored, converted)
    if rejecting:
        check_share(part, is_whole=True)


def _rejects(
    part: Part, stored: StoredRows, converted: Converted, kept: Mapping[str, pa.StringArray]
) -> Iterator[Reject]:
    """The rows that don't fit, whole and as they stood in the file: so they can be brought back."""
    places = [misfit.row for misfit in converted.misfits]
    whole = part.loads[stored.load].as_in_file(stored.values, places, kept)
    for misfit, cells in zip(converted.misfits, whole, strict=True):
        line = stored.rows[misfit.row].as_py()
        raw = joined(_as_in_file(part, stored.load, cells), part.delimiters[stored.load])
        if len(raw) >= RAW_KEPT:
            raise CannotRetype(
                f"“{part.file_name}” (file {part.file_id}), line {line:,} doesn't fit, and is longer than the"
                f" {RAW_KEPT:,} characters that are kept of a rejected row.",
                hint="Nothing was changed. Choose a wider type.",
            )
        yield replace(misfit, row=line, raw=raw)


def _as_in_file(part: Part, load_id: int, cells: Sequence[str]) -> list[str]:
    """The cells of a row in the file's order; of those that were left out nothing is known."""
    by_name = dict(zip((column.name for column in part.loads[load_id].columns), cells, strict=True))
    return [by_name.get(name, "") for name in part.in_file[load_id]]


def check_share(part: Part, *, is_whole: bool = False) -> None:
    """Raise ``CannotRetype`` where more rows would be rejected than a file may have; reading it again would fail."""
    total = part.rejected + part.rejected_before
    is_all = is_whole and part.rejected == part.rows
    if part.rejected and (is_all or are_too_many(rejected=total, tried=part.rows + part.rejected_before)):
        first = min((reject for some in part.misfits.values() for reject in some), key=lambda reject: reject.row)
        count = f"{total:,}" if is_whole else f"At least {total:,}"
        raise CannotRetype(
            f"{count} of {part.rows + part.rejected_before:,} rows of “{part.file_name}” (file {part.file_id}) would be"
            f" rejected, more than the {settings.MAX_REJECTED_SHARE:g} % that a file may have. The first: line"
            f" {first.row:,}, column “{first.column}”: {reason_in_words(first.reason)}.",
            hint="Nothing was changed. Choose a wider type, or say which words mean an empty cell.",
        )


def _misfit(part: Part, reject: Reject, line: int) -> CannotRetype:
    return CannotRetype(
        f"“{part.file_name}” (file {part.file_id}), line {line:,}, column “{reject.column}”:"
        f" {reason_in_words(reject.reason)}.",
        hint="Nothing was changed. Choose a wider type, reject the rows that don't fit, or say that this word means an"
        " empty cell.",
    )


def build_partition(*, dataset: Dataset, part: Part, null_words: Collection[str], rejecting: bool = False) -> None:
    """Make and fill the new part. It is committed empty first, and nobody sees it before it is swapped in.

    Raises ``DatasetChanged`` when a person took the file back meanwhile.
    """
    columns = next(iter(part.loads.values())).new
    with transaction.atomic():
        mine = UploadedFile.objects.filter(pk=part.file_id, state__in=HAS_DATA)
        if not mine.update(fence=F("fence") + 1):
            raise DatasetChanged(f"“{part.file_name}” was taken back meanwhile.", hint="Try again.")
        fence = mine.values_list("fence", flat=True).get()
        part.new_name = partition_name(file_id=part.file_id, dataset_id=dataset.pk, fence=fence)
        last = max(part.loads)
        create_partition(part=part.new_name, columns=columns, file_id=part.file_id, load_id=last)
    is_copied = null_words or not part.casts_exactly
    stored = _copied(part, columns, rejecting=rejecting) if is_copied else _cast(part, columns)
    if stored != part.rows - part.rejected:
        raise FileError(f"PostgreSQL stored {stored:,} of {part.rows - part.rejected:,} rows.", hint="Try again.")
    with transaction.atomic():
        index_partition(part=part.new_name)
        types = {column.name: column.type for column in columns}
        index_new_part(part=part.new_name, dataset_id=dataset.pk, types=types)
        analyze_partition(part=part.new_name)
        if part.key:
            _hold_to_key(part)


def _hold_to_key(part: Part) -> None:
    """Values that differ as text may be one number, and a word that means empty is no key."""
    columns = part.key
    if has_blank_keys(part=part.new_name, key=columns) or not make_key(part=part.new_name, key=columns):
        counts = count_keyless(part=part.new_name, key=columns)
        raise CannotRetype(
            f"{counts.blank + counts.equal:,} rows of “{part.file_name}” (file {part.file_id}) could not be told apart"
            f" by {key_words(columns)} any more.",
            hint="Nothing was changed. Choose another key for the dataset first.",
        )


def _cast(part: Part, columns: tuple[Column, ...]) -> int:
    return copy_exactly(part=part.name, new_part=part.new_name, columns=columns, aside=part.aside, file_id=part.file_id)


def _copied(part: Part, columns: tuple[Column, ...], *, rejecting: bool) -> int:
    writer = PartitionCopy(part=part.new_name, columns=columns)
    try:
        convert_part(part, writer, rejecting=rejecting)
        return writer.close()
    except BaseException:
        writer.abort()
        raise


def drop_partitions(*, names: Collection[str]) -> None:
    """Drop parts that nobody sees; a table that is held for now is left to the sweep."""
    for name in names:
        if name:
            retry_while_locked(lambda name=name: drop_table(name=name))  # type: ignore[misc]
