"""Pairs of whole numbers stay text, decimal numbers with a comma do not."""

from tests.unit.tabular.types.decided import chunk
from uploads.tabular.evidence import GroundKind
from uploads.tabular.table import ColumnType
from uploads.tabular.types.table_profile import TableProfile

PAIRS = [f"{i},{i * 7}" for i in range(1, 60)]
"""Reads of two kinds, as variant callers write them."""


def types(*columns: list[str], decimal: str | None = None) -> list[ColumnType]:
    profile = TableProfile([f"c{at}" for at in range(len(columns))])
    profile.observe(chunk(*columns))
    return [column.type for column in profile.decide(decimal=decimal)]


def test_pairs_are_text_and_so_are_others_beside_them() -> None:
    assert types(PAIRS, [f"{20 + i},0" for i in range(1, 60)]) == [ColumnType.TEXT] * 2
    profile = TableProfile(["a"])
    profile.observe(chunk(PAIRS))
    evidence = profile.decide()[0].evidence
    assert evidence is not None
    assert evidence.figures["because"]["kind"] == GroundKind.PAIRS


def test_pairs_are_numbers_where_somebody_says_that_the_comma_is_a_decimal_mark() -> None:
    assert types(PAIRS, decimal=",") == [ColumnType.NUMERIC]


def test_pairs_beside_lists_are_text() -> None:
    few = ["12,3", "8,10", "0,22"]
    assert types(few) == [ColumnType.NUMERIC]
    assert types(few, ["0,30,255", "255,0,120", "255,60,0"]) == [ColumnType.TEXT] * 2
    assert types(few, ["12,34,567", "1,23,456", "7,00,000"]) == [ColumnType.NUMERIC, ColumnType.TEXT]
    assert types(few, ["1,234,567", "2,345", "12"]) == [ColumnType.NUMERIC, ColumnType.BIGINT]
    assert types(few, ["a,b,c", "1,2,3", "d"]) == [ColumnType.NUMERIC, ColumnType.TEXT]


def test_decimal_numbers_are_numbers() -> None:
    as_printed = [f"{i / 64:.6g}".replace(".", ",") for i in range(1, 60)]
    of_one_length = [f"{i},{i % 100:02d}" for i in range(11, 70)]
    grouped = [f"{i}.{100 + i},5" for i in range(1, 60)]
    assert types(as_printed) == types(of_one_length) == types(PAIRS[:10]) == [ColumnType.NUMERIC]
    assert types(PAIRS, grouped) == [ColumnType.NUMERIC] * 2
