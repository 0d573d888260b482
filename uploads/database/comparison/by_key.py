"""Two sides joined by a key: one full join that counts, finds the first differences, and proves that the key is one."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.db import connection
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


def compare_by_key(
    comparing: Comparing,
    *,
    old: Side,
    new: Side,
    key: Sequence[SharedColumn],
    others: Sequence[SharedColumn],
    most: int,
    trusts: bool = True,
) -> KeyedCounts:
    """``most``: groups of each kind that are wanted, the first ones by their rows.

    Where it is known of a side that the key tells its rows apart, equal rows are not counted, for their number follows
    from those of the others, and so does whether it tells those of the other side apart; unless one ``trusts`` nothing.
    """
    names = [column.name for column in key]
    is_known = trusts and (old.is_told_apart_by(names) or new.is_told_apart_by(names))
    counts: dict[Kind, int] = dict.fromkeys(Kind, 0)
    totals = {"old rows": 0, "new rows": 0, "suspects": 0}
    groups: list[Group] = []
    statement = _statement(old, new, key, others, only_differences=is_known)
    for what, kind, number, *places in comparing.rows(statement, [most] * 3):
        if what == "count":
            counts[Kind(kind)] = number
        elif what == "row":
            a, b = _place(*places[:2]), _place(*places[2:])
            groups.append(Group(kind=Kind(kind), rows=number, old=a, new=b))
        else:
            totals[what] = number
    in_both = totals["old rows"] - counts[Kind.GONE]
    if is_known:  # a row of the other side has one counterpart at most, so there are as many pairs as such rows
        counts[Kind.EQUAL] = in_both - counts[Kind.CHANGED]
    matched = counts[Kind.EQUAL] + counts[Kind.CHANGED]
    # rows of the same key on both sides make a × b pairs of a and b rows: as many as either only if both are one;
    # rows without a key are in no count, and a pair too many could stand for one of them: they are suspects
    is_one_to_one = matched == in_both and matched == totals["new rows"] - counts[Kind.NEW]
    return KeyedCounts(
        counts=counts,
        groups=tuple(groups),
        is_proven=is_one_to_one and not totals["suspects"],
    )


def _statement(
    old: Side, new: Side, key: Sequence[SharedColumn], others: Sequence[SharedColumn], *, only_differences: bool
) -> sql.Composable:
    """Groups: one of all equal rows, one for each key that is on one side only, and buckets of changed rows.

    They are grouped by one number, of which PostgreSQL expects few values: so it lets each process count for itself
    and does not sort. The UNION with nothing hides from it what the number is made of. A load that all rows of a side
    have is not carried along.
    """
    carried = _carried(old, new)
    places = {
        name: sql.Identifier(name) if side.load is None else _only(side.load, where=row)
        for name, row, side in (("al", "ar", old), ("bl", "br", new))
    }
    return sql.SQL(
        "WITH grouped AS (SELECT same, count(*) AS n, {aggregates} FROM ({pairs} UNION ALL"
        " SELECT NULL::bigint, {nothing} WHERE false) AS pairs (same, {names}) GROUP BY same),"
        " found AS MATERIALIZED (SELECT same & 3 AS kind, n, {al} AS al, ar, {bl} AS bl, br FROM grouped)"
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
        aggregates=_listed(sql.SQL("{} AS {name}").format(_first(name), name=_name(name)) for name in carried),
        pairs=_pairs_of(old, new, key, others, only_differences=only_differences),
        nothing=_listed(sql.SQL("NULL::int" if name in ("al", "bl") else "NULL::bigint") for name in carried),
        names=_listed(map(_name, carried)),
        al=places["al"],
        bl=places["bl"],
        row=sql.SQL("'row', kind, n, al, ar, bl, br"),
        old=old.count,
        new=new.count,
        is_new=_number(Kind.NEW),
        gone=_number(Kind.GONE),
        changed=_number(Kind.CHANGED),
    )


def _first(name: str) -> sql.Composable:
    """The lowest row of the new side, and any of the others; PostgreSQL 15 has no word for that yet."""
    if name == "br":
        return sql.SQL("min({})").format(_name(name))
    if connection.pg_version >= 160_000:  # type: ignore[attr-defined]  # of the PostgreSQL backend
        return sql.SQL("any_value({})").format(_name(name))
    return sql.SQL("(array_agg({name}) FILTER (WHERE {name} IS NOT NULL))[1]").format(name=_name(name))


def _carried(old: Side, new: Side) -> dict[str, sql.Composable]:
    """What is taken from each pair of rows beside the number that it is grouped by."""
    columns = {"al": (OLD, LOAD), "ar": (OLD, ROW), "bl": (NEW, LOAD), "br": (NEW, ROW)}
    known = {name for name, side in (("al", old), ("bl", new)) if side.load is not None}
    return {
        name: sql.SQL("{}.{}").format(side, sql.Identifier(column))
        for name, (side, column) in columns.items()
        if name not in known
    }


def _only(load: int, *, where: str) -> sql.Composable:
    return sql.SQL("CASE WHEN {} IS NOT NULL THEN {}::int END").format(_name(where), sql.Literal(load))


def _pairs_of(
    old: Side, new: Side, key: Sequence[SharedColumn], others: Sequence[SharedColumn], *, only_differences: bool
) -> sql.Composable:
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
    load = sql.SQL("b.{}").format(sql.Identifier(LOAD)) if new.load is None else sql.Literal(new.load)
    return sql.SQL(
        "SELECT CASE WHEN a.{row} IS NULL THEN CASE WHEN {blank} THEN NULL ELSE {hash} | {is_new} END"
        " WHEN b.{row} IS NULL THEN CASE WHEN {blank} THEN NULL ELSE {hash} | {gone} END"
        " WHEN {differs} THEN ({load}::bigint * {buckets} + CASE WHEN b.{row} <= {fine} THEN b.{row}"
        " ELSE {fine} + floor({fineness} * ln(b.{row}::float8 / {fine}))::bigint END) << 2 | {changed}"
        " ELSE {equal} END, {carried}"
        " FROM {old} AS a FULL JOIN {new} AS b ON {same}{where}"
    ).format(
        row=sql.Identifier(ROW),
        hash=sql.SQL("hash_record_extended(ROW({}), 0) << 2").format(_listed([*keys, *signs])),
        is_new=_number(Kind.NEW),
        gone=_number(Kind.GONE),
        changed=_number(Kind.CHANGED),
        equal=_number(Kind.EQUAL),
        differs=any_of([column.differs() for column in others]),
        load=load,
        buckets=sql.Literal(2**_BUCKET_BITS),
        fine=sql.Literal(_FINE_ROWS),
        fineness=sql.Literal(_FINENESS),
        blank=any_of([sql.SQL("{} IS NULL").format(value) for value in keys]),
        carried=_listed(_carried(old, new).values()),
        old=old.relation,
        new=new.relation,
        same=sql.SQL(" AND ").join(column.same() for column in key),
        where=_differing(others) if only_differences else sql.SQL(""),
    )


def _differing(others: Sequence[SharedColumn]) -> sql.Composable:
    return sql.SQL(" WHERE a.{row} IS NULL OR b.{row} IS NULL OR {differs}").format(
        row=sql.Identifier(ROW), differs=any_of([column.differs() for column in others])
    )


def _listed(each: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(each)


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)


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
