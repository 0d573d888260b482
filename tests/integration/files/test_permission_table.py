"""The table of README says who may do what: it has the list of the code, and each of its cells is tried."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.integration.staff import make_user
from uploads.services.files.permissions import STAFF_NEED, FileAction, Rights, rights_of
from uploads.states import FileState, Review

pytestmark = pytest.mark.django_db
README = Path(__file__).resolve().parents[3] / "README.md"
ROW = re.compile(r"^\| [^|]+\(`(\w+)`\) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TABLE = {act: (others, sender, needs) for act, others, sender, needs in ROW.findall(README.read_text())}
SITUATIONS = tuple(product(FileState, (False, True), Review))
OF_SENDERS = {FileAction.WITHDRAW, FileAction.ANSWER}
"""Acts that no member of staff has a permission for."""
OF_A_DATASET = {"delete_dataset", "change_dataset"}
type Situations = frozenset[tuple[FileState, bool, Review]]


def permissions_in(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`(\w+)`", cell))


def allowed(rights: Rights, act: FileAction, *, own: bool) -> Situations:
    """The states, whether the file was active before, and what was said of it, in which a person may do it."""
    return frozenset(
        (state, was_active, review)
        for state, was_active, review in SITUATIONS
        if getattr(rights.can(state=state, own=own, was_active=was_active, review=review), act)
    )


def in_words(found: Situations, *, most: Situations) -> str:
    """The words of the table for where a sender may, of all there is where somebody may."""
    if not found:
        return "no"
    if found == most:
        return "yes"
    assert all(state is not FileState.ACTIVE for state, _, _ in found)
    return "while it is not active" if any(was_active for _, was_active, _ in found) else "until it was active"


OTHERS = {
    "view": "sees_all",
    "delete_dataset": "deletes_datasets",
    "change_dataset": "changes_datasets",
    "cancel_export": "cancels_exports",
    "query_datasets": "queries_datasets",
    "manage_news": "manages_news",
}
"""The right to what is not done to one file."""


def may(rights: Rights, act: str) -> bool:
    """Whether a person may do it to what others sent."""
    if act in OTHERS:
        return bool(getattr(rights, OTHERS[act]))
    return bool(allowed(rights, FileAction(act), own=False))


def test_table_has_every_act_and_the_permissions_of_the_code() -> None:
    others = ["query_datasets", "delete_dataset", "cancel_export", "change_dataset", "manage_news"]
    assert list(TABLE) == ["view", *FileAction, *others]
    assert {act: permissions_in(needs) for act, (_, _, needs) in TABLE.items() if needs != "–"} == {
        str(act): tuple(name.removeprefix("uploads.") for name in names) for act, names in STAFF_NEED.items()
    }


@pytest.mark.parametrize("act", TABLE)
def test_nobody_else_may(act: str) -> None:
    others, _, needs = TABLE[act]
    assert others == "no"
    member = make_user("mia", *permissions_in(needs), is_staff=False)
    assert not may(rights_of(AnonymousUser()), act)
    assert not may(rights_of(member), act), "permissions without staff status"
    assert not may(rights_of(make_user("clerk")), act), "staff status without permissions"


@pytest.mark.parametrize("act", FileAction)
def test_sender_may_as_the_table_says(act: FileAction) -> None:
    superuser = rights_of(make_user("root", is_superuser=True))
    senders = [rights_of(AnonymousUser()), rights_of(make_user("mia", is_staff=False)), rights_of(make_user("clerk"))]
    most = allowed(superuser, act, own=True) if act in OF_SENDERS else allowed(superuser, act, own=False)
    if act is FileAction.WITHDRAW:
        most |= {(FileState.LOADED, True, Review.NONE)}  # it was switched off again: somebody has to ask staff
    for rights in senders:
        assert in_words(allowed(rights, act, own=True), most=most) == TABLE[act][1]


@pytest.mark.parametrize("act", TABLE)
def test_staff_need_each_of_the_permissions(act: str) -> None:
    needed = permissions_in(TABLE[act][2])
    superuser = rights_of(make_user("root", is_superuser=True))
    assert may(superuser, act) == bool(needed)
    assert not needed or may(rights_of(make_user("ana", *needed)), act)
    for index, left_out in enumerate(needed):
        others = {name for names in STAFF_NEED.values() for name in names} - {f"uploads.{left_out}"}
        clerk = make_user(f"clerk{index}", *(name.removeprefix("uploads.") for name in others))
        assert not may(rights_of(clerk), act), left_out
