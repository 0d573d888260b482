"""The groups that a migration makes: each may what README says, and nothing is left out by a misspelt permission."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from tests.integration.staff import make_user
from uploads.services.files.permissions import FileAction, Rights, rights_of

pytestmark = pytest.mark.django_db
MIGRATION = import_module("uploads.migrations.0052_2026_11_29_2103_ready_groups")
REVIEWING = {FileAction.ACTIVATE, FileAction.DEACTIVATE, FileAction.DECLINE, FileAction.ASK}
EDITING = {FileAction.RETRY, FileAction.MEND, FileAction.READ_AGAIN}


@pytest.fixture(autouse=True)
def groups() -> None:
    Group.objects.all().delete()
    MIGRATION.make_groups(apps, None)


def test_each_has_the_permissions_of_the_app_that_it_names() -> None:
    for name, permissions in MIGRATION.GROUPS.items():
        found = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert {*found} == {*permissions}
    made = Permission.objects.filter(codename__in=MIGRATION.NAMES).values_list("codename", "name")
    assert dict(made) == MIGRATION.NAMES


def test_each_may_more_than_the_one_before() -> None:
    reader, reviewer, editor, administrator = map(_rights, MIGRATION.GROUPS)
    assert reader.queries_datasets
    assert not reader.acts
    assert not reader.sees_all
    assert reviewer.acts >= REVIEWING
    assert reviewer.sees_all
    assert not reviewer.changes_datasets
    assert editor.acts >= REVIEWING | EDITING
    assert editor.changes_datasets
    assert not editor.deletes_datasets
    assert administrator.acts >= {FileAction.DELETE}
    assert administrator.deletes_datasets
    assert not administrator.publishes_tables


def _rights(group: str) -> Rights:
    user = make_user(group.lower())
    user.groups.add(Group.objects.get(name=group))
    return rights_of(user)


def test_group_that_was_there_stays_as_it_is() -> None:
    Group.objects.get(name="Reader").permissions.clear()
    MIGRATION.make_groups(apps, None)
    assert not Group.objects.get(name="Reader").permissions.exists()
