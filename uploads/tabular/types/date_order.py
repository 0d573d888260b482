"""Which order day and month have in a column of dates, and which century two digits mean; neither where it is open."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import Choice
from uploads.tabular.types.dates.centuries import centuries_in_doubt, from_year
from uploads.tabular.types.dates.date_candidate import DateCandidate


def choose_date(
    dates: Sequence[DateCandidate], *, orders: frozenset[str], given: Collection[str] = (), years: int | None = None
) -> Choice:
    """The first of several ways to read dates, where their order and their century are known or told."""
    because = None
    doubt = order_in_doubt(dates)
    if doubt is not None:
        dates = [candidate for candidate in dates if candidate.order in orders]
        if len(orders) != 1 or not dates:
            return Choice(candidate=None, because=doubt)
        kind = GroundKind.ORDER_GIVEN if orders <= set(given) else GroundKind.ORDER_OF_OTHERS
        because = Ground.of(kind, order=dates[0].order)
    doubt = century_in_doubt(dates)
    if years is None and doubt is not None:
        return Choice(candidate=None, because=doubt)
    return Choice(candidate=replace(dates[0], format=from_year(dates[0].format, years)), because=because)


def order_in_doubt(dates: Sequence[DateCandidate]) -> Ground | None:
    """``03/04/2024``: several orders of day and month fit all values."""
    orders = sorted({candidate.order for candidate in dates})
    return Ground.of(GroundKind.ORDERS, orders=orders) if len(orders) > 1 else None


def century_in_doubt(dates: Sequence[DateCandidate]) -> Ground | None:
    """``13.02.45``: the values do not tell which century is meant."""
    firsts = centuries_in_doubt(candidate.format for candidate in dates)
    return Ground.of(GroundKind.CENTURIES, first_years=list(firsts)) if firsts else None


def evidenced_orders(columns: Iterable[Sequence[Candidate]]) -> frozenset[str]:
    """Orders of day and month that columns show without doubt; month names show nothing about numbers."""
    shown = (
        {r.order for r in candidates if isinstance(r, DateCandidate) and "b" not in r.format.pattern.lower()}
        for candidates in columns
    )
    return frozenset(order for orders in shown if len(orders) == 1 for order in orders if order != "ymd")
