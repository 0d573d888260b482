"""A row of what has no lines, a workbook or records, with those around it: the stored and the rejected ones."""

from dataclasses import dataclass

from uploads.models import RejectedRow
from uploads.services.datasets.first_rows import FirstRows, rows_between
from uploads.services.errors import LineNotFound
from uploads.services.source_lines.around import AROUND, load_seen
from uploads.services.visibility import Viewer


@dataclass(frozen=True, kw_only=True, slots=True)
class RowRejected:
    row: int
    reason: str
    raw: str
    """Its cells, with a tab between two."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowsAround:
    """``row`` is among those that are stored or rejected."""

    row: int
    stored: FirstRows | None
    """``None``: nothing of the table is stored."""
    rejected: tuple[RowRejected, ...]


def find_rows(*, file_id: int, load_id: int, row: int, viewer: Viewer, holds: bool = False) -> RowsAround:
    """Raises ``FileNotFound``, ``NotAllowed``, ``BytesMissing`` and ``LineNotFound``, as ``find_lines`` does."""
    load = load_seen(file_id, load_id, viewer, holds=holds)
    first, last = max(1, row - AROUND), row + AROUND
    near = RejectedRow.objects.filter(load=load, row__range=(first, last), mended_at=None).order_by("row", "pk")
    rejected = tuple(RowRejected(row=each.row, reason=each.reason, raw=each.raw) for each in near[: 2 * AROUND + 1])
    is_stored = bool(load.part) and load.dataset is not None
    stored = rows_between(load=load, first=first, last=last) if is_stored else None
    numbers = {each.row for each in rejected} | {number for number, _ in (stored.rows if stored else ())}
    if row not in numbers:
        raise LineNotFound(
            f"Row {row:,} of {load.file.name} is neither loaded nor rejected.",
            hint="It may be blank, stand above or below the table, or not be there.",
        )
    return RowsAround(row=row, stored=stored, rejected=rejected)
