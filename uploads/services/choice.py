"""What a person chose: by whom and when, so that it holds and is shown as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.utils import timezone


class Chooser(StrEnum):
    """In what capacity somebody chose."""

    STAFF = "staff"
    SENDER = "sender"
    OPERATOR = "operator"


_WORDS = {Chooser.STAFF: "staff", Chooser.SENDER: "its sender", Chooser.OPERATOR: "the operator"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who chose, and when; ``None`` of what is older than this record."""

    chooser: Chooser
    name: str = ""
    """Of the account, for those who may see it."""
    at: datetime | None = None
    user_id: int | None = None
    """Of the account, while the choice is being made; it is not stored."""

    @classmethod
    def now(cls, *, chooser: Chooser, user_id: int | None) -> Self:
        """Somebody chooses this moment."""
        user = None if user_id is None else get_user_model().objects.filter(pk=user_id).first()
        return cls(
            chooser=chooser, name="" if user is None else user.get_username(), at=timezone.now(), user_id=user_id
        )

    def as_json(self) -> dict[str, Any]:
        at = None if self.at is None else self.at.isoformat()
        return {"chooser": self.chooser.value, "name": self.name, "at": at}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self | None:
        if not data:
            return None
        at = data["at"]
        return cls(
            chooser=Chooser(data["chooser"]),
            name=data["name"],
            at=None if at is None else datetime.fromisoformat(at),
        )

    def words(self, *, named: bool) -> str:
        """``chosen by Ana on 3 May 2026``; who it was only where names of accounts are shown (``named``)."""
        who = self.name if named and self.name else _WORDS[self.chooser]
        return f"chosen by {who}" + (f" on {self.at.day} {self.at:%B %Y}" if self.at is not None else "")
