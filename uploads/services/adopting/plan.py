"""What would become of a table if it were adopted: looked up, and nothing changed."""

import re
from dataclasses import dataclass
from itertools import product

from django.conf import settings

from uploads.database.adopting.existing_tables import (
    ExistingTable,
    dates_out_of_range,
    list_tables,
    look_at,
)
from uploads.database.adopting.relations import find_relation
from uploads.database.rows import storable
from uploads.database.statements import SCHEMA
from uploads.models import Dataset
from uploads.services.adopting.obstacles import AdoptionObstacle, obstacles_of
from uploads.services.datasets.drafts import free_slug
from uploads.services.errors import DatasetNotFound
from uploads.services.obstacle import Obstacle
from uploads.states import Visibility
from uploads.tabular.errors import BadOption
from uploads.tabular.names import dataset_slug

MOST_OFFERED = 50
"""Each takes some 15 short questions to the catalogue."""
_TABLE = re.compile(r"""("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^"]+)""", re.DOTALL)
SLOW_BYTES = 64 * 2**20
"""Of a table of this size it is said that it takes a while to be written anew: some seconds for a gigabyte."""
PARTITIONED = "p"
"""As PostgreSQL says it of a table; that of a dataset is one."""
_VIEW = "v"
"""That which stands where an adopted table stood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptionWay:
    """What is chosen for a table that is to be adopted."""

    key: tuple[str, ...] = ()
    """Its primary key, where files are to update it by that."""
    cast: bool = False

    @property
    def condition(self) -> str:
        """``, if files update it by its primary key id``"""
        ifs = [f"files update it by its primary key {', '.join(self.key)}"] * bool(self.key)
        ifs += ["types are changed, for which every row is written anew"] * self.cast
        return f", if {' and '.join(ifs)}" if ifs else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """A table that could be asked about, and what the catalogue shows at once."""

    table: str
    rows: int | None
    """As PostgreSQL estimates; ``None`` where it does not yet."""
    obstacles: tuple[Obstacle[AdoptionObstacle], ...]
    """Without the choices to merge and to cast."""
    way: AdoptionWay | None = None
    """The least that has to be chosen to adopt it; ``None``: that does not do."""

    @property
    def answer(self) -> str:
        """Whether it can be adopted, in words."""
        if self.way is None:
            return " ".join(obstacle.message for obstacle in self.obstacles)
        return f"Yes{self.way.condition}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedColumn:
    """A column, what type it has, and which one the dataset has."""

    name: str
    type: str
    becomes: str
    is_rewritten: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptionPlan:
    """What would happen, or why it does not."""

    table: str
    """``schema.name``, as it stands now."""
    slug: str
    """Of the dataset: its table is ``data.<slug>``."""
    rows: int | None
    """As PostgreSQL estimates; ``None`` where it does not yet."""
    columns: tuple[PlannedColumn, ...]
    key: tuple[str, ...]
    obstacles: tuple[Obstacle[AdoptionObstacle], ...]
    consequences: tuple[str, ...]
    """What people should know before, a sentence each."""

    @property
    def is_possible(self) -> bool:
        return not self.obstacles


def parse_table(said: str) -> tuple[str, str]:
    """``schema.table`` → both, without their quotes. Raises ``BadOption``."""
    found = _TABLE.fullmatch(said.strip())
    if found is None or "\0" in said:
        raise BadOption(f"“{storable(said)}” is not SCHEMA.TABLE.", hint="Name the schema too, such as public.items.")
    schema, name = (part[1:-1].replace('""', '"') if part.startswith('"') else part for part in found.groups())
    return schema, name


def offered_tables() -> tuple[tuple[Offered, ...], int]:
    """The first plain tables of the database that are none of the site's own, and how many more there are."""
    found = list_tables()
    offered = []
    for schema, name, rows in found[:MOST_OFFERED]:
        table = look_at(schema=schema, name=name)
        if table is not None:
            obstacles = obstacles_of(table, merge=False, cast=False)
            offered.append(Offered(table=table.qualified, rows=rows, obstacles=obstacles, way=_way_of(table)))
    return tuple(offered), max(0, len(found) - MOST_OFFERED)


def _way_of(table: ExistingTable) -> AdoptionWay | None:
    for cast, merge in product((False, True), repeat=2):
        if not obstacles_of(table, merge=merge, cast=cast):
            return AdoptionWay(key=table.primary_key if merge else (), cast=cast)
    return None


def plan_adoption(*, table: str, merge: bool = False, cast: bool = False) -> AdoptionPlan:
    """``merge``: files update it by its primary key; ``cast``: other types than ours are changed, row by row.

    Raises ``BadOption`` and ``DatasetNotFound`` where there is no such table.
    """
    schema, name = parse_table(table)
    found = find_table(schema=schema, name=name)
    return plan_for(found, merge=merge, cast=cast)


def find_table(*, schema: str, name: str) -> ExistingTable:
    """Raises ``DatasetNotFound``."""
    found = look_at(schema=schema, name=name)
    if found is None:
        raise DatasetNotFound(
            f"The database has no table “{storable(schema)}.{storable(name)}”.",
            hint="Look at its spelling: PostgreSQL keeps capital letters only of names in quotes.",
        )
    return found


def plan_for(table: ExistingTable, *, merge: bool, cast: bool, reads_rows: bool = True) -> AdoptionPlan:
    """The same of a table that was looked at; its dates are read only where nothing else is in the way.

    ``reads_rows``: ``False`` where the catalogue alone is to be asked, for a scan of a large table takes a while.
    """
    obstacles = obstacles_of(table, merge=merge, cast=cast)
    published = _published_as(table)
    is_taken = table.schema == SCHEMA and Dataset.objects.filter(slug=table.name).exists()
    adopted = _adopted_as(table)
    if is_taken and table.kind == PARTITIONED:
        obstacles = (Obstacle(kind=AdoptionObstacle.DATASET, names=(table.name,)),)
    elif adopted:
        obstacles = (Obstacle(kind=AdoptionObstacle.DATASET, names=(adopted,)),)
    elif published:
        obstacles = (*obstacles, Obstacle(kind=AdoptionObstacle.PUBLISHED, names=(published,)))
    elif is_taken:
        obstacles = (*obstacles, Obstacle(kind=AdoptionObstacle.NAME_TAKEN))
    if not obstacles and reads_rows:
        dates = dates_out_of_range(table)
        obstacles = (Obstacle(kind=AdoptionObstacle.DATES, names=dates),) if dates else ()
    slug = table.name if table.schema == SCHEMA else free_slug(dataset_slug(table.name))
    return AdoptionPlan(
        table=table.qualified,
        slug=slug,
        rows=table.rows,
        columns=tuple(
            PlannedColumn(
                name=column.name,
                type=column.type,
                becomes=column.becomes.value,
                is_rewritten=column.is_rewritten,
            )
            for column in table.columns
        ),
        key=table.primary_key if merge else (),
        obstacles=obstacles,
        consequences=_consequences(table, slug, merge=merge) if not obstacles else (),
    )


def readers_at_first() -> str:
    """Who reads the rows of a table that becomes a dataset now."""
    match Visibility(settings.DATASETS_VISIBLE):
        case Visibility.PUBLIC:
            return "Everybody who can open this site can read its rows."
        case Visibility.SIGNED_IN:
            return "People who are signed in can read its rows."
        case Visibility.GROUPS:
            return "Staff who may see all files can read its rows, and nobody else until groups are chosen."


def _adopted_as(table: ExistingTable) -> str:
    """The slug of the dataset that it was adopted as, of the view that stands in its place; else empty."""
    if table.kind != _VIEW:
        return ""
    adopted = Dataset.objects.filter(adopted__schema=table.schema, adopted__table=table.name)
    return adopted.values_list("slug", flat=True).first() or ""


def _published_as(table: ExistingTable) -> str:
    """The slug of the dataset that shows it; empty where none does."""
    relation = find_relation(schema=table.schema, name=table.name)
    if relation is None:
        return ""
    return Dataset.objects.filter(relation=relation.quoted).values_list("slug", flat=True).first() or ""


def _consequences(table: ExistingTable, slug: str, *, merge: bool) -> tuple[str, ...]:
    said = [readers_at_first()]
    if table.schema == SCHEMA:
        said.append(f"It keeps its name {table.qualified}; _file, _load and _row come behind its columns.")
    else:
        said.append(
            f"It moves to {SCHEMA}.{slug}; a view {table.qualified} with the very columns stays in its place for"
            " whoever reads it there."
        )
    writers = f" ({', '.join(table.writers)})" if table.writers else ""
    said.append(f"Nobody writes to it by SQL any more{writers}: rows come and go with files.")
    if merge:
        said.append(
            f"Files update it by its primary key {', '.join(table.primary_key)}: a row with the same one takes the"
            " place of the one that is there."
        )
    if any(column.is_rewritten for column in table.columns):
        wait = f", and readers wait: it has {table.bytes / 2**20:,.0f} MB" if table.bytes >= SLOW_BYTES else ""
        said.append(f"Every row is written anew, for some types are changed{wait}.")
    said.append(
        f"Until a file joins it, it can be made the table again that it was: release_table {slug}, or “Release…” on its"
        " page in the admin."
    )
    return tuple(said)
