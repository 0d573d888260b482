"""Tables and views of an ERP, in a schema of its own: what a read-only dataset may show."""

from collections.abc import Iterator

import pytest

from tests.integration.adopting.conftest import execute

PRICES = """
CREATE TABLE shop.prices (id integer PRIMARY KEY, code varchar(20), price numeric(10, 2), since date, extra jsonb);
COMMENT ON COLUMN shop.prices.price IS 'in euros';
INSERT INTO shop.prices SELECT n, 'A' || n, n, date '2026-01-01' + n, '{"a": 1}' FROM generate_series(1, 250) AS n;
CREATE VIEW shop.dear AS SELECT code, price FROM shop.prices WHERE price > 100;
CREATE MATERIALIZED VIEW shop.totals AS SELECT since, sum(price) AS total FROM shop.prices GROUP BY since;
CREATE TABLE shop.lines (a text, b bigint);
INSERT INTO shop.lines SELECT 'x' || n, n FROM generate_series(1, 400) AS n;
CREATE TABLE shop.log (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE shop.log_2025 PARTITION OF shop.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop.log_2026 PARTITION OF shop.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO shop.log SELECT date '2025-12-01' + n, 'line ' || n FROM generate_series(0, 59) AS n;
"""


ALL = ("prices", "dear", "totals", "lines", "log")
"""The tables and views of the shop, one of each kind."""


@pytest.fixture
def shop(data_schema: None) -> Iterator[str]:
    """The schema of these tables."""
    execute("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop")
    execute(PRICES)
    yield "shop"
    execute("DROP SCHEMA shop CASCADE")
