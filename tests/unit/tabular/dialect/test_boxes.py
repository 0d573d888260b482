"""Boxes that programs draw around their tables: names in the rule on top, types below dashes, dotted bars."""

from pathlib import Path

from tests.unit.tabular.dialect.lines_read import labels, look, rows

CLICKHOUSE = "┌─id─┬─name──┬─total─┐\n│  1 │ Ann   │  12.5 │\n│  2 │ Bob   │     8 │\n└────┴───────┴───────┘\n"
POLARS = """\
shape: (2, 3)
┌──────┬────────────┬───────┐
│ name ┆ date       ┆ value │
│ ---  ┆ ---        ┆ ---   │
│ str  ┆ date       ┆ f64   │
╞══════╪════════════╪═══════╡
│ Ann  ┆ 2026-01-01 ┆ 1.5   │
│ Bob  ┆ 2026-01-02 ┆ 2.5   │
└──────┴────────────┴───────┘
"""


def test_names_in_the_rule_on_top_are_the_header(tmp_path: Path) -> None:
    table = look(tmp_path, CLICKHOUSE)

    assert (labels(table), rows(table)) == (["id", "name", "total"], [("1", "Ann", "12.5"), ("2", "Bob", "8")])


def test_types_below_dashes_are_no_row(tmp_path: Path) -> None:
    table = look(tmp_path, POLARS)

    assert (labels(table), rows(table)) == (
        ["name", "date", "value"],
        [("Ann", "2026-01-01", "1.5"), ("Bob", "2026-01-02", "2.5")],
    )


def test_row_below_a_row_of_dashes_between_plain_bars_is_kept(tmp_path: Path) -> None:
    table = look(
        tmp_path, POLARS.replace("┆", "│").replace("str ", "Eva ").replace("│ ---  │ ---        │ ---   │\n", "")
    )

    assert "Eva" in (labels(table)[0] + str(rows(table)))
