"""What people did stands in Django's own record too: *Recent actions* and the *History* of files and datasets."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.rejects.faulty_files import load_faulty
from tests.integration.staff import EVERY_ACT, basic, make_user
from uploads.models import Dataset, FileEvent, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.files.activation import (
    activate_file,
    deactivate_file,
    delete_file,
    replace_file,
    retry_file,
)
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.files.withdrawal import withdraw_file
from uploads.services.options.remembered import change_defaults
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.rejects.mend import mend_rejected_rows, take_back_mends
from uploads.tabular.table import ColumnType

GOOD = "Area;Year\nNorth;2020\nSouth;2021\n"
ADDED, CHANGED, DELETED = 1, 2, 3


@pytest.fixture
def ana(db: None) -> User:
    return make_user("ana", *EVERY_ACT, "change_dataset")


def logged(of: type[UploadedFile] | type[Dataset] = UploadedFile) -> list[tuple[int, str, str]]:
    entries = LogEntry.objects.filter(content_type__model=of._meta.model_name).order_by("pk")
    return [(entry.action_flag, entry.object_repr, entry.get_change_message()) for entry in entries]


@pytest.mark.parametrize(
    ("act", "active", "as_logged"),
    [
        (activate_file, False, (CHANGED, "Activated.")),
        (deactivate_file, True, (CHANGED, "Deactivated.")),
        (delete_file, True, (DELETED, "Deleted.")),
        (withdraw_file, False, (DELETED, "Withdrawn by its sender.")),
        (retry_file, False, (CHANGED, "Loaded again.")),
    ],
)
def test_act_on_a_file_is_logged_for_whoever_did_it(
    pipeline: Pipeline, ana: User, act: Callable[..., object], active: bool, as_logged: tuple[int, str]
) -> None:
    file = pipeline.load(GOOD, activate=active).file_id
    assert logged() == [], "a command has no user"
    act(file_id=file, user_id=ana.pk)
    assert logged() == [(as_logged[0], "table.csv", as_logged[1])]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (ana, str(file))


def test_replacement_is_logged_with_both_files(pipeline: Pipeline, ana: User) -> None:
    old = pipeline.load(GOOD, "old.csv").file_id
    new = pipeline.load(GOOD, "new.csv", activate=False).file_id
    replace_file(old_ids=[old], new_id=new, user_id=ana.pk)
    assert logged() == [(CHANGED, "old.csv", f"Replaced by file {new}."), (CHANGED, "new.csv", "Activated.")]


def test_mends_are_logged(pipeline: Pipeline, ana: User) -> None:
    load = load_faulty(pipeline).loads[0]
    mend_rejected_rows(load_id=load.load_id, user_id=ana.pk)
    take_back_mends(load_id=load.load_id, user_id=ana.pk)
    assert [words for _, _, words in logged()] == [
        "2 rejected rows fixed automatically and loaded.",
        "2 rejected rows taken back: rejected again.",
    ]


def test_reading_again_is_logged_for_the_old_and_the_new_file(pipeline: Pipeline, ana: User) -> None:
    old = pipeline.load(GOOD).file_id
    reader = Sender(user_id=ana.pk, is_staff=True)
    new = reimport_file(
        file_id=old, wish=ReimportRequest(options={"all_text": True}), reader=reader, via=UploadedFile.Via.API
    ).pk
    assert {(flag, words.partition(",")[0].rstrip(".")) for flag, _, words in logged()} == {
        (CHANGED, f"Read again as file {new}"),
        (ADDED, f"File {old} read again"),
    }


def test_change_of_columns_is_logged_for_the_dataset_and_its_files(pipeline: Pipeline, ana: User) -> None:
    receipt = pipeline.load(GOOD, "geo.csv")
    dataset = Dataset.objects.get()
    change_columns(dataset_id=dataset.pk, change=Change(types={"year": ColumnType.TEXT}), user_id=ana.pk)
    [(flag, name, words)] = logged(Dataset)
    assert (flag, name) == (CHANGED, dataset.name)
    assert words.startswith("Columns changed: ")
    assert "Year" in words
    assert logged() == [(CHANGED, receipt.name, words)]


def test_dataset_that_is_read_otherwise_or_deleted_is_logged(pipeline: Pipeline, ana: User) -> None:
    pipeline.load(GOOD, "geo.csv")
    dataset = Dataset.objects.get()
    change_defaults(slug=dataset.slug, options={"delimiter": ";"}, by="ana", user_id=ana.pk)
    delete_dataset(dataset_id=dataset.pk, user_id=ana.pk)
    assert logged(Dataset) == [
        (CHANGED, "geo", "Later files are read with delimiter “;”."),
        (DELETED, "geo", "Deleted with 1 file and 2 rows."),
    ]
    assert logged() == [(DELETED, "geo.csv", "Deleted.")]


def test_sending_is_one_act_and_what_follows_by_itself_is_none(pipeline: Pipeline, client: Client, ana: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"file": SimpleUploadedFile("geo.csv", GOOD.encode()), "activate": "false"}
    answer = client.post("/api/files", sent, headers=basic("ana"))
    pipeline.finish(answer.json()["id"])
    assert logged() == [(ADDED, "geo.csv", "Sent by API.")]


def test_act_that_fails_is_not_logged(pipeline: Pipeline, ana: User) -> None:
    file = pipeline.load(GOOD).file_id
    with pytest.raises(Exception, match="is active already"):
        activate_file(file_id=file, user_id=ana.pk)
    assert logged() == []
    assert not FileEvent.objects.filter(user=ana).exists()


def test_recent_actions_and_history_show_it_to_those_who_may_see_files(
    pipeline: Pipeline, client: Client, ana: User
) -> None:
    file = pipeline.load(GOOD, "geo.csv").file_id
    client.force_login(ana)
    client.post(
        "/admin/uploads/uploadedfile/", {"action": "deactivate_files", "_selected_action": [file], "index": "0"}
    )
    index = client.get("/admin/").text
    assert "Recent actions" in index
    assert ">Deactivated.</span>" in index
    assert f'href="/admin/uploads/uploadedfile/{file}/change/">geo.csv</a>' in index
    page = client.get(f"/admin/uploads/uploadedfile/{file}/change/").text
    history = f"/admin/uploads/uploadedfile/{file}/history/"
    assert f'href="{history}"' in page
    shown = client.get(history).text
    assert "Deactivated." in shown
    assert "ana" in shown
    dataset = Dataset.objects.get().pk
    assert (
        f'href="/admin/uploads/dataset/{dataset}/history/"'
        in client.get(f"/admin/uploads/dataset/{dataset}/change/").text
    )
    client.force_login(make_user("clerk", "delete_uploadedfile"))
    assert client.get(history).status_code == 403
