"""Who may do what: the one place that says it, for the pages, the API and the admin."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin

from uploads.services.errors import NotAllowed, NotSignedIn
from uploads.services.news.rights import MANAGE
from uploads.services.scopes import Grant, ScopeKind
from uploads.services.visibility import SEE_ALL, sees_all_files
from uploads.states import HAS_DATA, MOVES, FileState, Review


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
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    TAKE_UP = "take_up"
    ASK = "ask"
    ANSWER = "answer"


PERMISSIONS: dict[FileAction, tuple[str, ...]] = {
    # nobody shows to the public what they may not look at themselves
    FileAction.ACTIVATE: ("uploads.activate_uploadedfile", SEE_ALL),
    FileAction.DEACTIVATE: ("uploads.activate_uploadedfile",),
    FileAction.DELETE: ("uploads.delete_uploadedfile",),
    FileAction.RETRY: ("uploads.retry_uploadedfile",),
    FileAction.MEND: ("uploads.retry_uploadedfile",),
    FileAction.READ_AGAIN: ("uploads.retry_uploadedfile",),
    FileAction.ADD: ("uploads.retry_uploadedfile",),
    FileAction.REPLACE: ("uploads.activate_uploadedfile", SEE_ALL),
    FileAction.PUT_BACK: ("uploads.activate_uploadedfile", SEE_ALL),
    FileAction.DECLINE: ("uploads.activate_uploadedfile", SEE_ALL),
    FileAction.TAKE_UP: ("uploads.activate_uploadedfile", SEE_ALL),
    FileAction.ASK: ("uploads.activate_uploadedfile", SEE_ALL),
}
"""What staff need for an act, all of it. One that isn't here is for a file's sender alone."""
DELETE_DATASET = "uploads.delete_dataset"
CHANGE_DATASET = "uploads.change_dataset"
QUERY_DATASETS = "uploads.query_datasets"
DELETING_DATASETS = (DELETE_DATASET, *PERMISSIONS[FileAction.DELETE])
"""A dataset goes with its files."""
STAFF_NEED: dict[str, tuple[str, ...]] = {
    "view": (SEE_ALL,),
    **{act.value: needed for act, needed in PERMISSIONS.items()},
    "delete_dataset": DELETING_DATASETS,
    "query_datasets": (QUERY_DATASETS,),
    "cancel_export": (*PERMISSIONS[FileAction.DELETE], SEE_ALL),
    "change_dataset": (CHANGE_DATASET, SEE_ALL),  # what stands in the way of a change is a value
    "manage_news": (MANAGE, SEE_ALL),  # they tell of all files
}
"""All of it in one list: that of the table in README, which a test compares with this one and with what it allows."""

WITHOUT_BYTES = frozenset({FileAction.ACTIVATE, FileAction.DEACTIVATE, FileAction.REPLACE, FileAction.PUT_BACK})
"""What can be done to rows that were a table of the database: they are shown, or not."""

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
    FileAction.WITHDRAW: frozenset(
        state for state in FileState if FileState.DELETED in MOVES[state] and state is not FileState.ACTIVE
    ),
    FileAction.DECLINE: frozenset({FileState.LOADED}),
    FileAction.TAKE_UP: frozenset({FileState.LOADED}),
    FileAction.ASK: frozenset({FileState.LOADED}),
    FileAction.ANSWER: frozenset({FileState.LOADED}),
}
_UNTIL_TAKEN_UP = frozenset({FileAction.ACTIVATE, FileAction.RETRY, FileAction.REPLACE})
"""What a declined file is not open to."""
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
    FileAction.DECLINE: "decline files",
    FileAction.TAKE_UP: "take up files that were declined or asked about",
    FileAction.ASK: "ask the senders of files",
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
    withdraw: bool
    decline: bool = False
    take_up: bool = False
    ask: bool = False
    answer: bool = False


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
    queries_datasets: bool = False
    cancels_exports: bool = False
    """Also those that others asked for."""
    manages_news: bool = False
    publishes_tables: bool = False
    """May have tables and views of the database be datasets. What nobody else could see there is everybody's to read
    then, so it takes every permission."""

    def can(
        self,
        *,
        state: FileState,
        own: bool = False,
        holds: bool = False,
        was_active: bool = False,
        has_bytes: bool = True,
        review: Review = Review.NONE,
        is_open: bool = False,
    ) -> Abilities:
        """What this person may do to a file in ``state``: it must be allowed, and the state must permit it.

        Whoever sent a file (``own``) may have it read again, or loaded although its bytes are here already, mend its
        rejected rows as long as nobody else sees its rows, and withdraw it unless it ``was_active``: from then on it is
        the public's. A file that came without cookie and account is withdrawn by whoever ``holds`` its token. What has
        no bytes was a table of the database: nobody could send it again. Of ``review`` it depends what may be said of a
        file that waits for staff; one that was active waits for them where something is asked of it (``is_open``).
        """
        allowed = self.acts | ({FileAction.READ_AGAIN, FileAction.ADD} if own else set())
        if not has_bytes:
            allowed, own, holds = allowed & WITHOUT_BYTES, False, False
        open_acts = {act for act in allowed if state in _FROM[act]} - _closed_by(
            review, is_decided=was_active and not is_open
        )
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
            withdraw=(own or holds) and not was_active and state in _FROM[FileAction.WITHDRAW],
            decline=FileAction.DECLINE in open_acts,
            take_up=FileAction.TAKE_UP in open_acts,
            ask=FileAction.ASK in open_acts,
            answer=(own or holds) and review is Review.ASKED and state in _FROM[FileAction.ANSWER],
        )

    def require(self, act: FileAction) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may do it."""
        if act not in self.acts:
            raise self._refusal(_SPOKEN[act], PERMISSIONS[act])

    def require_mend(self, *, state: FileState, own: bool) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may load rejected rows of a file in ``state``."""
        if FileAction.MEND not in self.acts and not (own and state is not FileState.ACTIVE):
            raise self._refusal(_SPOKEN[FileAction.MEND], PERMISSIONS[FileAction.MEND])

    def require_withdraw(self, *, own: bool) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person sent the file; its state is another matter."""
        if own:
            return
        message = "A file is withdrawn by whoever sent it."
        if self.user_id is None:
            raise NotSignedIn(message, hint="Use the browser that sent it, or sign in as its sender.")
        raise NotAllowed(message, hint="Staff with the permission “uploads.delete_uploadedfile” delete it.")

    def require_answer(self, *, own: bool) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person sent the file; its state is another matter."""
        if own:
            return
        error = NotSignedIn if self.user_id is None else NotAllowed
        raise error(
            "A question is answered by whoever sent the file.",
            hint="Sign in as its sender, or use the browser that sent it.",
        )

    def require_change_dataset(self) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may say how a dataset is read and stored."""
        if not self.changes_datasets:
            raise self._refusal("change datasets", STAFF_NEED["change_dataset"])

    def require_query_datasets(self) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may run SQL over datasets."""
        if not self.queries_datasets:
            raise self._refusal("run SQL queries", STAFF_NEED["query_datasets"])

    def require_manage_news(self) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may say who is told of files."""
        if not self.manages_news:
            raise self._refusal("manage subscriptions to news", STAFF_NEED["manage_news"])

    def require_publish_tables(self) -> None:
        """Raise ``NotSignedIn`` or ``NotAllowed`` unless this person may adopt, release, publish and unpublish."""
        if self.publishes_tables:
            return
        message = "Only superusers may have tables and views of the database be datasets."
        if self.user_id is None:
            raise NotSignedIn(message, hint="Sign in as one.")
        raise NotAllowed(message, hint="Ask one of them: what they publish is everybody's to read.")

    def _refusal(self, what: str, permissions: tuple[str, ...]) -> NotAllowed:
        if self.user_id is None:
            return NotSignedIn(f"Only staff may {what}.", hint="Sign in as a member of staff.")
        listed = " and ".join(f"“{permission}”" for permission in permissions)
        noun = "permission" if len(permissions) == 1 else "permissions"
        return NotAllowed(
            f"You may not {what}.", hint=f"Ask an administrator for staff status and the {noun} {listed}."
        )


def _closed_by(review: Review, *, is_decided: bool) -> frozenset[FileAction]:
    """Acts that are not open to a file of which this was said."""
    speaking = frozenset({FileAction.DECLINE, FileAction.ASK})
    match review:
        case Review.DECLINED:
            return _UNTIL_TAKEN_UP | speaking
        case Review.ASKED:
            return frozenset({FileAction.ASK})
        case Review.NONE if is_decided:
            return speaking | {FileAction.TAKE_UP}
        case _:
            return frozenset({FileAction.TAKE_UP})


def rights_of(user: AbstractBaseUser | AnonymousUser, grant: Grant | None = None) -> Rights:
    """Staff status *and* the permission are both needed; a superuser has every permission. Of what the person may, a
    token may what it was granted."""
    rights = _rights_of(user)
    if grant is None or grant.manages:
        return rights
    reads_all = grant.datasets_of(ScopeKind.READ) is None
    return Rights(
        user_id=rights.user_id,
        is_staff=rights.is_staff,
        sees_all=rights.sees_all,
        acts=frozenset(),
        deletes_datasets=False,
        queries_datasets=rights.queries_datasets and reads_all,
    )


def _rights_of(user: AbstractBaseUser | AnonymousUser) -> Rights:
    if not isinstance(user, PermissionsMixin) or not user.is_authenticated:
        return Rights(user_id=None, is_staff=False, sees_all=False, acts=frozenset(), deletes_datasets=False)
    is_staff = bool(user.is_active and getattr(user, "is_staff", False))

    def has(*permissions: str) -> bool:
        return is_staff and user.has_perms(permissions)

    return Rights(
        user_id=user.pk,
        is_staff=is_staff,
        sees_all=sees_all_files(user),
        acts=frozenset(act for act, permissions in PERMISSIONS.items() if has(*permissions)),
        deletes_datasets=has(*DELETING_DATASETS),
        changes_datasets=has(*STAFF_NEED["change_dataset"]),
        queries_datasets=has(*STAFF_NEED["query_datasets"]),
        cancels_exports=has(*STAFF_NEED["cancel_export"]),
        manages_news=has(*STAFF_NEED["manage_news"]),
        publishes_tables=is_staff and user.is_superuser,
    )
