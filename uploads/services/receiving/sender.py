"""Who sends a file."""

from dataclasses import dataclass

from uploads.services.visibility import Viewer


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Who sends: a user, or a visitor known by the cookie of a browser, from an address."""

    user_id: int | None = None
    is_staff: bool = False
    visitor: str = ""
    address: str | None = None
    by_token: bool = False
    only: frozenset[str] | None = None
    """The slugs of the datasets that a token sends files to; ``None``: to any."""
    may_activate: bool | None = None
    """Whether their files may be activated on load; ``None``: staff's may."""

    @property
    def activates(self) -> bool:
        return self.is_staff if self.may_activate is None else self.may_activate

    @property
    def viewer(self) -> Viewer:
        """As whom they see the dataset that they name."""
        return Viewer(user_id=self.user_id, visitor=self.visitor, sees_all=self.is_staff)
