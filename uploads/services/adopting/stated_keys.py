"""Staff say what tells the rows of a view apart, so that its pages have no end: looked at before it is believed."""

from collections.abc import Sequence

from uploads.database.adopting.relation_rows import RelationTooSlow
from uploads.database.adopting.relations import MOST_IN_KEY, Relation
from uploads.database.adopting.stated_keys import CHECK_SECONDS, KeyFault, find_key_fault
from uploads.database.rows import storable
from uploads.services.errors import CannotPublish
from uploads.tabular.errors import BadOption

_WAY_OUT = "Name columns in which no two rows are the same and none is empty."


def parse_stated_key(text: str) -> tuple[str, ...]:
    """``order_id, line`` as somebody types it."""
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def is_keyless(relation: Relation) -> bool:
    """Whether its pages are counted, and end."""
    return not relation.key and (relation.kind not in ("r", "m") or relation.has_children)


def check_stated_key(relation: Relation, names: Sequence[str]) -> None:
    """Raises ``BadOption`` for what cannot be a key, and ``CannotPublish`` where these columns are none now, or there
    was no time to see it."""
    if not names:
        return
    _check_names(relation, names)
    key = " and ".join(f"“{name}”" for name in names)
    try:
        fault = find_key_fault(relation, names)
    except RelationTooSlow as error:
        raise CannotPublish(
            f"Whether the rows of {relation.quoted} are told apart by {key} was not seen in {CHECK_SECONDS} seconds.",
            hint="A materialized view of it, or an index on these columns, would be quicker.",
        ) from error
    if fault is not None:
        do = "does" if len(names) == 1 else "do"
        raise CannotPublish(f"{key} {do} not tell the rows of {relation.quoted} apart: {_words(fault)}.", hint=_WAY_OUT)


def _check_names(relation: Relation, names: Sequence[str]) -> None:
    if not is_keyless(relation):
        own = ", ".join(column.name for column in relation.key) or "where they lie in the table"
        raise BadOption(f"The rows of {relation.quoted} are told apart by {own}.", hint="Say nothing of its key.")
    theirs = [column.name for column in relation.columns]
    unknown = next((name for name in names if name not in theirs), None)
    if unknown is not None:
        raise BadOption(
            f"{relation.quoted} has no column “{storable(unknown)}”.", hint=f"The columns are {', '.join(theirs)}."
        )
    if len(set(names)) < len(names) or len(names) > MOST_IN_KEY:
        raise BadOption(f"A key has up to {MOST_IN_KEY} columns, each named once.", hint=_WAY_OUT)


def _words(fault: KeyFault) -> str:
    if fault.has_no_order:
        return "PostgreSQL has no order for their types"
    if not fault.rows:
        return "there is a row with nothing in it"
    return f"{', '.join(storable(str(value))[:100] for value in fault.values)} is in {fault.rows:,} rows"
