"""Choose one reading among those that fit all values of a column, or none where they disagree on what values mean."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidates import Candidate
from uploads.tabular.types.dates import DateCandidate


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The reading chosen, or none for text, and what decided that where several fit."""

    candidate: Candidate | None
    because: Ground | None = None


def choose(
    candidates: Sequence[Candidate],
    *,
    varied: bool = True,
    marks: frozenset[str] = frozenset(),
    orders: frozenset[str] = frozenset(),
    given: Collection[str] = (),
) -> Choice:
    """The narrowest reading. Where two fit that read different values, other columns decide, else it is text.

    ``varied`` says whether the column has two different values, ``marks`` are the decimal marks and ``orders`` the
    orders of day, month and year that other columns show; a person has said those that are also in ``given``.
    """
    if not candidates:
        return Choice(candidate=None)
    if not varied and candidates[0].type is ColumnType.BOOLEAN and candidates[0].format.true.lower() != "true":
        # NO alone may be Norway, F alone a sex, N alone the north.
        return Choice(candidate=None, because=Ground(GroundKind.ALONE))
    doubt = ambiguity(candidates)
    if doubt is None:
        return Choice(candidate=candidates[0])
    dates = [candidate for candidate in candidates if isinstance(candidate, DateCandidate)]
    if len(marks) == 1 and not dates:
        agreeing = [candidate for candidate in candidates if candidate.format.decimal in marks]
        mark = next(iter(marks))
        kind = GroundKind.MARK_GIVEN if mark in given else GroundKind.MARK_OF_OTHERS
        return Choice(candidate=agreeing[0], because=Ground.of(kind, mark=mark))
    ordered = [candidate for candidate in dates if candidate.order in orders]
    if len(orders) == 1 and ordered:
        kind = GroundKind.ORDER_GIVEN if orders <= set(given) else GroundKind.ORDER_OF_OTHERS
        return Choice(candidate=ordered[0], because=Ground.of(kind, order=ordered[0].order))
    return Choice(candidate=None, because=doubt)


def ambiguity(candidates: Sequence[Candidate]) -> Ground | None:
    """What speaks against a choice: readings that fit equally and disagree; ``None`` where there is no doubt."""
    orders = sorted({candidate.order for candidate in candidates if isinstance(candidate, DateCandidate)})
    if len(orders) > 1:
        return Ground.of(GroundKind.ORDERS, orders=orders)
    return _mark_in_doubt(candidates)


def evidenced_marks(columns: Iterable[Sequence[Candidate]]) -> frozenset[str]:
    """Decimal marks that columns show without doubt."""
    shown = ({r.format.decimal for r in candidates if r.type is ColumnType.NUMERIC} for candidates in columns)
    return frozenset(mark for marks in shown if len(marks) == 1 for mark in marks)


def evidenced_orders(columns: Iterable[Sequence[Candidate]]) -> frozenset[str]:
    """Orders of day and month that columns show without doubt; month names show nothing about numbers."""
    shown = (
        {r.order for r in candidates if isinstance(r, DateCandidate) and "b" not in r.format.pattern.lower()}
        for candidates in columns
    )
    return frozenset(order for orders in shown if len(orders) == 1 for order in orders if order != "ymd")


def _mark_in_doubt(candidates: Sequence[Candidate]) -> Ground | None:
    """``1.234`` and nothing longer: a decimal mark or a thousands mark."""
    for mark in (".", ","):
        decimal = any(r.type is ColumnType.NUMERIC and r.format.decimal == mark for r in candidates)
        thousands = any(r.format.thousands == mark for r in candidates)
        plain = any(r.type is ColumnType.BIGINT and not r.format.thousands for r in candidates)
        if decimal and thousands and not plain:
            return Ground.of(GroundKind.MARKS, mark=mark)
    return None
