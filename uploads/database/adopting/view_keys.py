"""What tells the rows of a view apart: the key of the one table that it shows, where the view shows that key too.

A view whose rows PostgreSQL would let one delete has one table or view in its FROM, and no DISTINCT, GROUP BY, LIMIT or
UNION: each of its rows is one row of that table. From which column of it one of the view is stands in the view's rule.
"""

import re
from collections.abc import Mapping

from psycopg import sql

from uploads.database.statements import fetch_rows

MOST_DEEP = 8
"""Views upon views."""
_IS_SIMPLE = sql.SQL(
    "SELECT r.ev_action::text, c.relnatts FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid"
    " WHERE c.oid = %(oid)s AND c.relkind = 'v' AND pg_relation_is_updatable(c.oid, false) & 16 = 16"
    " AND (SELECT count(*) FROM pg_rewrite other WHERE other.ev_class = c.oid) = 1"
)
"""16: DELETE. A rule of its own could make any view look so."""
_TARGET = re.compile(
    r":resno (\d+) :resname (?:\\.|[^\s\\])+ :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+) :resjunk false"
)


def columns_shown(oid: int) -> tuple[int, Mapping[int, int]] | None:
    """The table or view whose rows those of a view are one by one, and by which number the view has its columns;
    ``None`` where there is no such table.

    Subqueries in the view's conditions have targets too: a number that comes twice may be one of theirs.
    """
    found = fetch_rows(_IS_SIMPLE, {"oid": oid})
    if not found:
        return None
    rule, columns = found[0]
    targets: dict[int, list[tuple[int, int]]] = {}
    for number, table, column in (map(int, each) for each in _TARGET.findall(rule)):
        targets.setdefault(number, []).append((table, column))
    sure = {number: each[0] for number, each in targets.items() if len(each) == 1 and number <= columns and each[0][0]}
    tables = {table for table, _ in sure.values()}
    if len(tables) != 1:
        return None
    return tables.pop(), {column: number for number, (_, column) in sure.items()}
