"""Rejected rows for people: grouped by reason into ranges, and as a CSV that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Generator, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q

from uploads.models import Load, RejectedRow
from uploads.services.exporting.formula_guard import safe_cell
from uploads.services.reading.view import MAX_PAGE
from uploads.services.rejects.proposals import propose
from uploads.tabular.mends.mend import Mend
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.sentences.reasons import reason_in_general
from uploads.tabular.table import row_word_of

GROUPS_SHOWN = 20
RANGES_SHOWN = 12
"""Ranges of one group that are listed; its count is always whole."""
BATCH = 5_000
CSV_HEADER = ("line", "column", "value", "reason", "row as in the file", "proposed fix")

# Gaps and islands: neighbouring line numbers minus their rank are equal. dense_rank, for a line may be rejected twice.
_GROUPS = """
WITH marked AS (
    SELECT code, "column", row,
           row - dense_rank() OVER (PARTITION BY code, "column" ORDER BY row) AS island
      FROM uploads_rejectedrow WHERE load_id = %(load)s AND mended_at IS NULL
), islands AS (
    SELECT code, "column", min(row) AS first, max(row) AS last, count(*) AS rejects
      FROM marked GROUP BY code, "column", island
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY code, "column" ORDER BY first) AS place FROM islands
)
SELECT code, "column", sum(rejects)::bigint, count(*), min(first),
       array_agg(first ORDER BY first) FILTER (WHERE place <= %(ranges)s),
       array_agg(last ORDER BY first) FILTER (WHERE place <= %(ranges)s),
       count(*) OVER ()
  FROM placed GROUP BY code, "column" ORDER BY 3 DESC, 5 LIMIT %(groups)s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectGroup:
    """Rejects of one kind in one column. ``ranges`` are (first, last) line numbers, of which the first few are kept."""

    code: str
    column: str
    """Label of the column; empty where the fault lies in the row."""
    reason: str
    """What is wrong with all of them: ``is not a number``."""
    example: str
    """The first reason in full: ``"1,5x" is not a number``."""
    count: int
    ranges: tuple[tuple[int, int], ...]
    more_ranges: int

    @property
    def where(self) -> str:
        """The lines in words: ``4 to 19, 88 and 3 more places``."""
        words = ", ".join(f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in self.ranges)
        if not self.more_ranges:
            return words
        return f"{words} and {self.more_ranges:,} more place{'s' * (self.more_ranges != 1)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectSummary:
    """The groups of a load's rejects, largest first; ``more_groups`` is how many are not listed."""

    groups: tuple[RejectGroup, ...]
    more_groups: int


def group_rejects(*, load_id: int) -> RejectSummary:
    """Group the rejects that a load has left: one query however many they are, and one for the examples."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"load": load_id, "ranges": RANGES_SHOWN, "groups": GROUPS_SHOWN})
        rows = cursor.fetchall()
    examples = _examples(load_id, {row[4] for row in rows})
    groups = tuple(
        RejectGroup(
            code=code,
            column=column,
            reason=_in_general(examples[code, column, first]),
            example=examples[code, column, first].reason,
            count=count,
            ranges=tuple(zip(firsts, lasts, strict=True)),
            more_ranges=ranges - len(firsts),
        )
        for code, column, count, ranges, first, firsts, lasts, _ in rows
    )
    return RejectSummary(groups=groups, more_groups=rows[0][7] - len(rows) if rows else 0)


def unit_of(load: Load) -> str:
    """A text has lines, a sheet has rows."""
    return row_word_of(load.format)


def describe_rejects(*, load_id: int, unit: str = "line") -> list[str]:
    """A sentence for each group, largest first: ``“price” is not a number: lines 4 to 19, 88.``"""
    return [_sentence(group, unit) for group in group_rejects(load_id=load_id).groups]


def _sentence(group: RejectGroup, unit: str) -> str:
    reason = group.reason.rstrip(".")
    about = f"“{group.column}” {reason}" if group.column else f"{reason[:1].upper()}{reason[1:]}"
    total = f", {group.count:,} in all" if group.more_ranges else ""
    return f"{about}: {unit}{'s' * (group.count > 1)} {group.where}{total}."


def _examples(load_id: int, lines: set[int]) -> dict[tuple[str, str, int], RejectedRow]:
    rejects = RejectedRow.objects.filter(load_id=load_id, row__in=lines, mended_at=None).order_by("-id")
    return {(reject.code, reject.column, reject.row): reject for reject in rejects}


def _in_general(reject: RejectedRow) -> str:
    """The reason without the value it quotes; a row that was stored before its figures were has the whole of it."""
    code = RejectCode(reject.code)
    if code is RejectCode.BAD_VALUE and not reject.figures:
        return reject.reason
    return reason_in_general(Reason(code, reject.figures))


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectLine:
    """A rejected row and its mend, if it has one."""

    reject: RejectedRow
    mend: Mend | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectPage:
    """Some rejected rows in the order of the source; ``next`` is what the following page begins after."""

    lines: tuple[RejectLine, ...]
    next: int | None


def page_of_rejects(*, load_id: int, after: int = 0, limit: int = 50) -> RejectPage:
    """A page of the rejects that a load has left, in the order in which they were met."""
    load = Load.objects.select_related("dataset").get(pk=load_id)
    found = list(RejectedRow.objects.filter(load=load, mended_at=None, pk__gt=after).order_by("pk")[: limit + 1])
    shown = found[:limit]
    lines = zip(shown, propose(load=load, rejects=shown), strict=True)
    return RejectPage(
        lines=tuple(RejectLine(reject=reject, mend=mend) for reject, mend in lines),
        next=shown[-1].pk if len(found) > limit else None,
    )


def count_mended(*, file_id: int) -> dict[int, int]:
    """How many rejects of each of the file's loads were loaded after all; loads without any are left out."""
    mended = RejectedRow.objects.filter(load__file_id=file_id, mended_at__isnull=False)
    return dict(mended.values("load_id").annotate(number=Count("pk")).values_list("load_id", "number"))


def count_mended_of(*, file_ids: Iterable[int]) -> int:
    """How many rejected rows of some files were loaded after all: loading them again makes them rejected again."""
    return RejectedRow.objects.filter(load__file__in=list(file_ids), mended_at__isnull=False).count()


def rejects_csv(*, load_id: int) -> Generator[bytes]:
    """Every reject of a load as CSV (UTF-8 with BOM, for Excel), in batches; cells are neutralised as formulas."""
    yield "\ufeff".encode() + _lines([CSV_HEADER])
    after: tuple[int, int] | None = None
    load = Load.objects.select_related("dataset").get(pk=load_id)
    while batch := _batch(load_id, after):
        mends = propose(load=load, rejects=batch)
        yield _lines(
            (str(r.row), r.column, r.value, r.reason, r.raw, mend.sentence if mend else "")
            for r, mend in zip(batch, mends, strict=True)
        )
        after = (batch[-1].row, batch[-1].pk)


def _batch(load_id: int, after: tuple[int, int] | None) -> list[RejectedRow]:
    rejects = RejectedRow.objects.filter(load_id=load_id, mended_at=None).order_by("row", "id")
    if after is not None:
        row, pk = after
        rejects = rejects.filter(Q(row__gt=row) | Q(row=row, pk__gt=pk))
    return list(rejects[:BATCH])


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def page_rejects(*, file_id: int, after: int = 0, limit: int = 100) -> tuple[tuple[RejectedRow, ...], int | None]:
    """Some rejected rows of a file, as they were read, and the id after which the next page begins."""
    limit = max(1, min(limit, MAX_PAGE))
    rejects = RejectedRow.objects.filter(load__file_id=file_id, mended_at=None, pk__gt=after)
    rejects = rejects.select_related("load__dataset").order_by("pk")
    found = tuple(rejects[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None
