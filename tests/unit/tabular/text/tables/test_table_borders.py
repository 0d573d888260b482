"""Another table of the same width, below a blank record or a title: told apart by strong evidence, or left alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.thorough import one_of_each
from tests.unit.tabular.text.tables.test_narrower_tables import stored, tables_of
from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.single_pass import SinglePass
from uploads.tabular.table import Limits, ReadOptions, RowCounts

FIRST = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n"
SECOND = "name;age;height\nAnn;31;170\nBo;42;180\n"
WHOLE = "None: place|sheep|deer @1 rows 2 3"
PADDED = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n;;\n"

TWO_TABLES = {
    "below a blank line": (FIRST + "\n" + SECOND, [WHOLE + " of 4", "lines 5 to 7: name|age|height @5 rows 6 7 of 3"]),
    "below a title": (
        FIRST + "\nPeople\n" + SECOND,
        [WHOLE + " of 4", "lines 5 to 8: name|age|height @6 rows 7 8 of 4"],
    ),
    "below a title alone": (
        FIRST + "People\n" + SECOND,
        [WHOLE + " of 3", "lines 4 to 7: name|age|height @5 rows 6 7 of 4"],
    ),
    "below a title between blank lines": (
        FIRST + "\nPeople\n\n" + SECOND,
        [WHOLE + " of 4", "lines 5 to 9: name|age|height @7 rows 8 9 of 5"],
    ),
    "below a note on the first": (
        FIRST + "Source: the office\n\nPeople\n" + SECOND,
        [WHOLE + " of 5", "lines 6 to 9: name|age|height @7 rows 8 9 of 4"],
    ),
    "below a total of the first": (
        "place;by;sheep\nNorth;a;1\nSouth;b;2\nTotal;;3\n\n" + SECOND,
        ["None: place|by|sheep @1 rows 2 3 of 5", "lines 6 to 8: name|age|height @6 rows 7 8 of 3"],
    ),
    "below a last row that leaves columns out": (
        (
            "id,name,,sku,price\n0,Ann,,S0,0\n1,Bob,,S1,2.5\n2,Cid,,S2,5\n4,Eve,,,\n,,,,\n,,,,\n"
            "day,sum,,land,code\n2024-01-01,0,,A,L0\n2024-01-02,10,,B,L1\n2024-01-03,20,,C,L2\n"
        ),
        ["None: id|name||sku|price @1 rows 2 3 4 5 of 7",
         "lines 8 to 11: day|sum||land|code @8 rows 9 10 11 of 4"],
    ),
    "of two columns": (
        "place;sheep\nNorth;1\nSouth;2\n\nname;age\nAnn;31\nBo;42\n",
        ["None: place|sheep @1 rows 2 3 of 4", "lines 5 to 7: name|age @5 rows 6 7 of 3"],
    ),
    "of two columns, three rows, written like the first": (
        "Place;Sheep\nNorth;1\nSouth;2\nEast;3\n\nName;Age\nAnn;31\nBo;42\nCy;53\n",
        ["None: Place|Sheep @1 rows 2 3 4 of 5", "lines 6 to 9: Name|Age @6 rows 7 8 9 of 4"],
    ),
    "small names above capitals, where the first has small words": (
        "sku;colour;price\nx1;red;1\nx2;blue;2\n\ncity;land;people\nRome;Italy;10\nOslo;Norway;5\n",
        ["None: sku|colour|price @1 rows 2 3 of 4", "lines 5 to 7: city|land|people @5 rows 6 7 of 3"],
    ),
    "with words where the first has numbers": (
        "id;name;paid\n1;Ann;10.5\n2;Bo;20\n\nSKU;Title;Price\nA1;Pen;1.5\nA2;Ink;2.5\n",
        ["None: id|name|paid @1 rows 2 3 of 4", "lines 5 to 7: SKU|Title|Price @5 rows 6 7 of 3"],
    ),
    "with a name of the first, whose columns are words": (
        "place;kind;who\nNorth;a;b\nSouth;c;d\n\nplace;sheep;deer\nEast;5;6\nWest;7;8\n",
        ["None: place|kind|who @1 rows 2 3 of 4", "lines 5 to 7: place|sheep|deer @5 rows 6 7 of 3"],
    ),
    "of other years": (
        "region;2019;2020\nNorth;1;2\nSouth;3;4\n\nregion;2021;2022\nNorth;1;2\nSouth;3;4\n",
        ["None: region|2019|2020 @1 rows 2 3 of 4", "lines 5 to 7: region|2021|2022 @5 rows 6 7 of 3"],
    ),
    "with a name where the first has no column": (
        "place;who;\nNorth;Ann;\nSouth;Bo;\n;;\ntask;owner;hours\nx;Cy;3\ny;Di;4\n",
        ["None: place|who| @1 rows 2 3 of 4", "lines 5 to 7: task|owner|hours @5 rows 6 7 of 3"],
    ),
    "each line filled up with separators": (
        PADDED + SECOND,
        [WHOLE + " of 4", "lines 5 to 7: name|age|height @5 rows 6 7 of 3"],
    ),
    "each line filled up with separators, the title too": (
        PADDED + "People;;\n" + SECOND,
        [WHOLE + " of 4", "lines 5 to 8: name|age|height @6 rows 7 8 of 4"],
    ),
    "narrower, and filled up with separators": (
        PADDED + "name;age;\nAnn;31;\nBo;42;\n",
        [WHOLE + " of 4", "lines 5 to 7: name|age @5 rows 6 7 of 3"],
    ),
    "with line breaks in its cells": (
        FIRST + '\nname;age;height\n"An\nn";31;170\n"B\n\no";42;180\n',
        [WHOLE + " of 4", "lines 5 to 10: name|age|height @5 rows 6 8 of 6"],
    ),
    "with a row of another width": (
        FIRST + "\n" + SECOND + "Cy;53\nDee;64;190\n",
        [WHOLE + " of 4", "lines 5 to 9: name|age|height @5 rows 6 7 9 rejects 8 of 5"],
    ),
    "three of them": (
        FIRST + "\n" + SECOND + "\nitem;price;stock\npen;1;2\nink;3;4\n",
        [
            WHOLE + " of 4",
            "lines 5 to 8: name|age|height @5 rows 6 7 of 4",
            "lines 9 to 11: item|price|stock @9 rows 10 11 of 3",
        ],
    ),
    "behind one of another width": (
        FIRST + "\nname;age\nAnn;31\nBo;42\n\nitem;price;stock\npen;1;2\nink;3;4\n",
        [
            WHOLE + " of 4",
            "lines 5 to 8: name|age @5 rows 6 7 of 4",
            "lines 9 to 11: item|price|stock @9 rows 10 11 of 3",
        ],
    ),
    "within the first, whose header comes again": (
        FIRST + "\n" + SECOND + "\nplace;sheep;deer\nEast;5;6\nWest;7;8\n",
        ["None: place|sheep|deer @1 rows 2 3 10 11 of 7", "lines 5 to 8: name|age|height @5 rows 6 7 of 4"],
    ),
    "with a fault that only the careful parser reads": (
        FIRST + '\nname;age;height\nAnn;31;170\nB"o;42;180\nCy;53;190\n',
        [WHOLE + " of 4", "lines 5 to 8: name|age|height @5 rows 6 7 8 of 4"],
    ),
}  # fmt: skip

ONE_TABLE = {
    "sections without a header": FIRST + "\nEast;5;6\nWest;7;8\n\nMid;9;10\n",
    "figures kept back in a row of their own": FIRST + "\nIslands;closed;suppressed\nEast;5;6\nWest;7;8\n",
    "figures kept back in words nobody listed": FIRST + "\nIslands;see the annex;see page 4\nEast;5;6\nWest;7;8\n",
    "a figure kept back, small as the names": "place;sheep\nnorth;1\nsouth;3\n\nislands;few\neast;4\nwest;5\n",
    "the same words for all figures": FIRST + "\nislands;none yet;none yet\neast;5;6\nwest;7;8\n",
    "a price on request below the title of a group": (
        "Dish;Price\nSoup;5\nRoll;1\n\nMain\nFish;on request\nBeef;19\nRice;9\n"
    ),
    "a price on request, small as the names": (
        "dish;price\nsoup;5\nroll;1\nbean;6\n\nfish;on request\nbeef;19\nrice;9\negg;2\n"
    ),
    "a price on request below the second title": (
        "Dish;Price\nSoup;5\n\nMains\nBeef;19\nRice;9\n\nSpecials\nFish;Daily\nCrab;99\nEel;88\n"
    ),
    "words for figures in one of many groups": (
        "place;sheep;deer\nnorth;1;2\n\nsouth;3;4\n\nislands;few;many\neast;5;6\nwest;7;8\n"
    ),
    "words for figures in one of many groups, where figures are missing above": (
        "Place;Sheep;Deer\nNorth;NA;NA\n\nGroup 1\nSouth;3;4\n\nGroup 2\nIslands;Few;Many\nEast;5;6\nWest;7;8\n"
    ),
    "marks missing below the title of a class": FIRST + "\nIslands\nEast;ill;away\nWest;7;8\nMid;9;10\n",
    "names over names": "a;b\nx;y\nz;w\n\nname;city\nAnn;Rome\nBo;Oslo\n",
    "keys and values": "key;value\nname;Ann\n\ncolour;red\nage;31\nsize;42\nweight;70\n",
    "keys and values below a title": "key;value\nname;Ann\n\nDetails\ncolour;red\nage;31\nsize;42\nweight;70\n",
    "words that stand in their columns elsewhere": FIRST + "South;few;many\n\nEast;few;many\nEast;5;6\nWest;7;8\n",
    "one row below the words": FIRST + "\nname;age;height\nAnn;31;170\n",
    "words at the end": FIRST + "\nEast;5;6\nname;age;height\n",
    "words without a blank line above": FIRST + "name;age;height\nAnn;31;170\nBo;42;180\n",
    "letters for names": FIRST + "\nname;x;y\nEast;5;6\nWest;7;8\n",
    "a value missing below a blank line": FIRST + "\nIslands;;\nEast;5;6\nWest;7;8\n",
    "no header above": "North;1;2\nSouth;3;4\n\nname;age;height\nAnn;31;170\nBo;42;180\n",
    "one column": "n\n1\n2\n\nage\n3\n4\n5\n",
}  # fmt: skip


@pytest.mark.parametrize("name", TWO_TABLES)
def test_another_table_of_the_same_width_is_told_apart(tmp_path: Path, name: str) -> None:
    text, expected = TWO_TABLES[name]
    assert tables_of(stored(tmp_path, text)) == expected


@pytest.mark.parametrize("name", ONE_TABLE)
def test_rows_below_a_blank_line_stay_with_their_table(tmp_path: Path, name: str) -> None:
    assert len(tables_of(stored(tmp_path, ONE_TABLE[name]))) == 1


@pytest.mark.parametrize("name", TWO_TABLES)
def test_whoever_says_so_gets_one_table(tmp_path: Path, name: str) -> None:
    assert len(tables_of(stored(tmp_path, TWO_TABLES[name][0]), ReadOptions(one_table=True))) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_it_is_found_in_any_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    text = FIRST.replace("North", "Nörth été à Noël") + "\n" + SECOND.replace("Ann", "Zoë Müller, cañón")
    first, second = tables_of(stored(tmp_path, text.replace("\n", end).encode(encoding)))
    assert (first, second) == (WHOLE + " of 4", "lines 5 to 7: name|age|height @5 rows 6 7 of 3")


@pytest.mark.parametrize("above", [2, 40_000, 150_000, 300_000])
def test_it_is_found_far_down_wherever_a_block_ends(tmp_path: Path, above: int) -> None:
    text = "place;sheep;deer\n" + "North;1;2\n" * above + "\nname;age;height\n" + "Ann;31;170\n" * 200_000
    found = [table.split(" rows")[0] for table in tables_of(stored(tmp_path, text))]
    begin = above + 3
    assert found[1] == f"lines {begin} to {begin + 200_000}: name|age|height @{begin}"


@pytest.mark.parametrize("pieces", one_of_each(range(1, 40, 3), of=3))
def test_it_is_found_whatever_piece_of_the_text_comes_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    monkeypatch.setattr("uploads.tabular.text.row_reader._BLOCK_BYTES", pieces)
    for name, (text, expected) in TWO_TABLES.items():
        assert tables_of(stored(tmp_path, text)) == expected, name


def test_many_tables_are_told_apart_in_one_reading(tmp_path: Path) -> None:
    text = "".join(f"name{i};age{i};size{i}\nAnn;1;2\nBo;3;4\n\n" for i in range(300))
    found = tables_of(stored(tmp_path, text))
    assert len(found) == 300
    assert found[299].startswith("lines 1197 to 1200: name299|age299|size299 @1197 rows 1198 1199")


def test_types_are_those_of_each_table_alone(tmp_path: Path) -> None:
    text = FIRST + "\nname;born;size\nAnn;2001-02-03;1.75\nBo;1999-12-31;1.80\n"
    types = []
    for table in open_tables(stored(tmp_path, text), name="a.csv", options=ReadOptions(), limits=Limits()):
        reading = SinglePass(table, options=ReadOptions(), planned=None)
        assert sum(typed.batch.num_rows for _, typed in reading.rows() if typed is not None) == 2
        types.append([column.type.value for column in reading.columns])
    assert types == [["text", "bigint", "bigint"], ["text", "date", "numeric"]]


REPEATED = {
    "in the middle": ("a;b\n1;2\na;b\n3;4\n", 2, "line 3"),
    "below a blank line": ("a;b\n1;2\n\na;b\n3;4\n", 2, "line 4"),
    "on every page": ("a;b\n" + "1;2\n3;4\na;b\n" * 3 + "5;6\n", 4, "lines 4, 7, 10"),
    "far down": ("a;b\n" + "1;2\n" * 5_000 + "a;b\n3;4\n", 2, "line 5,002"),
    "more often than it is listed": ("a;b\n" + "1;2\na;b\n" * 12, 13, "3, 5, 7, 9, 11, 13, 15, 17, 19, 21 and more"),
}


@pytest.mark.parametrize("name", REPEATED)
def test_repeated_header_is_counted_with_the_header_and_said(tmp_path: Path, name: str) -> None:
    text, headers, said = REPEATED[name]
    [(table, counts)] = _read(stored(tmp_path, text))
    assert (table.account.header, counts.rejected) == (headers, 0)
    assert said in sentences_of(table.dialect.notes)[-1]


def test_repeated_header_is_a_row_where_somebody_says_that_all_is_one_table(tmp_path: Path) -> None:
    [(table, counts)] = _read(stored(tmp_path, "a;b\n1;2\na;b\n3;4\n"), ReadOptions(one_table=True))
    assert (table.account.header, counts.loaded) == (1, 3)


LINES = st.sampled_from(
    [
        "place;sheep;deer",
        "name;age;height",
        "Item;Price;Stock",
        "name;age",
        "North;1;2",
        "South;3;4",
        "Ann;31;170",
        "Bo;42",
        "pen;1.20;x",
        "",
        "",
        ";;",
        "People",
        "People;;",
        "a;b;c;d",
        '"No\n\nrth";1;2',
        'No"rth;1;2',
    ]
)


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(LINES, max_size=30), size=st.integers(1, 60))
@example(
    lines=["", "place;sheep;deer", '"No\n\nrth";1;2', "People", "Item;Price;Stock", "North;1;2", "North;1;2"], size=1
)
@example(lines=['"No\n\nrth";1;2', '"No\n\nrth";1;2', "a;b;c;d", "a;b;c;d", "a;b;c;d"], size=1)
@example(lines=["People", "place;sheep;deer", "People", *["name;age;height"] * 3], size=1)
@example(lines=["", "name;age", "Bo;42", "Bo;42", "place;sheep;deer"], size=1)
@example(lines=["", "name;age", "Bo;42", "Bo;42", "name;age"], size=1)
@example(lines=["People", "Item;Price;Stock", "North;1;2", "North;1;2", "", "North;1;2"], size=1)
def test_every_line_is_told_of_and_no_table_depends_on_where_a_block_ends(lines: list[str], size: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = stored(Path(folder), "\n".join(["place;sheep;deer", "North;1;2", "South;3;4", *lines]) + "\n")
        whole = tables_of(path)
        patch.setattr("uploads.tabular.text.row_reader._BLOCK_BYTES", size)
        assert tables_of(path) == whole


def _read(path: Path, options: ReadOptions | None = None) -> list[tuple[SourceTable, RowCounts]]:
    found = []
    for table in open_tables(path, name="a.csv", options=options or ReadOptions(), limits=Limits()):
        counts = RowCounts()
        for chunk in table.chunks():
            counts = counted(counts, chunk)
        assert table.account.accounted(counts) == table.account.lines
        found.append((table, counts))
    return found
