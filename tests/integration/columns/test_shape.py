"""Columns of a dataset that are added, renamed, removed and described, with files that are on, off, merged, to come."""

import pytest

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, Load, RejectedRow, UploadedFile
from uploads.services.columns.shape import (
    add_column,
    change_strictness,
    describe_column,
    remove_column,
    rename_column,
)
from uploads.services.errors import DatasetNotFound
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.merging.modes import change_mode
from uploads.services.rejects.mend import load_edited_row
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

ROWS = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"
MORE = "code;name;price\nB2;Nut;21\nC3;Pin;30\n"


@pytest.fixture
def files(pipeline: Pipeline) -> tuple[int, int]:
    """One that is active and one that is off."""
    on, off = (pipeline.load(text, "prices.csv").file_id for text in (ROWS, MORE))
    deactivate_file(file_id=off)
    return on, off


def seen(columns: str = "*") -> list[tuple[object, ...]]:
    return rows(f"SELECT {columns} FROM data.prices ORDER BY _file, _row")  # noqa: S608


def test_a_column_is_added_to_files_that_are_on_and_off(pipeline: Pipeline, files: tuple[int, int]) -> None:
    done = add_column(slug="prices", label="Unit price", type_="numeric", description="Net, in EUR")
    assert (done.column, done.words) == ("unit_price", "column “Unit price” added (numeric)")
    activate_file(file_id=files[1])
    assert seen("code, unit_price") == [("A1", None), ("B2", None), ("B2", None), ("C3", None)]
    file = pipeline.load("code;name;price;Unit price\nD4;Rod;1;1.5\n", "prices.csv")
    assert file.state is FileState.ACTIVE
    assert str(seen("unit_price")[-1][0]) == "1.5"
    assert pipeline.load(ROWS, "old.csv").state is FileState.ACTIVE, "without it too"
    comment = "SELECT col_description('data.prices'::regclass, attnum) FROM pg_attribute WHERE attname = 'unit_price'"
    assert ("Unit price. Net, in EUR.",) in rows(comment)


def test_a_renamed_column_is_found_by_its_old_name(pipeline: Pipeline, files: tuple[int, int]) -> None:
    rename_column(slug="prices", name="price", label="Net price")
    activate_file(file_id=files[1])
    assert seen("net_price") == [(10,), (20,), (21,), (30,)]
    assert pipeline.load(ROWS.replace("A1", "D4"), "old.csv").state is FileState.ACTIVE
    assert pipeline.load("code;name;Net price\nE5;Rod;1\n", "new.csv").state is FileState.ACTIVE
    assert seen("net_price")[-3:] == [(10,), (20,), (1,)]
    rename_column(slug="prices", name="Net price", label="price")
    assert seen("price")[-1] == (1,)
    assert pipeline.load("code;name;Net price\nF6;Rod;2\n", "new2.csv").state is FileState.ACTIVE


def test_a_removed_column_is_left_out_of_files_to_come(pipeline: Pipeline, files: tuple[int, int]) -> None:
    remove_column(slug="prices", name="name")
    activate_file(file_id=files[1])
    assert seen("code, price")[-1] == ("C3", 30)
    assert pipeline.load(ROWS.replace("A1", "D4"), "old.csv").state is FileState.ACTIVE
    assert [column["label"] for column in Load.objects.order_by("pk").first().kept_columns] == ["code", "price"]  # type: ignore[union-attr]


def test_rows_are_mended_across_a_column_that_was_removed(pipeline: Pipeline) -> None:
    text = "code;name;price\n" + "".join(f"A{n};x;{n}\n" for n in range(60)) + "B1;Nut;soon\n"
    pipeline.load(ROWS, "prices.csv")
    file = pipeline.load(text, "more.csv")
    remove_column(slug="prices", name="name")
    reject = RejectedRow.objects.get(load__file=file.file_id)
    load_edited_row(reject_id=reject.pk, cells=["B1", "Nut", "5"])
    assert rows("SELECT price FROM data.prices WHERE code = 'B1'") == [(5,)]


def test_merging_files_follow(pipeline: Pipeline) -> None:
    pipeline.load(ROWS, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    second = pipeline.load(MORE, "prices.csv").file_id
    rename_column(slug="prices", name="code", label="Article")
    add_column(slug="prices", label="currency")
    remove_column(slug="prices", name="name")
    assert Dataset.objects.get().key == ["article"]
    assert rows("SELECT article, price, currency FROM data.prices ORDER BY 1") == [
        ("A1", 10, None),
        ("B2", 21, None),
        ("C3", 30, None),
    ]
    deactivate_file(file_id=second)
    assert rows("SELECT article, price FROM data.prices ORDER BY 1") == [("A1", 10), ("B2", 20)]
    activate_file(file_id=second)
    third = pipeline.load("code;name;price\nA1;Bolt;11\n", "prices.csv")
    assert third.state is FileState.ACTIVE
    assert rows("SELECT article, price FROM data.prices ORDER BY 1") == [("A1", 11), ("B2", 21), ("C3", 30)]
    with pytest.raises(BadOption, match="told apart by “Article”"):
        remove_column(slug="prices", name="article")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: add_column(slug="prices", label="Price"), "a column “price” already"),
        (lambda: add_column(slug="prices", label="…"), "needs a name"),
        (lambda: add_column(slug="prices", label="x", type_="money"), "no type “money”"),
        (lambda: rename_column(slug="prices", name="price", label="name"), "a column “name” already"),
        (lambda: rename_column(slug="prices", name="cost", label="x"), "has no column “cost”"),
        (lambda: change_strictness(slug="prices", strictness="lax"), "cannot be “lax”"),
        (lambda: add_column(slug="prices", label="x" * 501), "at most 500 characters"),
    ],
)
def test_what_cannot_be_is_refused(files: tuple[int, int], act: object, words: str) -> None:
    with pytest.raises(BadOption, match=words):
        act()  # type: ignore[operator]
    assert [column.name for column in Dataset.objects.get().columns.all()] == ["code", "name", "price"]


def test_the_last_column_stays(pipeline: Pipeline) -> None:
    pipeline.load("code\nA1\nB2\n", "codes.csv")
    with pytest.raises(BadOption, match="the only column"):
        remove_column(slug="codes", name="code")
    with pytest.raises(DatasetNotFound):
        remove_column(slug="nothing", name="code")


def test_a_description_is_taken_back(files: tuple[int, int]) -> None:
    comment = "SELECT col_description('data.prices'::regclass, attnum) FROM pg_attribute"
    comment += " WHERE attname = 'price' AND attrelid = 'data.prices'::regclass"
    describe_column(slug="prices", name="price", description="Net")
    assert str(rows(comment)[0][0]).startswith("Net. bigint")
    describe_column(slug="prices", name="price", description="")
    assert str(rows(comment)[0][0]).startswith("bigint")


def test_a_waiting_file_follows_too(pipeline: Pipeline, files: tuple[int, int]) -> None:
    waits = pipeline.load(ROWS.replace("A1", "D4"), "prices.csv", activate=False).file_id
    rename_column(slug="prices", name="price", label="cost")
    add_column(slug="prices", label="currency")
    activate_file(file_id=waits)
    assert seen("code, cost, currency")[-2:] == [("D4", 10, None), ("B2", 20, None)]
    assert UploadedFile.objects.filter(state=FileState.ACTIVE).count() == 2
