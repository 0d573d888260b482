"""Who may do what: staff status and the permission together."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.integration.staff import EVERY_ACT, make_user
from uploads.services.errors import NotAllowed, NotSignedIn
from uploads.services.permissions import Act, rights_of
from uploads.states import FileState

pytestmark = pytest.mark.django_db


def test_nobody_signed_in_may_do_nothing() -> None:
    rights = rights_of(AnonymousUser())
    assert (rights.user_id, rights.sees_all, rights.acts) == (None, False, frozenset())
    with pytest.raises(NotSignedIn):
        rights.require(Act.ACTIVATE)


def test_permission_without_staff_status_is_not_enough() -> None:
    rights = rights_of(make_user("ann", *EVERY_ACT, is_staff=False))
    assert (rights.sees_all, rights.acts, rights.deletes_datasets) == (False, frozenset(), False)


def test_staff_status_without_permission_is_not_enough() -> None:
    rights = rights_of(make_user("ann"))
    assert (rights.sees_all, rights.acts) == (False, frozenset())
    with pytest.raises(NotAllowed, match="You may not delete files") as refusal:
        rights.require(Act.DELETE)
    assert refusal.value.code == "not_allowed"
    assert "uploads.delete_uploadedfile" in refusal.value.hint


@pytest.mark.parametrize(
    ("permission", "acts"),
    [
        ("activate_uploadedfile", {Act.ACTIVATE, Act.DEACTIVATE}),
        ("delete_uploadedfile", {Act.DELETE}),
        ("retry_uploadedfile", {Act.RETRY}),
        ("view_uploadedfile", set()),
    ],
)
def test_each_permission_allows_its_acts_alone(permission: str, acts: set[Act]) -> None:
    assert rights_of(make_user("ann", permission)).acts == acts


def test_superuser_may_do_everything() -> None:
    rights = rights_of(make_user("root", is_superuser=True))
    assert rights.acts == frozenset(Act)
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
        (FileState.WAITING, {"delete"}),
        (FileState.LOADING, {"delete"}),
        (FileState.LOADED, {"activate", "delete", "retry"}),
        (FileState.ACTIVE, {"deactivate", "delete"}),
        (FileState.FAILED, {"delete", "retry"}),
        (FileState.DELETED, set()),
    ],
)
def test_state_decides_what_is_possible(state: FileState, possible: set[str]) -> None:
    can = rights_of(make_user("root", is_superuser=True)).can(state=state)
    assert {act for act, yes in can.as_json().items() if yes} == possible
