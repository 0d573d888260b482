"""On pages and without JavaScript: add the same bytes all the same, replace files, put them back."""

import html

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, make_user
from tests.integration.views.pages import TABLE, post_file
from uploads.models import UploadedFile
from uploads.states import FileState

NEW = "id;name\n3;three\n"


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.get("/")
    return client


def address(file_id: int, act: str = "") -> str:
    return f"/receipts/{UploadedFile.objects.get(pk=file_id).token}/{act}"


def page(client: Client, file_id: int) -> str:
    return html.unescape(client.get(address(file_id)).text)


def state(file_id: int) -> str:
    return UploadedFile.objects.values_list("state", flat=True).get(pk=file_id)


def test_receipt_of_the_same_bytes_says_so_and_offers_the_ways_out(pipeline: Pipeline, staff: Client) -> None:
    first = pipeline.load(TABLE).file_id
    second = post_file(staff).pk
    text = page(staff, second)
    assert f'The same as <a href="{address(first)}">file {first}</a>, active since today' in text
    assert "Nothing of this one was loaded." in text
    assert "Load anyway</button>" in text
    assert f"Replace file {first}</button>" in text
    assert '"label": "Delete this one' in text
    assert "Already here" in text


def test_file_with_options_is_offered_to_be_read_so(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(TABLE)
    assert "Load with these options anyway</button>" in page(staff, post_file(staff, all_text="true").pk)


def test_file_held_back_is_read_in_another_way_by_its_sender(pipeline: Pipeline, visitor: Client) -> None:
    pipeline.load(TABLE)
    second = post_file(visitor).pk
    assert "The file is loaded as itself" in visitor.get(address(second, "read-again/")).text
    visitor.post(address(second, "read-again/"), {"all_text": "on"})
    assert pipeline.finish(second).state is FileState.LOADED


def test_visitor_adds_an_own_file_and_sees_no_link_to_the_other(pipeline: Pipeline, visitor: Client) -> None:
    first = pipeline.load(TABLE, "salaries.csv").file_id
    second = post_file(visitor).pk
    text = page(visitor, second)
    assert f"The same as file {first}, active since today" in text
    assert "salaries" not in text
    assert "Replace file" not in text
    answer = visitor.post(address(second, "add/"), follow=True)
    assert "It is being loaded anyway." in answer.text
    assert state(second) == FileState.WAITING
    assert "is not held back" in html.unescape(visitor.post(address(second, "add/"), follow=True).text)


def test_receipt_tells_a_stranger_nothing_of_pending_files(pipeline: Pipeline, visitor: Client) -> None:
    first = pipeline.load(TABLE, activate=False).file_id
    second = pipeline.load(TABLE, activate=False).file_id
    assert f"file {first}" not in page(visitor, second)


def test_held_back_file_takes_the_place_with_one_click(pipeline: Pipeline, staff: Client) -> None:
    first = pipeline.load(TABLE).file_id
    second = post_file(staff).pk
    answer = staff.post(address(second, "replace/"), {"file": first}, follow=True)
    assert f"File {second} is loaded first; then it takes the place of file {first}" in answer.text
    pipeline.finish(second)
    assert (state(first), state(second)) == (FileState.LOADED, FileState.ACTIVE)
    text = page(staff, second)
    assert "It took the place of" in text
    assert "The same content as" not in text  # it is named once


def test_files_are_chosen_replaced_and_put_back(pipeline: Pipeline, staff: Client) -> None:
    old = [pipeline.load(TABLE, f"{name}.csv", dataset="shared").file_id for name in "ab"]
    new = pipeline.load(NEW, "new.csv", dataset="shared", activate=False).file_id
    assert address(new, "replace/") in page(staff, new)
    choice = staff.get(address(new, "replace/")).text
    assert all(f"<strong>{name}.csv</strong>" in choice for name in "ab")
    assert "In one moment its 1 row becomes visible" in choice
    staff.post(address(new, "replace/"), {"file": old})
    assert [state(file) for file in (*old, new)] == ["loaded", "loaded", "active"]
    text = page(staff, new)
    assert f"Undo: put files {old[0]} and {old[1]} back</button>" in text
    assert "It took the place of" in text
    answer = staff.post(address(new, "put-back/"), follow=True)
    assert f"Files {old[0]} and {old[1]} are active again; file {new} stays loaded." in answer.text
    assert [state(file) for file in (*old, new)] == ["active", "active", "loaded"]


def test_choosing_nothing_is_said_on_the_receipt(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(TABLE)
    new = pipeline.load(NEW, activate=False).file_id
    assert "It is not said which file" in staff.post(address(new, "replace/"), follow=True).text
    assert state(new) == FileState.LOADED


@pytest.mark.parametrize("act", ["add/", "put-back/"])
def test_acts_are_posted(pipeline: Pipeline, staff: Client, act: str) -> None:
    assert staff.get(address(pipeline.load(TABLE).file_id, act)).status_code == 405


@pytest.mark.parametrize("act", ["add/", "replace/", "put-back/"])
def test_nobody_acts_without_the_right(pipeline: Pipeline, visitor: Client, act: str) -> None:
    pipeline.load(TABLE)
    file = pipeline.load(TABLE, again=False).file_id
    assert visitor.post(address(file, act), {"file": "1"} if act == "replace/" else {}).status_code == 401
    assert state(file) == FileState.DUPLICATE
