"""Tables of one file with the same header: the sheets of a year, the members of an archive."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, Load


def archive(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, text in members.items():
            file.writestr(f"{name}.csv", text)
    return packed.getvalue()


def types(slug: str) -> dict[str, str]:
    return dict(Dataset.objects.get(slug=slug).columns.values_list("name", "type"))


@pytest.mark.parametrize(
    ("january", "february", "type_", "stored"),
    [
        ("5\n6\n", "7.50\n", "numeric", [Decimal(5), Decimal(6), Decimal("7.50")]),
        ("5\n6\n", "N/A\n", "text", ["5", "6", "N/A"]),
        ("\n x\n", "7\n", "text", [None, " x", "7"]),
        (";2\n;2\n", "7;1\n", "bigint", [7]),
        ("01/02/2024\n", "13/02/2024\n", "date", [date(2024, 2, 1), date(2024, 2, 13)]),
        ("13/02/2024\n", "2024-02-14\n", "date", [date(2024, 2, 13), date(2024, 2, 14)]),
        ("1,50\n", "2.50\n", "numeric", [Decimal("1.50"), Decimal("2.50")]),
        ("2024-02-14\n", "soon\n", "text", ["2024-02-14", "soon"]),
        ("7\n", "007\n", "text", ["7", "007"]),
    ],
)
def test_types_are_those_of_all_members(
    pipeline: Pipeline, january: str, february: str, type_: str, stored: list[object]
) -> None:
    receipt = pipeline.load(archive(jan=f"a;b\n{pad(january)}", feb=f"a;b\n{pad(february)}"), "year.zip")
    assert receipt.error is None
    assert receipt.rows_rejected == 0
    assert [load.dataset for load in receipt.loads] == ["year", "year"]
    assert types("year")["a"] == type_
    assert [value for (value,) in rows("SELECT a FROM data.year WHERE b = 1 ORDER BY _load, _row")] == stored


def pad(column: str) -> str:
    return "".join(line + "\n" if ";" in line else f"{line};1\n" for line in column.splitlines())


def test_evidence_names_the_member(pipeline: Pipeline) -> None:
    receipt = pipeline.load(archive(jan="a;b\n1;x\n2;y\n", feb="a;b\n3;z\n-;z\n"), "year.zip")
    evidence = [load.columns[0]["evidence"] for load in receipt.loads]
    assert (
        evidence
        == [
            (
                'text, because in “feb.csv” line 3 holds "-", which is not a number (the only value that does not fit).'
                ' With "-" read as empty, all are whole numbers.'
            )
        ]
        * 2
    )


def test_columns_may_stand_in_another_order(pipeline: Pipeline) -> None:
    pipeline.load(archive(jan="a;b\n1;x\n", feb="B;A\ny;2.5\n"), "year.zip")
    assert rows("SELECT a, b FROM data.year ORDER BY _load") == [(Decimal(1), "x"), (Decimal("2.5"), "y")]


def test_late_misfit_in_a_member_of_many_chunks(pipeline: Pipeline) -> None:
    long = "a;b\n" + "1;x\n" * 120_000
    receipt = pipeline.load(archive(jan=long, feb=long, mar=long + "1.5;x\n"), "year.zip")
    assert receipt.error is None
    assert (receipt.rows_loaded, receipt.rows_rejected) == (360_001, 0)
    assert types("year") == {"a": "numeric", "b": "text"}
    assert Load.objects.filter(file_id=receipt.file_id).count() == 3


def test_null_words_of_a_dataset_hold_for_every_member(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1.5;x\nNA;y\n", "jan.csv", options={"null_words": ["NA"]})
    pipeline.load(archive(feb="a;b\n2;y\nNA;y\n", mar="a;b\n3.5;z\n"), "year.zip")
    assert types("jan") == {"a": "numeric", "b": "text"}
    found = rows("SELECT a FROM data.jan ORDER BY _load, _row")
    assert found == [(Decimal("1.5"),), (None,), (2,), (None,), (Decimal("3.5"),)]


def test_types_of_a_dataset_with_rows_hold_for_every_member(pipeline: Pipeline) -> None:
    pipeline.load("a;b\n1;x\n", "jan.csv")
    receipt = pipeline.load(archive(feb="a;b\n2;y\n", mar="a;b\n3;z\nx;z\n"), "year.zip")
    assert types("jan")["a"] == "bigint"
    assert (receipt.rows_loaded, receipt.rows_rejected) == (2, 1)


GIFTS = "day;gift;n\n" + "".join(f"0{day}/02/2024;Book;{day}\n" for day in range(1, 5))
TRIPS = "day;place;km;cost\n" + "".join(f"1{day}/02/2024;Rome;{day};7.5\n" for day in range(3, 7))


@pytest.mark.parametrize("text", [f"{GIFTS}\n{TRIPS}", f"{TRIPS}\n{GIFTS}"])
def test_order_of_day_and_month_is_that_of_the_same_column_in_another_table(pipeline: Pipeline, text: str) -> None:
    receipt = pipeline.load(text, "year.csv")
    assert [load.columns[0]["type"] for load in receipt.loads] == ["date", "date"]
    assert (receipt.rows_loaded, receipt.rows_rejected) == (8, 0)
    gifts = next(load for load in receipt.loads if len(load.columns) == 3)
    other = "the first table" if gifts is receipt.loads[1] else f"“{receipt.loads[1].source}”"
    assert gifts.columns[0]["evidence"].endswith(f", day first as this column is in {other}.")
