"""Accounts that are deleted: the role of the database under which their queries ran goes with them."""

import logging

import pytest

from tests.integration.adopting.conftest import execute
from tests.integration.publishing.conftest import shop
from tests.integration.staff import make_user
from uploads.database.querying.roles import query_role, role_exists
from uploads.services.adopting.publication import publish_table
from uploads.services.querying.query import read_query
from uploads.services.querying.rights import forget_people_gone
from uploads.services.visibility import Viewer

__all__ = ["shop"]


def ask_as(user_id: int, query: str) -> None:
    read_query(query=query, most_rows=lambda _: 50, is_over=lambda: False, viewer=Viewer(user_id=user_id))


@pytest.mark.usefixtures("shop", "prices")
def test_deleting_an_account_drops_the_role_of_its_queries_with_what_was_granted_to_it() -> None:
    publish_table(table="shop.dear")
    ana, ben = (make_user(name, is_staff=False) for name in ("ana", "ben"))
    for user in (ana, ben):
        ask_as(user.pk, "SELECT count(*) FROM data.prices, shop.dear")
    theirs, bens = query_role(str(ana.pk)), query_role(str(ben.pk))
    assert role_exists(theirs)
    ana.delete()
    assert (role_exists(theirs), role_exists(bens)) == (False, True)


@pytest.mark.usefixtures("prices")
def test_sweep_drops_those_of_accounts_that_are_there_no_more_and_no_others() -> None:
    ana = make_user("ana", is_staff=False)
    gone = ana.pk + 1
    for user_id in (ana.pk, gone):
        ask_as(user_id, "SELECT count(*) FROM prices")
    assert forget_people_gone() >= 1  # roles are the server's: other tests leave some
    assert (role_exists(query_role(str(ana.pk))), role_exists(query_role(str(gone)))) == (True, False)


@pytest.mark.usefixtures("shop", "prices")
def test_role_to_which_others_granted_something_stays_and_the_account_goes(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody may have granted it a function, which is none of ours to take back."""
    ana = make_user("ana", is_staff=False)
    ask_as(ana.pk, "SELECT count(*) FROM prices")
    role = query_role(str(ana.pk))
    execute("CREATE FUNCTION shop.one() RETURNS int LANGUAGE sql RETURN 1")
    execute(f'GRANT EXECUTE ON FUNCTION shop.one() TO "{role}"')
    ana.delete()
    assert role_exists(role)
    assert [record.levelname for record in caplog.records if "stays" in record.message] == ["WARNING"]
    with caplog.at_level(logging.INFO):
        caplog.clear()
        forget_people_gone()
    assert not [record for record in caplog.records if "stays" in record.message], "a sweep comes every few seconds"
    execute("DROP FUNCTION shop.one()")
    forget_people_gone()
    assert not role_exists(role)
