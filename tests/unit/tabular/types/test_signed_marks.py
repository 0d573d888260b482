"""How money and signed numbers are written says which mark is the decimal one, though they are text until asked for."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import look
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.table import Column, ColumnType

OPEN = "1,000", "2,500", "10,000"


def read(tmp_path: Path, amounts: tuple[str, ...], values: tuple[str, ...] = OPEN) -> Column:
    lines = (f"{value}|{amount}\n" for value, amount in zip(values, amounts, strict=True))
    return look(tmp_path, "n|amount\n" + "".join(lines)).columns[0]


@pytest.mark.parametrize(
    ("amounts", "type_", "mark"),
    [
        (("1.100,00-", "2.100,00-", "3.100,50-"), ColumnType.NUMERIC, ","),
        (("€ 1.100,00", "€ 900,00", "€ 3.100,50"), ColumnType.NUMERIC, ","),
        (("$1,100.00", "$900.00", "($3.50)"), ColumnType.BIGINT, "."),
        (("12.5%", "3.25%", "100%"), ColumnType.BIGINT, "."),
    ],
)
def test_signed_numbers_decide_for_others(
    tmp_path: Path, amounts: tuple[str, ...], type_: ColumnType, mark: str
) -> None:
    column = read(tmp_path, amounts)
    assert column.type is type_
    assert f'a decimal mark would be "{mark}"' in evidence_in_words(column.evidence)


@pytest.mark.parametrize(
    "amounts",
    [
        pytest.param(("1,100-", "2,100-", "3,100-"), id="as open as the others"),
        pytest.param(("$1,100.00", "€ 1.100,00", "€ 900,00"), id="of two kinds"),
        pytest.param(("12.5 kg", "3.25 kg", "100 kg"), id="a word is no sign"),
        pytest.param(("v1.10", "v2.25", "v3.0"), id="versions"),
        pytest.param(("50%", "25%", "100%"), id="without a mark"),
    ],
)
def test_it_stays_open_beside_others(tmp_path: Path, amounts: tuple[str, ...]) -> None:
    assert read(tmp_path, amounts).type is ColumnType.TEXT


def test_two_columns_that_contradict_each_other_decide_nothing(tmp_path: Path) -> None:
    text = "n|euros|dollars\n1,000|1.100,00 €|$1,100.00\n2,000|900,50 €|$900.50\n"
    assert look(tmp_path, text).columns[0].type is ColumnType.TEXT
