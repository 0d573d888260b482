"""Whoever is killed while a file is decided has decided nothing, or all of it: rows, queue, words and history."""

from collections.abc import Callable, Sequence

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from tests.integration.conftest import Pipeline, rows
from tests.integration.kills import STRIDE, Killed, kill_at_each_statement
from tests.integration.reviewing.conftest import TABLE, Send
from uploads.models import Dataset, DatasetColumn, FileEvent, ReviewMessage, UploadedFile
from uploads.services.errors import JoinUndecided
from uploads.services.files.permissions import rights_of
from uploads.services.joining.columns import ColumnAnswer, answer_columns
from uploads.services.joining.modes import activate_unasked
from uploads.services.reviewing import acts
from uploads.services.reviewing.acts import answer_question, ask_sender, decline_file, take_up_file, undo_activation
from uploads.web.offers.joining import join_as_said

NEW = "code;price\nA1;3\nC3;4\n"
OLD_ROWS = [("A1", 1), ("B2", 2), ("D4", 5)]


def seen() -> tuple[object, ...]:
    """What readers see, how files join, where each file stands, what was said, and how much is noted and queued."""
    return (
        rows("SELECT * FROM data.prices ORDER BY 1, 2, 3"),
        list(Dataset.objects.order_by("pk").values_list("slug", "mode", "key", "mode_chosen", "typed_by")),
        list(DatasetColumn.objects.order_by("pk").values_list("name", "dataset", "optional")),
        list(UploadedFile.objects.order_by("pk").values_list("state", "review", "replaced_by", "ranked_at")),
        list(ReviewMessage.objects.order_by("pk").values_list("kind", "text")),
        FileEvent.objects.count(),
        rows("SELECT count(*) FROM procrastinate_jobs"),
    )


def outcome(file_id: int) -> tuple[str, str, list[tuple[str, int]]]:
    state, review = UploadedFile.objects.values_list("state", "review").get(pk=file_id)
    return state, review, rows("SELECT code, price FROM data.prices ORDER BY 1, 2")


def join(file_id: int, **said: str) -> None:
    """As the page of the review does with a button."""
    data = QueryDict(mutable=True)
    data.update(said)
    join_as_said(file_id=file_id, data=data, rights=rights_of(User(is_staff=True, is_superuser=True)))


def decline(file_id: int) -> None:
    decline_file(file_id=file_id, reason="Not ours.")


def ask(file_id: int) -> None:
    ask_sender(file_id=file_id, question="Which month?")


def answer(file_id: int) -> None:
    answer_question(file_id=file_id, answer="May")


def take_up(file_id: int) -> None:
    take_up_file(file_id=file_id)


def undo(file_id: int) -> None:
    undo_activation(file_id=file_id)


def append(file_id: int) -> None:
    join(file_id, mode="append", key="")


def replace(file_id: int) -> None:
    join(file_id, mode="replace", key="")


def merge(file_id: int) -> None:
    join(file_id, mode="merge", key="code")


type Act = Callable[[int], None]
CASES: dict[str, tuple[Sequence[Act], Act, tuple[str, str, list[tuple[str, int]]]]] = {
    "declined": ([], decline, ("loaded", "declined", OLD_ROWS)),
    "asked": ([], ask, ("loaded", "asked", OLD_ROWS)),
    "answered": ([ask], answer, ("loaded", "answered", OLD_ROWS)),
    "taken up": ([decline], take_up, ("loaded", "taken_up", OLD_ROWS)),
    "added": ([ask, answer], append, ("active", "", [("A1", 1), ("A1", 3), ("B2", 2), ("C3", 4), ("D4", 5)])),
    "replaced": ([], replace, ("active", "", [("A1", 3), ("C3", 4)])),
    "merged": ([], merge, ("active", "", [("A1", 3), ("B2", 2), ("C3", 4), ("D4", 5)])),
    "addition undone": ([append], undo, ("loaded", "taken_up", OLD_ROWS)),
    "replacement undone": ([replace], undo, ("loaded", "taken_up", OLD_ROWS)),
    "merge undone": ([merge], undo, ("loaded", "taken_up", OLD_ROWS)),
}


FEW = ("answered", "merged", "replacement undone")


@pytest.mark.parametrize("case", CASES if STRIDE == 1 else FEW)
def test_killed_decision_is_none(pipeline: Pipeline, send: Send, case: str) -> None:
    before, act, expected = CASES[case]
    pipeline.load(TABLE, "prices.csv")
    pipeline.load("code;price\nD4;5\n", "more.csv")
    file_id = send(NEW)
    for each in before:
        each(file_id)
    kills = kill_at_each_statement(lambda: act(file_id), look=seen)
    assert kills.number > 0
    assert outcome(file_id) == expected


def test_killed_answer_about_columns_is_none_or_waits_as_given(pipeline: Pipeline, send: Send) -> None:
    pipeline.load("code;price;unit\nA1;1;kg\n", "prices.csv")
    file_id = send("code;prise;unit\nB2;2;l\n")
    said = ColumnAnswer(dataset="prices", columns={"prise": "price"})
    kills = kill_at_each_statement(lambda: answer_columns(file_id=file_id, answer=said), look=seen)
    assert kills.number > 0
    answer_again = not UploadedFile.objects.filter(pk=file_id, state="active").exists()
    if answer_again:
        assert rows("SELECT code FROM data.prices") == [("A1",)], "it was killed between the answer and the activation"
        answer_columns(file_id=file_id, answer=said)
    assert outcome(file_id) == ("active", "", [("A1", 1), ("B2", 2)])


def test_whoever_is_killed_after_an_undone_activation_leaves_its_question_open(
    pipeline: Pipeline, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked anew once the file is off, for to count rows takes longer than readers are to wait."""
    pipeline.load(TABLE, "prices.csv")
    file_id = send(NEW)
    merge(file_id)

    def kill(**_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(acts, "ask_again", kill)
        with pytest.raises(Killed):
            undo(file_id)
    assert UploadedFile.objects.get(pk=file_id).overlaps == []
    with pytest.raises(JoinUndecided):
        activate_unasked(file_id=file_id)
    assert outcome(file_id) == ("loaded", "taken_up", [("A1", 1), ("B2", 2)])
