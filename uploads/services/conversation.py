"""What staff and a file's sender said to each other while it waited, for those who may read it.

What they say is taken by ``reviewing/acts.py``.
A receipt may be passed on; what is said in private is not. So the words are for staff who see files, for the sender,
and for whoever holds the token of a file that nobody else sent.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from uploads.models import ReviewMessage, UploadedFile
from uploads.services.visibility import Viewer
from uploads.states import Review

type Kind = ReviewMessage.Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One thing that was said; ``by`` is the name of the account, for staff alone."""

    kind: Kind
    at: datetime
    text: str
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked of the sender, and the answer once there is one."""

    at: datetime
    text: str
    answer: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decline:
    """Why a file was declined."""

    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """All of it, oldest first; what counts now is ``declined`` and ``question``."""

    review: Review = Review.NONE
    messages: tuple[Message, ...] = ()

    @property
    def declined(self) -> Decline | None:
        """Why, of a file that is declined now."""
        last = self._last(ReviewMessage.Kind.DECLINE) if self.review is Review.DECLINED else None
        return None if last is None else Decline(at=last.at, reason=last.text)

    @property
    def question(self) -> Question | None:
        """The last question, as long as it is open or answered and nothing was decided since."""
        if self.review not in (Review.ASKED, Review.ANSWERED):
            return None
        asked, answer = self._last(ReviewMessage.Kind.QUESTION), self._last(ReviewMessage.Kind.ANSWER)
        if asked is None:
            return None
        if self.review is Review.ASKED or answer is None:
            return Question(at=asked.at, text=asked.text)
        return Question(at=asked.at, text=asked.text, answer=answer.text, answered_at=answer.at)

    def _last(self, kind: Kind) -> Message | None:
        return next((message for message in reversed(self.messages) if message.kind == kind), None)


SILENCE = Conversation()


def conversations_of(
    files: Collection[UploadedFile], *, viewer: Viewer, holds: bool = False
) -> dict[int, Conversation]:
    """By file, as far as the viewer may read it; ``holds``: the token of each. No query where nothing was said."""
    seen = {file.pk: Review(file.review) for file in files if file.review and _reads(file, viewer, holds)}
    said: dict[int, list[Message]] = {file_id: [] for file_id in seen}
    if seen:
        for message in ReviewMessage.objects.filter(file__in=seen).select_related("user").order_by("id"):
            by = message.user.get_username() if viewer.sees_all and message.user is not None else ""
            kind = ReviewMessage.Kind(message.kind)
            said[message.file_id].append(Message(kind=kind, at=message.at, text=message.text, by=by))
    return {file_id: Conversation(review=review, messages=tuple(said[file_id])) for file_id, review in seen.items()}


def _reads(file: UploadedFile, viewer: Viewer, holds: bool) -> bool:
    return viewer.sees_all or viewer.speaks_for(
        visitor=file.visitor, user_id=file.uploaded_by_id, via=file.via, holds=holds
    )
