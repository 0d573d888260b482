"""Aggregates of a dataset that somebody may see."""

from collections.abc import Sequence
from typing import Any

from uploads.database.aggregating.run import AGGREGATE_SECONDS, Source, read_bounds, read_groups
from uploads.database.aggregating.terms import Groups
from uploads.database.reading.terms import Condition, Field
from uploads.models import Dataset
from uploads.services.aggregating.parameters import Aggregation
from uploads.services.datasets.reflection import readable_relation

MOST_GROUPS = 10_000
"""That are told: years of days, or two columns of a hundred values each."""


def aggregate(
    *,
    dataset: Dataset,
    filters: Sequence[Condition],
    wanted: Aggregation,
    limit: int = MOST_GROUPS,
    seconds: float = AGGREGATE_SECONDS,
) -> Groups:
    """Figures of the rows that meet all filters; the columns that are ``wanted`` are some that the viewer sees.

    Raises as ``read_groups`` does. A dataset that was never active has no rows.
    """
    if dataset.is_draft:
        return Groups(groups=(), total_groups=0, total_rows=0)
    return read_groups(
        _source(dataset, filters, seconds),
        groupings=wanted.groupings,
        measure=wanted.measure,
        limit=min(limit, MOST_GROUPS),
    )


def bounds_of(*, dataset: Dataset, filters: Sequence[Condition], field: Field) -> tuple[Any, Any] | None:
    """The least and the greatest value of a column of dates or numbers; ``None``: there is none."""
    if dataset.is_draft:
        return None
    return read_bounds(_source(dataset, filters), field)


def _source(dataset: Dataset, filters: Sequence[Condition], seconds: float = AGGREGATE_SECONDS) -> Source:
    table = readable_relation(dataset) if dataset.is_read_only else dataset.slug
    return Source(table=table, filters=filters, seconds=seconds)
