"""A decimal mark that one column alone would have, though each of its values may be grouped by it, is asked for."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.dialect.lines_read import look
from uploads.tabular.inspection import Inspection
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.table import ColumnType

PRICES = "145.2", "165.2", "305.2", "1.5"


def read(tmp_path: Path, values: tuple[str, ...], prices: tuple[str, ...] = PRICES, **options: Any) -> Inspection:
    lines = (f"{value};{price}\n" for value, price in zip(values, prices, strict=True))
    return look(tmp_path, "n;price\n" + "".join(lines), **options)


@pytest.mark.parametrize(
    ("values", "prices"),
    [
        (("10", "-5", "1,000", "1000"), PRICES),
        (("10", "-5", "1.000", "1000"), tuple(p.replace(".", ",") for p in PRICES)),
    ],
)
def test_groups_that_some_values_leave_out_are_no_decimals(
    tmp_path: Path, values: tuple[str, ...], prices: tuple[str, ...]
) -> None:
    column, price = read(tmp_path, values, prices).columns
    assert (column.type, price.type) == (ColumnType.TEXT, ColumnType.NUMERIC)
    assert "may be a thousands mark that some values leave out" in evidence_in_words(column.evidence)
    [way] = column.alternatives
    assert (way.type, way.example, way.read_as) == (ColumnType.BIGINT, values[2], "1000")


def test_the_mark_that_a_person_chose_contradicts_too(tmp_path: Path) -> None:
    values = ("10", "5", "1,000", "1000")
    types = [read(tmp_path, values, values, decimal=mark).columns[0].type for mark in ".,"]
    assert types == [ColumnType.TEXT, ColumnType.NUMERIC]


@pytest.mark.parametrize(
    ("values", "prices"),
    [
        pytest.param(("10", "5", "1,000", "1000"), ("a", "b", "c", "d"), id="no other column of decimals"),
        pytest.param(("10", "5", "1,0", "1000"), PRICES, id="a decimal that is no group"),
        pytest.param(("10", "5", "1,000", "0,250"), PRICES, id="a decimal below one"),
        pytest.param(("10", "5", "1,000", "1234,567"), PRICES, id="decimals of larger numbers"),
        pytest.param(("10", "5", "1,000", "1000"), ("1,5", "2,5", "3,5", "4,5"), id="the same mark"),
    ],
)
def test_neighbours_are_decimals_still(tmp_path: Path, values: tuple[str, ...], prices: tuple[str, ...]) -> None:
    assert read(tmp_path, values, prices).columns[0].type is ColumnType.NUMERIC
