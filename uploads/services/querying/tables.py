"""What a query can read: the tables of datasets and their columns, as they are typed."""

from collections import defaultdict
from dataclasses import dataclass

from uploads.database.querying.identifiers import typed_names
from uploads.database.statements import SCHEMA
from uploads.models import DatasetColumn
from uploads.services.visibility import ANYBODY, Viewer, visible_datasets
from uploads.states import Visibility

MOST_TABLES = 100
MOST_COLUMNS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class TableColumn:
    name: str
    """As SQL wants it written."""
    type: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryTable:
    """A dataset as SQL sees it."""

    name: str
    """``data.prices``, as SQL wants it written."""
    title: str
    columns: tuple[TableColumn, ...]
    columns_left_out: int
    visibility: Visibility
    """Who reads it, beside staff who may see all files."""
    is_published: bool = False
    """A table or view of the database that is shown as it is: its rows are of no file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryTables:
    tables: tuple[QueryTable, ...]
    left_out: int


def list_tables(viewer: Viewer = ANYBODY) -> QueryTables:
    """The first ones by name that the viewer reads, each with its first columns."""
    found = visible_datasets(viewer).filter(established_at__isnull=False).order_by("name", "pk")
    count = found.count()
    datasets = list(found.only("pk", "slug", "name", "relation", "visibility")[:MOST_TABLES])
    columns = DatasetColumn.objects.filter(dataset__in=datasets).order_by("dataset_id", "position")
    by_dataset: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for dataset_id, name, type_, label in columns.values_list("dataset_id", "name", "type", "label"):
        by_dataset[dataset_id].append((name, type_, label))
    typed = typed_names(
        [dataset.slug for dataset in datasets] + [name for each in by_dataset.values() for name, _, _ in each]
    )
    return QueryTables(
        tables=tuple(
            QueryTable(
                name=dataset.relation or f"{SCHEMA}.{typed[dataset.slug]}",
                is_published=bool(dataset.relation),
                title=dataset.name,
                visibility=Visibility(dataset.visibility),
                columns=tuple(
                    TableColumn(name=typed[name], type=type_, label=label)
                    for name, type_, label in by_dataset[dataset.pk][:MOST_COLUMNS]
                ),
                columns_left_out=max(0, len(by_dataset[dataset.pk]) - MOST_COLUMNS),
            )
            for dataset in datasets
        ),
        left_out=count - len(datasets),
    )
