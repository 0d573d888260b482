"""The rows that readers will see: what several files have, folded by key, without anything being switched.

The same semantics as ``uploads.database.merging``, written a second time and on purpose: that changes what lies in the
tables of a dataset step by step, this reads the files as they were sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from uploads.database.comparison.sides import Side
from uploads.database.merging.folding import Fold
from uploads.database.partitions import FILE, LOAD
from uploads.database.statements import qualified
from uploads.tabular.table import ROW

WHOLE = Fold()
"""The latest row of a key is seen as it was sent."""
_RANK = sql.Identifier("_rank")


@dataclass(frozen=True, kw_only=True, slots=True)
class SentRows:
    """The rows of one file in one dataset, as they were sent."""

    file_id: int
    part: str
    names: Mapping[str, str]
    """By columns of the dataset, what they are called in the part; of those that it lacks there are none."""
    aside: str = ""
    """Where the rows of this part lie that others hide."""

    @property
    def tables(self) -> list[str]:
        return [self.part, self.aside] if self.aside else [self.part]

    def query(self, columns: Mapping[str, str], *, where: sql.Composable | None = None) -> sql.Composable:
        """``columns``: those of the dataset with their types. ``where``: a condition on ``p``, the rows."""
        values = [
            sql.SQL("p.{} AS {}").format(sql.Identifier(self.names[name]), sql.Identifier(name))
            if name in self.names
            else sql.SQL("NULL::{} AS {}").format(sql.SQL(type_), sql.Identifier(name))
            for name, type_ in columns.items()
        ]
        conditions = [] if where is None else [where]
        mine = sql.SQL("p.{} = {}").format(sql.Identifier(FILE), sql.Literal(self.file_id))
        of_each = [(self.part, conditions), *([(self.aside, [mine, *conditions])] if self.aside else [])]
        return sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {values} FROM {table} AS p{where}").format(
                values=sql.SQL(", ").join([sql.Identifier("p", LOAD), sql.Identifier("p", ROW), *values]),
                table=qualified(table),
                where=_where(each),
            )
            for table, each in of_each
        )

    def has_key(self, key: Sequence[str], *, of: "SentRows") -> sql.Composable:
        """A condition on ``p``, rows of ``of``: this file has a row of the same key."""
        same = sql.SQL(" AND ").join(
            sql.SQL("k.{} = p.{}").format(sql.Identifier(self.names[name]), sql.Identifier(of.names[name]))
            for name in key
        )
        exists = sql.SQL("EXISTS (SELECT FROM {} AS k WHERE {})")
        found = [exists.format(qualified(self.part), same)]
        if self.aside:
            mine = sql.SQL("{} AND k.{} = {}").format(same, sql.Identifier(FILE), sql.Literal(self.file_id))
            found.append(exists.format(qualified(self.aside), mine))
        return sql.SQL("({})").format(sql.SQL(" OR ").join(found))


def seen_rows(
    sent: Sequence[SentRows],
    *,
    key: Sequence[str],
    columns: Mapping[str, str],
    fold: Fold = WHOLE,
    keys_of: SentRows | None = None,
) -> Side:
    """What is seen of these files, the lowest first: each row at the place of the highest one of its key.

    ``keys_of``: of the keys of this file alone.
    """
    return Side(table="", columns=columns, query=_seen(sent, key, columns, fold, keys_of))


def _seen(
    sent: Sequence[SentRows],
    key: Sequence[str],
    columns: Mapping[str, str],
    fold: Fold,
    keys_of: SentRows | None,
) -> sql.Composable:
    if len(sent) == 1 and not fold.mark:
        where = None if keys_of is None or sent[0] is keys_of else keys_of.has_key(key, of=sent[0])
        return sent[0].query(columns, where=where)
    branches = []
    for rank, each in enumerate(sent, start=1):
        where = None if keys_of is None or each is keys_of else keys_of.has_key(key, of=each)
        branches.append(
            sql.SQL("SELECT s.*, {} AS {} FROM ({}) AS s").format(
                sql.Literal(rank), _RANK, each.query(columns, where=where)
            )
        )
    every = sql.SQL(" UNION ALL ").join(branches)
    partition = sql.SQL(", ").join(sql.Identifier("s", name) for name in key)
    if fold.takes_whole_rows:
        return sql.SQL(
            "SELECT {names} FROM (SELECT s.*, max(s.{rank}) OVER (PARTITION BY {key}) AS _top FROM ({every}) AS s) AS r"
            " WHERE r.{rank} = r._top AND NOT {marked}"
        ).format(
            names=sql.SQL(", ").join(sql.Identifier("r", name) for name in (LOAD, ROW, *columns)),
            rank=_RANK,
            key=partition,
            every=every,
            marked=_marked(fold, "r"),
        )
    return sql.SQL(
        "SELECT {folded} FROM (SELECT s.*, coalesce(max(s.{rank}) FILTER (WHERE {marked}) OVER (PARTITION BY {key}), 0)"
        " AS _floor FROM ({every}) AS s) AS r WHERE r.{rank} > r._floor GROUP BY {r_key}"
    ).format(
        folded=sql.SQL(", ").join(_folded(fold, name, key) for name in (LOAD, ROW, *columns)),
        rank=_RANK,
        marked=_marked(fold, "s"),
        key=partition,
        every=every,
        r_key=sql.SQL(", ").join(sql.Identifier("r", name) for name in key),
    )


def all_rows(sent: SentRows, columns: Mapping[str, str], *, rows: int | None = None) -> Side:
    """What a table has, with the columns that it will have; ``rows``: how many, where that is known."""
    return Side(table="", columns=columns, query=sent.query(columns), rows=rows)


def rows_of_files(sent: SentRows, columns: Mapping[str, str], *, file_ids: Sequence[int]) -> Side:
    """Those of some files; of none there are none."""
    numbers = sql.SQL(", ").join(map(sql.Literal, file_ids))
    where = sql.SQL("p.{} IN ({})").format(sql.Identifier(FILE), numbers) if file_ids else sql.SQL("false")
    return Side(table="", columns=columns, query=sent.query(columns, where=where))


def rows_of_keys(sent: SentRows, columns: Mapping[str, str], *, key: Sequence[str], keys_of: SentRows) -> Side:
    """Those whose key another file has too."""
    return Side(table="", columns=columns, query=sent.query(columns, where=keys_of.has_key(key, of=sent)))


def with_others(side: Side, sent: SentRows, *, key: Sequence[str], keys_of: SentRows) -> Side:
    """A side, and beside it the rows of a table whose keys that file does not have."""
    if side.query is None:
        raise ValueError("a table has no others beside it")
    others = sent.query(side.columns, where=sql.SQL("NOT {}").format(keys_of.has_key(key, of=sent)))
    return Side(table="", columns=side.columns, query=sql.SQL("{} UNION ALL {}").format(side.query, others))


def hidden_query(file: SentRows, above: Sequence[SentRows], *, key: Sequence[str]) -> sql.Composable:
    """How many rows of a file have a key of which a higher file has one too."""
    conditions = [
        sql.SQL("EXISTS ({})").format(
            higher.query({}, where=sql.SQL(" AND ").join(_same(file, higher, name) for name in key))
        )
        for higher in above
    ]
    return sql.SQL("SELECT count(*) FROM {} AS f WHERE {}").format(
        qualified(file.part), sql.SQL(" OR ").join(conditions)
    )


def _same(file: SentRows, higher: SentRows, name: str) -> sql.Composable:
    return sql.SQL("f.{} = p.{}").format(sql.Identifier(file.names[name]), sql.Identifier(higher.names[name]))


def _folded(fold: Fold, name: str, key: Sequence[str]) -> sql.Composable:
    condition: sql.Composable = sql.SQL("")
    lacking = sorted(load for load, names in fold.missing.items() if name in names)
    if name in key or name in (LOAD, ROW):
        pass
    elif fold.keeps_blanks:
        condition = sql.SQL(" FILTER (WHERE {} IS NOT NULL)").format(sql.Identifier("r", name))
    elif lacking:
        condition = sql.SQL(" FILTER (WHERE NOT r.{} = ANY({}))").format(sql.Identifier(LOAD), sql.Literal(lacking))
    return sql.SQL("(array_agg({value} ORDER BY r.{rank} DESC){condition})[1] AS {name}").format(
        value=sql.Identifier("r", name), rank=_RANK, condition=condition, name=sql.Identifier(name)
    )


def _marked(fold: Fold, rows: str) -> sql.Composable:
    if not fold.mark:
        return sql.SQL("false")
    marks = sql.SQL(", ").join(map(sql.Literal, fold.mark_values))
    return sql.SQL("coalesce({}::text IN ({}), false)").format(sql.Identifier(rows, fold.mark), marks)


def _where(conditions: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL("")
