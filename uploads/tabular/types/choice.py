"""Choose one reading among those that fit all values of a column, or none where they disagree on what values mean."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.table import ColumnType
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import Choice
from uploads.tabular.types.date_order import century_in_doubt, choose_date, order_in_doubt
from uploads.tabular.types.dates.date_candidate import DateCandidate


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How the values of a column are written, as the column of that name shows it in another table of the file."""

    marks: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    source: str = ""
    """Which table, for people; empty: the first."""

    def also(self, other: "Shown") -> "Shown":
        """As it is shown by both, which may contradict each other."""
        return replace(self, marks=self.marks | other.marks, orders=self.orders | other.orders)

    def decides(self, doubt: GroundKind) -> bool:
        """Whether it tells, without contradiction, what was open."""
        return len(self.orders if doubt is GroundKind.ORDERS else self.marks) == 1


_OF_TABLE = {
    GroundKind.ORDER_OF_OTHERS: GroundKind.ORDER_OF_TABLE,
    GroundKind.MARK_OF_OTHERS: GroundKind.MARK_OF_TABLE,
}


OF_ONE_WAY = frozenset({GroundKind.ORDERS, GroundKind.MARKS})
"""It is open only in which of two ways values are written: which of day and month is first, or which mark is what."""


def choose(
    candidates: Sequence[Candidate],
    *,
    varied: bool = True,
    marks: frozenset[str] = frozenset(),
    orders: frozenset[str] = frozenset(),
    given: Collection[str] = (),
    years: int | None = None,
) -> Choice:
    """The narrowest reading. Where two fit that read different values, other columns decide, else it is text.

    ``varied`` says whether the column has two different values, ``marks`` are the decimal marks and ``orders`` the
    orders of day, month and year that other columns show; a person has said those that are also in ``given``, and
    ``years``, the first that two digits stand for.
    """
    if not candidates:
        return Choice(candidate=None)
    if not varied and candidates[0].type is ColumnType.BOOLEAN and candidates[0].format.true.lower() != "true":
        # NO alone may be Norway, F alone a sex, N alone the north.
        return Choice(candidate=None, because=Ground(GroundKind.ALONE))
    dates = [candidate for candidate in candidates if isinstance(candidate, DateCandidate)]
    if dates and dates[0] is candidates[0]:
        return choose_date(dates, orders=orders, given=given, years=years)
    doubt = ambiguity(candidates)
    if doubt is None:
        return Choice(candidate=candidates[0])
    if len(marks) == 1 and not dates:
        agreeing = [candidate for candidate in candidates if candidate.format.decimal in marks]
        mark = next(iter(marks))
        kind = GroundKind.MARK_GIVEN if mark in given else GroundKind.MARK_OF_OTHERS
        return Choice(candidate=agreeing[0], because=Ground.of(kind, mark=mark))
    return Choice(candidate=None, because=doubt)


def by_another_table(choice: Choice, shown: Shown) -> Choice:
    """A choice among readings that was made by what another table has ``shown``, with that as its ground."""
    if choice.because is None or choice.because.kind not in _OF_TABLE:
        return choice
    because = Ground.of(_OF_TABLE[choice.because.kind], **choice.because.figures, source=shown.source)
    return replace(choice, because=because)


def ambiguity(candidates: Sequence[Candidate]) -> Ground | None:
    """What speaks against a choice: readings that fit equally and disagree; ``None`` where there is no doubt."""
    dates = [candidate for candidate in candidates if isinstance(candidate, DateCandidate)]
    return order_in_doubt(dates) or century_in_doubt(dates) or _mark_in_doubt(candidates)


def evidenced_marks(columns: Iterable[Sequence[Candidate]]) -> frozenset[str]:
    """Decimal marks that columns show without doubt."""
    shown = ({r.format.decimal for r in candidates if r.type is ColumnType.NUMERIC} for candidates in columns)
    return frozenset(mark for marks in shown if len(marks) == 1 for mark in marks)


def has_marks_in_doubt(candidates: Sequence[Candidate]) -> bool:
    """Whether it is open which mark of the values is the decimal one."""
    return _mark_in_doubt(candidates) is not None


def _mark_in_doubt(candidates: Sequence[Candidate]) -> Ground | None:
    """``1.234`` and nothing longer: a decimal mark or a thousands mark. It is that by which the values are decimal
    numbers without another one: ``.`` would be the decimal mark of ``1,234`` too, with a thousands mark that is there.
    """
    for mark in (".", ","):
        alone = [r for r in candidates if r.type is ColumnType.NUMERIC and not r.format.thousands]
        decimal = any(r.format.decimal == mark for r in alone)
        thousands = any(r.format.thousands == mark for r in candidates)
        plain = any(r.type is ColumnType.BIGINT and not r.format.thousands for r in candidates)
        if decimal and thousands and not plain:
            return Ground.of(GroundKind.MARKS, mark=mark)
    return None
