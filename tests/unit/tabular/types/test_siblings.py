"""What is open in one table of a file is decided by the column of the same name in another, and by no other."""

from pathlib import Path

import pytest

from tests.unit.tabular.workbook.test_markup import page
from uploads.tabular.inspection import inspect_file
from uploads.tabular.open_file import open_tables
from uploads.tabular.place import TablePlace
from uploads.tabular.table import Column, ColumnType, Format, Limits, ReadOptions
from uploads.tabular.types.choice import Shown
from uploads.tabular.types.joint import JointTypes, Siblings

SURE = "day;place;km\n13/02/2024;Rome;1,5\n14/02/2024;Bern;6,25\n15/02/2024;Oslo;7,5\n"
MEMBER = TablePlace(member="a.csv")


def types(tmp_path: Path, text: str) -> list[dict[str, tuple[str, str, str]]]:
    """Of each table, by column: the type, the kind of evidence, and of the ground."""
    path = tmp_path / "a.csv"
    path.write_text(text)
    found = inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=0)
    return [{column.name: told(column) for column in table.columns} for table in found]


def told(column: Column) -> tuple[str, str, str]:
    assert column.evidence is not None
    because = column.evidence.figures.get("because") or {}
    return (column.type.value, column.evidence.kind.value, because.get("kind", ""))


@pytest.mark.parametrize(
    ("gifts", "name", "found"),
    [
        pytest.param(
            "day;gift\n01/02/2024;Book\n02/02/2024;Cup\n03/02/2024;Pen\n",
            "day",
            ("date", "all_values", "order_of_table"),
            id="order",
        ),
        pytest.param(
            "gift;km\nBook;1,500\nCup;2,500\nPen;3,500\n", "km", ("numeric", "all_values", "mark_of_table"), id="mark"
        ),
        pytest.param(
            "given;gift\n01/02/2024;Book\n02/02/2024;Cup\n03/02/2024;Pen\n",
            "given",
            ("text", "in_doubt", "orders"),
            id="another name",
        ),
        pytest.param(
            "day;gift\n01/02/2024;Book\n02/02/2024;Cup\nsoon;Pen\n",
            "day",
            ("text", "stranger", ""),
            id="no doubt that it is text",
        ),
        pytest.param(
            "day;gift\n2024-02-01;Book\n2024-02-02;Cup\n2024-02-03;Pen\n",
            "day",
            ("date", "all_values", ""),
            id="no doubt at all",
        ),
        pytest.param(
            "day;gift\n01/02/2024;Book\n02/13/2024;Cup\n02/14/2024;Pen\n",
            "day",
            ("date", "all_values", ""),
            id="it shows another itself",
        ),
    ],
)
def test_column_in_doubt_is_read_as_that_of_its_name_above(
    tmp_path: Path, gifts: str, name: str, found: tuple[str, str, str]
) -> None:
    tables = types(tmp_path, f"{SURE}\n{gifts}")
    assert [len(columns) for columns in tables] == [3, 2]
    assert tables[1][name] == found


def date(pattern: str) -> Column:
    return Column(label="day", name="day", type=ColumnType.DATE, format=Format(pattern=pattern))


def test_tables_that_contradict_each_other_decide_nothing() -> None:
    siblings = Siblings()
    siblings.add(MEMBER, [date("%d/%m/%Y")])
    assert siblings.of(MEMBER) == {"day": Shown(orders=frozenset({"dmy"}), source="a.csv")}
    siblings.add(MEMBER, [date("%m/%d/%Y")])
    assert siblings.of(MEMBER)["day"].orders == {"dmy", "mdy"}


@pytest.mark.parametrize("pattern", ["%Y-%m-%d", "%d %b %Y"])
def test_dates_that_are_read_in_one_way_alone_show_nothing(pattern: str) -> None:
    siblings = Siblings()
    siblings.add(MEMBER, [date(pattern)])
    assert siblings.of(MEMBER) == {}


def test_members_of_an_archive_are_of_many_hands() -> None:
    siblings = Siblings()
    siblings.add(MEMBER, [date("%d/%m/%Y")])
    assert siblings.of(TablePlace(member="b.csv")) == {}


def test_rows_of_empty_cells_are_named_only_where_one_table_has_them(tmp_path: Path) -> None:
    rows = "<tr><td>place<td>n<tr><td>Rome<td>1<tr><td>Bern<td><tr><td>Oslo<td>3"
    for tables, told in (1, [[3]]), (2, [None, None]):
        path = tmp_path / f"{tables}.html"
        path.write_text(page(*[rows] * tables))
        opened = list(open_tables(path, name=path.name, options=ReadOptions(), limits=Limits()))
        joint = JointTypes(ReadOptions(), {})
        for table in opened:
            joint.survey(table)
        found = [joint.columns(table)[1].evidence for table in opened]
        assert [evidence.figures.get("blank_rows") for evidence in found if evidence is not None] == told
