"""The two sides of a comparison, and the columns that they share: by name, each in a type that holds both."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from psycopg import sql

from uploads.database.partitions import FILE, LOAD
from uploads.database.statements import fetch_rows, qualified
from uploads.tabular.table import ROW

OLD = sql.Identifier("a")
NEW = sql.Identifier("b")
"""What the sides are called in statements."""

_PLAIN = {
    "boolean": "boolean",
    "bigint": "bigint",
    "numeric": "numeric",
    "double precision": "double precision",
    "date": "date",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp with time zone",
    "text": "text",
}
"""PostgreSQL's words for the types that our columns have: of these it is known that equal values are equal."""
_TEXT = "text"
_LOSSLESS = {
    frozenset({"bigint", "numeric"}): "numeric",
    frozenset({"bigint", "double precision"}): "numeric",
    frozenset({"numeric", "double precision"}): "numeric",
    frozenset({"date", "timestamp"}): "timestamp",
}
"""Types that hold every value of both, so that no two values become one.

``double precision`` becomes ``numeric`` by its shortest text, which reads back as the same number (PostgreSQL 12 on;
the direct cast keeps 15 digits only). A timestamp without a zone is no moment: with one with a zone it has none.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A table of the schema ``data``: a file's part, or a dataset; ``columns`` and their types as they are stored."""

    table: str
    columns: Mapping[str, str]
    without_file: int | None = None
    """Of a dataset: all active rows but those of this file."""
    rows: int | None = None
    """How many, where that is known without counting."""
    aside: str = ""
    """Where rows of this part lie that those of later files hide; of the file ``hidden_of``."""
    hidden_of: int = 0
    query: sql.Composable | None = None
    """Rows that lie in no table as they are to be compared; ``table`` says nothing then."""
    load: int | None = None
    """Of all of its rows, where they are of one load."""
    key: Sequence[str] = ()
    """Columns of which it is known that together they tell its rows apart; none: that is not known."""

    @property
    def count(self) -> sql.Composable:
        """A query for the number of its rows."""
        if self.rows is not None:
            return sql.SQL("(SELECT {}::bigint)").format(sql.Literal(self.rows))
        return sql.SQL("(SELECT count(*) FROM {})").format(self.relation)

    def is_told_apart_by(self, names: Collection[str]) -> bool:
        """Whether it is known without a look that no two rows have the same in these columns, unless one is blank."""
        return bool(self.key) and set(self.key) <= set(names)

    def renamed(self, names: Mapping[str, str]) -> "Side":
        """The same rows with other names of columns, by those that they have."""
        as_named = (
            sql.SQL("{} AS {}").format(sql.Identifier(name), sql.Identifier(names.get(name, name)))
            for name in self.columns
        )
        own = sql.SQL(", ").join([*map(sql.Identifier, (FILE, LOAD, ROW)), *as_named])
        return replace(
            self,
            columns={names.get(name, name): type_ for name, type_ in self.columns.items()},
            key=[names.get(name, name) for name in self.key],
            query=sql.SQL("SELECT {} FROM {} AS stored").format(own, self.relation),
        )

    @property
    def relation(self) -> sql.Composable:
        """For FROM."""
        if self.query is not None:
            return sql.SQL("({})").format(self.query)
        if self.aside:
            every = sql.SQL(", ").join(map(sql.Identifier, (FILE, LOAD, ROW, *self.columns)))
            return sql.SQL("(SELECT {all} FROM {} UNION ALL SELECT {all} FROM {} WHERE {} = {})").format(
                qualified(self.table),
                qualified(self.aside),
                sql.Identifier(FILE),
                sql.Literal(self.hidden_of),
                all=every,
            )
        if self.without_file is None:
            return qualified(self.table)
        return sql.SQL("(SELECT * FROM {} WHERE {} <> {})").format(
            qualified(self.table), sql.Identifier(FILE), sql.Literal(self.without_file)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedColumn:
    """A column of both sides; ``compared_as`` is the type in which its values are compared."""

    name: str
    old_type: str
    new_type: str
    compared_as: str

    @property
    def is_retyped(self) -> bool:
        return self.old_type != self.new_type

    def old(self) -> sql.Composable:
        """The old side's value in the common type."""
        return self.value(OLD, self.old_type)

    def new(self) -> sql.Composable:
        """The new side's value in the common type."""
        return self.value(NEW, self.new_type)

    def value(self, side: sql.Composable, type_: str) -> sql.Composable:
        plain = sql.SQL("{}.{}").format(side, sql.Identifier(self.name))
        if type_ == self.compared_as:
            return plain
        if type_ == "double precision" and self.compared_as == "numeric":
            return sql.SQL("{}::text::numeric").format(plain)
        return sql.SQL("{}::{}").format(plain, sql.SQL(self.compared_as))

    def same(self) -> sql.Composable:
        """For ON: both have it, and equal."""
        return sql.SQL("{} = {}").format(self.old(), self.new())

    def differs(self) -> sql.Composable:
        """Two blanks are equal."""
        return sql.SQL("{} IS DISTINCT FROM {}").format(self.old(), self.new())


def shared_columns(old: Side, new: Side) -> tuple[SharedColumn, ...]:
    """The columns that both have, matched by name, in the order of the new side."""
    return tuple(
        SharedColumn(
            name=name,
            old_type=old.columns[name],
            new_type=type_,
            compared_as=_common_type(old.columns[name], type_),
        )
        for name, type_ in new.columns.items()
        if name in old.columns
    )


def columns_of(*, table: str) -> dict[str, str]:
    """The columns of a table as it is now, in its order: name and type; none where it is gone."""
    found = fetch_rows(
        sql.SQL(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        [qualified(table).as_string()],
    )
    return {name: _PLAIN.get(type_, type_) for name, type_ in found if name not in (FILE, LOAD, ROW)}


def any_of(conditions: Sequence[sql.Composable]) -> sql.Composable:
    """``OR``, also of none."""
    return sql.SQL(" OR ").join(conditions) if conditions else sql.SQL("false")


def _common_type(old: str, new: str) -> str:
    if old == new and old in _PLAIN.values():
        return old
    return _LOSSLESS.get(frozenset({old, new}), _TEXT)
