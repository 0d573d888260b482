"""Who may do what: the one place that says it, for the pages, the API and the admin."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin

from uploads.services.errors import NotAllowed, NotSignedIn
from uploads.states import HAS_DATA, MOVES, FileState


class FileAction(StrEnum):
    """What a person can do to a file that is there; the values are those of the JSON's ``can``."""

    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    DELETE = "delete"
    RETRY = "retry"
    MEND = "mend"
    READ_AGAIN = "read_again"
    ADD = "add"
    REPLACE = "replace"
    PUT_BACK = "put_back"


PERMISSIONS: dict[FileAction, str] = {
    FileAction.ACTIVATE: "uploads.activate_uploadedfile",
    FileAction.DEACTIVATE: "uploads.activate_uploadedfile",
    FileAction.DELETE: "uploads.delete_uploadedfile",
    FileAction.RETRY: "uploads.retry_uploadedfile",
    FileAction.MEND: "uploads.retry_uploadedfile",
    FileAction.READ_AGAIN: "uploads.retry_uploadedfile",
    FileAction.ADD: "uploads.retry_uploadedfile",
    FileAction.REPLACE: "uploads.activate_uploadedfile",
    FileAction.PUT_BACK: "uploads.activate_uploadedfile",
}
SEE_ALL = "uploads.view_uploadedfile"
SEEING = frozenset({FileAction.REPLACE, FileAction.PUT_BACK})
"""Acts on several files at once, for which a person must see them all."""
DELETE_DATASET = "uploads.delete_dataset"
CHANGE_DATASET = "uploads.change_dataset"

_FROM: dict[FileAction, frozenset[FileState]] = {
    FileAction.ACTIVATE: frozenset({FileState.LOADED}),
    FileAction.DEACTIVATE: frozenset({FileState.ACTIVE}),
    FileAction.DELETE: frozenset(state for state in FileState if FileState.DELETED in MOVES[state]),
    FileAction.RETRY: frozenset({FileState.LOADED, FileState.FAILED}),
    FileAction.MEND: HAS_DATA,
    FileAction.READ_AGAIN: frozenset({FileState.LOADED, FileState.ACTIVE, FileState.FAILED, FileState.DUPLICATE}),
    FileAction.ADD: frozenset({FileState.DUPLICATE}),
    FileAction.REPLACE: frozenset({FileState.LOADED, FileState.DUPLICATE}),
    FileAction.PUT_BACK: frozenset({FileState.ACTIVE}),
}
_SPOKEN: dict[FileAction, str] = {
    FileAction.ACTIVATE: "activate files",
    FileAction.DEACTIVATE: "deactivate files",
    FileAction.DELETE: "delete files",
    FileAction.RETRY: "load files again",
    FileAction.MEND: "load rejected rows of an active file, or of one that others sent",
    FileAction.READ_AGAIN: "read files of others again",
    FileAction.ADD: "load files of others whose bytes are here already",
    FileAction.REPLACE: "let a file take the place of others",
    FileAction.PUT_BACK: "put replaced files back",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Abilities:
    """What a person may do to one file in the state it is in."""

    activate: bool
    deactivate: bool
    delete: bool
    retry: bool
    mend: bool
    read_again: bool
    add: bool
    replace: bool
    put_back: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a person may see and do at all."""

    user_id: int | None
    """``None``: nobody is signed in."""
    is_staff: bool
    sees_all: bool
    acts: frozenset[FileAction]
    deletes_datasets: bool
    changes_datasets: bool = False

    def can(self, *, state: FileState, own: bool = False) -> Abilities:
        """What this person may do to a file in ``state``: it must be allowed, and the state must permit it.

        Whoever sent a file (``own``) may have it read again, or loaded although its bytes are here already, and mend
        its rejected rows as long as nobody else sees its rows.
        """
        allowed = self.acts | ({FileAction.READ_AGAIN, FileAction.ADD} if own else set())
        open_acts = {act for act in allowed if state in _FROM[act]}
        return Abilities(
            activate=FileAction.ACTIVATE in open_acts,
            deactivate=FileAction.DEACTIVATE in open_acts,
            delete=FileAction.DELETE in open_acts,
            retry=FileAction.RETRY in open_acts,
            mend=FileAction.MEND in open_acts or (own and state is FileState.LOADED),
            read_again=FileAction.READ_AGAIN in open_acts,
            add=FileAction.ADD in open_acts,
            replace=FileAction.REPLACE in open_acts,
            put_back=FileAction.PUT_BACK in open_acts,
        )

    def require(self, act: FileAction) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may do it."""
        if act not in self.acts:
            raise self._refusal(_SPOKEN[act], PERMISSIONS[act])

    def require_mend(self, *, state: FileState, own: bool) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may load rejected rows of a file in ``state``."""
        if FileAction.MEND not in self.acts and not (own and state is not FileState.ACTIVE):
            raise self._refusal(_SPOKEN[FileAction.MEND], PERMISSIONS[FileAction.MEND])

    def require_delete_dataset(self) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may delete whole datasets."""
        if not self.deletes_datasets:
            raise self._refusal("delete datasets", DELETE_DATASET)

    def require_change_dataset(self) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may say how a dataset is read and stored."""
        if not self.changes_datasets:
            raise self._refusal("change datasets", CHANGE_DATASET)

    def _refusal(self, what: str, permission: str) -> NotAllowed:
        if self.user_id is None:
            return NotSignedIn(f"Only staff may {what}.", hint="Sign in as a member of staff.")
        return NotAllowed(
            f"You may not {what}.", hint=f"Ask an administrator for staff status and the permission “{permission}”."
        )


def rights_of(user: AbstractBaseUser | AnonymousUser) -> Rights:
    """Staff status *and* the permission are both needed; a superuser has every permission."""
    if not isinstance(user, PermissionsMixin) or not user.is_authenticated:
        return Rights(user_id=None, is_staff=False, sees_all=False, acts=frozenset(), deletes_datasets=False)
    is_staff = bool(user.is_active and getattr(user, "is_staff", False))

    def has(permission: str) -> bool:
        return is_staff and user.has_perm(permission)

    return Rights(
        user_id=user.pk,
        is_staff=is_staff,
        sees_all=has(SEE_ALL),
        acts=frozenset(
            act for act, permission in PERMISSIONS.items() if has(permission) and (act not in SEEING or has(SEE_ALL))
        ),
        deletes_datasets=has(DELETE_DATASET) and has(PERMISSIONS[FileAction.DELETE]),
        changes_datasets=has(CHANGE_DATASET),
    )
