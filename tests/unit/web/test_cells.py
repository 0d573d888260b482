"""A value as a page shows it: what cannot be seen of it is marked."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from html import escape

import pytest

from uploads.services.reading.pages import Row
from uploads.web.shown.cells import CELL_SHOWN, cell_of, row_html
from uploads.web.shown.grid import grid_html


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        ("Rome", ("", "")),
        ("New York", ("", "")),
        ("Rome ", ("", "␣")),
        ("  Rome\N{NO-BREAK SPACE}", ("␣␣", "⍽")),
        ("\r\nRome\t", ("↵", "⇥")),
        (" " * 40, ("␣␣␣", "")),
        (" " + "x" * (CELL_SHOWN - 1) + " ", ("␣", "")),
        ("", ("", "")),
    ],
)
def test_spaces_at_the_ends_of_a_value_are_marked(value: str, marks: tuple[str, str]) -> None:
    cell = cell_of(value, is_number=False)
    assert (cell.before, cell.after) == marks


@pytest.mark.parametrize("value", [None, True, 12])
def test_other_values_have_no_marks(value: object) -> None:
    cell = cell_of(value, is_number=True)
    assert (cell.before, cell.after) == ("", "")


@pytest.mark.parametrize(
    ("value", "is_number", "html"),
    [
        (None, False, '<td class="null"></td>'),
        (None, True, '<td class="null number"></td>'),
        (Decimal("1.50"), True, '<td class="number">1.50</td>'),
        (True, True, '<td class="text" dir="auto">true</td>'),
        (datetime(2026, 5, 3, 12, tzinfo=UTC), False, '<td class="text" dir="auto">2026-05-03 12:00:00+00:00</td>'),
        ('<a href="x">&\'', False, '<td class="text" dir="auto">&lt;a href=&quot;x&quot;&gt;&amp;&#x27;</td>'),
        ("&" * (CELL_SHOWN + 1), False, f'<td class="text" dir="auto">{"&amp;" * CELL_SHOWN}…</td>'),
    ],
)
def test_cells_of_a_row_are_as_the_cells_of_a_form(value: object, is_number: bool, html: str) -> None:
    cell = cell_of(value, is_number)
    direction = ' dir="auto"' if cell.kind == "text" else ""
    assert row_html([value], [is_number]) == html == f'<td class="{cell.kind}"{direction}>{escape(cell.text)}</td>'


def test_rows_of_a_grid_say_where_they_are_from() -> None:
    row = Row(file_id=3, file_name="a&b.csv", source="<s>", row=1234, values=(1,), load_id=7)
    alone = '<a href="/here?_file=3&amp;_row=1234" title="Link to this row">1,234</a>'
    part = ' <span class="part">&lt;s&gt;</span>'
    cells = f'<td class="origin number">{alone}</td><td class="number">1</td></tr>'
    shown = partial(grid_html, numeric=[True], here="/here")
    assert (
        shown([row], lines={}) == f'<tr><td class="origin" title="a&amp;b.csv: &lt;s&gt;">a&amp;b.csv{part}</td>{cells}'
    )
    assert '><a href="/l?line=1234#line">a&amp;b.csv</a> <span' in shown([row], lines={(7, 1234): "/l?line=1234#line"})
    without_number = replace(row, row=0, source="")
    assert 'title="a&amp;b.csv">a&amp;b.csv</td><td class="origin number">–</td>' in shown([without_number], lines={})
    assert shown([row, row], lines={}, has_origin=False) == "\n".join(['<tr><td class="number">1</td></tr>'] * 2)
