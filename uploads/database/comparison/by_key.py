"""Two sides joined by a key: one full join that counts, finds the first differences, and proves that the key is one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from psycopg import sql

from uploads.database.comparison.session import Comparing
from uploads.database.comparison.sides import NEW, OLD, SharedColumn, Side, any_of
from uploads.database.partitions import LOAD
from uploads.tabular.table import ROW

_FINE_ROWS = 4_096
_FINENESS = 2_048
_BUCKET_BITS = 17
"""Rows that changed are counted in buckets of their row numbers, so that five million of them take no more memory than
a few: a bucket for each of the first 4,096 rows, then buckets as wide as a 2,048th of the row number. Row 2⁴⁰ lies in
bucket 43,849. Scattered or dense, the first hundred lie alone in theirs."""


class Kind(IntEnum):
    """What became of a row; the numbers are those in the statements."""

    EQUAL = 0
    CHANGED = 1
    NEW = 2
    GONE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a row lies: its load and its number in it."""

    load: int
    row: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """The places of a difference; a row that is new has no old one, and the other way round."""

    kind: Kind
    old: Place | None
    new: Place | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rows that were counted together: one, or a bucket of changed ones from the row of ``new`` on."""

    kind: Kind
    rows: int
    old: Place | None
    new: Place | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyedCounts:
    """How many rows of each kind, where the first differences are, and whether the key tells rows apart."""

    counts: dict[Kind, int]
    groups: tuple[Group, ...]
    """Of each kind the first ones by their rows."""
    is_proven: bool
    """No row lacks the key, and no two rows of a side have the same. If not, one of the two is so, or two keys have the
    same hash, or a side has not as many rows as is known: ``key_faults`` tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyFaults:
    """What is wrong with a key in one side."""

    repeated: int
    """Values of the key that several rows have."""
    rows: int
    """Those rows."""
    blank: int
    """Rows in which a column of the key is blank."""
    example: tuple[str | None, ...] = ()
    example_rows: tuple[int, int] | None = None


def compare_by_key(
    comparing: Comparing,
    *,
    old: Side,
    new: Side,
    key: Sequence[SharedColumn],
    others: Sequence[SharedColumn],
    most: int,
) -> KeyedCounts:
    """``most``: groups of each kind that are wanted, the first ones by their rows."""
    counts: dict[Kind, int] = dict.fromkeys(Kind, 0)
    totals = {"old rows": 0, "new rows": 0, "suspects": 0}
    groups: list[Group] = []
    for what, kind, number, *places in comparing.rows(_statement(old, new, key, others), [most] * 3):
        if what == "count":
            counts[Kind(kind)] = number
        elif what == "row":
            a, b = _place(*places[:2]), _place(*places[2:])
            groups.append(Group(kind=Kind(kind), rows=number, old=a, new=b))
        else:
            totals[what] = number
    matched = counts[Kind.EQUAL] + counts[Kind.CHANGED]
    # rows of the same key on both sides make a × b pairs of a and b rows: as many as either only if both are one;
    # rows without a key are in no count, and a pair too many could stand for one of them: they are suspects
    is_one_to_one = (
        matched == totals["old rows"] - counts[Kind.GONE] and matched == totals["new rows"] - counts[Kind.NEW]
    )
    return KeyedCounts(
        counts=counts,
        groups=tuple(groups),
        is_proven=is_one_to_one and not totals["suspects"],
    )


def key_faults(comparing: Comparing, *, side: Side, key: Sequence[SharedColumn], is_new: bool) -> KeyFaults:
    """Looked up only for a key that is none."""
    alias = NEW if is_new else OLD
    values = [column.new() if is_new else column.old() for column in key]
    groups = sql.SQL(
        "SELECT {texts} AS example, {blank} AS blank, count(*) AS n, min({row}) AS first, max({row}) AS last"
        " FROM {relation} AS {alias} GROUP BY {values} HAVING count(*) > 1 OR {blank}"
    ).format(
        texts=sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(sql.SQL("left({}::text, 80)").format(v) for v in values)),
        blank=any_of([sql.SQL("{} IS NULL").format(value) for value in values]),
        row=sql.Identifier(ROW),
        relation=side.relation,
        alias=alias,
        values=sql.SQL(", ").join(values),
    )
    found = comparing.rows(
        sql.SQL(
            "WITH g AS MATERIALIZED ({}) SELECT s.*, e.example, e.first, e.last FROM"
            " (SELECT count(*) FILTER (WHERE NOT blank), coalesce(sum(n) FILTER (WHERE NOT blank), 0)::bigint,"
            " coalesce(sum(n) FILTER (WHERE blank), 0)::bigint FROM g) AS s"
            " LEFT JOIN (SELECT example, first, last FROM g WHERE NOT blank ORDER BY first LIMIT 1) AS e ON true"
        ).format(groups)
    )
    [(repeated, rows, blank, example, first, last)] = found
    return KeyFaults(
        repeated=repeated,
        rows=rows,
        blank=blank,
        example=tuple(example or ()),
        example_rows=None if first is None else (first, last),
    )


def _statement(old: Side, new: Side, key: Sequence[SharedColumn], others: Sequence[SharedColumn]) -> sql.Composable:
    """Groups: one of all equal rows, one for each key that is on one side only, and buckets of changed rows.

    They are grouped by one number, of which PostgreSQL expects few values: so it lets each process count for itself
    and does not sort. The UNION with nothing hides from it what the number is made of.
    """
    return sql.SQL(
        "WITH grouped AS (SELECT same, count(*) AS n, any_value(al) AS al,"
        " any_value(ar) AS ar, any_value(bl) AS bl, min(br) AS br FROM ({pairs} UNION ALL"
        " SELECT NULL::bigint, NULL::int, NULL::bigint, NULL::int, NULL::bigint WHERE false)"
        " AS pairs (same, al, ar, bl, br) GROUP BY same),"
        " found AS MATERIALIZED (SELECT same & 3 AS kind, n, al, ar, bl, br FROM grouped)"
        " SELECT 'old rows', 0::bigint, {old}, NULL::int, NULL::bigint, NULL::int, NULL::bigint"
        " UNION ALL SELECT 'new rows', 0, {new}, NULL, NULL, NULL, NULL"
        " UNION ALL SELECT 'count', kind, sum(n)::bigint, NULL, NULL, NULL, NULL FROM found"
        " WHERE kind IS NOT NULL GROUP BY kind"
        " UNION ALL SELECT 'suspects', 0, count(*), NULL, NULL, NULL, NULL FROM found"
        " WHERE kind IS NULL OR (kind IN ({is_new}, {gone}) AND n > 1)"
        " UNION ALL (SELECT {row} FROM found WHERE kind = {is_new} ORDER BY bl, br LIMIT %s)"
        " UNION ALL (SELECT {row} FROM found WHERE kind = {gone} ORDER BY al, ar LIMIT %s)"
        " UNION ALL (SELECT {row} FROM found WHERE kind = {changed} ORDER BY bl, br LIMIT %s)"
    ).format(
        pairs=_pairs_of(old, new, key, others),
        row=sql.SQL("'row', kind, n, al, ar, bl, br"),
        old=old.count,
        new=new.count,
        is_new=_number(Kind.NEW),
        gone=_number(Kind.GONE),
        changed=_number(Kind.CHANGED),
    )


def _pairs_of(old: Side, new: Side, key: Sequence[SharedColumn], others: Sequence[SharedColumn]) -> sql.Composable:
    """Each row of the full join with the number that it is grouped by, whose last two bits are its kind.

    The others are the hash of a key that is on one side only (equal keys have equal hashes, and other ones hardly
    ever; then an example is lost), or the load and the bucket of a row that changed. A row without a key has no number.
    """
    keys = [sql.SQL("coalesce({}, {})").format(column.old(), column.new()) for column in key]
    # the hash of a numeric leaves out its sign
    signs = [
        sql.SQL("{} < 0").format(value)
        for value, column in zip(keys, key, strict=True)
        if column.compared_as == "numeric"
    ]
    return sql.SQL(
        "SELECT CASE WHEN (a.{load} IS NULL OR b.{load} IS NULL) AND ({blank}) THEN NULL"
        " WHEN a.{load} IS NULL THEN hash_record_extended(ROW({keys}), 0) << 2 | {is_new}"
        " WHEN b.{load} IS NULL THEN hash_record_extended(ROW({keys}), 0) << 2 | {gone}"
        " WHEN {differs} THEN (b.{load}::bigint * {buckets} + CASE WHEN b.{row} <= {fine} THEN b.{row}"
        " ELSE {fine} + floor({fineness} * ln(b.{row}::float8 / {fine}))::bigint END) << 2 | {changed}"
        " ELSE {equal} END,"
        " a.{load}, a.{row}, b.{load}, b.{row}"
        " FROM {old} AS a FULL JOIN {new} AS b ON {same}"
    ).format(
        load=sql.Identifier(LOAD),
        row=sql.Identifier(ROW),
        keys=sql.SQL(", ").join([*keys, *signs]),
        is_new=_number(Kind.NEW),
        gone=_number(Kind.GONE),
        changed=_number(Kind.CHANGED),
        equal=_number(Kind.EQUAL),
        differs=any_of([column.differs() for column in others]),
        buckets=sql.Literal(2**_BUCKET_BITS),
        fine=sql.Literal(_FINE_ROWS),
        fineness=sql.Literal(_FINENESS),
        blank=any_of([sql.SQL("{} IS NULL").format(value) for value in keys]),
        old=old.relation,
        new=new.relation,
        same=sql.SQL(" AND ").join(column.same() for column in key),
    )


def _number(kind: Kind) -> sql.Composable:
    return sql.SQL("{}::bigint").format(sql.Literal(int(kind)))


def first_pairs(
    comparing: Comparing,
    groups: Sequence[Group],
    *,
    old: Side,
    new: Side,
    key: Sequence[SharedColumn],
    others: Sequence[SharedColumn],
    most: int,
) -> tuple[Pair, ...]:
    """The first differences of each kind; buckets of several changed rows are opened, as far as they are needed."""
    pairs = [Pair(kind=group.kind, old=group.old, new=group.new) for group in groups if group.kind is not Kind.CHANGED]
    changed: list[Group] = []
    for group in groups:
        if group.kind is Kind.CHANGED and sum(each.rows for each in changed) < most:
            changed.append(group)
    if any(group.rows > 1 for group in changed):
        opened = _opened(comparing, changed, old=old, new=new, key=key, others=others, most=most)
        return (*opened, *pairs)
    return (*(Pair(kind=group.kind, old=group.old, new=group.new) for group in changed), *pairs)


def _opened(
    comparing: Comparing,
    buckets: Sequence[Group],
    *,
    old: Side,
    new: Side,
    key: Sequence[SharedColumn],
    others: Sequence[SharedColumn],
    most: int,
) -> list[Pair]:
    """The first rows that changed in these buckets, looked up by the ranges of rows in which they lie."""
    ranges = [
        sql.SQL("({} = {} AND {} BETWEEN {} AND {})").format(
            sql.Identifier(LOAD),
            sql.Literal(place.load),
            sql.Identifier(ROW),
            sql.Literal(place.row),
            sql.Literal(_end_of_bucket(place.row)),
        )
        for bucket in buckets
        if (place := bucket.new) is not None
    ]
    statement = sql.SQL(
        "SELECT a.{load}, a.{row}, b.{load}, b.{row} FROM (SELECT * FROM {new} WHERE {ranges}) AS b"
        " JOIN {old} AS a ON {same} WHERE {differs} ORDER BY 3, 4 LIMIT %s"
    ).format(
        load=sql.Identifier(LOAD),
        row=sql.Identifier(ROW),
        new=new.relation,
        old=old.relation,
        ranges=sql.SQL(" OR ").join(ranges),
        same=sql.SQL(" AND ").join(column.same() for column in key),
        differs=any_of([column.differs() for column in others]),
    )
    return [
        Pair(kind=Kind.CHANGED, old=Place(load=a_load, row=a_row), new=Place(load=b_load, row=b_row))
        for a_load, a_row, b_load, b_row in comparing.rows(statement, [most])
    ]


def _end_of_bucket(row: int) -> int:
    """A row that no other row of the bucket lies behind; it may be one or two too far."""
    if row <= _FINE_ROWS:
        return row
    step = math.floor(_FINENESS * math.log(row / _FINE_ROWS)) + 1
    return math.ceil(_FINE_ROWS * math.exp(step / _FINENESS)) + 1


def _place(load: int | None, row: int | None) -> Place | None:
    return None if load is None or row is None else Place(load=load, row=row)
