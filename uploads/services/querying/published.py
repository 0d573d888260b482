"""Published tables and views in a query: those that it names, and whether it may read them."""

from collections.abc import Sequence

from uploads.database.adopting.relations import Relation
from uploads.database.querying.faults import Fault, FaultKind, QueryRefused
from uploads.database.querying.published import keep_queries_from, let_queries_read, named_in
from uploads.database.querying.roles import QueryRole
from uploads.models import Dataset
from uploads.services.datasets.reflection import reflect
from uploads.services.visibility import Viewer, visible_datasets


def published_relations(text: str, *, role: QueryRole, viewer: Viewer) -> list[str]:
    """Those that the viewer's query may name, as SQL writes them; each that stands in its text is made readable first.

    Raises ``QueryRefused`` where one that stands there cannot be read by a query.
    """
    seen = visible_datasets(viewer).filter(established_at__isnull=False).exclude(relation="")
    published = {dataset.relation: dataset for dataset in seen}
    if not published:
        return []
    return [_readable(published[name], role) for name in named_in(text, relations=list(published))]


def forget_relation(relation: Relation, *, others: Sequence[str]) -> None:
    """Queries read it no more: it is not published any longer. ``others``: those that still are."""
    keep_queries_from(relation, with_schema=not any(name.startswith(f"{relation.quoted_schema}.") for name in others))


def _readable(dataset: Dataset, role: QueryRole) -> str:
    reflected = reflect(dataset)
    relation = reflected.relation
    if relation is None or reflected.obstacles:
        raise QueryRefused(Fault(kind=FaultKind.UNREADABLE, name=dataset.relation))
    if relation.is_guarded or relation.hidden:
        raise QueryRefused(Fault(kind=FaultKind.PARTLY_READ, name=dataset.relation))
    missing = let_queries_read(relation, role=role.name)
    if missing:
        raise QueryRefused(Fault(kind=FaultKind.NOT_GRANTED, name=dataset.relation, hint="; ".join(missing)))
    return dataset.relation
