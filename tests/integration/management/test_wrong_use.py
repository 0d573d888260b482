"""Commands of the second file said wrongly: one sentence with the way out, an exit status, and nothing changed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, UploadedFile
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.publication import publish_table

PRICES = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"
NOT_DONE, WRONG_USAGE = 1, 2
WRONG: list[tuple[str, int, str]] = [
    ("dataset_mode nosuch", NOT_DONE, "Look at the list"),
    ("dataset_mode prices sideways", WRONG_USAGE, "The modes are append, replace, merge."),
    ("dataset_mode prices merge", WRONG_USAGE, "Name the column"),
    ("dataset_mode prices merge --key nosuch", WRONG_USAGE, "The columns are code, name, price."),
    ("dataset_mode prices append --key code", WRONG_USAGE, "Say the mode merge"),
    ("dataset_mode prices merge --key code --order 99", WRONG_USAGE, "Say the order by itself"),
    ("dataset_mode prices merge --key code --delete-when nosuch=x", WRONG_USAGE, "says|say which rows are deleted"),
    ("dataset_mode prices --order 99", WRONG_USAGE, "Its active files are"),
    ("compare_files 1 1", NOT_DONE, "Say two files"),
    ("compare_files {file} 99999", NOT_DONE, "List the files"),
    ("compare_files {file} {other} --key nosuch", NOT_DONE, "Both have"),
    ("export nosuch out.csv", NOT_DONE, "Look at the list"),
    ("export prices out", WRONG_USAGE, "Say --format"),
    ("export prices out.csv --where prise=1", WRONG_USAGE, "Did you mean “price”"),
    ("export prices out.csv --where price__over=1", WRONG_USAGE, "has no “over”"),
    ("export prices out.csv --where price=dear", WRONG_USAGE, "needs a number like 12, and “dear” is none"),
    ("export prices out.csv --where limit=1", WRONG_USAGE, "Say it as --where"),
    ("export prices out.csv --columns nosuch", WRONG_USAGE, "--columns names “nosuch”, which is no column here"),
    ("export prices out.csv --sort=-nosuch", WRONG_USAGE, "--sort names “nosuch”, which is no column here"),
    ("export prices out.csv --as-in-file", WRONG_USAGE, "Say --file ID with it"),
    ("export prices out.xlsx --file {file} --as-in-file", WRONG_USAGE, "writes one file as CSV"),
    ("export prices out.csv --file 99999 --as-in-file", NOT_DONE, "has no rows in the dataset"),
    ("export prices /nosuch/out.csv", NOT_DONE, "No such file or directory"),
    ("dataset_about prices --licence MINE", WRONG_USAGE, "Possible are CC0-1.0"),
    ("dataset_guards prices --fewer-rows many", WRONG_USAGE, "Say a number"),
    ("dataset_guards prices --off --changed 1", WRONG_USAGE, "Say it alone"),
    ("make_reader pg_ana", WRONG_USAGE, "Take up to 63 small letters"),
    ("make_reader uploads_reader --new-password", WRONG_USAGE, "not with pg_ or uploads_"),
    ("make_reader ana --remove", NOT_DONE, "There is no role ana that reads datasets"),
    ("adopt_table items", WRONG_USAGE, "Name the schema too"),
    ("adopt_table data.prices", NOT_DONE, "It is a dataset already: prices. Send files to it"),
    ("adopt_table pg_catalog.pg_class --merge --cast", NOT_DONE, "belongs to PostgreSQL itself. Choose another"),
    ("adopt_table shop.mine", NOT_DONE, "It is a dataset already: mine. Send files to it"),
    ("publish_table", WRONG_USAGE, "say --list"),
    ("publish_table shop.dear", NOT_DONE, "published already: dear. Look at that dataset, or unpublish it first."),
    ("release_table prices", NOT_DONE, "Delete it instead"),
    ("release_table dear", NOT_DONE, r"Unpublish it instead \(unpublish_table\)"),
    ("release_table shop.mine", NOT_DONE, "Name the dataset that this table is: mine."),
    ("unpublish_table mine", NOT_DONE, r"Release it instead \(release_table\)"),
    ("unpublish_table shop.dear", NOT_DONE, "Name the dataset that this table is: dear."),
    ("activate_file {file}", NOT_DONE, "is active already. Nothing was changed"),
    ("replace_file {file} {file}", NOT_DONE, "Name the files that go, then the new one"),
]


@pytest.fixture
def names(pipeline: Pipeline) -> dict[str, int]:
    file = pipeline.load(PRICES, "prices.csv").file_id
    other = pipeline.load(PRICES.replace("B2", "C3"), "prices.csv").file_id
    execute("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop; CREATE TABLE shop.mine (code text)")
    execute("CREATE VIEW shop.dear AS SELECT 1::bigint AS n")
    adopt_table(table="shop.mine")
    publish_table(table="shop.dear")
    return {"file": file, "other": other}


def everything() -> list[object]:
    return [
        list(Dataset.objects.order_by("pk").values()),
        list(UploadedFile.objects.order_by("pk").values("pk", "state", "ranked_at")),
        rows("SELECT oid, relname FROM pg_class WHERE relnamespace::regnamespace::text IN ('data', 'shop') ORDER BY 1"),
    ]


def test_each_is_answered_with_a_way_out_and_changes_nothing(names: dict[str, int]) -> None:
    before = everything()
    for said, status, way_out in WRONG:
        with pytest.raises(CommandError, match=way_out) as refused:
            call_command(*said.format(**names).split(), stdout=StringIO())
        assert refused.value.returncode == status, said
        assert str(refused.value).endswith("."), said
    assert everything() == before
    execute("DROP SCHEMA shop CASCADE")
