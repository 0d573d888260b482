"""What PostgreSQL counts is what the model counts, for small tables; figures are those of their rows."""

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import sql

from tests.integration.comparison.model import Counts, NoKey, Row, by_key, by_rows, picked, plain
from uploads.database.comparison.by_key import KeyedCounts, Kind, compare_by_key
from uploads.database.comparison.session import comparing
from uploads.database.comparison.sides import Side, columns_of, shared_columns
from uploads.services.comparison.result import TableChanges
from uploads.services.comparison.table import compare_tables
from uploads.services.comparison.tables import FileTable
from uploads.services.errors import KeyNotUnique
from uploads.tabular.errors import BadOption

VALUES: dict[str, list[Any]] = {
    "bigint": [None, 0, 1, 2, -1, 2**62],
    "numeric": [
        None,
        Decimal(0),
        Decimal("-0"),
        Decimal(1),
        Decimal("1.0"),
        Decimal("1.10"),
        Decimal("NaN"),
        Decimal(2**62),
    ],
    "double precision": [None, 0.0, -0.0, 1.0, 1.1, math.nan, 1e300, float(2**62)],
    "boolean": [None, True, False],
    "text": [None, "", "a", "A", "a ", "é", "e\u0301", "1"],
}
NUMBERS = ("bigint", "numeric", "double precision")
NAMES = ("k", "l", "m", "n")
KEYS = (None, ("k",), ("k", "l"), ("m", "k"))

type Columns = Mapping[str, str]
type Table = tuple[Columns, Sequence[Row]]


@st.composite
def two_tables(draw: st.DrawFn) -> tuple[Table, Table]:
    """Columns in any order, some on one side only, some of numbers of another type."""
    old_types = {
        name: draw(st.sampled_from(sorted(VALUES))) for name in draw(st.permutations(NAMES))[: draw(st.integers(1, 4))]
    }
    new_types: dict[str, str] = {}
    for name in draw(st.permutations(NAMES))[: draw(st.integers(1, 4))]:
        type_ = old_types.get(name) or draw(st.sampled_from(sorted(VALUES)))
        new_types[name] = draw(st.sampled_from(NUMBERS)) if type_ in NUMBERS and draw(st.booleans()) else type_
    old = draw(st.lists(rows(old_types), max_size=6))
    new = draw(st.lists(rows(new_types), max_size=6))
    if old_types == new_types:
        # or there is hardly ever an equal row
        new = draw(st.permutations([*new, *old]))[: draw(st.integers(0, 8))]
    return (old_types, old), (new_types, new)


def rows(types: Columns) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({name: st.sampled_from(VALUES[type_]) for name, type_ in types.items()})


@st.composite
def keyed_tables(draw: st.DrawFn) -> tuple[Table, Table]:
    """With a key that is one, mostly: rows are added, taken away, changed and shuffled."""
    types = {"k": draw(st.sampled_from(NUMBERS)), "l": draw(st.sampled_from(["text", "boolean"])), "m": "numeric"}
    filled = [[value for value in VALUES[types[name]] if value is not None] for name in ("k", "l")]
    keys = st.tuples(*map(st.sampled_from, filled))
    unique = st.lists(keys, max_size=8, unique_by=lambda key: (plain(key[0]), plain(key[1])))
    values = st.sampled_from(VALUES["numeric"])
    old = [{"k": k, "l": word, "m": draw(values)} for k, word in draw(unique)]
    kept = [{**row, "m": draw(values) if draw(st.booleans()) else row["m"]} for row in old if draw(st.integers(0, 3))]
    new = draw(st.permutations([*kept, *({"k": k, "l": word, "m": draw(values)} for k, word in draw(unique)[:2])]))
    return (types, old), ({name: types[name] for name in draw(st.permutations(list(types)))}, new)


@pytest.fixture
def schema(data_schema: None) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS data.old, data.new")


def make(name: str, table: Table) -> None:
    types, found = table
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(each), sql.SQL(type_)) for each, type_ in types.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS data.{name}")
        cursor.execute(
            sql.SQL("CREATE TABLE {} (_file int NOT NULL, _load int NOT NULL, _row bigint NOT NULL, {})").format(
                sql.Identifier("data", name), columns
            )
        )
        for number, row in enumerate(found, start=2):
            values = sql.SQL(", ").join([sql.Placeholder()] * (3 + len(types)))
            cursor.execute(
                sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier("data", name), values),
                [1, 1, number, *(row[each] for each in types)],
            )


def compared(old: Table, new: Table, key: Sequence[str] | None, *, figures: bool = False) -> TableChanges:
    make("old", old)
    make("new", new)
    pair = (FileTable(name="old", table="old"), FileTable(name="new", table="new"))
    with comparing(tables=["old", "new"], seconds=None) as session:
        [found] = compare_tables(session, [pair], key=key, figures=figures)
    return found


def counts(found: TableChanges) -> Counts:
    return Counts(new=found.new, changed=found.changed, gone=found.gone, equal=found.equal)


def shared_of(old: Table, new: Table) -> list[str]:
    return [name for name in new[0] if name in old[0]]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.one_of(keyed_tables(), two_tables()), key=st.sampled_from(KEYS))
@example(
    tables=(
        ({"k": "numeric", "m": "double precision"}, [{"k": Decimal("1.0"), "m": math.nan}]),
        ({"m": "double precision", "k": "bigint"}, [{"k": 1, "m": math.nan}]),
    ),
    key=("k",),
)
@example(  # a pair too many stands for the row without a key
    tables=(
        ({"k": "boolean", "l": "bigint"}, [{"k": None, "l": None}, {"k": False, "l": None}]),
        ({"k": "boolean"}, [{"k": False}, {"k": False}]),
    ),
    key=("k",),
)
@example(  # as text 1e+15 is not 1000000000000000, and -0 is not 0
    tables=(
        ({"k": "bigint", "m": "bigint"}, [{"k": 1, "m": 10**15}, {"k": 2, "m": 0}]),
        ({"k": "bigint", "m": "double precision"}, [{"k": 1, "m": 1e15}, {"k": 2, "m": -0.0}]),
    ),
    key=("k",),
)
@example(
    tables=(
        ({"k": "text", "m": "bigint"}, [{"k": "a", "m": 1}, {"k": "a", "m": 1}]),
        ({"k": "text", "m": "bigint"}, [{"k": "a", "m": 1}, {"k": "a", "m": 1}]),
    ),
    key=("k",),
)
def test_counts_are_those_of_the_model(schema: None, tables: tuple[Table, Table], key: tuple[str, ...] | None) -> None:
    old, new = tables
    shared = shared_of(old, new)
    if not shared:
        return
    if key is None or not set(key) <= set(shared):
        found = compared(old, new, None)
        assert counts(found) == by_rows(old[1], new[1], shared)
        assert sum(each.times for each in found.examples.new) == found.new
        assert sum(each.times for each in found.examples.gone) == found.gone
        return
    try:
        expected = by_key(old[1], new[1], key, [name for name in shared if name not in key])
    except NoKey:
        with pytest.raises(KeyNotUnique, match="apart"):
            compared(old, new, key)
        return
    found = compared(old, new, key)
    assert counts(found) == expected
    assert [len(found.examples.new), len(found.examples.changed), len(found.examples.gone)] == [
        expected.new,
        expected.changed,
        expected.gone,
    ]
    for each in found.examples.changed:
        assert each.changes
        assert not set(each.changes) & set(key)
    assert set(found.columns.added) == set(new[0]) - set(old[0])
    assert set(found.columns.missing) == set(old[0]) - set(new[0])
    assert set(found.columns.retyped) == {name for name in shared if old[0][name] != new[0][name]}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.one_of(keyed_tables(), two_tables()), key=st.sampled_from(KEYS[1:]), known=st.sampled_from([0, 1]))
@example(  # as many rows are in both as pairs, of which two are of one row
    tables=(
        ({"k": "bigint"}, [{"k": 1}, {"k": 2}]),
        ({"k": "bigint"}, [{"k": 1}, {"k": 1}, {"k": 2}]),
    ),
    key=("k",),
    known=0,
)
def test_a_key_that_is_known_of_one_side_is_proven_of_the_other_without_counting_equal_rows(
    schema: None, tables: tuple[Table, Table], key: tuple[str, ...], known: int
) -> None:
    shared = shared_of(*tables)
    if not set(key) <= set(shared):
        return
    filled = [value for row in tables[known][1] if ("blank",) not in (value := picked(row, ["k"]))]
    if len(set(filled)) < len(filled):
        return
    others = [name for name in shared if name not in key]
    found = counted(tables, key, others, known=known)
    try:
        expected = by_key(tables[0][1], tables[1][1], key, others)
    except NoKey:
        assert not found.is_proven
        return
    assert found.is_proven
    assert Counts(**{kind.name.lower(): rows for kind, rows in found.counts.items()}) == expected
    assert [group for group in found.groups if group.kind is Kind.EQUAL] == []
    for group in found.groups:
        assert (group.old is None, group.new is None) == (group.kind is Kind.NEW, group.kind is Kind.GONE)


def counted(tables: tuple[Table, Table], key: Sequence[str], others: Sequence[str], *, known: int) -> KeyedCounts:
    """``known``: the side of which it is known that “k” alone is a key."""
    sides = []
    for place, (name, table) in enumerate(zip(("old", "new"), tables, strict=True)):
        make(name, table)
        key_known = ("k",) if place == known else ()
        sides.append(Side(table=name, columns=columns_of(table=name), rows=len(table[1]), load=1, key=key_known))
    old, new = sides
    columns = {column.name: column for column in shared_columns(old, new)}
    with comparing(tables=["old", "new"], seconds=None) as session:
        return compare_by_key(
            session,
            old=old,
            new=new,
            key=[columns[name] for name in key],
            others=[columns[name] for name in others],
            most=10,
        )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.one_of(two_tables(), keyed_tables()))
def test_figures_are_those_of_the_rows(schema: None, tables: tuple[Table, Table]) -> None:
    old, new = tables
    if not shared_of(old, new):
        return
    try:
        found = compared(old, new, ("k",), figures=True)
    except (BadOption, KeyNotUnique):
        found = compared(old, new, None, figures=True)
    assert found.figures is not None
    for column in found.figures:
        for (types, table), figures in ((old, column.old), (new, column.new)):
            values = [row[column.name] for row in table]
            filled = [value for value in values if value is not None]
            assert figures.blanks == len(values) - len(filled)
            assert figures.distinct == len({plain(value) for value in filled})
            numbers = types[column.name] in NUMBERS
            if numbers and filled and all(plain(value)[0] == "number" and abs(value) < 1e290 for value in filled):
                assert Decimal(figures.minimum or "") == min(
                    Decimal(repr(v)) if isinstance(v, float) else v for v in filled
                )
                assert float(figures.sum or "") == pytest.approx(float(sum(filled)))
            if types[column.name] == "boolean":
                assert (figures.minimum, figures.maximum, figures.sum) == (None, None, str(filled.count(True)))
            if types[column.name] == "text" and filled:
                assert (figures.minimum, figures.maximum, figures.sum) == (min(filled), max(filled), None)
