"""What a script of psql or mysql prints: tables below each other, each of columns of its own."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, rows
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

PSQL = (
    "=> select * from a;\n id | name\n----+------\n  1 | ann\n  2 | bob\n(2 rows)\n\n"
    "=> select * from b;\n code | price | note\n------+-------+------\n x    |  1.50 |\n(1 row)\n\n"
)
MYSQL = (
    "+----+------+\n| id | name |\n+----+------+\n|  1 | ann  |\n|  2 | bob  |\n+----+------+\n"
    "2 rows in set (0.00 sec)\n\n"
    "+------+-------+------+\n| code | price | note |\n+------+-------+------+\n| x    |  1.50 |      |\n"
    "+------+-------+------+\n1 row in set (0.00 sec)\n\n"
)


def look_at(tmp_path: Path, text: str) -> list[Inspection]:
    path = tmp_path / "t.txt"
    path.write_text(text)
    return list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=9))


@pytest.mark.parametrize("text", [PSQL, MYSQL], ids=["psql", "mysql"])
def test_each_has_its_own_columns(tmp_path: Path, text: str) -> None:
    one, other = look_at(tmp_path, text)
    assert (labels(one), rows(one)) == (["id", "name"], [("1", "ann"), ("2", "bob")])
    assert (labels(other), rows(other)) == (["code", "price", "note"], [("x", "1.50", None)])
    assert (one.counts.rejected, other.counts.rejected) == (0, 0)
    assert (one.account.footer, other.account.footer) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PSQL.partition("(2 rows)\n")[0], id="one"),
        pytest.param(PSQL.partition("\n\n")[0] + "\n\n" + PSQL.partition("\n\n")[0] + "\n", id="the same once more"),
    ],
)
def test_tables_of_one_header_are_one(tmp_path: Path, text: str) -> None:
    [found] = look_at(tmp_path, text)
    assert (labels(found), NoteKind.PRINTED_TABLE in kinds(found)) == (["id", "name"], True)
    assert found.counts.loaded == 2 * text.count("select")
