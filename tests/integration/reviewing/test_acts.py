"""What staff and a sender say about a file that waits: each thing once, whoever else decides at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.integration.conftest import Pipeline, rows
from tests.integration.reviewing.conftest import TABLE, Send
from tests.integration.staff import make_user
from uploads.models import FileEvent, ReviewMessage, UploadedFile
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.activation import activate_file, delete_file, retry_file
from uploads.services.files.receipts import describe_file, describe_token
from uploads.services.files.replacement import replace_files
from uploads.services.files.withdrawal import withdraw_file
from uploads.services.reviewing.acts import (
    LONGEST,
    MOST_QUESTIONS,
    answer_question,
    ask_sender,
    decline_file,
    take_up_file,
    undo_activation,
)
from uploads.services.reviewing.queue import Shelf, count_waiting, files_on, next_waiting, place_of
from uploads.services.visibility import OPERATOR, Viewer
from uploads.states import FileState, Review
from uploads.tabular.errors import BadOption, UploaderError

ANNA = Viewer(visitor="anna")


def waiting(shelf: Shelf = Shelf.STAFF) -> list[int]:
    return list(files_on(shelf).values_list("pk", flat=True))


def review_of(file_id: int) -> Review:
    return Review(UploadedFile.objects.values_list("review", flat=True).get(pk=file_id))


def test_queue_has_what_waits_oldest_first_and_what_was_answered_before_all(pipeline: Pipeline, send: Send) -> None:
    first, second, third = (send(TABLE + f"C{n};3\n") for n in range(3))
    pipeline.load("a;b\n1;2\n")  # active at once
    assert waiting() == [first, second, third]
    assert count_waiting() == 3
    ask_sender(file_id=third, question="Which month?")
    assert waiting() == [first, second]
    assert waiting(Shelf.SENDER) == [third]
    answer_question(file_id=third, answer="May")
    assert waiting() == [third, first, second]
    decline_file(file_id=first, reason="Not ours.")
    activate_file(file_id=second)
    assert waiting() == [third]
    assert waiting(Shelf.DECLINED) == [first]


def test_what_was_active_once_waits_no_more_unless_its_activation_is_undone(pipeline: Pipeline) -> None:
    file_id = pipeline.load(TABLE).file_id
    undo_activation(file_id=file_id)
    assert waiting() == [file_id]
    assert describe_file(file_id=file_id).state_word == "Waiting for review"
    activate_file(file_id=file_id)
    assert (waiting(), review_of(file_id)) == ([], Review.NONE)
    assert rows("SELECT count(*) FROM data.table") == [(2,)]


def test_undone_replacement_puts_the_others_back(pipeline: Pipeline, send: Send) -> None:
    old = pipeline.load(TABLE).file_id
    new = send(TABLE + "C3;3\n")
    replace_files(old_ids=[old], new_id=new)
    undo_activation(file_id=new)
    assert UploadedFile.objects.get(pk=old).state == FileState.ACTIVE
    assert waiting() == [new]


def test_place_leads_to_the_neighbours_and_past_what_was_done_meanwhile(send: Send) -> None:
    first, second, third = (send(TABLE + f"C{n};3\n") for n in range(3))
    place = place_of(file_id=second)
    assert (place.number, place.of, place.previous, place.next) == (2, 3, first, third)
    decline_file(file_id=second, reason="no")
    assert next_waiting(after=place, but=second) == third
    decline_file(file_id=third, reason="no")
    assert next_waiting(after=place, but=second) == first
    decline_file(file_id=first, reason="no")
    assert next_waiting(after=place, but=second) is None
    assert place_of(file_id=second).number == 0


@pytest.mark.parametrize("act", ["activate", "replace", "retry"])
def test_declined_file_stays_off_until_it_is_taken_up(pipeline: Pipeline, send: Send, act: str) -> None:
    old = pipeline.load(TABLE).file_id
    file_id = send(TABLE + "C3;3\n")
    acts: dict[str, Callable[[], object]] = {
        "activate": lambda: activate_file(file_id=file_id),
        "replace": lambda: replace_files(old_ids=[old], new_id=file_id),
        "retry": lambda: retry_file(file_id=file_id),
    }
    decline_file(file_id=file_id, reason="Last year’s prices.")
    with pytest.raises(StateConflict, match="was declined") as refused:
        acts[act]()
    assert "Take it up again" in refused.value.hint
    assert UploadedFile.objects.get(pk=file_id).state == FileState.LOADED
    take_up_file(file_id=file_id)
    assert waiting() == [file_id]
    acts[act]()


def test_database_itself_lets_no_active_file_be_declined(pipeline: Pipeline) -> None:
    file_id = pipeline.load(TABLE).file_id
    with pytest.raises(Exception, match="file_active_is_reviewed"):
        UploadedFile.objects.filter(pk=file_id).update(review=Review.DECLINED)


def test_second_click_and_second_colleague_are_told_what_was_done(send: Send) -> None:
    file_id = send()
    decline_file(file_id=file_id, reason="first")
    with pytest.raises(StateConflict, match="declined already"):
        decline_file(file_id=file_id, reason="second")
    with pytest.raises(StateConflict, match="declined already"):
        ask_sender(file_id=file_id, question="why?")
    assert list(ReviewMessage.objects.values_list("text", flat=True)) == ["first"]
    take_up_file(file_id=file_id)
    with pytest.raises(StateConflict, match="waits for staff already"):
        take_up_file(file_id=file_id)
    ask_sender(file_id=file_id, question="Which month?")
    with pytest.raises(StateConflict, match="waits for its sender already"):
        ask_sender(file_id=file_id, question="Which year?")
    activate_file(file_id=file_id)
    with pytest.raises(StateConflict, match="active by now"):
        decline_file(file_id=file_id, reason="late")
    with pytest.raises(StateConflict, match="active by now"):
        ask_sender(file_id=file_id, question="late")
    with pytest.raises(StateConflict, match="active by now"):
        answer_question(file_id=file_id, answer="late")


def test_whoever_decides_or_answers_what_its_sender_withdrew_is_told_so(send: Send) -> None:
    file_id = send()
    ask_sender(file_id=file_id, question="Which month?")
    withdraw_file(file_id=file_id)
    late: tuple[Callable[[], object], ...] = (
        lambda: answer_question(file_id=file_id, answer="May"),
        lambda: decline_file(file_id=file_id, reason="late"),
        lambda: take_up_file(file_id=file_id),
        lambda: activate_file(file_id=file_id),
    )
    for act in late:
        with pytest.raises(StateConflict, match="was withdrawn by its sender"):
            act()
    deleted = send(TABLE + "C3;3\n")
    delete_file(file_id=deleted)
    with pytest.raises(StateConflict, match="was deleted"):
        decline_file(file_id=deleted, reason="late")
    with pytest.raises(StateConflict, match="is deleted already"):
        activate_file(file_id=deleted)


def outcome(act: Callable[[], object]) -> str:
    """In a thread, with a database session of its own."""
    try:
        act()
    except UploaderError as error:
        return error.code
    finally:
        connection.close()
    return "done"


@pytest.mark.parametrize("attempt", range(4))
def test_of_two_who_decide_at_the_same_moment_one_does(send: Send, attempt: int) -> None:
    file_id = send()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(outcome, lambda: decline_file(file_id=file_id, reason="no"))
        other = pool.submit(outcome, lambda: activate_file(file_id=file_id))
        assert {one.result(), other.result()} == {"done", "state_conflict"}
    file = UploadedFile.objects.get(pk=file_id)
    assert (file.state, file.review) in [(FileState.ACTIVE, ""), (FileState.LOADED, Review.DECLINED)]


def test_nothing_and_too_much_are_refused(send: Send) -> None:
    file_id = send()
    for text in ("", " \n ", "x" * (LONGEST + 1)):
        with pytest.raises(BadOption):
            decline_file(file_id=file_id, reason=text)
        with pytest.raises(BadOption):
            ask_sender(file_id=file_id, question=text)
    decline_file(file_id=file_id, reason="a\0b" + "x" * (LONGEST - 3))
    with pytest.raises(FileNotFound):
        decline_file(file_id=9_999_999_999, reason="x")


def test_nobody_is_asked_about_what_has_no_sender_nor_without_end(pipeline: Pipeline, send: Send) -> None:
    loaded = pipeline.load(TABLE, activate=False).file_id
    with pytest.raises(StateConflict, match="no sender"):
        ask_sender(file_id=loaded, question="?")
    file_id = send(TABLE + "C3;3\n")
    for number in range(MOST_QUESTIONS):
        ask_sender(file_id=file_id, question=f"question {number}")
        with pytest.raises(StateConflict):
            ask_sender(file_id=file_id, question="another")
        answer_question(file_id=file_id, answer="answer")
        with pytest.raises(StateConflict):
            answer_question(file_id=file_id, answer="another")
    with pytest.raises(StateConflict, match=f"{MOST_QUESTIONS} questions"):
        ask_sender(file_id=file_id, question="one more")


def test_words_are_for_the_sender_and_staff_alone_and_go_with_the_file(send: Send) -> None:
    file_id = send()
    token = UploadedFile.objects.get(pk=file_id).token
    ana = make_user("ana")
    ask_sender(file_id=file_id, question="Which month?", user_id=ana.pk)
    for viewer in (Viewer(), Viewer(visitor="ben")):
        assert describe_token(token=token, viewer=viewer).conversation.messages == ()
    question = describe_token(token=token, viewer=ANNA).conversation.question
    assert question is not None
    assert (question.text, question.answer) == ("Which month?", None)
    assert [message.by for message in describe_token(token=token, viewer=ANNA).conversation.messages] == [""]
    assert [message.by for message in describe_file(file_id=file_id, viewer=OPERATOR).conversation.messages] == ["ana"]
    answer_question(file_id=file_id, answer="May")
    question = describe_file(file_id=file_id, viewer=ANNA).conversation.question
    assert question is not None
    assert question.answer == "May"
    assert "month" not in " ".join(FileEvent.objects.values_list("text", flat=True))
    delete_file(file_id=file_id)
    assert not ReviewMessage.objects.exists()


def test_what_came_without_account_and_cookie_is_answered_by_whoever_holds_its_token(send: Send) -> None:
    file_id = send(visitor="")
    token = UploadedFile.objects.get(pk=file_id).token
    decline_file(file_id=file_id, reason="Not ours.")
    declined = describe_token(token=token).conversation.declined
    assert declined is not None
    assert declined.reason == "Not ours."
    assert describe_file(file_id=file_id).conversation.declined is None
    assert describe_token(token=token).state_word == "Declined"


@pytest.mark.django_db
def test_number_in_the_header_is_counted_by_an_index_of_waiting_files_alone() -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = files_on(Shelf.STAFF).order_by().explain()
    assert "file_for_review" in plan
