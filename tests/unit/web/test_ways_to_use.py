"""Lines to copy read the view that is shown, and whatever a name or value has in it stays a text."""

import shlex
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pandas as pd

from uploads.services.querying.readers import ServerAddress
from uploads.services.visibility import ColumnFacts
from uploads.web.shown.ways_to_use import Way, ways_to_use

ADDRESS = "https://example.org/api/datasets/prices/rows"


def column(name: str, type_: str) -> ColumnFacts:
    return ColumnFacts(name=name, label=name, type=type_, why="", evidence_kind=None)


def ways(*columns: ColumnFacts, query: tuple[tuple[str, str], ...] = ()) -> dict[str, Way]:
    found = ways_to_use(address=ADDRESS, query=query, columns=columns, table="data.prices", order=" ORDER BY _row")
    assert len({way.key for way in found}) == len(found)
    return {way.key: way for way in found}


def test_the_view_goes_along_whatever_its_values_hold() -> None:
    query = (("area__icontains", 'O\'Neil "x" & y'), ("_sort", "-price"))
    found = ways(column("area", "text"), query=query)
    curl = shlex.split(found["curl"].code)
    address = urlsplit(curl[-1])
    assert f"{address.scheme}://{address.netloc}{address.path}" == ADDRESS
    assert parse_qsl(address.query) == [*query, ("_format", "csv")]
    compile(found["pandas"].code, "pandas", "exec")
    compile(found["polars"].code, "polars", "exec")
    assert "_format=arrow" in found["pandas"].code
    assert found["sql"].code == "SELECT * FROM data.prices ORDER BY _row LIMIT 100;"


def test_lines_for_a_dataset_that_is_not_for_everybody_take_a_token() -> None:
    found = {
        way.key: way.code
        for way in ways_to_use(
            address=ADDRESS,
            query=(),
            columns=(column("area", "text"),),
            table="data.prices",
            order="",
            is_public=False,
        )
    }
    assert shlex.split(found["curl"])[1:3] == ["-H", "Authorization: Bearer TOKEN"]
    for key in ("pandas", "polars"):
        compile(found[key], key, "exec")
        assert 'headers={"Authorization": "Bearer TOKEN"}' in found[key]
    assert found["duckdb"].startswith("CREATE SECRET (TYPE http, BEARER_TOKEN 'TOKEN');\nSELECT * FROM read_csv('")
    assert 'headers = c(Authorization = "Bearer TOKEN")), col_types = "c")' in found["r"]
    assert '[Headers = [Authorization = "Bearer TOKEN"]]), [Delimiter' in found["excel"]
    assert not [way for way in ways().values() if "TOKEN" in way.code]


def test_the_database_itself_is_offered_where_it_is_reached() -> None:
    assert not {"psql", "sqlalchemy", "duckdb-postgres"} & ways().keys()
    server = ServerAddress(host="::1", port=5433, database="my data", is_opened=True)
    found = {
        way.key: way
        for way in ways_to_use(address=ADDRESS, query=(), columns=(), table="data.prices", order="", server=server)
    }
    assert shlex.split(found["psql"].code)[1] == "postgresql://NAME@[::1]:5433/my%20data"
    compile(found["sqlalchemy"].code, "sqlalchemy", "exec")
    assert "FROM uploads.data.prices" in found["duckdb-postgres"].code


def test_who_guesses_types_is_told_which_columns_are_texts() -> None:
    found = ways(
        column("order's no", "text"), column("price", "numeric"), column("day", "date"), column("ok", "boolean")
    )
    assert "types = {'order''s no': 'VARCHAR'}" in found["duckdb"].code
    assert 'col_types = "cdDl"' in found["r"].code
    assert "types" not in ways(column("price", "numeric"))["duckdb"].code
    many = ways(*(column(f"c{number}", "text") for number in range(60)))
    assert "all_varchar = true" in many["duckdb"].code


def test_decimals_are_numbers_to_pandas_whatever_their_places() -> None:
    found = ways(column("area", "text"), column("price", "numeric"), column('a "b"', "numeric"))
    line = found["pandas"].code.splitlines()[2]
    scope = {"df": pd.DataFrame({"area": ["x", None], "price": ["2.10", None], 'a "b"': [Decimal("1.5"), None]})}
    exec(line, scope)  # noqa: S102 - what people copy
    assert scope["df"]["price"].mean() == 2.1
    assert scope["df"]['a "b"'].mean() == 1.5
    assert "all their digits" in found["pandas"].note
    compile(found["polars"].code, "polars", "exec")
    assert '.with_columns(pl.col(["price", "a \\"b\\""]).cast(pl.Float64))' in found["polars"].code
    assert len(ways(column("area", "text"))["pandas"].code.splitlines()) == 2
