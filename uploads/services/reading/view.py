"""A view of a dataset: which rows, in which order, with which columns, from where on. It is what an address says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uploads.database.adopting.relations import Relation
from uploads.database.partitions import FILE
from uploads.database.reading.terms import Condition, Field, Place, Search, SortKey
from uploads.database.rows import Position
from uploads.models import Dataset
from uploads.services.datasets.reflection import reflect
from uploads.services.visibility import ColumnFacts, Viewer, columns_seen
from uploads.tabular.table import ROW, ColumnType

MAX_PAGE = 1_000
DEFAULT_PAGE = 100

type Cursor = Position | Place


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """Checked against the columns that there are; the default is all rows in their own order."""

    columns: tuple[str, ...] = ()
    """Names of those that are shown, in this order; none said: all of them."""
    filters: tuple[Condition, ...] = ()
    """Rows meet all of them. What is searched for in all columns is the last, and there once."""
    sort: tuple[SortKey, ...] = ()
    """None said: by file and row; of a table of the database by its key, or as they lie."""
    cursor: Cursor | None = None
    is_backward: bool = False
    """The page is the one that ends before ``cursor``, else the one that begins behind it."""
    facets: tuple[Field, ...] = ()
    """Columns whose most frequent values are counted beside the rows."""
    limit: int | None = None
    """Rows on a page; ``None``: as many as its reader shows."""
    sort_words: str = ""
    """The order as an address has it."""
    knows_indexes: bool = False
    """Its filters were told of the indexes that there are: they are asked for once, not by rows, count and facets."""

    @property
    def search(self) -> Search | None:
        return next((each for each in self.filters if isinstance(each, Search)), None)

    @property
    def is_whole(self) -> bool:
        """All rows, whatever their order."""
        return not self.filters


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """What a dataset's rows can be filtered and sorted by."""

    shown: Mapping[str, Field]
    """Its columns, in order."""
    own: Mapping[str, Field]
    """Of the site, beside them: the file and the row. Only filters know them."""
    columns: tuple[ColumnFacts, ...] = ()
    """What this person sees of each shown one; none of a table of the database."""

    def find(self, name: str) -> Field | None:
        return self.shown.get(name) or self.own.get(name)


def fields_of(*, dataset: Dataset, viewer: Viewer) -> Fields:
    """Of a table or view that cannot be read now: as far as they were known."""
    if dataset.is_read_only:
        relation = reflect(dataset).relation
        if relation is not None:
            return Fields(shown=relation_fields(relation), own={})
    own = {} if dataset.is_read_only else {name: Field(name=name, type=ColumnType.BIGINT) for name in (FILE, ROW)}
    columns = columns_seen(dataset=dataset, viewer=viewer)
    return Fields(shown=_stored_fields(columns), own=own, columns=columns)


def _stored_fields(columns: Sequence[ColumnFacts]) -> dict[str, Field]:
    return {column.name: Field(name=column.name, type=ColumnType(column.type)) for column in columns}


def relation_fields(relation: Relation) -> dict[str, Field]:
    return {
        column.name: Field(
            name=column.name, type=column.becomes, is_as_text=column.is_as_text, is_real=column.type == "real"
        )
        for column in relation.columns
    }
