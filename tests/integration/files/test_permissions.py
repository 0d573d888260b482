"""Who may do what: staff status and the permission together."""

from dataclasses import asdict

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.integration.staff import EVERY_ACT, make_user
from uploads.services.errors import NotAllowed, NotSignedIn
from uploads.services.files.permissions import PERMISSIONS, FileAction, rights_of
from uploads.states import FileState, Review

pytestmark = pytest.mark.django_db


def test_nobody_signed_in_may_do_nothing() -> None:
    rights = rights_of(AnonymousUser())
    assert (rights.user_id, rights.sees_all, rights.acts) == (None, False, frozenset())
    with pytest.raises(NotSignedIn):
        rights.require(FileAction.ACTIVATE)


def test_permission_without_staff_status_is_not_enough() -> None:
    rights = rights_of(make_user("ann", *EVERY_ACT, is_staff=False))
    assert (rights.sees_all, rights.acts, rights.deletes_datasets) == (False, frozenset(), False)


def test_staff_status_without_permission_is_not_enough() -> None:
    rights = rights_of(make_user("ann"))
    assert (rights.sees_all, rights.acts) == (False, frozenset())
    with pytest.raises(NotAllowed, match="You may not delete files") as refusal:
        rights.require(FileAction.DELETE)
    assert refusal.value.code == "not_allowed"
    assert "uploads.delete_uploadedfile" in refusal.value.hint


@pytest.mark.parametrize(
    ("permission", "acts"),
    [
        ("activate_uploadedfile", {FileAction.DEACTIVATE}),
        ("delete_uploadedfile", {FileAction.DELETE}),
        ("retry_uploadedfile", {FileAction.RETRY, FileAction.MEND, FileAction.READ_AGAIN, FileAction.ADD}),
        ("view_uploadedfile", set()),
    ],
)
def test_each_permission_allows_its_acts_alone(permission: str, acts: set[FileAction]) -> None:
    assert rights_of(make_user("ann", permission)).acts == acts


def test_activating_and_replacing_need_to_see_files_too() -> None:
    both = ("activate_uploadedfile", "view_uploadedfile")
    seeing = {FileAction.ACTIVATE, FileAction.REPLACE, FileAction.PUT_BACK}
    seeing |= {FileAction.DECLINE, FileAction.TAKE_UP, FileAction.ASK}
    assert rights_of(make_user("ann", *both)).acts == {FileAction.DEACTIVATE, *seeing}
    blind = rights_of(make_user("bob", both[0]))
    assert blind.acts == {FileAction.DEACTIVATE}
    with pytest.raises(NotAllowed, match="You may not activate files") as refusal:
        blind.require(FileAction.ACTIVATE)
    assert refusal.value.hint.endswith(
        "the permissions “uploads.activate_uploadedfile” and “uploads.view_uploadedfile”."
    )


def test_superuser_may_do_everything() -> None:
    rights = rights_of(make_user("root", is_superuser=True))
    assert rights.acts == frozenset(PERMISSIONS) == frozenset(FileAction) - {FileAction.WITHDRAW, FileAction.ANSWER}
    assert rights.sees_all
    assert rights.deletes_datasets


def test_closed_account_may_do_nothing() -> None:
    user = make_user("ann", *EVERY_ACT)
    user.is_active = False
    assert rights_of(user).acts == frozenset()


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (FileState.RECEIVING, {"delete"}),
        (FileState.DUPLICATE, {"add", "replace", "read_again", "delete"}),
        (FileState.WAITING, {"delete"}),
        (FileState.LOADING, {"delete"}),
        (FileState.LOADED, {"activate", "replace", "delete", "retry", "mend", "read_again", "decline", "ask"}),
        (FileState.ACTIVE, {"deactivate", "put_back", "delete", "mend", "read_again"}),
        (FileState.FAILED, {"delete", "retry", "read_again"}),
        (FileState.DELETED, set()),
    ],
)
def test_state_decides_what_is_possible(state: FileState, possible: set[str]) -> None:
    can = rights_of(make_user("root", is_superuser=True)).can(state=state)
    assert {act for act, yes in asdict(can).items() if yes} == possible


@pytest.mark.parametrize(
    ("review", "was_active", "possible"),
    [
        (Review.NONE, False, {"activate", "retry", "decline", "ask"}),
        (Review.NONE, True, {"activate", "retry"}),
        (Review.ASKED, False, {"activate", "retry", "decline", "take_up"}),
        (Review.ANSWERED, False, {"activate", "retry", "decline", "ask"}),
        (Review.TAKEN_UP, True, {"activate", "retry", "decline", "ask"}),
        (Review.DECLINED, False, {"take_up"}),
    ],
)
def test_what_was_said_of_a_file_decides_what_can_be_said_next(
    review: Review, was_active: bool, possible: set[str]
) -> None:
    can = rights_of(make_user("root", is_superuser=True)).can(
        state=FileState.LOADED, review=review, was_active=was_active
    )
    of_any = {"replace", "delete", "mend", "read_again"}
    assert {act for act, yes in asdict(can).items() if yes} - of_any == possible
    assert can.replace == (review is not Review.DECLINED)


@pytest.mark.parametrize("review", Review)
def test_only_its_sender_answers_and_only_while_something_is_asked(review: Review) -> None:
    rights = rights_of(AnonymousUser())
    assert rights.can(state=FileState.LOADED, own=True, review=review).answer == (review is Review.ASKED)
    assert rights.can(state=FileState.LOADED, holds=True, review=review).answer == (review is Review.ASKED)
    assert not rights.can(state=FileState.LOADED, review=review).answer
    assert not rights.can(state=FileState.ACTIVE, own=True, review=review).answer


@pytest.mark.parametrize("state", FileState)
def test_sender_may_mend_rejected_rows_until_others_see_the_file(state: FileState) -> None:
    rights = rights_of(AnonymousUser())
    assert rights.can(state=state, own=True).mend == (state is FileState.LOADED)
    assert not rights.can(state=state, own=False).mend


def test_mending_an_active_file_is_refused_to_its_sender_with_the_way_out() -> None:
    rights = rights_of(AnonymousUser())
    rights.require_mend(state=FileState.LOADED, own=True)
    with pytest.raises(NotSignedIn, match="rejected rows of an active file"):
        rights.require_mend(state=FileState.ACTIVE, own=True)
    with pytest.raises(NotSignedIn):
        rights.require_mend(state=FileState.LOADED, own=False)


def test_sender_may_have_an_active_file_read_again() -> None:
    can = rights_of(AnonymousUser()).can(state=FileState.ACTIVE, own=True)
    assert {act for act, yes in asdict(can).items() if yes} == {"read_again"}


def test_changing_datasets_is_a_permission_of_its_own() -> None:
    rights_of(make_user("ann", "change_dataset", "view_uploadedfile")).require_change_dataset()
    with pytest.raises(NotAllowed, match="You may not change datasets"):  # what stands in the way is a value
        rights_of(make_user("cyd", "change_dataset")).require_change_dataset()
    with pytest.raises(NotAllowed, match="You may not change datasets"):
        rights_of(make_user("bob", *EVERY_ACT)).require_change_dataset()
