"""What PostgreSQL's planner knows of the rows that are hidden: without it a switch reads all of them."""

from collections.abc import Sequence

from psycopg import sql

from uploads.database.merging.by_key import ASIDE_PREFIX, MergingTable
from uploads.database.prepared import Wording
from uploads.database.statements import execute, qualified

KNOWN_FROM_BYTES = 64 * 1024
"""Of fewer hidden rows any plan is a quick one."""


def unknown_aside_question(*, dataset_id: int) -> tuple[Wording, Sequence[object]]:
    """The question whether rows are hidden of which the planner knows nothing, to be sent with others."""
    return _IS_ASIDE_UNKNOWN, [qualified(f"{ASIDE_PREFIX}{dataset_id}").as_string(), KNOWN_FROM_BYTES]


_IS_ASIDE_UNKNOWN = Wording(
    "pg_class",
    "SELECT EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(%s)"
    " AND c.reltuples <= 0 AND pg_relation_size(c.oid) >= %s)",
)


def learn_aside(merging: MergingTable) -> None:
    """Have the planner know once that hidden rows have many keys; autovacuum keeps it so.

    Until then it expects 200 of them, and reads all hidden rows to find the thousand that a small file hides (50,000
    rows: 19 ms of CPU instead of 8). Where autovacuum is at it already, it is left to it.
    """
    execute(sql.SQL("ANALYZE (SKIP_LOCKED) {}").format(qualified(merging.aside)))
