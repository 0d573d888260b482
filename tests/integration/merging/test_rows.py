"""Which row of a key is seen: acts in any order on dense files, against "the highest active file that has the key".

Environment: ``EXAMPLES`` of acts (a few hundred; ``make faults`` tries more).
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module

import pytest
from django.db import connection, transaction
from psycopg import sql

from uploads.database.datasets import create_dataset_table
from uploads.database.merging import by_key
from uploads.database.merging.by_key import MergingTable, Order
from uploads.database.partitions import attached_partitions, create_partition, drop_table
from uploads.database.retrying import retry_while_locked
from uploads.database.statements import qualified
from uploads.tabular.table import Column, ColumnType

COLUMNS = (
    Column(label="code", name="code", type=ColumnType.NUMERIC),
    Column(label="place", name="place", type=ColumnType.TEXT),
    Column(label="price", name="price", type=ColumnType.BIGINT),
)
PRICES = MergingTable(dataset_id=1, table="prices", key=("code", "place"), names=("code", "place", "price"))
ACTS = 20 * int(os.environ.get("EXAMPLES", "20"))
FILES = 6
type Row = tuple[str, str, int]
"""Code, as it is written, place, price."""


@dataclass
class Model:
    """Obviously right: a list of active files, lowest first, and what each of them holds."""

    contents: dict[int, list[Row]] = field(default_factory=dict)
    active: list[int] = field(default_factory=list)

    def visible(self) -> list[tuple[int, float, str, int]]:
        seen: dict[tuple[float, str], tuple[int, int]] = {}
        for file in self.active:
            for code, place, price in self.contents[file]:
                seen[float(code), place] = (file, price)
        return sorted((file, code, place, price) for (code, place), (file, price) in seen.items())

    def order_of(self, file: int) -> Order:
        others = [other for other in self.active if other != file]
        ranks = {other: rank for rank, other in enumerate(self.order)}
        return Order(
            below=tuple(other for other in others if ranks[other] < ranks[file]),
            above=tuple(other for other in others if ranks[other] > ranks[file]),
        )

    order: list[int] = field(default_factory=list)
    """All files in their order, active or not."""

    def show(self, file: int) -> None:
        self.active = [other for other in self.order if other == file or other in self.active]


def part(file: int) -> str:
    return f"_file_{file}_1_1"


@pytest.fixture
def files(data_schema: None) -> Iterator[Model]:
    with transaction.atomic():
        create_dataset_table(table="prices", columns=COLUMNS)
        by_key.create_stores(PRICES, columns=COLUMNS)
    yield Model()
    with transaction.atomic():
        by_key.drop_stores(PRICES)


def fill(model: Model, file: int, rows: list[Row]) -> None:
    """Each part has its columns in an order of its own, as files have."""
    columns = COLUMNS if file % 2 else COLUMNS[::-1]
    with transaction.atomic():
        create_partition(part=part(file), columns=columns, file_id=file, load_id=file)
        for number, cells in enumerate(rows, start=2):
            insert(part(file), file, number, cells)
        assert by_key.make_key(part=part(file), key=PRICES.key)
    model.contents[file] = rows
    model.order.append(file)


def seen() -> list[tuple[int, float, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT _file, code::float8, place, price FROM data.prices")
        return sorted(cursor.fetchall())


def count(table: str, file: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {} WHERE _file = %s").format(qualified(table)), [file])
        found = cursor.fetchone()
    assert found is not None
    return int(found[0])


def insert(table: str, load: int, row: int, cells: Row) -> None:
    statement = sql.SQL("INSERT INTO {} (_load, _row, code, place, price) VALUES (%s, %s, %s, %s, %s)")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(qualified(table)), [load, row, *cells])


def whole(file: int, *, is_active: bool) -> None:
    """An inactive file lies whole in its part; what is seen and what is hidden of an active one make it whole."""
    own, aside, shared = (count(table, file) for table in (part(file), PRICES.aside, PRICES.shared))
    total = TOTALS[file]
    if not is_active:
        assert (own, aside, shared) == (total, 0, 0)
    elif part(file) in attached_partitions(table="prices"):
        assert (own + aside, shared) == (total, 0)
    else:
        assert own == total == aside + shared


TOTALS: dict[int, int] = {}


def test_any_order_of_acts_shows_what_the_active_files_alone_would_show(files: Model) -> None:
    chance = random.Random(8)  # noqa: S311 - the same acts each time
    TOTALS.clear()
    for file in range(1, FILES + 1):
        cells = chance.sample([("1.0", "x"), ("1.00", "y"), ("2", "x"), ("3", "x"), ("3", "y")], chance.randint(1, 5))
        fill(files, file, [(chance.choice([code, f"{float(code):.2f}"]), place, file) for code, place in cells])
        TOTALS[file] = len(cells)
    bases: set[int] = set()
    for _ in range(ACTS):
        file = chance.randint(1, FILES)
        act = partial(by_key.hide if file in files.active else by_key.show, PRICES, part=part(file), file_id=file)
        act = partial(act, order=files.order_of(file))
        if file in files.active:
            retry_while_locked(partial(act, is_base=file in bases))  # autovacuum may be at work on it, as ever
            files.active.remove(file)
            bases.discard(file)
            if chance.random() < 0.3:  # its place among the others is changed while it is off
                files.order.remove(file)
                files.order.insert(chance.randint(0, FILES - 1), file)
        else:
            is_base = chance.random() < 0.5
            retry_while_locked(partial(act, is_base=is_base))
            files.show(file)
            if is_base:
                bases.add(file)
        assert seen() == files.visible()
        for each in range(1, FILES + 1):
            whole(each, is_active=each in files.active)


def test_a_part_with_two_rows_of_one_key_is_not_keyed(files: Model) -> None:
    with transaction.atomic():
        create_partition(part=part(1), columns=COLUMNS, file_id=1, load_id=1)
        insert(part(1), 1, 2, ("1.0", "x", 1))
        insert(part(1), 1, 3, ("1.00", "x", 2))
        assert not by_key.make_key(part=part(1), key=PRICES.key)
        assert not by_key.has_key(part=part(1))
        assert by_key.make_key(part=part(1), key=("code", "place", "_row"))
        assert by_key.has_key(part=part(1))
        drop_table(name=part(1))


def test_stores_that_were_made_before_lose_their_index_by_file(files: Model) -> None:
    migration = import_module("uploads.migrations.0063_2026_11_30_1450_hidden_rows_by_key")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX ON data.{PRICES.aside} (_file); CREATE INDEX ON data.{PRICES.shared} (_file)")
        cursor.execute(migration.DROP)
        cursor.execute("SELECT tablename, indexdef FROM pg_indexes WHERE indexdef LIKE '%(_file)'")
        assert [table for table, _ in cursor.fetchall()] == [PRICES.shared]
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [PRICES.aside])
        by_file = {f"{PRICES.aside}_expr_idx"}
        assert {name for (name,) in cursor.fetchall()} == {f"{PRICES.aside}_key", *by_file}
        cursor.execute(f"DROP INDEX data.{PRICES.aside}_expr_idx")
        cursor.execute(import_module("uploads.migrations.0065_2026_11_30_1810_find_hidden_rows_of_a_base").CREATE)
        cursor.execute("SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%brin (((- _file)))%'")
        assert cursor.fetchall() == [(PRICES.aside,)]
