"""A word alone below the names is the name of row names where it is set as pandas sets it."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import labels, look, rows
from uploads.tabular.dialect.columns.index_name import find_index_name

PRICES = (
    "            open  close\n"
    "date                   \n"
    "2026-01-02  10.1   10.4\n"
    "2026-01-05   9.0   10.9\n"
    "2026-01-06   9.1   10.8\n"
)


def test_name_below_the_names_is_that_of_the_first_column(tmp_path: Path) -> None:
    table = look(tmp_path, PRICES)

    assert labels(table) == ["date", "open", "close"]
    assert rows(table)[0] == ("2026-01-02", "10.1", "10.4")
    assert (table.counts.loaded, table.counts.rejected) == (3, 0)


def test_long_text_is_rewritten_in_its_first_lines_only() -> None:
    form = find_index_name(PRICES)
    assert form is not None
    rewrite = form.start()
    assert rewrite(PRICES.encode(), final=False).splitlines()[:3] == [
        b"date        open  close",
        b"",
        b"2026-01-02  10.1   10.4",
    ]
    assert rewrite(b"x\n", final=True) == b"x\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PRICES.replace("date       ", "date"), id="a line that is not as long"),
        pytest.param(PRICES.replace("date  ", "of day"), id="two words"),
        pytest.param(PRICES.replace("            open", "day         open"), id="a name above it"),
        pytest.param(PRICES.replace("2026-01-05", "          "), id="rows without a name"),
        pytest.param("a,b\n\n1,2\n3,4\n", id="another delimiter"),
    ],
)
def test_other_second_lines_are_rows(text: str) -> None:
    assert find_index_name(text) is None
