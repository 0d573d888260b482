"""A table of the kind that an ERP keeps, in a schema of its own and in that of the datasets."""

from collections.abc import Iterator

import pytest
from django.db import connection

ITEMS = """
CREATE TABLE {0} (code varchar(20), name text DEFAULT 'none', price numeric(10, 2) NOT NULL);
COMMENT ON TABLE {0} IS 'What we sell';
COMMENT ON COLUMN {0}.price IS 'in euros';
CREATE INDEX items_by_code ON {0} (code);
INSERT INTO {0} SELECT 'A' || n, 'name ' || n, n FROM generate_series(1, 500) AS n;
"""
KEYED = "ALTER TABLE {0} ADD PRIMARY KEY (code)"


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def erp(data_schema: None) -> Iterator[str]:
    """The table ``erp.items``, which may be read by whoever is in ``erp_readers``."""
    execute("DROP SCHEMA IF EXISTS erp CASCADE; DROP ROLE IF EXISTS erp_readers")
    execute("CREATE SCHEMA erp; CREATE ROLE erp_readers")
    execute(ITEMS.format("erp.items"))
    execute("GRANT SELECT, INSERT ON erp.items TO erp_readers; GRANT USAGE ON SCHEMA erp TO erp_readers")
    yield "erp.items"
    execute("DROP SCHEMA erp CASCADE")
    execute("DROP OWNED BY erp_readers; DROP ROLE erp_readers")
