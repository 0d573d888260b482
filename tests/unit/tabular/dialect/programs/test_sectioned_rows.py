"""Statements whose rows name their section: each header begins a table."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, rows
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import Limits, ReadOptions

TRADES = (
    "Trades,Header,Currency,Symbol,Date/Time,Quantity\n"
    'Trades,Data,USD,AAPL,"2023-03-01, 10:31:22",10\nTrades,SubTotal,USD,AAPL,,10\n'
)
FEES = "Fees,Header,Currency,Amount\nFees,Data,USD,-1.5\nFees,Data,USD,-0.5\n"
RATES = "Fees,Header,Rate\nFees,Data,0.5\n"


def look_at(tmp_path: Path, text: str, **options: Any) -> list[Inspection]:
    path = tmp_path / "t.csv"
    path.write_text(text)
    return list(inspect_file(path, options=ReadOptions(**options), limits=Limits(), head_rows=9))


def test_each_header_begins_a_table(tmp_path: Path) -> None:
    found = look_at(tmp_path, TRADES + FEES + RATES)
    assert [(one.source, one.counts.loaded, one.counts.rejected) for one in found] == [
        (None, 2, 0),
        ("lines 4 to 6", 2, 0),
        ("lines 7 to 8", 1, 0),
    ]
    assert labels(found[0]) == ["Section", "Row", "Currency", "Symbol", "Date/Time", "Quantity"]
    assert rows(found[1])[0] == ("Fees", "Data", "USD", "-1.5")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Part,Header,Size\nBody,Data,3\nLegs,Data,4\n", id="a header in one line alone"),
        pytest.param("a,Header,n\nb,Data,1\na,Header,2\nc,Data,3\n", id="sections without headers"),
        pytest.param("page,kind,n\na,Header,1\na,Data,2\nb,Header,3\nb,Data,4\n", id="names in the first line"),
    ],
)
def test_neighbours_are_one_table(tmp_path: Path, text: str) -> None:
    [found] = look_at(tmp_path, text)
    assert NoteKind.PROGRAM_FORM not in kinds(found)
