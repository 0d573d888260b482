"""Rows whose order on the disk is known are exported without a sort, in the same order and all of them."""

from typing import LiteralString

import pytest
from psycopg import sql

from tests.integration.conftest import Pipeline, rows
from tests.waiting import wait_until
from uploads.database.exporting import laid_order, windows
from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.laid_order import Stretch, find_stretches
from uploads.database.exporting.printing import AsCsv
from uploads.database.rows import OFFSET_BITS
from uploads.database.statements import execute, fetch_rows
from uploads.models import Load
from uploads.services.exporting import source
from uploads.services.exporting.export import export_view
from uploads.services.exporting.formats import ExportFormat
from uploads.services.reading import profiles
from uploads.services.reading.profiles import make_profiles, stretches_of
from uploads.services.reading.view import View
from uploads.services.visibility import OPERATOR
from uploads.tabular.table import ColumnType

ROWS = 2_000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few blocks are worth it, and several statements look at them and print them."""
    monkeypatch.setattr(laid_order, "FEW_BLOCKS", 1)
    monkeypatch.setattr(laid_order, "STEP_BLOCKS", 3)
    monkeypatch.setattr(windows, "FIRST_BLOCKS", 2)
    monkeypatch.setattr(windows, "MOST_BLOCKS", 2)


def act(text: LiteralString, part: str = "lying") -> None:
    execute(sql.SQL(text).format(sql.Identifier("data", part)), None)


def make_part(*spans: tuple[int, int]) -> None:
    act("CREATE TABLE {} (_row bigint, word text)")
    for first, last in spans:
        rows(
            "INSERT INTO data.lying SELECT n, repeat('x', 40) FROM generate_series(%s::int, %s::int) n RETURNING 1",
            first,
            last,
        )


def numbers_at(stretches: list[Stretch]) -> list[int]:
    found = []
    for stretch in stretches:
        places = [f"({place >> OFFSET_BITS},{place & ((1 << OFFSET_BITS) - 1)})" for place in stretch]
        found += [n for (n,) in rows("SELECT _row FROM data.lying WHERE ctid >= %s::tid AND ctid < %s::tid", *places)]
    return found


@pytest.mark.parametrize(
    "spans",
    [
        [(1, 900)],
        [(301, 600), (1, 300), (901, 1000), (601, 900)],
        [(10, 10), (5, 5), (1, 2), (400, 900), (11, 50)],
        [(1, 49), (51, 300), (50, 50)],
        [(400, 400), (1, 200), (202, 310), (313, 399), (401, 900), (201, 201), (311, 312)],
    ],
)
def test_rows_in_stretches_are_read_in_order(pipeline: Pipeline, spans: list[tuple[int, int]]) -> None:
    make_part(*spans)
    stretches = find_stretches(part="lying")
    assert numbers_at(stretches) == sorted(n for first, last in spans for n in range(first, last + 1))
    assert (min(start for start, _ in stretches), max(end for _, end in stretches)) == (
        0,
        rows("SELECT pg_relation_size('data.lying') / 8192")[0][0] << OFFSET_BITS,
    )


def test_rows_that_cannot_be_told_apart_or_are_in_no_order_are_sorted(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_part((1, 300), (400, 700), (350, 350), (200, 200))
    assert find_stretches(part="lying") == []
    act("TRUNCATE {}")
    assert find_stretches(part="lying") == []
    act("INSERT INTO {} SELECT n FROM generate_series(300, 1, -1) n")
    assert len(find_stretches(part="lying")) == 300
    monkeypatch.setattr(laid_order, "MOST_STRETCHES", 100)
    assert find_stretches(part="lying") == []
    act("TRUNCATE {}")
    act("INSERT INTO {} SELECT n FROM generate_series(1, 300) n WHERE n % 3 > 0")
    act("INSERT INTO {} SELECT n FROM generate_series(3, 300, 3) n")
    assert find_stretches(part="lying") == []


def exported(format_: ExportFormat = ExportFormat.CSV) -> bytes:
    return b"".join(export_view(slug="words", view=View(), format_=format_, viewer=OPERATOR).pieces)


def loaded(pipeline: Pipeline) -> Load:
    text = "n;word\n" + "".join(f"{n};w{n}\n" for n in range(ROWS))
    file = pipeline.load(text, "words.csv").file_id
    make_profiles(gives_way=False)
    rows("SELECT pg_stat_force_next_flush()::text")
    load = Load.objects.select_related("profile").get(file=file)
    wait_until(lambda: rows("SELECT n_tup_ins FROM pg_stat_all_tables WHERE relname = %s", load.part) == [(ROWS,)])
    return load


def test_an_export_by_places_is_the_same_and_nothing_is_sorted(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = loaded(pipeline)
    by_places = [exported(format_) for format_ in (ExportFormat.CSV, ExportFormat.NDJSON)]
    assert len(stretches_of(load)) >= 1
    monkeypatch.setattr(source, "stretches_of", lambda load: ())
    assert by_places == [exported(format_) for format_ in (ExportFormat.CSV, ExportFormat.NDJSON)]
    assert by_places[0].count(b"\n") == ROWS + 1


def test_stretches_are_read_by_their_places_with_one_plan(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each would be looked for in the whole table."""
    make_part((301, 600), (1, 300))
    span = windows.Span(
        table=sql.Identifier("data", "lying"),
        condition=sql.SQL("true"),
        by_place=False,
        last=600,
        check=lambda: None,
        stretches=[(2 << OFFSET_BITS, 3 << OFFSET_BITS), (0, 2 << OFFSET_BITS)],
    )
    plans: list[list[str]] = []

    def explained(query: sql.Composable, options: sql.Composable, *, is_bounded: bool) -> tuple[bytes, int]:
        plans.append([line for (line,) in fetch_rows(sql.SQL("EXPLAIN (COSTS false) {}").format(query))])
        return b"", 0

    monkeypatch.setattr(windows, "copy_out", explained)
    monkeypatch.setattr(windows, "FIRST_BLOCKS", 3)
    assert list(windows.print_rows(span, AsCsv(columns=[ExportColumn(name="word", type=ColumnType.TEXT)]))) == []
    [plan] = plans
    assert sum("Tid Range Scan" in line for line in plan) == 1
    assert not any("Sort" in line or "Seq Scan" in line for line in plan)


def test_what_anybody_did_to_the_rows_since_has_them_sorted(pipeline: Pipeline) -> None:
    load = loaded(pipeline)
    assert stretches_of(load) != ()
    act("UPDATE {} SET word = 'other' WHERE n = 3", load.part)
    rows("SELECT pg_stat_force_next_flush()::text")
    wait_until(lambda: stretches_of(load) == ())
    lines = exported().decode().splitlines()
    assert lines[4] == "3,other"
    assert [int(line.split(",")[0]) for line in lines[1:]] == list(range(ROWS))


def test_a_part_that_was_written_anew_is_sorted_until_it_is_looked_at_again(pipeline: Pipeline) -> None:
    load = loaded(pipeline)
    act("VACUUM FULL {}", load.part)
    assert stretches_of(load) == ()


def test_rows_that_came_behind_the_last_place_are_exported_before_they_are_counted(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = loaded(pipeline)
    monkeypatch.setattr(profiles, "file_of_untouched", lambda *, part, rows: load.profile.laid_in)
    assert stretches_of(load) != ()
    act("UPDATE {} SET word = 'other'", load.part)
    lines = exported().decode().splitlines()
    assert lines[1:] == [f"{n},other" for n in range(ROWS)]
