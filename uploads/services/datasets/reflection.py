"""Datasets that show a table or view of the database as it is: whether it can be read, its columns, rows and figures.

The catalogue is asked each time somebody looks, so what was changed in the database is seen here at once: new columns
come, others go or have another type. Where the table is gone the dataset stays, says so, and shows the next one of its
name.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from uploads.database.adopting.relation_rows import RelationUnreadable, count_up_to
from uploads.database.adopting.relations import WITH_ROWS, Relation, figures_of, look_at_relation
from uploads.database.adopting.stated_keys import with_stated_key
from uploads.database.rows import storable
from uploads.database.statements import SCHEMA
from uploads.models import Dataset, DatasetColumn
from uploads.services.obstacle import Obstacle
from uploads.tabular.evidence import Evidence, EvidenceKind

COUNTED_ROWS = 10_000
"""Up to here rows are counted where PostgreSQL has no estimate, as of views."""
MOST_COLUMNS = 1_600


class RowsKnown(StrEnum):
    """How well a number of rows is known. The values are shown by the API and never renamed."""

    EXACT = "exact"
    ABOUT = "about"
    """As PostgreSQL estimates: to count a large table takes minutes."""
    AT_LEAST = "at_least"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFigure:
    rows: int | None
    known: RowsKnown


class Unreadable(StrEnum):
    """Why a table or view is not shown. The values are shown by ``--json`` and never renamed."""

    GONE = "gone"
    NOT_ROWS = "not_rows"
    SYSTEM = "system"
    OURS = "ours"
    DATASET = "dataset"
    EXTENSION = "extension"
    TEMPORARY = "temporary"
    NO_PRIVILEGE = "no_privilege"
    NO_COLUMNS = "no_columns"
    NOT_FILLED = "not_filled"
    PUBLISHED = "published"

    @property
    def words(self) -> tuple[str, str]:
        """What is said of it, and the way out."""
        return _WORDS[self]


_WORDS: dict[Unreadable, tuple[str, str]] = {
    Unreadable.GONE: (
        "The database has no such table or view any more",
        "Make it again, and it is shown again; or unpublish it.",
    ),
    Unreadable.NOT_ROWS: ("It is neither a table nor a view", "Choose another one."),
    Unreadable.SYSTEM: ("It belongs to PostgreSQL itself", "Choose another one, or make a view of what you need."),
    Unreadable.OURS: ("It is one of this site's own tables", "Choose another one."),
    Unreadable.DATASET: ("It is, or is part of, a dataset already", "Look at that dataset: its rows are there."),
    Unreadable.EXTENSION: ("It belongs to an extension", "Make a view of it, and publish that."),
    Unreadable.TEMPORARY: ("It is gone with the session that made it", "Make a table that stays."),
    Unreadable.NO_PRIVILEGE: ("This site's role may not read it", "Have whoever owns it run that."),
    Unreadable.NO_COLUMNS: ("It has no columns", "Choose another one."),
    Unreadable.NOT_FILLED: ("It was never filled", "REFRESH MATERIALIZED VIEW first."),
    Unreadable.PUBLISHED: ("It is published already", "Look at that dataset, or unpublish it first."),
}
_WORDS_FOR_ALL = _WORDS | {
    Unreadable.NO_PRIVILEGE: ("The database does not let this site read it now", "Ask whoever runs this site."),
}
"""Roles and what they may are nothing for visitors."""


def obstacles_of(relation: Relation) -> tuple[Obstacle[Unreadable], ...]:
    """All that keeps it from being shown to everybody."""
    return tuple(Obstacle(kind=kind, names=names) for kind, names in _found(relation))


def _found(relation: Relation) -> Iterator[tuple[Unreadable, tuple[str, ...]]]:
    if relation.kind not in WITH_ROWS:
        yield Unreadable.NOT_ROWS, ()
        return
    if relation.schema == "information_schema" or relation.schema.startswith("pg_"):
        yield (Unreadable.TEMPORARY if relation.is_temporary else Unreadable.SYSTEM), ()
        return
    held = _dataset_of(relation)
    if held:
        yield Unreadable.DATASET, (held,)
        return
    if relation.is_ours:
        yield Unreadable.OURS, ()
        return
    if relation.extension:
        yield Unreadable.EXTENSION, (relation.extension,)
    missing = _missing_grants(relation)
    if missing:
        yield Unreadable.NO_PRIVILEGE, missing
    if not (relation.columns or relation.hidden):
        yield Unreadable.NO_COLUMNS, ()
    if not relation.is_filled:
        yield Unreadable.NOT_FILLED, ()


def _dataset_of(relation: Relation) -> str:
    """The slug of the dataset whose table it is, or was until it was adopted; empty where it is none's."""
    if relation.schema == SCHEMA:
        theirs = Dataset.objects.filter(slug=relation.name, relation="", established_at__isnull=False)
    else:
        theirs = Dataset.objects.filter(adopted__schema=relation.schema, adopted__table=relation.name)
    return theirs.values_list("slug", flat=True).first() or ""


def _missing_grants(relation: Relation) -> tuple[str, ...]:
    """What its owner has to run; columns that are not granted are left out of what is shown."""
    missing = [] if relation.may_use else [f"GRANT USAGE ON SCHEMA {relation.quoted_schema} TO {relation.role}"]
    if relation.hidden and not relation.columns:
        missing.append(f"GRANT SELECT ON {relation.quoted} TO {relation.role}")
    return tuple(missing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reflected:
    """What the database says of a dataset's table now."""

    relation: Relation | None
    obstacles: tuple[Obstacle[Unreadable], ...]

    @property
    def refusal(self) -> RelationUnreadable | None:
        """Why nothing can be shown, in words for everybody; ``None`` where it can."""
        if not self.obstacles:
            return None
        told = [
            (
                each.message if each.kind is Unreadable.GONE else f"{_WORDS_FOR_ALL[each.kind][0]}.",
                _WORDS_FOR_ALL[each.kind][1],
            )
            for each in self.obstacles
        ]
        hints = " ".join(dict.fromkeys(hint for _, hint in told))
        return RelationUnreadable(" ".join(message for message, _ in told), hint=hints)

    @property
    def reasons(self) -> str:
        """The same with all names, for staff; empty where it can be shown."""
        return " ".join(each.sentence for each in self.obstacles)


def reflect(dataset: Dataset) -> Reflected:
    """Look, and have the columns of the dataset be those of the table where this can be read."""
    relation = look_at_relation(quoted=dataset.relation)
    if relation is None:
        return Reflected(relation=None, obstacles=(Obstacle(kind=Unreadable.GONE, names=(dataset.relation,)),))
    if dataset.relation_key:
        relation = with_stated_key(relation, dataset.relation_key)
    obstacles = obstacles_of(relation)
    if not obstacles:
        _bring_in_step(dataset, relation)
    return Reflected(relation=relation, obstacles=obstacles)


def readable_relation(dataset: Dataset) -> Relation:
    """Raises why it cannot be read."""
    reflected = reflect(dataset)
    if reflected.refusal is not None or reflected.relation is None:
        raise reflected.refusal or RelationUnreadable("It cannot be read.")
    return reflected.relation


def columns_of(relation: Relation) -> list[DatasetColumn]:
    """As they are stored for pages and lists."""
    return [
        DatasetColumn(
            position=position,
            label=column.name,
            name=column.name,
            description=storable(column.comment),
            type=column.becomes.value,
            evidence=Evidence.of(EvidenceKind.IN_DATABASE, type=column.type).as_json(),
        )
        for position, column in enumerate(relation.columns[:MOST_COLUMNS], start=1)
    ]


def figure_of(relation: Relation) -> RowFigure:
    """Counted where they are few, or where nobody knows better; else as PostgreSQL estimates."""
    if relation.rows is not None and relation.rows > COUNTED_ROWS:
        return RowFigure(rows=relation.rows, known=RowsKnown.ABOUT)
    count = count_up_to(relation, most=COUNTED_ROWS)
    if count is None:
        return estimated(relation.rows)
    if count > COUNTED_ROWS:
        return RowFigure(rows=COUNTED_ROWS, known=RowsKnown.AT_LEAST)
    return RowFigure(rows=count, known=RowsKnown.EXACT)


def estimated(rows: int | None) -> RowFigure:
    """As the catalogue says, or does not."""
    return RowFigure(rows=rows, known=RowsKnown.UNKNOWN if rows is None else RowsKnown.ABOUT)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedFigures:
    """What a list shows of one that is read-only, from the catalogue alone."""

    figure: RowFigure
    columns: int


def listed_figures(relations: Collection[str]) -> dict[str, ListedFigures]:
    """By relation; one that is gone is not among them."""
    return {
        name: ListedFigures(figure=estimated(found.rows), columns=found.columns)
        for name, found in figures_of(relations=relations).items()
    }


def _bring_in_step(dataset: Dataset, relation: Relation) -> None:
    wanted = columns_of(relation)
    if _facts(dataset.columns.all()) == _facts(wanted):
        return
    with transaction.atomic():
        locked = Dataset.objects.select_for_update(no_key=True).filter(pk=dataset.pk).first()
        if locked is None or _facts(locked.columns.all()) == _facts(wanted):
            return
        locked.columns.all().delete()
        for column in wanted:
            column.dataset = locked
        DatasetColumn.objects.bulk_create(wanted)


def _facts(columns: Iterable[DatasetColumn]) -> list[tuple[str, str, str, object]]:
    return [(column.name, column.type, column.description, column.evidence) for column in columns]
