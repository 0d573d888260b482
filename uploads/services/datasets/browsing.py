"""Look at files and datasets; counts come from stored figures, never from counting millions of rows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, F, Func, Max, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, Lower

from uploads.database.prepared import Prepared
from uploads.models import Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.cataloguing.about import About
from uploads.services.datasets.joinable import established
from uploads.services.datasets.matching import loads_that_hold
from uploads.services.datasets.reflection import (
    RowFigure,
    RowsKnown,
    figure_of,
    listed_figures,
    reflect,
)
from uploads.services.visibility import ANYBODY, Viewer, find_dataset, read_by, visible_datasets
from uploads.states import FileState, Visibility
from uploads.tabular.errors import UploaderError

MAX_SOURCES = 200
DATASETS_ON_A_PAGE = 50
LONGEST_SEARCH = 200
TAGS_SHOWN = 20
_TAG_TEXT = Cast("tags", TextField())
"""Search text: no letter that a tag can have is written otherwise in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSummary:
    """A dataset with the figures of its active files."""

    dataset_id: int
    slug: str
    name: str
    table: str
    active_files: int
    rows: int | None
    """``None``: of a view or table that is shown as it is, and that nobody has counted."""
    columns: int
    changed_at: datetime | None
    about: About
    visibility: Visibility
    """Who reads it, beside staff who may see all files."""
    is_draft: bool = False
    """Only whoever sent its file, and staff, see it so far."""
    is_read_only: bool = False
    """It shows a table or view of the database as it is."""
    rows_known: RowsKnown = RowsKnown.EXACT
    refusal: UploaderError | None = None
    """Why a table or view cannot be shown now."""

    @property
    def kind(self) -> str:
        return "read_only" if self.is_read_only else "files"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A table of an active file that rows of a dataset are from; in SQL a row of ``data._sources``."""

    file_id: int
    file_name: str
    load_id: int
    source: str | None
    """The sheet, the archive's member, the lines of a text; ``None``: it is the file."""
    rows: int


class DatasetOrder(StrEnum):
    """How a list of datasets is sorted; the values stand in addresses."""

    NAME = "name"
    ROWS = "-rows"
    """The most first; those that nobody has counted, and those that are shown as they are, last."""
    CHANGED = "-changed"
    """The latest first."""


_BY_NAME = (Lower("name"), "name", "id")
_ORDERS: dict[DatasetOrder, tuple[Any, ...]] = {
    DatasetOrder.NAME: _BY_NAME,
    DatasetOrder.ROWS: (F("figure_rows").desc(nulls_last=True), *_BY_NAME),
    DatasetOrder.CHANGED: (F("figure_changed").desc(nulls_last=True), *_BY_NAME),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetPage:
    """Some of the datasets that were looked for."""

    datasets: tuple[DatasetSummary, ...]
    found: int
    number: int
    """Of this page, from 1."""
    pages: int


class _Figures(NamedTuple):
    """What ``with_figures`` adds."""

    figure_columns: int | None
    figure_files: int
    figure_rows: int
    figure_changed: datetime | None


def list_datasets(viewer: Viewer = ANYBODY, *, tags: Iterable[str] = ()) -> tuple[DatasetSummary, ...]:
    """Every established dataset that the viewer reads and that has all of the tags, by name, and what is shown as it
    stands in the database."""
    return _summaries(with_figures(_looked_for("", tags, viewer)).order_by(*_ORDERS[DatasetOrder.NAME]))


def page_datasets(
    *,
    search: str = "",
    tags: Iterable[str] = (),
    order: DatasetOrder = DatasetOrder.NAME,
    number: int = 1,
    viewer: Viewer = ANYBODY,
) -> DatasetPage:
    """Those that the viewer reads and that have all of the tags and every word: in their name, description, a tag or
    the name of a column.

    A page behind the last one is the last.
    """
    datasets = _looked_for(search, tags, viewer)
    pages = Paginator(with_figures(datasets).order_by(*_ORDERS[order]), DATASETS_ON_A_PAGE)
    page = pages.get_page(number)
    return DatasetPage(
        datasets=_summaries(page.object_list), found=pages.count, number=page.number, pages=pages.num_pages
    )


def frequent_tags(
    *, search: str = "", tags: Iterable[str] = (), limit: int = TAGS_SHOWN, viewer: Viewer = ANYBODY
) -> tuple[tuple[str, int], ...]:
    """The tags that most of these datasets have, with how many, the most frequent first."""
    found = _looked_for(search, tags, viewer)
    every = found.annotate(tag=Func("tags", function="jsonb_array_elements_text", output_field=TextField()))
    counted = every.order_by().values("tag").annotate(number=Count("*")).order_by("-number", "tag")
    return tuple(counted.values_list("tag", "number")[:limit])


def _looked_for(search: str, tags: Iterable[str], viewer: Viewer) -> QuerySet[Dataset]:
    datasets = _listed(viewer)
    for tag in tags:
        datasets = datasets.filter(tags__contains=[tag])
    for word in search.split():
        labelled = DatasetColumn.objects.filter(Q(label__icontains=word) | Q(name__icontains=word)).values("dataset")
        said = Q(description__icontains=word) | Q(tag_text__icontains=word) | Q(publisher__icontains=word)
        datasets = datasets.annotate(tag_text=_TAG_TEXT).filter(
            Q(name__icontains=word) | Q(slug__icontains=word) | said | Q(pk__in=labelled)
        )
    return datasets


def _listed(viewer: Viewer) -> QuerySet[Dataset]:
    return visible_datasets(viewer).filter(established_at__isnull=False)


def _summaries(found: Iterable[Dataset]) -> tuple[DatasetSummary, ...]:
    datasets = list(found)
    shown = listed_figures([dataset.relation for dataset in datasets if dataset.is_read_only])
    summaries = []
    for dataset in datasets:
        summary = _summary(dataset, _Figures._make(getattr(dataset, name) for name in _Figures._fields))
        if dataset.is_read_only:
            listed = shown.get(dataset.relation)
            figure = RowFigure(rows=None, known=RowsKnown.UNKNOWN) if listed is None else listed.figure
            columns = summary.columns if listed is None else listed.columns
            summary = replace(summary, rows=figure.rows, rows_known=figure.known, columns=columns)
        summaries.append(summary)
    return tuple(summaries)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A dataset that files join, as it is offered. Its figures, which nobody is shown there, took a third of the start
    page's computing."""

    slug: str
    name: str
    visibility: Visibility


def list_targets(viewer: Viewer) -> tuple[Target, ...]:
    """Those that the viewer reads, by name."""
    targets = established().filter(read_by(viewer)).order_by("name", "id")
    return tuple(
        Target(slug=slug, name=name, visibility=Visibility(visibility))
        for slug, name, visibility in targets.values_list("slug", "name", "visibility")
    )


def describe_dataset(*, slug: str, viewer: Viewer = ANYBODY) -> DatasetSummary:
    """One dataset; raises ``DatasetNotFound``."""
    return summary_of(find_dataset(slug=slug, viewer=viewer))


def summary_of(found: Dataset) -> DatasetSummary:
    """The same of a dataset that was found for this person a moment ago."""
    [figures] = FIGURES.rows(dataset=found.pk)
    summary = _summary(found, _Figures._make(figures))
    if found.is_read_only:
        reflected = reflect(found)
        if reflected.relation is None or reflected.obstacles:
            return replace(summary, rows=None, rows_known=RowsKnown.UNKNOWN, refusal=reflected.refusal)
        figure = figure_of(reflected.relation)
        return replace(summary, rows=figure.rows, rows_known=figure.known)
    return summary


def with_figures(datasets: QuerySet[Dataset]) -> QuerySet[Dataset]:
    """Add ``figure_columns``, ``figure_files``, ``figure_rows`` and ``figure_changed``, from stored figures alone."""
    active = Q(loads__file__state=FileState.ACTIVE)
    columns = DatasetColumn.objects.filter(dataset=OuterRef("pk")).order_by().values("dataset")
    return datasets.annotate(
        figure_columns=Subquery(columns.annotate(number=Count("*")).values("number")),
        figure_files=Count("loads__file", filter=active, distinct=True),
        figure_rows=Sum(F("loads__rows_loaded") - F("loads__rows_hidden"), filter=active, default=0),
        figure_changed=Max("loads__file__state_changed_at", filter=Q(loads__file__activated_at__isnull=False)),
    )


FIGURES = Prepared(
    lambda dataset: with_figures(Dataset.objects.filter(pk=dataset)).values_list(*_Figures._fields).order_by()
)


def _summary(dataset: Dataset, figures: _Figures) -> DatasetSummary:
    return DatasetSummary(
        dataset_id=dataset.pk,
        slug=dataset.slug,
        name=dataset.name,
        table=dataset.table,
        active_files=figures.figure_files,
        rows=figures.figure_rows,
        columns=figures.figure_columns or 0,
        changed_at=figures.figure_changed,
        about=About.of(dataset),
        visibility=Visibility(dataset.visibility),
        is_draft=dataset.is_draft,
        is_read_only=dataset.is_read_only,
    )


def sources_of(dataset: Dataset) -> tuple[Source, ...]:
    """Where the dataset's active rows are from, the newest files first; a draft has none."""
    if dataset.is_draft:
        return ()
    return tuple(
        Source(file_id=file_id, file_name=name, load_id=load_id, source=source or None, rows=rows)
        for file_id, name, load_id, source, rows in SOURCES.rows(dataset=dataset.pk)
    )


def _ask_sources(*, dataset: int) -> QuerySet[Load, Any]:
    active = Load.objects.filter(dataset=dataset, file__state=FileState.ACTIVE).exclude(part="")
    shown = F("rows_loaded") - F("rows_hidden")
    told = active.order_by("-file_id", "position").values_list("file_id", "file__name", "pk", "source", shown)
    return told[:MAX_SOURCES]


SOURCES = Prepared(_ask_sources)


def files_of_dataset(*, dataset_id: int) -> QuerySet[UploadedFile]:
    """The files that have, or are about to have, rows in the dataset."""
    gone = (FileState.DELETED, FileState.FAILED)
    loads = Q(pk__in=Load.objects.filter(dataset=dataset_id).values("file"))
    dataset = Dataset.objects.filter(pk=dataset_id).first()
    if dataset is not None:
        loads |= Q(pk__in=loads_that_hold(dataset).values("file"))
    return UploadedFile.objects.filter(loads).exclude(state__in=gone).order_by("pk")
