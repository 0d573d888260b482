"""Dozens of blocks of one header, each below a title of its own, are as many tables; pages of one table are not."""

import pytest

from tests.unit.tabular.layout.test_text_choice import chosen
from uploads.tabular.layout.rows.titled_blocks import LEAST_BLOCKS, titled_blocks


def plates(count: int, title: str = "Plate {}", *, below: str = "", corner: str = "", gap: str = ",,,\n") -> str:
    body = "".join(f"{row},0.1,0.25,0.37\n" for row in "ABC")
    return "".join(f"{title.format(i)},,,\n{below}{corner},1,2,3\n{body}{gap}" for i in range(1, count + 1))


@pytest.mark.parametrize("count", [LEAST_BLOCKS, 26, 27, 60])
@pytest.mark.parametrize("gap", [",,,\n", "\n", ""], ids=["a row of commas", "a blank line", "nothing between"])
def test_each_block_below_a_title_of_its_own_is_a_table(count: int, gap: str) -> None:
    lines = 5 + bool(gap)
    found = chosen(plates(count, gap=gap))
    assert (found.layout.header, found.borders) == (1, tuple(range(lines, lines * count, lines)))


def test_titles_of_two_lines_begin_a_block_together() -> None:
    found = chosen(plates(9, below="Barcode 17,,,\n", corner="well"))
    assert found.borders == ()  # the nearest title is always the same
    found = chosen(plates(9, title="Run,,,\nPlate {}"))
    assert found.borders == tuple(range(7, 7 * 9, 7))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(plates(9, title="Stock list, page {}"), id="pages"),
        pytest.param(plates(9, title="Stock list"), id="one title"),
        pytest.param(plates(LEAST_BLOCKS - 1), id="few"),
        pytest.param("".join(f"a,b,c\n{i},2,3\n{i},4,5\n" for i in range(9)), id="no titles"),
        pytest.param(plates(8) + ",1,2,3\nA,1,2,3\n", id="one without a title"),
    ],
)
def test_pages_and_headers_that_only_stand_once_more_are_no_blocks(text: str) -> None:
    assert titled_blocks([tuple(line.split(",")) for line in text.splitlines()]) == ()
