"""Row 13: the ways that Django and pandas projects load a CSV, on the same file and server.

Their packages are in ``tests/bench/requirements.txt``; without them their rows say so.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pandas as pd
from django.apps.registry import Apps
from django.db import models, transaction
from django.test import override_settings

from tests.bench import data
from tests.bench.data import Table
from tests.bench.measuring import Result, median, timed
from tests.bench.place import Place

CHUNK = 50_000
PARAMETERS = 65_535
"""PostgreSQL takes no more of them in one statement."""
INSTALL = "not installed (pip install -r tests/bench/requirements.txt)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """One way of loading. ``seconds`` does it once; ``times`` is how often at most, for some take half a minute."""

    name: str
    seconds: Callable[[Place, Table], float]
    packages: tuple[str, ...] = ()
    times: int = 3
    must: float | None = 1
    goal: float | None = 1 / 20


def peers(place: Place, rows: int, times: int) -> list[Result]:
    table = data.geo(place.folder, max(rows // 25, 1))
    results = [_against(place, table, peer, times) for peer in PEERS]
    place.forget()
    return results


def _against(place: Place, table: Table, peer: Peer, times: int) -> Result:
    work = f"CSV {table.rows:,} × 5 against {peer.name}"
    if any(find_spec(package) is None for package in peer.packages):
        return Result(row="13", work=work, unit="s", note=INSTALL)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(min(times, peer.times)):
        ours.append(place.load_and_forget(table.path, table.rows))
        theirs.append(peer.seconds(place, table))
    faster = median(theirs) / median(ours)
    rates = [f"{table.rows / median(seconds):,.0f}" for seconds in (ours, theirs)]
    return Result(
        row="13",
        work=work,
        unit="s",
        ours=median(ours),
        yardstick=median(theirs),
        against="theirs",
        must=peer.must,
        goal=peer.goal,
        note=f"{faster:.1f} × as fast: {rates[0]} rows/s against {rates[1]}; runs: {len(ours)}",
        runs=tuple(ours),
        yardstick_runs=tuple(theirs),
    )


def _into_table(place: Place, table: Table, load: Callable[[], object], *, made: bool = True) -> float:
    """Seconds that ``load`` takes to fill the table ``yardstick``; not ``made`` beforehand where the peer makes it."""
    if made:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(table.names, table.types, strict=True))
        place.execute(f"CREATE TABLE yardstick (id bigserial PRIMARY KEY, {columns})")
    place.settle()
    seconds = timed(load)
    [(rows,)] = place.execute("SELECT count(*) FROM yardstick")
    place.execute("DROP TABLE yardstick")
    if rows != table.rows:
        raise RuntimeError(f"a peer loaded {rows:,} of {table.rows:,} rows")
    return seconds


def _chunks(table: Table) -> Iterator[pd.DataFrame]:
    yield from pd.read_csv(table.path, sep=";", chunksize=CHUNK)


def _asyncpg(place: Place, table: Table) -> float:
    """Inserts through SQLAlchemy's asyncpg dialect, a chunk of pandas at a time."""
    import sqlalchemy  # only peers need it
    from sqlalchemy.ext.asyncio import create_async_engine

    target = sqlalchemy.table("yardstick", *map(sqlalchemy.column, table.names))

    async def load() -> None:
        engine = create_async_engine(place.address("postgresql+asyncpg"))
        async with engine.begin() as connection:
            for chunk in _chunks(table):
                await connection.execute(sqlalchemy.insert(target), chunk.to_dict("records"))
        await engine.dispose()

    return _into_table(place, table, lambda: asyncio.run(load()))


def _bulk_create(place: Place, table: Table) -> float:
    """Instances of a model from chunks of pandas, as Django projects do it."""
    model = _model(table)

    def load() -> None:
        with transaction.atomic():
            for chunk in _chunks(table):
                objects = [model(**_fields(record)) for record in chunk.to_dict("records")]
                model._default_manager.bulk_create(objects, batch_size=10_000)

    return _into_table(place, table, load)


def _own_bulk_create(place: Place, table: Table) -> float:
    """The whole of our load with the other writer: detection, checks and provenance included."""
    with override_settings(WRITER="bulk_create"):
        return place.load_and_forget(table.path, table.rows)


def _csvsql(place: Place, table: Table) -> float:
    words = ["--db", place.address("postgresql+psycopg"), "--insert", "--tables", "yardstick", "--delimiter", ";"]
    program = [sys.executable, "-m", "csvkit.utilities.csvsql", *words, str(table.path)]
    return _into_table(place, table, lambda: subprocess.run(program, check=True), made=False)


def _import_export(place: Place, table: Table) -> float:
    """Its bulk mode with all that it lets one leave out: no look-ups, no differences, no rows in the report."""
    import tablib  # only peers need it
    from import_export.resources import modelresource_factory

    options = {
        "use_bulk": True,
        "batch_size": 10_000,
        "skip_diff": True,
        "skip_html_diff": True,
        "report_skipped": False,
        "force_init_instance": True,
        "import_id_fields": (),
        "exclude": ("id",),
    }
    resource = modelresource_factory(_model(table), meta_options=options)()

    def load() -> None:
        rows = tablib.Dataset().load(table.path.read_text(), format="csv", delimiter=";")
        rows.headers = [name.lower() for name in rows.headers]
        resource.import_data(rows, raise_errors=True, use_transactions=True)

    return _into_table(place, table, load)


def _to_sql(place: Place, table: Table) -> float:
    """Statements of as many rows as PostgreSQL's limit of parameters lets in."""
    import sqlalchemy  # only peers need it

    engine = sqlalchemy.create_engine(place.address("postgresql+psycopg"))
    rows = PARAMETERS // len(table.names)

    def load() -> None:
        with engine.begin() as connection:
            for chunk in _chunks(table):
                chunk.to_sql("yardstick", connection, if_exists="append", index=False, method="multi", chunksize=rows)

    seconds = _into_table(place, table, load)
    engine.dispose()
    return seconds


def _model(table: Table) -> type[models.Model]:
    """A model of the table ``yardstick``, kept out of the project's registry."""

    class Meta:
        app_label = "peers"
        managed = False
        apps = Apps()
        db_table = "yardstick"

    fields: dict[str, Any] = {"id": models.BigAutoField(primary_key=True)}
    for name, kind in zip(table.names, table.types, strict=True):
        fields[name.lower()] = (models.TextField if kind == "text" else models.BigIntegerField)(db_column=name)
    return type("Row", (models.Model,), {"Meta": Meta, "__module__": __name__, **fields})


def _fields(record: dict[Any, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in record.items()}


PEERS = (
    Peer(name=r"psql \copy", seconds=Place.psql_copy, must=None, goal=None),
    Peer(name="SQLAlchemy + asyncpg", seconds=_asyncpg, packages=("sqlalchemy", "asyncpg")),
    Peer(name="Django bulk_create from pandas", seconds=_bulk_create),
    Peer(name="our writer bulk_create", seconds=_own_bulk_create, times=1),
    Peer(name="csvkit csvsql --insert", seconds=_csvsql, packages=("sqlalchemy", "csvkit"), times=1),
    Peer(name="django-import-export, bulk", seconds=_import_export, packages=("import_export",), times=1),
    Peer(name='pandas to_sql(method="multi")', seconds=_to_sql, packages=("sqlalchemy",), times=1),
)
