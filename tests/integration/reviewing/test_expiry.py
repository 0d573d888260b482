"""Answers that never come: said before, declined when the days are over, nothing lost, taken up again at any time."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import F
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.reviewing.conftest import Send
from uploads.models import FileEvent, ReviewMessage, UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.files.activation import activate_file
from uploads.services.files.progress import files_unanswered
from uploads.services.files.receipts import describe_file
from uploads.services.merging.guards import SaidGuards, change_guards
from uploads.services.merging.modes import change_mode
from uploads.services.reviewing import expiry
from uploads.services.reviewing.acts import answer_question, ask_sender, take_up_file
from uploads.services.reviewing.expiry import decline_unanswered
from uploads.services.reviewing.queue import Shelf, files_on
from uploads.services.upkeep.sweep import sweep
from uploads.services.visibility import OPERATOR
from uploads.states import FileState, Mode, Review
from uploads.store import stored_files

OLD = "code;price;region\n" + "".join(f"A{n};{n};x\n" for n in range(20))


def days_pass(days: float) -> None:
    """All that is written down happened so much earlier."""
    back = timedelta(days=days)
    UploadedFile.objects.update(state_changed_at=F("state_changed_at") - back, review_at=F("review_at") - back)


def review_of(file_id: int) -> str:
    return UploadedFile.objects.values_list("review", flat=True).get(pk=file_id)


def guarded(pipeline: Pipeline) -> int:
    pipeline.load(OLD, "prices.csv")
    change_mode(slug="prices", mode=Mode.REPLACE)
    change_guards(slug="prices", said=SaidGuards(fewer_rows="20"))
    return pipeline.load("code;price;region\nA1;1;x\n", "prices.csv").file_id


def asked_how(pipeline: Pipeline) -> int:
    pipeline.load(OLD, "prices.csv")
    return pipeline.load("code;price;region\nA1;1;x\nB9;1;x\n", "p.csv", via=UploadedFile.Via.PAGE, again=False).file_id


def asked_columns(pipeline: Pipeline) -> int:
    pipeline.load(OLD, "prices.csv")
    return pipeline.load("code;price;regoin\nA1;1;x\nB9;1;x\n", "prices.csv").file_id


@pytest.mark.parametrize("waiting", [guarded, asked_how, asked_columns])
def test_a_file_without_an_answer_is_declined_and_can_be_taken_up_again(pipeline: Pipeline, waiting: Any) -> None:
    file_id = waiting(pipeline)
    receipt = describe_file(file_id=file_id, viewer=OPERATOR)
    assert receipt.state is FileState.LOADED
    assert receipt.answer_by is not None
    days_pass(29.9)
    assert decline_unanswered() == 0
    days_pass(0.2)
    assert sweep().expired == 1
    assert (review_of(file_id), sweep().expired) == (Review.DECLINED, 0)
    declined = describe_file(file_id=file_id, viewer=OPERATOR)
    assert declined.conversation.declined is not None
    assert declined.conversation.declined.reason == "Nobody answered for 30 days."
    assert declined.answer_by is None
    assert FileEvent.objects.filter(file=file_id).latest("pk").text == "declined: nobody answered for 30 days"
    file = UploadedFile.objects.get(pk=file_id)
    assert "can answer" not in Client().get(f"/receipts/{file.token}/").content.decode(), "nothing is asked any more"
    assert stored_files.exists(file.stored_as)
    part = file.loads.get().part
    assert rows(f"SELECT count(*) FROM data.{part}")[0][0] == file.rows_loaded  # noqa: S608 - its own name
    with pytest.raises(StateConflict):
        activate_file(file_id=file_id)
    take_up_file(file_id=file_id)
    assert list(files_on(Shelf.STAFF)) == [file]
    again = describe_file(file_id=file_id, viewer=OPERATOR).answer_by
    assert again is not None
    assert again > receipt.answer_by
    assert decline_unanswered() == 0, "the days are counted anew"
    days_pass(30.1)
    assert decline_unanswered() == 1


def test_a_sender_who_does_not_answer_and_one_who_does(send: Send) -> None:
    silent, speaking = send(name="a.csv"), send("x;y\n1;2\n", name="b.csv")
    assert describe_file(file_id=silent, viewer=OPERATOR).answer_by is None, "it only waits to be looked at"
    for file_id in (silent, speaking):
        ask_sender(file_id=file_id, question="Which year?")
    days_pass(20)
    answer_question(file_id=speaking, answer="2026")
    days_pass(11)
    assert decline_unanswered() == 1
    assert (review_of(silent), review_of(speaking)) == (Review.DECLINED, Review.ANSWERED)
    days_pass(400)
    assert decline_unanswered() == 0


def test_what_is_active_or_declined_or_was_only_loaded_does_not_expire(pipeline: Pipeline, send: Send) -> None:
    waits = guarded(pipeline)
    activate_file(file_id=waits)
    pipeline.load("a;b\n1;2\n", "other.csv", activate=False)
    send("u;v\n1;2\n", name="c.csv")
    days_pass(1_000)
    assert decline_unanswered() == 0


def test_a_person_who_is_faster_decides(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = guarded(pipeline)
    days_pass(31)
    due = files_unanswered
    asked: list[int] = []

    def found_then_activated() -> Any:
        if not asked:
            asked.append(1)
            found = due()
            list(found)
            return found
        if len(asked) == 1:
            asked.append(2)
            activate_file(file_id=file_id)
        return due()

    monkeypatch.setattr(expiry, "files_unanswered", found_then_activated)
    assert decline_unanswered() == 0
    assert UploadedFile.objects.get(pk=file_id).state == FileState.ACTIVE
    assert not ReviewMessage.objects.exists()


def test_days_are_a_setting_and_none_is_for_ever(pipeline: Pipeline, settings: Any) -> None:
    file_id = guarded(pipeline)
    settings.ANSWER_EXPIRY_DAYS = 0
    days_pass(1_000)
    assert describe_file(file_id=file_id, viewer=OPERATOR).answer_by is None
    assert decline_unanswered() == 0
    settings.ANSWER_EXPIRY_DAYS = 1
    assert decline_unanswered() == 1
    assert ReviewMessage.objects.get().text == "Nobody answered for 1 day."


def test_the_day_is_said_before_on_receipt_review_and_api(pipeline: Pipeline) -> None:
    file_id = guarded(pipeline)
    staff = Client()
    staff.force_login(get_user_model().objects.create_superuser("ana"))
    file = UploadedFile.objects.get(pk=file_id)
    day = file.state_changed_at + timedelta(days=30)
    words = f"Without an answer it is declined on {day.day} {day:%B %Y}; nothing of it is lost"
    for address in (f"/receipts/{file.token}/", "/admin/uploads/review/", f"/admin/uploads/review/{file_id}/"):
        assert words in staff.get(address).content.decode(), address
    assert words in Client().get(f"/receipts/{file.token}/").content.decode()
    found = staff.get(f"/api/files/{file_id}").json()
    assert found["answer_by"].startswith(f"{day:%Y-%m-%d}")
    assert words in found["notice"]
    UploadedFile.objects.filter(pk=file_id).update(via=UploadedFile.Via.FORM)
    ask_sender(file_id=file_id, question="Is it all?")
    assert "Without an answer it is declined" in staff.get("/admin/uploads/review/?for=sender").content.decode()
    days_pass(31)
    decline_unanswered()
    assert "Nobody answered for 30 days." in staff.get("/admin/uploads/review/?for=declined").content.decode()
    assert "Nobody answered for 30 days." in staff.get(f"/receipts/{file.token}/").content.decode()
