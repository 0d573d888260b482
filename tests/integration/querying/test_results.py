"""What a query gives: rows with their types, limits that are said, and errors with their place."""

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from psycopg import sql
from pyarrow import parquet

from tests.waiting import wait_until
from uploads.database.querying import roles, session
from uploads.database.querying.faults import QueryGaveWay, QueryTooSlow
from uploads.database.querying.roles import RolesMissing, query_role, session_limits
from uploads.database.statements import execute
from uploads.models import UploadedFile
from uploads.services.exporting.formats import ExportFormat
from uploads.services.files.activation import deactivate_file
from uploads.services.querying import query
from uploads.services.querying.query import QueryPage, export_query, read_query
from uploads.services.querying.wording import BadQuery

type Ask = Callable[[str], QueryPage]


def test_rows_have_the_types_of_their_columns(prices: str, ask: Ask) -> None:
    found = ask("SELECT area, price, day, price > 2 AS dear, _row, 0.1::real, ARRAY[1, 2] FROM data.prices ORDER BY 1;")
    assert [(column.name, column.type.value) for column in found.columns] == [
        ("area", "text"),
        ("price", "numeric"),
        ("day", "date"),
        ("dear", "boolean"),
        ("_row", "bigint"),
        ("float4", "double precision"),
        ("array", "text"),
    ]
    assert found.rows == [
        ("North", Decimal("1.50"), "2024-01-31", False, 2, 0.1, "{1,2}"),
        ("South", Decimal("2.25"), "2024-02-29", True, 3, 0.1, "{1,2}"),
        ("West", None, None, None, 4, 0.1, "{1,2}"),
    ]
    assert not found.has_more


def test_names_that_come_twice_are_told_apart(prices: str, ask: Ask) -> None:
    found = ask("SELECT a.area, b.area, count(*), 1 FROM data.prices a JOIN data.prices b USING (area) GROUP BY 1, 2")
    assert [column.name for column in found.columns] == ["area", "area_2", "count", "column_4"]


@pytest.mark.parametrize(
    "text",
    [
        "TABLE data.prices",
        "VALUES (1), (2)",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n",
        "SELECT area FROM prices -- without the schema\n",
        "SELECT s.file_name, d.* FROM data.prices d JOIN data._sources s USING (_file, _load)",
        "SELECT date_trunc('month', day), to_char(price, '9.99'), now() - day FROM data.prices",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price), sum(price) FILTER (WHERE price > 2) FROM prices",
        "SELECT regexp_replace(area, 'o', '0'), area ~* 'n', lpad(area, 9) FROM data.prices",
        "SELECT string_agg(area, ',') OVER () FROM data.prices",
        "SELECT row_to_json(p), p, jsonb_build_object('a', area), random(), gen_random_uuid() FROM data.prices p",
        "SELECT coalesce(price, 0), CASE WHEN price > 2 THEN 1 END, rank() OVER (ORDER BY price) FROM data.prices",
        "SELECT * FROM generate_series(date '2024-01-01', date '2024-01-03', interval '1 day') AS d",
        "SELECT 'infinity'::timestamp, '0044-03-15 BC'::date, 'NaN'::numeric, 'x;y', $$;$$",
        "SELECT price IN (1, 2), price BETWEEN 1 AND 2, area LIKE 'N%', day = date '2024-01-31' FROM data.prices",
    ],
)
def test_what_people_write_runs(prices: str, ask: Ask, text: str) -> None:
    assert ask(text).rows


def test_more_rows_than_fit_are_said(prices: str, ask: Ask) -> None:
    found = ask("SELECT * FROM generate_series(1, 51) AS n")
    assert (len(found.rows), found.has_more) == (50, True)
    assert not ask("SELECT * FROM generate_series(1, 50) AS n").has_more


def test_an_error_has_its_place_and_a_way_out(prices: str, ask: Ask) -> None:
    with pytest.raises(BadQuery) as refusal:
        ask("SELECT area,\n  prise\nFROM data.prices")
    assert refusal.value.message == 'Line 2, column 3: Column "prise" does not exist.'
    assert refusal.value.hint == 'Perhaps you meant to reference the column "prices.price".'
    assert refusal.value.place is not None
    assert refusal.value.place.marked == "prise"


def test_an_error_of_a_row_is_told_too(prices: str, ask: Ask) -> None:
    with pytest.raises(BadQuery, match="Division by zero"):
        ask("SELECT 1 / (_row - _row) FROM data.prices")


def test_a_query_without_end_is_ended(prices: str, ask: Ask, settings: object) -> None:
    settings.SQL_SECONDS = 0.3  # type: ignore[attr-defined]
    with pytest.raises(QueryTooSlow, match=r"0\.3 seconds"):
        ask("SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")


def test_a_huge_value_is_refused_with_its_column(prices: str, ask: Ask) -> None:
    with pytest.raises(BadQuery, match="A value of much has more than the 100,000 letters"):
        ask("SELECT repeat('x', 10000000) AS much")


def test_whoever_goes_away_ends_the_query(prices: str) -> None:
    with pytest.raises(QueryGaveWay):
        read_query(
            query="SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b",
            most_rows=lambda _: 1,
            is_over=lambda: True,
        )


def test_whoever_switches_a_file_goes_first(prices: str) -> None:
    endless = "SELECT count(*) FROM data.prices, generate_series(1, 100000) a, generate_series(1, 100000) b"
    file = UploadedFile.objects.get(name="prices.csv")
    with ThreadPoolExecutor(1) as others:
        asked = others.submit(_asked_apart, endless)
        wait_until(_reads_prices)
        deactivate_file(file_id=file.pk)
        assert asked.result() == "query_gave_way"


def test_limit_of_a_whole_transaction_is_said_to_servers_that_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for version, is_known in ((150_000, False), (160_000, False), (170_000, True)):
        monkeypatch.setattr(roles, "connection", SimpleNamespace(pg_version=version))
        assert ("transaction_timeout" in session_limits(1)) is is_known


def test_a_query_whose_table_is_being_switched_says_so(prices: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits while it is parsed, before anything of it runs."""
    monkeypatch.setattr(session, "session_limits", lambda seconds: {**session_limits(seconds), "lock_timeout": "10ms"})
    with ThreadPoolExecutor(1) as others, transaction.atomic():
        execute(sql.SQL("LOCK TABLE data.prices"))
        assert others.submit(_asked_apart, "SELECT count(*) FROM data.prices").result() == "query_gave_way"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 1 FROM data.prices" + " CROSS JOIN data.prices" * 17, "JOIN more than the 16 times"),
        ("SELECT 1" + " UNION ALL SELECT 1" * 100, "SELECT more than the 100 times"),
        (f"SELECT {', '.join(['row(p.*)'] * 201)} FROM data.prices p", r"\* more than the 200 times"),  # noqa: S608
    ],
)
def test_a_query_that_names_more_columns_than_memory_has_room_for_is_not_parsed(
    query: str, said: str, prices: str, ask: Ask
) -> None:
    with pytest.raises(BadQuery, match=said):
        ask(query)


def test_a_query_of_many_joins_is_run(prices: str, ask: Ask) -> None:
    joined = " ".join(f"JOIN data.prices p{number} USING (_row)" for number in range(16))
    assert ask(f"SELECT count(*) FROM data.prices p {joined}").rows == [(3,)]  # noqa: S608


def _asked_apart(text: str) -> str:
    try:
        read_query(query=text, most_rows=lambda _: 1, is_over=lambda: False)
    except QueryGaveWay as error:
        return error.code
    finally:
        connection.close()
    return "rows"


def _reads_prices() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE usename = %s"
            " AND relation = 'data.prices'::regclass AND state = 'active')",
            [query_role()],
        )
        [found] = cursor.fetchone() or [False]
    return bool(found)


def test_the_role_gets_the_password_of_a_new_secret_key(prices: str, ask: Ask, settings: object) -> None:
    ask("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{query_role()}"; DROP ROLE "{query_role()}"')
    assert ask("SELECT 1").rows == [(1,)]


def test_a_role_that_may_more_is_not_used(prices: str, ask: Ask) -> None:
    ask("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER ROLE "{query_role()}" CREATEDB')
    try:
        with pytest.raises(RolesMissing, match="may do more than read datasets"):
            ask("SELECT 1")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER ROLE "{query_role()}" NOCREATEDB')


def test_a_file_of_more_letters_than_may_be_is_refused(prices: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "FILE_LETTERS", 10)
    with pytest.raises(BadQuery, match="more than the 10 letters"):
        export_query(query="SELECT area FROM data.prices", format_=ExportFormat.CSV, is_over=lambda: False)


def test_two_first_queries_at_once_make_one_role(prices: str, ask: Ask) -> None:
    ask("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{query_role()}"; DROP ROLE "{query_role()}"')
    with ThreadPoolExecutor(4) as others:
        asked = [others.submit(_asked_apart, "SELECT 1") for _ in range(4)]
        assert [each.result() for each in asked] == ["rows"] * 4


@pytest.mark.parametrize("format_", [ExportFormat.CSV, ExportFormat.NDJSON, ExportFormat.PARQUET, ExportFormat.XLSX])
def test_a_result_is_a_file(prices: str, format_: ExportFormat) -> None:
    export = export_query(
        query="SELECT area, price, day, count(*), count(*) FROM data.prices GROUP BY 1, 2, 3 ORDER BY 1",
        format_=format_,
        is_over=lambda: False,
    )
    made = b"".join(export.pieces)
    match format_:
        case ExportFormat.CSV:
            assert made.splitlines() == [
                b"area,price,day,count,count_2",
                b"North,1.50,2024-01-31,1,1",
                b"South,2.25,2024-02-29,1,1",
                b"West,,,1,1",
            ]
        case ExportFormat.NDJSON:
            assert json.loads(made.splitlines()[0]) == {
                "area": "North",
                "price": "1.50",
                "day": "2024-01-31",
                "count": 1,
                "count_2": 1,
            }
        case ExportFormat.PARQUET:
            assert parquet.read_table(io.BytesIO(made)).num_rows == 3
        case _:
            assert made.startswith(b"PK")


def test_a_file_is_whole_or_there_is_none(prices: str, settings: object) -> None:
    settings.SQL_ROWS = 2  # type: ignore[attr-defined]
    with pytest.raises(BadQuery, match="more than the 2 rows"):
        export_query(query="TABLE data.prices", format_=ExportFormat.CSV, is_over=lambda: False)
    export = export_query(query="TABLE data.prices LIMIT 2", format_=ExportFormat.CSV, is_over=lambda: False)
    assert len(b"".join(export.pieces).splitlines()) == 3
