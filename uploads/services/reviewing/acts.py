"""Decline a file that waits (``queue.py``), ask its sender, take it up again, and the sender's answer.

Each is one conditional update: of two people who decide at the same moment one does, and the other is told what was
done meanwhile. A click that comes twice finds it done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from uploads.database.rows import storable
from uploads.models import ReviewMessage, UploadedFile
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.activation import deactivate_file
from uploads.services.files.history import note_event
from uploads.services.files.progress import FOR_REVIEW
from uploads.services.files.replacement import put_back
from uploads.services.files.withdrawal import WITHDRAWN
from uploads.services.merging.overlap import ask_again
from uploads.services.news.outbox import note_news
from uploads.services.plans.lessons import forget_lessons
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState, NewsEvent, Review
from uploads.tabular.errors import BadOption

LONGEST = 2_000
"""Characters of a reason, a question or an answer."""
MOST_QUESTIONS = 20
"""About one file: each has one answer, so no sender writes more than that."""
_WAITING = (Review.NONE, Review.ASKED, Review.ANSWERED, Review.TAKEN_UP)
_UNDONE = {Review.DECLINED: "taken up again", Review.ASKED: "the question was withdrawn"}
_DONE = {
    Review.NONE: "waits for staff, and no question is open",
    Review.ASKED: "waits for its sender already, who was asked",
    Review.ANSWERED: "was answered already",
    Review.DECLINED: "was declined already",
    Review.TAKEN_UP: "waits for staff already",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """What was said about which file."""

    file_id: int
    name: str
    review: Review


def decline_file(*, file_id: int, reason: str, user_id: int | None = None) -> Reviewed:
    """Say that a file that waits does not become active, and why; its rows stay off and are kept.

    Raises ``BadOption`` without a reason, ``FileNotFound``, or ``StateConflict`` where it doesn't wait any more.
    """
    said = _said(reason, what="A reason", why="The sender sees it, and knows what to do.")

    def tell() -> None:
        _note(file_id, "declined", ReviewMessage.Kind.DECLINE, said, user_id)
        note_news(file_id=file_id, event=NewsEvent.DECLINED)

    return _move(file_id, Review.DECLINED, among=_WAITING, tell=tell)


def ask_sender(*, file_id: int, question: str, user_id: int | None = None) -> Reviewed:
    """Ask whoever sent a file something; it waits for that person until there is an answer.

    Raises what ``decline_file`` raises; ``StateConflict`` also where there is nobody to ask, or a question is open.
    """
    said = _said(question, what="A question", why="The sender sees it on the receipt of the file.")
    file = _file(file_id)
    if file.via in WITHOUT_SENDER:
        raise StateConflict(
            f"“{file.name}” has no sender who could be asked: it was loaded on the server.",
            hint="Activate or decline it.",
        )
    if file.review_messages.filter(kind=ReviewMessage.Kind.QUESTION).count() >= MOST_QUESTIONS:
        raise StateConflict(
            f"{MOST_QUESTIONS} questions were asked about “{file.name}” already.", hint="Activate or decline it."
        )

    def tell() -> None:
        _note(file_id, "a question to its sender", ReviewMessage.Kind.QUESTION, said, user_id)
        note_news(file_id=file_id, event=NewsEvent.ASKED)

    return _move(file_id, Review.ASKED, among=(Review.NONE, Review.ANSWERED, Review.TAKEN_UP), tell=tell)


def answer_question(*, file_id: int, answer: str, user_id: int | None = None) -> Reviewed:
    """The sender's answer to the question that is open; the file comes back to staff, before all others.

    Whoever calls has checked that it is the sender. Raises what ``decline_file`` raises.
    """
    said = _said(answer, what="An answer", why="Staff read it before they decide.")
    tell = partial(_note, file_id, "answered by its sender", ReviewMessage.Kind.ANSWER, said, user_id)
    return _move(file_id, Review.ANSWERED, among=(Review.ASKED,), tell=tell)


def take_up_file(*, file_id: int, user_id: int | None = None) -> Reviewed:
    """Undo that a file was declined, or that its sender was asked: it waits for staff again, where it stood."""
    file = _file(file_id)
    words = _UNDONE.get(Review(file.review), "")
    tell = partial(note_event, file_id=file_id, state=FileState.LOADED, user_id=user_id, text=words)
    among = (Review(file.review),) if words else ()
    return _move(file_id, Review.TAKEN_UP, among=among, tell=tell)


def undo_activation(*, file_id: int, user_id: int | None = None) -> Reviewed:
    """Switch a file off again that was activated a moment ago: it waits for staff as before.

    The files whose place it took are active again. What its datasets learned by it is forgotten, unless a later file
    has made use of it: how files join, which columns are which, and which files may lack.
    """
    file = _file(file_id)

    def forget() -> None:
        forget_lessons(file_id=file_id)

    def forget_and_take_up() -> None:
        forget()
        UploadedFile.objects.filter(pk=file_id).update(review=Review.TAKEN_UP, review_at=Now())
        note_event(file_id=file_id, state=FileState.LOADED, user_id=user_id, text=_UNDONE[Review.DECLINED])

    if file.replaced.filter(state=FileState.LOADED).exists():
        put_back(file_id=file_id, user_id=user_id, then=forget_and_take_up)
    else:
        deactivate_file(
            file_id=file_id,
            user_id=user_id,
            text="activation undone, taken up again",
            then=forget,
            review=Review.TAKEN_UP,
            review_at=Now(),
        )
    ask_again(file_id=file_id)
    return Reviewed(file_id=file_id, name=file.name, review=Review.TAKEN_UP)


def _move(file_id: int, to: Review, *, among: tuple[Review, ...], tell: Callable[[], None]) -> Reviewed:
    with transaction.atomic():
        files = UploadedFile.objects.filter(FOR_REVIEW, pk=file_id, review__in=among)
        moved = files.update(review=to, review_at=Now())
        if moved:
            tell()
    file = _file(file_id)
    if not moved:
        raise _conflict(file)
    return Reviewed(file_id=file_id, name=file.name, review=to)


def _note(file_id: int, words: str, kind: ReviewMessage.Kind, text: str, user_id: int | None) -> None:
    """In the history stands that it was said, not what: whoever holds the receipt reads the history."""
    ReviewMessage.objects.create(file_id=file_id, kind=kind, user_id=user_id, text=text)
    note_event(file_id=file_id, state=FileState.LOADED, user_id=user_id, text=words)


def _conflict(file: UploadedFile) -> StateConflict:
    if file.state == FileState.DELETED:
        done = WITHDRAWN if file.withdrawn else "deleted"
        return StateConflict(f"“{file.name}” was {done}.", hint="There is nothing left to decide or to answer.")
    hint = "Somebody else was faster, or it was done in another window."
    if file.state != FileState.LOADED:
        return StateConflict(f"“{file.name}” is {file.get_state_display()} by now.", hint=hint)
    if not file.review and file.activated_at is not None:
        return StateConflict(f"“{file.name}” was active before, so it does not wait for anybody.", hint=hint)
    return StateConflict(f"“{file.name}” {_DONE[Review(file.review)]}.", hint=hint)


def _said(text: str, *, what: str, why: str) -> str:
    """Raises ``BadOption`` for nothing, or too much."""
    said = storable(text.replace("\r\n", "\n").strip())
    if not said:
        raise BadOption(f"{what} is missing.", hint=why)
    if len(said) > LONGEST:
        raise BadOption(f"{what} has {LONGEST:,} characters at most, and this one {len(said):,}.", hint="Shorten it.")
    return said


def _file(file_id: int) -> UploadedFile:
    file = UploadedFile.objects.filter(pk=file_id).first() if 0 < file_id < 2**31 else None
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    return file
