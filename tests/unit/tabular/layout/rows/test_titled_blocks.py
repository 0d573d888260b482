"""Dozens of blocks of one header, each below a title of its own, are as many tables; pages of one table are not."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.test_text_choice import chosen
from uploads.tabular.encoding.text_facts import HEAD_BYTES
from uploads.tabular.files.streams import ByteSource
from uploads.tabular.layout.rows.titled_blocks import LEAST_BLOCKS, titled_blocks
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.text.tables.narrower_tables import OtherTable
from uploads.tabular.text.text_table import CsvTable


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


def test_lines_of_details_that_begin_alike_begin_a_block_too() -> None:
    details = "Plate:,Plate{},1.3,Endpoint,Raw,450,96,1,8\n"
    body = "".join(f"{row},0.1,0.25,0.37\n" for row in "ABC") + "\n~End\n"
    text = "##BLOCKS= 2\n" + "".join(details.format(i) + ",1,2,3\n" + body for i in (1, 2))
    found = chosen(text)
    assert (found.layout.header, found.layout.first, found.borders) == (2, 3, (8,))


@pytest.mark.parametrize(
    "details",
    [
        pytest.param(("Plate:,one,1.3,x,y\n", "Plate:,one,1.3,x,y\n"), id="the same twice"),
        pytest.param(("Plate:,one,1.3,x,y\n", "Total,two,1.4,x,y\n"), id="other beginnings"),
        pytest.param(("Z,0.5,0.6,0.7\n", "Z,0.8,0.9,0.1\n"), id="as wide as rows"),
        pytest.param(("note,by Ann\n", "note,by Bo\n"), id="two cells"),
    ],
)
def test_other_lines_above_a_header_begin_no_block(details: tuple[str, str]) -> None:
    text = "".join(f"{line},1,2,3\nA,0.1,0.2,0.3\nB,0.4,0.5,0.6\n" for line in details)
    assert titled_blocks([tuple(line.split(",")) for line in text.splitlines()]) == ()


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


def test_blocks_below_the_head_of_a_file_are_told_apart_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by itself, all below it would be read anew for each: minutes for some hundred kilobytes of plates. And as
    lines of lines of the file each head would be one call deeper: of a thousand heads Python ends the reading."""
    asked: list[CsvTable] = []
    lines_of = CsvTable.lines_of

    def noted(table: CsvTable, other: OtherTable) -> ByteSource:
        asked.append(table)
        return lines_of(table, other)

    monkeypatch.setattr(CsvTable, "lines_of", noted)
    row = ",".join(["x" * 900] * 7)
    block = "well,a,b,c,d,e,f\n" + "".join(f"{well}{row[1:]}\n" for well in "ABCD")
    path = tmp_path / "plates.csv"
    path.write_text("".join(f"Plate {i}\n{block}" for i in range(20)), encoding="utf-8")
    assert path.stat().st_size > 1.5 * HEAD_BYTES
    found = open_tables(path, name=path.name, options=ReadOptions(), limits=Limits())
    assert [table.dialect.header_row for table in found for _ in table.chunks()] == list(range(2, 120, 6))
    assert len(asked) == 19
    assert set(map(id, asked)) == {id(asked[0])}


STORES = "Store A\n\nitem,qty\nbolt,10\nnut,20\n\nStore B\n\nitem,qty\nbolt,30\n"


@pytest.mark.parametrize(
    ("text", "borders"),
    [
        pytest.param(STORES, (6,), id="two blocks"),
        pytest.param(STORES.replace("\n\nitem", "\nitem"), (5,), id="names right below"),
        pytest.param(STORES.replace("\n\nitem", ",\n,\nitem").replace("\n\n", "\n,\n"), (6,), id="rows of commas"),
        pytest.param(STORES.replace("\n\nStore B\n", "\nStore B\n"), (), id="nothing sets the title apart"),
        pytest.param(STORES.replace("Store B", "Store A"), (), id="one title"),
        pytest.param(STORES.replace("item,qty", "1,2"), (), id="values"),
        pytest.param("2024\n\n" + STORES, (), id="more above the first title"),
    ],
)
def test_few_blocks_are_tables_where_blank_rows_set_each_apart(text: str, borders: tuple[int, ...]) -> None:
    assert titled_blocks([tuple(line.split(",")) for line in text.splitlines()]) == borders


SHOPS = "".join(
    f"Shop {shop},,\nitem,qty,price\n{rows}\n"
    for shop, rows in (("A", "pen,2,1.5\nink,1,7"), ("B", "ink,5,8"), ("C", "pad,9,6"))
).strip()


@pytest.mark.parametrize(
    ("text", "borders"),
    [
        pytest.param(SHOPS, (4, 7), id="three blocks"),
        pytest.param(SHOPS.rpartition("\nShop C")[0], (), id="two"),
        pytest.param(SHOPS.replace("Shop B", "Shop A"), (), id="one title twice"),
        pytest.param(SHOPS.replace("Shop C,,\n", ""), (), id="a header without a title"),
        pytest.param(SHOPS.rpartition("\npad")[0], (), id="a header without a row"),
    ],
)
def test_three_blocks_with_a_title_right_above_each_header_are_tables(text: str, borders: tuple[int, ...]) -> None:
    assert titled_blocks([tuple(line.split(",")) for line in text.splitlines()]) == borders
