"""Whatever a table of the database has, each format gives it back."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uploads.services.adopting.publication import publish_table
from uploads.services.exporting.export import export_view
from uploads.services.exporting.formats import ExportFormat
from uploads.services.reading.view import View
from uploads.services.visibility import OPERATOR

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ['"', "\\.", ",", "\r\n", "=cmd()", "\\N", "\x01\x02", "\u2028", "NULL", "", " ", "\ufeff"]
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**20), max_value=10**20) | (
    st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("2023.10"), Decimal("1E-40")])
)
ROW = st.tuples(
    st.none() | TEXTS,
    st.none() | NUMBERS,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(),
    st.none() | st.booleans(),
    st.none() | st.dates().map(str) | st.sampled_from(["infinity", "-infinity", "0044-03-15 BC", "12000-01-01"]),
    st.none() | st.datetimes().map(str) | st.sampled_from(["infinity", "0044-03-15 10:00:00 BC"]),
    st.none() | st.datetimes().map(lambda each: f"{each}+00") | st.sampled_from(["-infinity"]),
)
NAMES = ("word", "price", "many", "rate", "good", "day", "at", "seen")
TABLE = """
DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop;
CREATE TABLE shop.things (id serial PRIMARY KEY, word text, price numeric, many bigint, rate double precision,
  good boolean, day date, at timestamp, seen timestamptz)"""


@pytest.fixture
def shop(data_schema: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    publish_table(table="shop.things")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA shop CASCADE")


def stored() -> list[tuple[Any, ...]]:
    """As PostgreSQL prints it."""
    with connection.cursor() as cursor:
        cursor.execute("SET datestyle = 'ISO'; SET timezone = 'UTC'; SET extra_float_digits = 1")
        cursor.execute(f"SELECT {', '.join(f'{name}::text' for name in NAMES)} FROM shop.things ORDER BY id")  # noqa: S608
        return list(cursor.fetchall())


def fill(found: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE shop.things")
        cursor.executemany(
            f"INSERT INTO shop.things ({', '.join(NAMES)}) VALUES"  # noqa: S608
            " (%s, %s, %s, %s, %s, %s::date, %s::timestamp, %s::timestamptz)",
            found,
        )


def exported(format_: ExportFormat) -> bytes:
    view = View(columns=NAMES)
    return b"".join(export_view(slug="things", view=view, format_=format_, viewer=OPERATOR).pieces)


def as_printed(name: str, text: str | None) -> str | None:
    """What a person types back into PostgreSQL."""
    if text is None or name not in ("at", "seen") or text.endswith("infinity"):
        return text
    return text.replace("T", " ", 1).replace("Z", "+00")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ROW, max_size=12))
def test_formats_give_every_value_back(shop: None, found: list[tuple[Any, ...]]) -> None:
    fill(found)
    expected = stored()
    text = exported(ExportFormat.CSV).decode()
    assert _lines_of(text) == [[None if value is None else value for value in row] for row in expected]
    lines = [json.loads(line) for line in exported(ExportFormat.NDJSON).decode().split("\n") if line]
    assert [[_text_of(name, value) for name, value in line.items()] for line in lines] == [
        list(row) for row in expected
    ]
    table = pa.ipc.open_stream(exported(ExportFormat.ARROW)).read_all()
    _check_arrow(table, expected)


def _lines_of(text: str) -> list[list[str | None]]:
    """With NULL and an empty text told apart: quoted or not."""
    head, _, body = text.partition("\n")
    assert head == ",".join(NAMES)
    read = list(csv.reader(io.StringIO(_mark_empty(body)), strict=True))
    return [
        [
            None if cell == "" else as_printed(name, "" if cell == "\x00" else cell)
            for name, cell in zip(NAMES, row, strict=True)
        ]
        for row in read
    ]


def _mark_empty(body: str) -> str:
    """``,"",`` as ``,␀,``, outside of quoted cells."""
    out, quoted, place = [], False, 0
    while place < len(body):
        letter = body[place]
        starts = place == 0 or body[place - 1] in ",\n"
        if not quoted and starts and body[place : place + 2] == '""' and body[place + 2 : place + 3] in (",", "\n", ""):
            out.append("\x00")
            place += 2
            continue
        if letter == '"':
            quoted = not quoted
        out.append(letter)
        place += 1
    return "".join(out)


def _text_of(name: str, value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            with connection.cursor() as cursor:
                cursor.execute("SELECT (%s::float8)::text", [value])
                return str(cursor.fetchone()[0])
    return as_printed(name, str(value))


def _check_arrow(table: Any, expected: list[tuple[Any, ...]]) -> None:
    for place, name in enumerate(NAMES):
        for value, row in zip(table[name].to_pylist(), expected, strict=True):
            assert _is_same(name, value, row[place]), (name, value, row[place])


def _is_same(name: str, value: Any, text: str | None) -> bool:
    if value is None or text is None:
        return value is text
    match value:
        case str() | bool() | int():
            return as_printed(name, str(value) if not isinstance(value, bool) else str(value).lower()) == text
        case float():
            return repr(value) == repr(float(text))
        case Decimal():
            return f"{value:f}" == text
        case datetime():
            return value.replace(tzinfo=None) == datetime.fromisoformat(text).replace(tzinfo=None)
    return bool(value == date.fromisoformat(text))
