"""A table or view of the database becomes a read-only dataset, and ceases to be one: nothing of it is touched."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from uploads.database.adopting.relations import (
    ListedRelation,
    Relation,
    find_relation,
    list_relations,
    look_at_relation,
)
from uploads.database.locks import Lock, lock_transaction
from uploads.database.querying.roles import query_role
from uploads.database.reading.relation_view import MOST_SKIPPED
from uploads.database.rows import storable
from uploads.database.statements import SCHEMA
from uploads.models import Dataset, DatasetColumn
from uploads.services.admin_log import ADDITION, DELETION, log_act
from uploads.services.adopting.plan import parse_table, readers_at_first
from uploads.services.adopting.stated_keys import check_stated_key, is_keyless
from uploads.services.datasets.drafts import free_slug
from uploads.services.datasets.reflection import RowFigure, Unreadable, columns_of, estimated, obstacles_of
from uploads.services.errors import CannotPublish, DatasetNotFound
from uploads.services.obstacle import Obstacle
from uploads.services.querying.published import forget_relation
from uploads.tabular.names import dataset_slug

MOST_LISTED = 200
KINDS = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
"""PostgreSQL's letters in words."""
_OPEN = "PUBLIC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Publishable:
    """A table or view that could be asked about."""

    table: str
    """``schema.name``, as SQL writes it."""
    kind: str
    rows: int | None
    """As PostgreSQL estimates; ``None`` where it does not."""
    dataset: str
    """The slug of the dataset that shows it; empty where none does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedColumn:
    name: str
    type: str
    """In the database."""
    becomes: str
    """In the dataset; text for whatever has no type here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationPlan:
    """What would be shown, or why it is not."""

    table: str
    slug: str
    kind: str
    figure: RowFigure
    columns: tuple[PublishedColumn, ...]
    obstacles: tuple[Obstacle[Unreadable], ...]
    consequences: tuple[str, ...]
    """What people should know before, a sentence each."""
    is_keyless: bool
    """Nothing tells its rows apart that PostgreSQL knows of."""
    key: tuple[str, ...]
    """What staff said that does, or say now."""

    @property
    def is_possible(self) -> bool:
        return not self.obstacles

    @property
    def is_published(self) -> bool:
        """And nothing else is in the way: its key may be said anew."""
        return [each.kind for each in self.obstacles] == [Unreadable.PUBLISHED]


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A table or view that is shown now, or was."""

    table: str
    slug: str
    restated_key: tuple[str, ...] | None = None
    """What tells its rows apart, where it was shown before and that alone was said anew; empty: taken back."""


def publishable_tables() -> tuple[tuple[Publishable, ...], int]:
    """The first tables and views that are none of the site's own, and how many more there are."""
    held = set(Dataset.objects.filter(relation="").values_list("slug", flat=True))
    adopted = {
        (dataset.adopted["schema"], dataset.adopted["table"])
        for dataset in Dataset.objects.filter(adopted__isnull=False)
        if dataset.adopted
    }
    shown = dict(Dataset.objects.exclude(relation="").values_list("relation", "slug"))

    def is_dataset(found: ListedRelation) -> bool:
        return (found.schema == SCHEMA and found.name in held) or (found.schema, found.name) in adopted

    listed = [found for found in list_relations() if not is_dataset(found)]
    first = tuple(
        Publishable(table=found.quoted, kind=KINDS[found.kind], rows=found.rows, dataset=shown.get(found.quoted, ""))
        for found in listed[:MOST_LISTED]
    )
    return first, max(0, len(listed) - MOST_LISTED)


def plan_publication(*, table: str, key: Sequence[str] = (), looks: bool = True) -> PublicationPlan:
    """What would become of ``schema.table``, its rows told apart by ``key``; nothing is changed. Raises ``BadOption``,
    ``DatasetNotFound``, and what ``check_stated_key`` raises of the key, unless that is left to ``publish_table``."""
    relation = _found(table)
    if looks:
        check_stated_key(relation, key)
    return _plan(relation, key)


def publish_table(*, table: str, key: Sequence[str] | None = None, user_id: int | None = None) -> Publication:
    """Have a dataset show a table or view as it is. ``key``: columns that tell its rows apart, of a view of which
    PostgreSQL knows none; it may be said anew of one that is published, and empty it is taken back.

    Raises ``CannotPublish`` with all that is in the way, ``DatasetNotFound``, ``BadOption``, and what
    ``check_stated_key`` raises.
    """
    names = list(key or ())
    check_stated_key(_found(table), names)  # for as long as it takes, and nobody waits
    with transaction.atomic():
        lock_transaction(Lock.NAMING)
        relation = _found(table)
        plan = _plan(relation)
        if plan.is_published and key is not None:
            return _state_key_anew(relation, names, user_id)
        if plan.obstacles:
            listed = " ".join(obstacle.message for obstacle in plan.obstacles)
            hints = " ".join(dict.fromkeys(obstacle.hint for obstacle in plan.obstacles))
            raise CannotPublish(f"{plan.table} cannot be published. {listed}", hint=hints)
        dataset = Dataset.objects.create(
            slug=plan.slug,
            name=relation.name,
            relation=relation.quoted,
            relation_key=names,
            established_at=timezone.now(),
        )
        columns = columns_of(relation)
        for column in columns:
            column.dataset = dataset
        DatasetColumn.objects.bulk_create(columns)
        log_act(user_id=user_id, to=dataset, words=f"published {relation.quoted}", flag=ADDITION)
    return Publication(table=relation.quoted, slug=plan.slug)


def _state_key_anew(relation: Relation, names: list[str], user_id: int | None) -> Publication:
    dataset = Dataset.objects.select_for_update(no_key=True).get(relation=relation.quoted)
    dataset.relation_key = names
    dataset.save(update_fields=["relation_key"])
    words = f"rows told apart by {', '.join(names)}" if names else "rows told apart by nothing any more"
    log_act(user_id=user_id, to=dataset, words=storable(words))
    return Publication(table=relation.quoted, slug=dataset.slug, restated_key=tuple(names))


def unpublish_table(*, slug: str, user_id: int | None = None) -> Publication:
    """Let a dataset show nothing any more: it goes, and the table stays as it is.

    Raises ``DatasetNotFound``, and ``CannotPublish`` for one that has files, or was adopted.
    """
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().filter(slug=slug, established_at__isnull=False).first()
        if dataset is None:
            shown = Dataset.objects.filter(relation=slug).exclude(relation="").values_list("slug", flat=True)
            raise no_such_dataset(slug, called=shown.first() or "")
        if not dataset.is_read_only:
            hint = "Release it instead (release_table)." if dataset.adopted else "Delete it instead."
            raise CannotPublish(f"“{dataset.name}” has files: it is no table that is shown as it is.", hint=hint)
        log_act(user_id=user_id, to=dataset, words=f"unpublished {dataset.relation}", flag=DELETION)
        relation = dataset.relation
        dataset.delete()
        there = look_at_relation(quoted=relation)
        if there is not None:
            others = list(Dataset.objects.exclude(relation="").values_list("relation", flat=True))
            forget_relation(there, others=others)
    return Publication(table=relation, slug=slug)


def no_such_dataset(slug: str, *, called: str) -> DatasetNotFound:
    """``called``: the dataset that a table of this name is, or is shown by; empty where there is none."""
    hint = f"Name the dataset that this table is: {called}." if called else "Look at the list of datasets."
    return DatasetNotFound(f"There is no dataset “{storable(slug)}”.", hint=hint)


def _found(table: str) -> Relation:
    schema, name = parse_table(table)
    found = find_relation(schema=schema, name=name)
    if found is None:
        raise DatasetNotFound(
            f"The database has no table or view “{storable(schema)}.{storable(name)}”.",
            hint="Look at its spelling: PostgreSQL keeps capital letters only of names in quotes.",
        )
    return found


def _plan(relation: Relation, key: Sequence[str] = ()) -> PublicationPlan:
    obstacles = obstacles_of(relation)
    shown = Dataset.objects.filter(relation=relation.quoted).first()
    if shown is not None:
        obstacles = (*obstacles, Obstacle(kind=Unreadable.PUBLISHED, names=(shown.slug,)))
    slug = free_slug(dataset_slug(relation.name)) if not _keeps_name(relation) else relation.name
    return PublicationPlan(
        table=relation.quoted,
        slug=slug,
        kind=KINDS.get(relation.kind, "something else"),
        figure=estimated(relation.rows),
        columns=tuple(
            PublishedColumn(name=column.name, type=column.type, becomes=column.becomes.value)
            for column in relation.columns
        ),
        obstacles=obstacles,
        consequences=_consequences(relation, slug, has_key=bool(key)) if not obstacles else (),
        is_keyless=is_keyless(relation),
        key=tuple(key) or (tuple(shown.relation_key) if shown is not None else ()),
    )


def _keeps_name(relation: Relation) -> bool:
    """In the schema of the datasets it takes its own name, which nothing else can have there."""
    is_name = relation.schema == SCHEMA and dataset_slug(relation.name) == relation.name
    return is_name and not Dataset.objects.filter(slug=relation.name).exists()


def _consequences(relation: Relation, slug: str, *, has_key: bool) -> tuple[str, ...]:
    said = [readers_at_first()]
    if _OPEN not in relation.readers:
        who = ", ".join(relation.readers) or "its owner"
        said.append(f"In the database so far only {who} can read it.")
    if relation.is_guarded:
        said.append(f"It has row security: whoever reads it is shown the rows that {relation.role} sees.")
    if relation.kind == "v":  # a materialized one calls them when it is refreshed, as its owner
        said.append(
            "Functions that it calls run with the rights of this site's role: whoever may change them reads what this"
            " site can."
        )
    if relation.hidden:
        noun = "column is" if relation.hidden == 1 else "columns are"
        said.append(f"{relation.hidden:,} {noun} left out, for {relation.role} may not read them.")
    if is_keyless(relation) and not has_key:
        said.append(
            f"Its pages end after {MOST_SKIPPED:,} rows, for nothing is known to tell its rows apart: name columns that"
            " do as its key."
        )
    if not (relation.is_guarded or relation.hidden):
        said.append(
            f"Staff who may write SQL can query it: the first query grants {query_role()} SELECT on it, until it is"
            " unpublished."
        )
    said.append(
        "No file joins it, and nothing here changes, copies or locks it; what is changed in it is seen at once."
    )
    said.append(f"unpublish_table {slug} takes it off the site; the {KINDS[relation.kind]} stays as it is.")
    return tuple(said)
