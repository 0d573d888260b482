"""Proposed mends of stored rejects: worked out when somebody looks, from the raw row and how its table is written.

What can be a mend is said by ``uploads/tabular/mends/mends.py``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from uploads.models import Load, RejectedRow
from uploads.tabular.column_json import column_from_json
from uploads.tabular.dialect.dialect import NO_DELIMITER, CsvDialect
from uploads.tabular.mends.mend import Mend, Source
from uploads.tabular.reasons import RejectCode
from uploads.tabular.table import Column, FileFormat
from uploads.tabular.text.raw_rows import joined, source_cells, typed_cells

JOINED = (RejectCode.BAD_VALUE, RejectCode.EQUAL_KEY, RejectCode.BLANK_KEY)
"""Rows that were read well before they were rejected: their cells were put together again."""
LOOKED_AT = 500
"""Rejects of a table that are looked through for mends when a page counts them: 20 to 80 ms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MendCounts:
    """How many of a table's rejects have a plain mend, by code and column."""

    by_kind: dict[tuple[str, str], int] = field(default_factory=dict)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    """The first mend of each kind, as a sentence."""
    whole: bool = True
    """Whether all of the rejects were looked at; else there may be more."""

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


def source_of(load: Load) -> Source:
    """How the load's table is written; the caller has fetched its dataset."""
    return Source(
        columns=tuple(map(column_from_json, load.columns)),
        dialect=dialect_of(load),
        utf8=load.encoding.lower().replace("-", "").replace("_", "") in {"utf8", "utf8sig", "ascii"},
        null_words=tuple(load.dataset.null_words) if load.dataset is not None else (),
    )


def dialect_of(load: Load) -> CsvDialect | None:
    """How a record of the load's text is split into cells; ``None`` for a sheet."""
    if load.format != FileFormat.CSV:
        return None
    return CsvDialect(
        delimiter=load.delimiter or NO_DELIMITER, quote=load.quotechar or None, escape=load.escape, spaced=load.spaced
    )


def propose(*, load: Load, rejects: Sequence[RejectedRow]) -> list[Mend | None]:
    """The mend of each reject of one load, or ``None``."""
    from uploads.tabular.mends.mends import propose_mends  # noqa: PLC0415 - it loads Arrow, which few pages need

    return propose_mends([(reject.code, reject.raw) for reject in rejects], source=source_of(load))


def propose_across(*, rejects: Sequence[RejectedRow]) -> list[Mend | None]:
    """The same for rejects of several loads, which come with ``load`` and its dataset."""
    loads = {reject.load_id: reject.load for reject in rejects}
    found: dict[int, Mend | None] = {}
    for load_id, load in loads.items():
        own = [reject for reject in rejects if reject.load_id == load_id]
        found |= zip((reject.pk for reject in own), propose(load=load, rejects=own), strict=True)
    return [found[reject.pk] for reject in rejects]


def count_mends(*, load_id: int) -> MendCounts:
    """Look through a load's first rejects for plain mends."""
    load = Load.objects.select_related("dataset").get(pk=load_id)
    rejects = list(RejectedRow.objects.filter(load=load, mended_at=None).order_by("row", "id")[: LOOKED_AT + 1])
    shown = rejects[:LOOKED_AT]
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for reject, mend in zip(shown, propose(load=load, rejects=shown), strict=True):
        if mend is not None:
            counts[reject.code, reject.column] += 1
            examples.setdefault((reject.code, reject.column), mend.sentence)
    return MendCounts(by_kind=dict(counts), examples=examples, whole=len(rejects) <= LOOKED_AT)


def cells_to_edit(*, load: Load, reject: RejectedRow, mend: Mend | None) -> tuple[str, ...]:
    """What a person begins with: the mend, else the row's own cells; those too many stand together in the last one."""
    if mend is not None:
        return mend.cells
    width = len(load.columns)
    dialect = dialect_of(load)
    cells = typed_cells(reject.raw, delimiter=load.delimiter, width=width) if reject.code in JOINED else None
    if cells is None and dialect is None:
        cells = tuple(reject.raw.split("\t"))
    if cells is None and dialect is not None:
        found = source_cells(reject.raw, dialect)
        cells = tuple(cell.text for cell in found) if found else tuple(reject.raw.split(dialect.delimiter))
    cells = cells or ()
    if len(cells) > width:
        cells = (*cells[: width - 1], joined(cells[width - 1 :], load.delimiter or "\t"))
    return cells + ("",) * (width - len(cells))


def label_of(column: Column) -> str:
    """What a person calls the column."""
    return column.label or column.name
