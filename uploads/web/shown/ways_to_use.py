"""Copy-ready lines that read a view of a dataset from elsewhere: its address for programs, and its table for SQL.

What guesses types from a CSV is told those of texts: it would eat the leading zeros that are kept here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest

from uploads.services.files.permissions import rights_of
from uploads.services.querying.readers import ServerAddress, server_address
from uploads.services.visibility import ColumnFacts
from uploads.tabular.table import ColumnType

_R_TYPES = {
    ColumnType.BOOLEAN: "l",
    ColumnType.BIGINT: "d",
    ColumnType.NUMERIC: "d",
    ColumnType.DOUBLE: "d",
    ColumnType.DATE: "D",
    ColumnType.TIMESTAMP: "T",
    ColumnType.TIMESTAMPTZ: "T",
}
_MOST_NAMED = 50
"""Columns of texts that are named one by one; where there are more, all is read as text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How a program or language reads the rows; ``key`` is unique on the page."""

    key: str
    name: str
    code: str
    note: str = ""


def ways_to_use(
    *,
    address: str,
    query: Sequence[tuple[str, str]],
    columns: Sequence[ColumnFacts],
    table: str,
    order: str,
    server: ServerAddress | None = None,
    is_public: bool = True,
) -> tuple[Way, ...]:
    """``address``: of the rows over the API, with the host; ``query``: the view; ``columns``: those that it shows;
    ``table`` and ``order``: as SQL has them; ``server``: where PostgreSQL is reached, ``None`` where it is not;
    ``is_public``: without a token."""
    csv, arrow = (f"{address}?{urlencode([*query, ('_format', name)])}" for name in ("csv", "arrow"))
    return (
        Way(key="sql", name="SQL", code=f"SELECT * FROM {table}{order} LIMIT 100;"),  # noqa: S608 - for people, never run
        *(() if server is None else _from_server(server, table)),
        Way(
            key="pandas",
            name="pandas",
            code="import pyarrow as pa, urllib.request\n"
            f"df = pa.ipc.open_stream(urllib.request.urlopen({_requested(arrow, is_public=is_public)})).read_pandas()"
            f"{_pandas_floats(columns)}",
            note=_exact(columns),
        ),
        Way(
            key="polars",
            name="Polars",
            code="import polars as pl, urllib.request\n"
            f"df = pl.read_ipc_stream(urllib.request.urlopen({_requested(arrow, is_public=is_public)}).read())"
            f"{_polars_floats(columns)}",
            note=_exact(columns),
        ),
        *_from_csv(csv, columns, is_public=is_public),
    )


_CURL = " -H 'Authorization: Bearer TOKEN'"
_POWER_QUERY = ', [Headers = [Authorization = "Bearer TOKEN"]]'


def _from_csv(csv: str, columns: Sequence[ColumnFacts], *, is_public: bool) -> tuple[Way, ...]:
    secret = "" if is_public else "CREATE SECRET (TYPE http, BEARER_TOKEN 'TOKEN');\n"
    rows = f"SELECT * FROM read_csv({_in_sql(csv)}{_duckdb_types(columns)});"  # noqa: S608 - for people, never run
    at = _quoted(csv) if is_public else f'url({_quoted(csv)}, headers = c(Authorization = "Bearer TOKEN"))'
    contents = f'"{csv.replace(chr(34), chr(34) * 2)}"{"" if is_public else _POWER_QUERY}'
    return (
        Way(key="duckdb", name="DuckDB", code=f"{secret}{rows}"),
        Way(key="r", name="R", code=f"df <- readr::read_csv({at}, col_types = {_quoted(_r_types(columns))})"),
        Way(
            key="excel",
            name="Excel or Power BI (Power Query)",
            code=f'= Table.PromoteHeaders(Csv.Document(Web.Contents({contents}), [Delimiter = ",", Encoding = 65001]))',
        ),
        Way(key="curl", name="curl", code=f"curl{'' if is_public else _CURL} -o rows.csv {_in_shell(csv)}"),
    )


def _requested(address: str, *, is_public: bool) -> str:
    """What Python's ``urlopen`` is given."""
    if is_public:
        return _quoted(address)
    return f'urllib.request.Request({_quoted(address)}, headers={{"Authorization": "Bearer TOKEN"}})'


_NAME = "NAME here and below is a role that whoever runs this site makes for you: manage.py make_reader NAME."


def server_seen_by(request: HttpRequest) -> ServerAddress | None:
    """Where PostgreSQL is reached; of a server that nobody opened for readers staff alone are told the address."""
    server = server_address(seen_as=urlsplit(f"//{request.get_host()}").hostname or "localhost")
    return server if server and (server.is_opened or rights_of(request.user).is_staff) else None


def _from_server(server: ServerAddress, table: str) -> tuple[Way, ...]:
    """``NAME`` is a role that somebody made by ``make_reader``; its password is asked for, or stands in ~/.pgpass."""
    url = server.url(name="NAME")
    engine = server.url(name="NAME", driver="postgresql+psycopg")
    told = f"host={server.host} port={server.port} dbname={server.database} user=NAME"
    rows = f"SELECT * FROM {table}"  # noqa: S608 - for people, never run
    return (
        Way(key="psql", name="psql", code=f"psql {_in_shell(url)} -c {_in_shell(f'{rows} LIMIT 100')}", note=_NAME),
        Way(
            key="sqlalchemy",
            name="SQLAlchemy and pandas, from the database",
            code="import pandas as pd, sqlalchemy\n"
            f"engine = sqlalchemy.create_engine({_quoted(engine)})\n"
            f"df = pd.read_sql({_quoted(rows)}, engine)",
        ),
        Way(
            key="duckdb-postgres",
            name="DuckDB, from the database",
            code=f"ATTACH {_in_sql(told)} AS uploads (TYPE postgres, READ_ONLY);\nSELECT * FROM uploads.{table};",
        ),
    )


def _decimals(columns: Sequence[ColumnFacts]) -> list[str]:
    return [column.name for column in columns if column.type == ColumnType.NUMERIC]


def _exact(columns: Sequence[ColumnFacts]) -> str:
    return "Decimals become floats at the end; without that they keep all their digits." if _decimals(columns) else ""


def _pandas_floats(columns: Sequence[ColumnFacts]) -> str:
    """Arrow has them as decimals, or as texts where their places differ: neither has a mean in pandas."""
    names = _decimals(columns)
    return f"\ndf = df.astype(dict.fromkeys({_quoted_list(names)}, float))" if names else ""


def _polars_floats(columns: Sequence[ColumnFacts]) -> str:
    names = _decimals(columns)
    return f".with_columns(pl.col({_quoted_list(names)}).cast(pl.Float64))" if names else ""


def _quoted_list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _duckdb_types(columns: Sequence[ColumnFacts]) -> str:
    texts = [column.name for column in columns if column.type == ColumnType.TEXT]
    if not texts:
        return ""
    if len(texts) > _MOST_NAMED:
        return ", all_varchar = true"
    return f", types = {{{', '.join(f'{_in_sql(name)}: {_in_sql("VARCHAR")}' for name in texts)}}}"


def _r_types(columns: Sequence[ColumnFacts]) -> str:
    return "".join(_R_TYPES.get(ColumnType(column.type), "c") for column in columns)


def _quoted(text: str) -> str:
    """As Python and R both read it."""
    return json.dumps(text, ensure_ascii=False)


def _in_sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _in_shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
