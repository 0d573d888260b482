"""What a visitor sends and nobody ever activates goes after some days, said before; nothing else goes by itself."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import FileEvent, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.files.receipts import describe_file
from uploads.services.receiving.sender import Sender
from uploads.services.reviewing.acts import decline_file
from uploads.services.upkeep.sweep import sweep
from uploads.services.upkeep.visitor_files import delete_visitor_files
from uploads.services.visibility import OPERATOR
from uploads.states import FileState
from uploads.store import stored_files

PRICES = "code;price\n1;2\n"


def sent_by_visitor(pipeline: Pipeline, content: str = PRICES, **wishes: Any) -> int:
    wishes = {"via": UploadedFile.Via.PAGE, "activate": None, "uploader": Sender(visitor="v" * 43), **wishes}
    return pipeline.load(content, "visit.csv", **wishes).file_id


def days_pass(days: float) -> None:
    back = timedelta(days=days)
    UploadedFile.objects.update(state_changed_at=F("state_changed_at") - back, review_at=F("review_at") - back)


def state_of(file_id: int) -> str:
    return UploadedFile.objects.get(pk=file_id).state


def test_visitors_file_that_nobody_activates_is_deleted_after_its_days_and_not_before(pipeline: Pipeline) -> None:
    waiting, failed = sent_by_visitor(pipeline), sent_by_visitor(pipeline, "\n")
    stored = UploadedFile.objects.get(pk=waiting).stored_as
    days_pass(89.9)
    assert sweep().expired == 0
    assert (state_of(waiting), state_of(failed)) == (FileState.LOADED, FileState.FAILED)
    days_pass(0.2)
    assert sweep().expired == 2
    assert (state_of(waiting), state_of(failed)) == (FileState.DELETED, FileState.DELETED)
    assert not stored_files.exists(stored)
    assert FileEvent.objects.filter(file=waiting).last().text == "deleted: nobody activated it for 90 days"  # type: ignore[union-attr]


def test_what_was_active_once_or_came_from_people_with_an_account_is_kept(pipeline: Pipeline) -> None:
    once = sent_by_visitor(pipeline)
    activate_file(file_id=once)
    deactivate_file(file_id=once)
    ana = get_user_model().objects.create_user("ana")
    hers = sent_by_visitor(pipeline, "code;price\n3;4\n", uploader=Sender(user_id=ana.pk))
    ours = pipeline.load("code;price\n5;6\n", "ours.csv", activate=False).file_id
    days_pass(1_000)
    assert delete_visitor_files() == 0
    for file_id in (once, hers, ours):
        assert state_of(file_id) == FileState.LOADED
        assert describe_file(file_id=file_id, viewer=OPERATOR).kept_until is None


def test_days_are_counted_anew_when_something_happens_to_the_file(pipeline: Pipeline) -> None:
    file_id = sent_by_visitor(pipeline)
    days_pass(80)
    decline_file(file_id=file_id, reason="not ours")
    days_pass(80)
    assert delete_visitor_files() == 0
    days_pass(11)
    assert delete_visitor_files() == 1


def test_days_are_a_setting_and_none_is_for_ever(pipeline: Pipeline, settings: Any) -> None:
    file_id = sent_by_visitor(pipeline)
    settings.KEEP_VISITOR_FILES_DAYS = 0
    days_pass(1_000)
    assert describe_file(file_id=file_id, viewer=OPERATOR).kept_until is None
    assert delete_visitor_files() == 0
    settings.KEEP_VISITOR_FILES_DAYS = 1
    assert delete_visitor_files() == 1


def test_the_day_is_said_on_the_receipt_in_the_admin_and_over_the_api(pipeline: Pipeline) -> None:
    file_id = sent_by_visitor(pipeline)
    file = UploadedFile.objects.get(pk=file_id)
    day = file.state_changed_at + timedelta(days=90)
    words = f"If nobody activates it, it is deleted on {day.day} {day:%B %Y}."
    assert words in Client().get(f"/receipts/{file.token}/").content.decode()
    assert Client().get(f"/api/receipts/{file.token}").json()["kept_until"].startswith(f"{day:%Y-%m-%d}")
    staff = Client()
    staff.force_login(get_user_model().objects.create_superuser("boss"))
    assert words in staff.get(f"/admin/uploads/uploadedfile/{file_id}/change/").content.decode()


def test_a_failed_file_is_not_said_to_wait_for_anybody(pipeline: Pipeline) -> None:
    file = UploadedFile.objects.get(pk=sent_by_visitor(pipeline, "\n"))
    page = Client().get(f"/receipts/{file.token}/").content.decode()
    assert "It is deleted on " in page
    assert "If nobody activates it" not in page
