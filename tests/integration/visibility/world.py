"""Three datasets, one for each visibility, and people who read some of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection
from django.test import Client

from tests.integration.conftest import Pipeline, empty_data_schema
from tests.integration.staff import bearer, make_user
from uploads.models import Dataset
from uploads.services.cataloguing.about import SaidAbout, change_about
from uploads.services.datasets.rights import change_visibility
from uploads.services.querying.query import read_query
from uploads.services.saving.saved_views import save_view
from uploads.services.visibility import Viewer, viewer_of_user
from uploads.states import SavedKind
from uploads.tabular.sandbox.client import WarmReader

OPEN, MEMBERS, SALES = "openprices", "memberprices", "salesprices"
ALL = (OPEN, MEMBERS, SALES)
GROUP = "Sales"
TEXT = "{slug}code;{slug}amount\nalpha;1\nbeta;2\n"
READS: dict[str, frozenset[str]] = {
    "visitor": frozenset({OPEN}),
    "mia": frozenset({OPEN, MEMBERS}),
    "sam": frozenset(ALL),
    "clerk": frozenset({OPEN, MEMBERS}),
    "boss": frozenset(ALL),
    "sam read": frozenset(ALL),
    "sam read:memberprices": frozenset({MEMBERS}),
    "sam manage": frozenset(ALL),
    "mia read": frozenset({OPEN, MEMBERS}),
    "boss read:openprices": frozenset({OPEN}),
    "sam upload": frozenset(),
}
"""The table of permissions, as far as reading goes: by person, or person and scope of a token, the datasets that are
there. Mia has an account; Sam is in the group; the clerk runs SQL and sees no files; the boss sees all files."""
PEOPLE = tuple(name for name in READS if " " not in name)
TOKENS = tuple(name for name in READS if " " in name)


@dataclass(frozen=True, kw_only=True)
class World:
    users: dict[str, User]
    group: Group

    def client(self, name: str) -> Client:
        person, _, scope = name.partition(" ")
        client = Client(raise_request_exception=False)
        if scope:
            client.defaults["HTTP_AUTHORIZATION"] = bearer(self.users[person], scope)["Authorization"]
        elif person != "visitor":
            client.force_login(self.users[person])
        return client

    def viewer(self, name: str) -> Viewer:
        return viewer_of_user(self.users.get(name, AnonymousUser()))


def make_world(reader: WarmReader) -> World:
    group = Group.objects.create(name=GROUP)
    users = {
        "mia": make_user("mia", is_staff=False),
        "sam": make_user("sam", is_staff=False),
        "clerk": make_user("clerk", "query_datasets"),
        "boss": make_user("boss", is_superuser=True),
    }
    users["sam"].groups.add(group)
    pipeline = Pipeline(reader)
    for slug in ALL:
        pipeline.load(TEXT.format(slug=slug), f"{slug}.csv", dataset=slug)
        change_about(slug=slug, said=SaidAbout(description=f"about {slug}", tags=[f"tag{slug}"]))
        dataset = Dataset.objects.get(slug=slug)
        save_view(dataset=dataset, name="kept", kind=SavedKind.ROWS, query="", user_id=None)
    change_visibility(slug=MEMBERS, visibility="signed_in")
    change_visibility(slug=SALES, visibility="groups", groups=[GROUP])
    world = World(users=users, group=group)
    for name in PEOPLE:  # their roles are there for all sessions
        read_query(query="SELECT 1", most_rows=lambda _: 1, is_over=lambda: False, viewer=world.viewer(name))
    return world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, warm_reader: WarmReader) -> Iterator[World]:
    """Made once; the tests that ask it change nothing."""
    with django_db_blocker.unblock():
        yield make_world(warm_reader)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE uploads_uploadedfile, uploads_dataset, auth_user, auth_group CASCADE")
        empty_data_schema()
