"""A sheet saved as a web page has its numbers in full beside what it shows."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.test_markup import page, read, rows
from uploads.tabular.workbook.markup.stored_number import in_full


@pytest.mark.parametrize("name", ["x:num", "sdval"])
def test_number_of_which_a_cell_shows_a_part_is_read_in_full(tmp_path: Path, name: str) -> None:
    cell = f'<tr><td>{{}}</td><td {name}="{{}}">{{}}</td></tr>'.format
    [table] = read(tmp_path, "a.xls", page(cell("a", "", "n") + cell("x", 0.125, "0,13") + cell("y", 1234, "1.234")))

    assert ([column.type.value for column in table.columns], rows(table)) == (
        ["text", "numeric"],
        [("x", "0.125"), ("y", "1234")],
    )


@pytest.mark.parametrize(
    ("shown", "stored"),
    [
        ("01067", "1067"),
        ("02.01.2026", "46024"),
        ("12,50 €", "12.5"),
        ("13 %", "0.125"),
        ("0,12", "0.13"),
        ("(5,00)", "-5"),
        ("5", "-5"),
        ("7", ""),
        ("", "7"),
        ("0.00", "0.0000000000000000001"),
    ],
)
def test_what_shows_more_than_a_number_stays_as_it_is_shown(shown: str, stored: str) -> None:
    assert in_full(shown, stored) == shown
