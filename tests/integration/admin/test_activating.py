"""Several files activated at once from the admin's list: it says whose place they take, and asks what is open."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.integration.admin.test_files import post, told
from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.files.activation import deactivate_file
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode

LIST = "/admin/uploads/uploadedfile/"
FIRST = "code;price\nA1;10\nB2;20\n"
SEEN = "SELECT code, price FROM data.prices ORDER BY 1, 2"


@pytest.fixture
def boss(client: Client, data_schema: None) -> Client:
    client.force_login(make_user("ana", is_superuser=True))
    return client


def text(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_whose_place_they_take_is_said_first(boss: Client, pipeline: Pipeline) -> None:
    first = pipeline.load(FIRST, "prices.csv").file_id
    change_mode(slug="prices", mode=Mode.REPLACE)
    march = pipeline.load("code;price\nC3;30\n", "march.csv", activate=False).file_id
    april = pipeline.load("code;price\nD4;40\n", "april.csv", activate=False).file_id
    page = text(post(boss, "activate_files", march, april))
    assert "“march.csv” (1 row) takes the place of 1 file (2 rows) of “prices”, which stays loaded." in page
    assert "Of these files for “prices” only the last, “april.csv”, is active afterwards." in page
    assert rows(SEEN) == [("A1", 10), ("B2", 20)], "nothing is done yet"
    post(boss, "activate_files", march, april, confirm="yes")
    assert rows(SEEN) == [("D4", 40)]
    assert UploadedFile.objects.get(pk=first).state == FileState.LOADED


def test_how_they_join_is_answered_once_for_all(boss: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    wishes = {"again": False, "via": UploadedFile.Via.PAGE}
    files = [pipeline.load(f"code;price\nA1;{n}\n{n};{n}\n", f"f{n}.csv", **wishes).file_id for n in (11, 12)]
    assert all(UploadedFile.objects.get(pk=file).overlaps for file in files)
    page = text(post(boss, "activate_files", *files))
    assert "Rows of “f11.csv” and “f12.csv” are there already." in page
    assert "Update by key" in page
    assert "How do they join?" in page
    told(post(boss, "activate_files", *files, confirm="yes"))
    assert len(rows(SEEN)) == 2, "nobody has said it"
    post(boss, "activate_files", *files, confirm="yes", mode="merge")
    assert rows(SEEN) == [("11", 11), ("12", 12), ("A1", 12), ("B2", 20)]


def test_columns_are_answered_as_proposed_for_all(boss: Client, pipeline: Pipeline) -> None:
    pipeline.load("code;name;price\nA1;Bolt;10\n", "prices.csv")
    files = [pipeline.load(f"code;name;prise\nX{n};x;{n}\n", f"f{n}.csv").file_id for n in (1, 2)]
    page = text(post(boss, "activate_files", *files))
    assert "Columns of “f1.csv” and “f2.csv” are not quite those of their dataset." in page
    messages = told(post(boss, "activate_files", *files, confirm="yes", columns=""))
    assert len(messages) == 2
    assert len(rows(SEEN)) == 1
    post(boss, "activate_files", *files, confirm="yes", columns="proposed")
    assert rows(SEEN) == [("A1", 10), ("X1", 1), ("X2", 2)]
    assert Dataset.objects.count() == 1


def seen_in(page: str) -> str:
    found = set(re.findall(r'name="seen" value="([^"]*)"', page))
    assert len(found) == 1
    return str(found.pop())


def test_what_changed_since_the_list_was_shown_is_said_before_anything_is_done(
    boss: Client, pipeline: Pipeline
) -> None:
    first = pipeline.load(FIRST, "prices.csv").file_id
    file = pipeline.load("code;price\nA1;11\n", "march.csv", activate=False).file_id
    late = seen_in(text(boss.get(LIST)))
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    page = text(post(boss, "activate_files", file, seen=late))
    assert "“prices” has changed since you looked: a new file updates the rows with the same “code”" in page
    assert rows(SEEN) == [("A1", 10), ("B2", 20)], "nothing is done yet"
    asked = seen_in(page)
    deactivate_file(file_id=first)
    page = text(post(boss, "activate_files", file, seen=asked, confirm="yes"))
    assert "and 0 files are active in it." in page, "it changed once more while it was asked"
    post(boss, "activate_files", file, seen=seen_in(page), confirm="yes")
    assert rows(SEEN) == [("A1", 11)]


def test_what_is_as_it_was_shown_is_done_at_once_also_of_several(boss: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    files = [pipeline.load(f"code;price\nA1;{n}\n", f"f{n}.csv", activate=False).file_id for n in (11, 12)]
    post(boss, "activate_files", *files, seen=seen_in(text(boss.get(LIST))))
    assert rows(SEEN) == [("A1", 12), ("B2", 20)]
    file = pipeline.load("code;price\nB2;21\n", "f13.csv", activate=False).file_id
    page = text(boss.get(f"{LIST}{file}/change/"))
    post(boss, "activate_files", file, seen=seen_in(page), came_from="page")
    assert rows(SEEN) == [("A1", 12), ("B2", 21)]


def test_rows_that_are_seen_already_are_no_click_like_others(boss: Client, pipeline: Pipeline) -> None:
    first = pipeline.load(FIRST, "prices.csv").file_id
    file = pipeline.load("price;code\n20;B2\n10;A1\n", "turned.csv", activate=False, again=False).file_id
    page = text(post(boss, "activate_files", file))
    assert f"The rows of “turned.csv” are active already, in file {first}." in page
    assert len(rows(SEEN)) == 2


def test_what_was_never_shown_is_refused(boss: Client, pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    file = pipeline.load("code;price\nA1;11\n", "march.csv", activate=False).file_id
    assert told(post(boss, "activate_files", file, seen="prices:x")) == [
        "It cannot be told which question is answered. Open the receipt again."
    ]
    assert len(rows(SEEN)) == 2
