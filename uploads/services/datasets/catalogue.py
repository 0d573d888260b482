"""What everybody may find: the datasets as those who look for data, and their machines, are told of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

from uploads.models import Dataset, DatasetColumn
from uploads.services.cataloguing.about import About
from uploads.services.cataloguing.coverage import Coverage, coverage_of
from uploads.services.datasets.browsing import with_figures
from uploads.services.visibility import ANYBODY, find_dataset, visible_datasets
from uploads.states import Visibility

ENTRIES_ON_A_PAGE = 100
COLUMNS_NAMED = 12
"""In a description that is made because nobody wrote one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntry:
    """A dataset that everybody sees."""

    slug: str
    name: str
    about: About
    labels: tuple[str, ...]
    """Of the first columns."""
    columns: int
    published_at: datetime
    changed_at: datetime
    """When its rows or what is said about it changed last."""
    covers: Coverage | None
    """From when to when its rows are; ``None``: that is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CataloguePage:
    """Some of them, those that came first first: of all pages none moves on when another comes."""

    entries: tuple[CatalogueEntry, ...]
    found: int
    number: int
    """Of this page, from 1."""
    pages: int


def catalogued() -> QuerySet[Dataset]:
    """The datasets that whoever is not signed in sees."""
    return visible_datasets(ANYBODY).order_by("id")


def catalogue_page(number: int) -> CataloguePage | None:
    """``None``: there is no such page. The first one is always there."""
    pages = Paginator(with_figures(catalogued()), ENTRIES_ON_A_PAGE)
    if not 1 <= number <= pages.num_pages:
        return None
    datasets = list(pages.page(number).object_list)
    return CataloguePage(entries=_entries(datasets), found=pages.count, number=number, pages=pages.num_pages)


def catalogue_entry(*, slug: str) -> CatalogueEntry:
    """Raises ``DatasetNotFound``, also for a draft of whoever asks."""
    found = find_dataset(slug=slug)
    return _entries(with_figures(catalogued().filter(pk=found.pk)))[0]


def is_catalogued(dataset: Dataset) -> bool:
    """Whether it is everybody's, and no draft."""
    return not dataset.is_draft and dataset.visibility == Visibility.PUBLIC


def entry_of(
    dataset: Dataset,
    *,
    labels: Sequence[str],
    columns: int,
    rows_changed_at: datetime | None,
    coverages: Mapping[int, Coverage],
) -> CatalogueEntry:
    """The same of a dataset that was looked up already and is catalogued, with what its columns are called."""
    if dataset.established_at is None:
        raise TypeError("a draft is in no catalogue")
    changes = [at for at in (rows_changed_at, dataset.described_at) if at is not None]
    return CatalogueEntry(
        slug=dataset.slug,
        name=dataset.name,
        about=About.of(dataset),
        labels=tuple(labels[:COLUMNS_NAMED]),
        columns=columns,
        published_at=dataset.established_at,
        changed_at=max(changes, default=dataset.established_at),
        covers=coverages.get(dataset.pk),
    )


def _entries(datasets: Iterable[Any]) -> tuple[CatalogueEntry, ...]:
    """Of datasets with their figures."""
    found = list(datasets)
    labels: dict[int, list[str]] = {}
    named = DatasetColumn.objects.filter(dataset__in=[dataset.pk for dataset in found], position__lte=COLUMNS_NAMED)
    for dataset_id, label, name in named.order_by("dataset_id", "position").values_list("dataset_id", "label", "name"):
        labels.setdefault(dataset_id, []).append(label or name)
    coverages = coverage_of([dataset.pk for dataset in found])
    entries = (
        entry_of(
            dataset,
            labels=labels.get(dataset.pk, ()),
            columns=dataset.figure_columns or 0,
            rows_changed_at=dataset.figure_changed,
            coverages=coverages,
        )
        for dataset in found
        if is_catalogued(dataset)
    )
    return tuple(entries)
