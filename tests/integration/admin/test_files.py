"""Files in the admin: facts are read-only, acts go through the services, each is checked by its permission."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, FileEvent, Load, RejectedRow, UploadedFile
from uploads.services.files.activation import delete_file
from uploads.states import FileState

GOOD = "Area;Year\nNorth;2020\nSouth;2021\n"
MIXED = "Area;Year\n" + "".join(f"Place {n};{n}\n" for n in range(60)) + "=cmd;b;c\n"
FILES = "/admin/uploads/uploadedfile/"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


def post(client: Client, action: str, *ids: int, address: str = FILES, **more: str) -> Any:
    return client.post(address, {"action": action, "_selected_action": list(ids), "index": "0", **more})


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def state(number: int) -> str:
    return UploadedFile.objects.values_list("state", flat=True).get(pk=number)


def test_files_are_deactivated_and_activated_in_bulk(pipeline: Pipeline, staff: Client) -> None:
    numbers = [pipeline.load(GOOD, f"{name}.csv", dataset="geo").file_id for name in "ab"]
    assert told(post(staff, "deactivate_files", *numbers)) == ["Deactivated 2 files (4 rows)."]
    assert rows("SELECT count(*) FROM data.geo") == [(0,)]
    post(staff, "activate_files", *numbers)
    assert rows("SELECT count(*) FROM data.geo") == [(4,)]
    assert FileEvent.objects.filter(user__username="staff").count() == 4


def test_a_refusal_is_told_by_name_and_does_not_stop_the_others(pipeline: Pipeline, staff: Client) -> None:
    active = pipeline.load(GOOD, "good.csv").file_id
    failed = pipeline.load("", "empty.csv").file_id
    messages = told(post(staff, "deactivate_files", failed, active))
    assert messages[0] == "Deactivated “good.csv” (2 rows)."
    assert messages[1].startswith(f"“empty.csv” (file {failed}): Only an active file can be deactivated")


def test_delete_asks_first_and_says_what_happens(pipeline: Pipeline, staff: Client) -> None:
    numbers = [pipeline.load(GOOD, f"{name}.csv", dataset="geo").file_id for name in "ab"]
    page = post(staff, "delete_files", *numbers)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Delete 2 files with 4 rows?" in text
    assert "2 of them are active" in text
    assert "The dataset “geo” ends too: it has no other file." in text
    assert "ends too" not in post(staff, "delete_files", numbers[0]).content.decode()
    assert [state(number) for number in numbers] == ["active", "active"]
    done = staff.post(FILES, {"action": "delete_files", "_selected_action": numbers, "confirm": "yes"})
    assert told(done) == ["Deleted 2 files (4 rows)."]
    assert [state(number) for number in numbers] == ["deleted", "deleted"]
    assert data_tables() == set()


def test_a_dataset_that_a_file_is_not_in_yet_is_planned(pipeline: Pipeline, staff: Client) -> None:
    """By the name that it would get: two datasets of the same name are told apart."""
    pipeline.load(GOOD, "geo.csv", activate=True)
    pipeline.load(GOOD + "East;2022\n", "more.csv", activate=False)
    pipeline.load("a;b\n1;2\n", "My list (2).csv", activate=False)
    for address in (FILES, "/admin/uploads/load/"):
        page = staff.get(address).content.decode()
        assert sorted(re.findall(r'/admin/uploads/dataset/\d+/change/">([^<]*)</a>', page)) == [
            "geo",
            "geo (planned)",
            "my_list_2 (planned)",
        ]
        in_filter = re.findall(r'<a href="\?[^"]*dataset__id__exact=\d+[^"]*"[^>]*>\s*([^<]*?)\s*</a>', page)
        assert in_filter == ["geo", "geo (planned)", "my_list_2 (planned)"]


def test_a_failed_file_is_loaded_again(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load("").file_id
    post(staff, "load_again", number)
    assert state(number) == FileState.WAITING


def test_the_page_of_a_file_offers_what_its_state_permits(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(GOOD).file_id
    text = staff.get(f"{FILES}{number}/change/").content.decode()
    assert "Deactivate 2 rows" in text
    assert ">Activate 2 rows" not in text
    assert "2 read = 2 loaded + 0 rejected + 0 blank" in text
    assert "3 lines = 1 header + 2 rows loaded" in text
    response = post(staff, "deactivate_files", number, came_from="page")
    assert response.headers["Location"] == f"{FILES}{number}/change/"
    loaded = staff.get(f"{FILES}{number}/change/").content.decode()
    assert "Wrong? Change how it was read…" in loaded
    assert ">Load again<" not in loaded
    assert ">Load again<" in staff.get(f"{FILES}{pipeline.load('').file_id}/change/").content.decode()


def test_a_failed_file_says_how_many_rows_would_fit(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load("a,b\n" + "1,2\n" * 20 + "1,2,3\n" * 10).file_id
    assert "none loaded: 20 would fit, 10 rejected" in staff.get(f"{FILES}{number}/change/").content.decode()


def test_the_one_file_that_is_not_active_takes_the_place_of_the_others(pipeline: Pipeline, staff: Client) -> None:
    old = [pipeline.load(GOOD, f"{name}.csv", dataset="geo").file_id for name in "ab"]
    new = pipeline.load("Area;Year\nWest;2022\n", "new.csv", dataset="geo", activate=False).file_id
    page = post(staff, "replace_by_one", *old, new).content.decode()
    assert "Let “new.csv” take the place of “a.csv” and “b.csv”?" in page
    assert [state(number) for number in (*old, new)] == ["active", "active", "loaded"]
    done = told(post(staff, "replace_by_one", *old, new, confirm="yes"))
    assert done == [f"File {new} took the place of files {old[0]} and {old[1]}, which stay loaded."]
    assert [state(number) for number in (*old, new)] == ["loaded", "loaded", "active"]
    text = staff.get(f"{FILES}{new}/change/").content.decode()
    assert f"Undo: put files {old[0]} and {old[1]} back" in text
    post(staff, "put_files_back", new)
    assert [state(number) for number in (*old, new)] == ["active", "active", "loaded"]


@pytest.mark.parametrize("active", [0, 2])
def test_a_choice_that_names_no_new_file_or_no_old_one_is_explained(
    pipeline: Pipeline, staff: Client, active: int
) -> None:
    numbers = [pipeline.load(GOOD, dataset="geo", activate=bool(active)).file_id for _ in range(2)]
    [message] = told(post(staff, "replace_by_one", *numbers, confirm="yes"))
    assert f"Chosen were {active} active and {2 - active} not active." in message
    assert {state(number) for number in numbers} == {"active" if active else "loaded"}


def test_a_file_held_back_is_added_all_the_same(pipeline: Pipeline, staff: Client) -> None:
    first = pipeline.load(GOOD).file_id
    second = pipeline.load(GOOD, again=False).file_id
    text = staff.get(f"{FILES}{second}/change/").content.decode()
    assert f'The same as <a href="{FILES}{first}/change/">file {first}</a>, active since today' in text
    assert "Load anyway" in text
    assert b"state-duplicate" in staff.get(f"{FILES}?state=duplicate").content
    post(staff, "add_files", second)
    assert state(second) == FileState.WAITING


ACTS = [
    ("replace_by_one", "activate_uploadedfile"),
    ("replace_by_one", "view_uploadedfile"),
    ("put_files_back", "activate_uploadedfile"),
    ("add_files", "retry_uploadedfile"),
    ("activate_files", "activate_uploadedfile"),
    ("deactivate_files", "activate_uploadedfile"),
    ("delete_files", "delete_uploadedfile"),
    ("load_again", "retry_uploadedfile"),
]


@pytest.mark.parametrize(("action", "permission"), ACTS)
def test_a_forged_post_without_the_permission_is_forbidden(
    pipeline: Pipeline, client: Client, action: str, permission: str
) -> None:
    number = pipeline.load(GOOD, activate=action == "deactivate_files").file_id
    before = state(number)
    others = [name for name in EVERY_ACT if name != permission]
    client.force_login(make_user("clerk", *others))
    assert post(client, action, number, confirm="yes").status_code == 403
    assert state(number) == before


@pytest.mark.parametrize("action", ["delete_selected", "no_such_action", ""])
def test_an_act_that_does_not_exist_is_forbidden(pipeline: Pipeline, staff: Client, action: str) -> None:
    number = pipeline.load(GOOD).file_id
    assert post(staff, action, number).status_code == 403
    assert state(number) == FileState.ACTIVE


@pytest.mark.parametrize("model", ["uploadedfile", "load", "dataset", "rejectedrow"])
def test_facts_cannot_be_added_changed_or_removed(pipeline: Pipeline, client: Client, model: str) -> None:
    pipeline.load(MIXED)
    client.force_login(make_user("root", is_superuser=True))
    kinds: dict[str, Any] = {"uploadedfile": UploadedFile, "load": Load, "dataset": Dataset, "rejectedrow": RejectedRow}
    number = kinds[model].objects.values_list("pk", flat=True).get()
    base = f"/admin/uploads/{model}/"
    assert client.get(f"{base}{number}/change/").status_code == 200
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{number}/change/", {"name": "forged"}).status_code == 403
    assert client.post(f"{base}{number}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["uploadedfile", "load", "dataset", "rejectedrow"])
def test_staff_without_permission_see_nothing(client: Client, db: None, model: str) -> None:
    client.force_login(make_user("new"))
    assert client.get(f"/admin/uploads/{model}/").status_code == 403


def test_deleted_files_are_history_that_shows_when_asked_for(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(GOOD, "gone.csv").file_id
    delete_file(file_id=number)
    assert b"gone.csv" not in staff.get(FILES).content
    assert b"gone.csv" in staff.get(f"{FILES}?state=deleted").content
    assert b"gone.csv" in staff.get(f"{FILES}?state=all").content


@pytest.mark.parametrize(
    "query",
    ["q=good", "q=geo", "state=active", "state=loaded", "via__exact=command", "loads__dataset__id__exact=1", "o=-2"],
)
def test_filters_search_and_order_work(pipeline: Pipeline, staff: Client, query: str) -> None:
    pipeline.load(GOOD, "good.csv", dataset="geo")
    assert staff.get(f"{FILES}?{query}").status_code == 200
    assert staff.get(f"/admin/uploads/load/?{query if query.startswith('q') else ''}").status_code == 200


def test_lists_of_fifty_files_take_few_queries(
    pipeline: Pipeline, staff: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    dataset = Dataset.objects.create(slug="d", name="d", header_key="", established_at=Now())
    for number in range(50):
        file = pipeline.receive(GOOD, f"{number}.csv")
        Load.objects.create(file=file, dataset=dataset, position=1, fence=1, format="csv", started_at=file.created_at)
    with django_assert_max_num_queries(16):
        assert staff.get(FILES).content.count(b"state-waiting") == 50
    with django_assert_max_num_queries(16):
        assert staff.get("/admin/uploads/load/").content.count(b"state-waiting") == 50


def test_hostile_names_are_inert(pipeline: Pipeline, staff: Client) -> None:
    name = "<script>alert(1)</script>.csv"
    number = pipeline.load("<b>x</b>;<i>\n<script>1</script>;2\n", name).file_id
    load = Load.objects.get(file_id=number)
    for address in (
        FILES,
        f"{FILES}{number}/change/",
        f"/admin/uploads/load/{load.pk}/change/",
        f"/admin/uploads/dataset/{load.dataset_id}/change/",
    ):
        text = staff.get(address).content.decode()
        assert "<script>alert" not in text
        assert "<script>1" not in text
        assert "<b>x" not in text


def test_rejected_rows_show_line_column_value_and_reason(pipeline: Pipeline, staff: Client) -> None:
    number = pipeline.load(MIXED).file_id
    load = Load.objects.get(file_id=number)
    reject = RejectedRow.objects.get(load=load)
    page = staff.get(f"/admin/uploads/load/{load.pk}/change/").content.decode()
    assert "The first rejected rows" in page
    assert ">62<" in page
    for query in (
        f"load__id__exact={load.pk}",
        f"load__file__id__exact={number}",
        "q=cells",
        "code__exact=too_many_cells",
    ):
        response = staff.get(f"/admin/uploads/rejectedrow/?{query}")
        assert response.status_code == 200
        assert "1 rejected row" in response.content.decode()
    assert reject.reason.split('"')[-1] in page


def test_rejected_rows_are_downloaded_as_a_csv_that_no_spreadsheet_runs(pipeline: Pipeline, staff: Client) -> None:
    load = Load.objects.get(file_id=pipeline.load(MIXED).file_id)
    response = staff.get(reverse("admin:uploads_load_rejects", args=[load.pk]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streamed
    [header, row] = csv.reader(io.StringIO(text))
    assert header[:4] == ["line", "column", "value", "reason"]
    assert row[0] == "62"
    assert row[4] == "'=cmd;b;c"


def test_the_download_needs_the_permission(pipeline: Pipeline, client: Client) -> None:
    load = Load.objects.get(file_id=pipeline.load(MIXED).file_id)
    client.force_login(make_user("new"))
    assert client.get(reverse("admin:uploads_load_rejects", args=[load.pk])).status_code == 403
