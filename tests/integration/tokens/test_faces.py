"""Tokens are made, listed and revoked on a page, by commands and in the admin; shown once."""

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.staff import make_user
from uploads.models import AccessToken
from uploads.services.errors import WrongToken
from uploads.services.tokens.tokens import make_token, use_token

SECRET = re.compile(r"uploader_[0-9A-Za-z]{49}")


@pytest.fixture
def mia(db: None, client: Client) -> User:
    """Somebody without any right but an account."""
    user = make_user("mia", is_staff=False)
    client.force_login(user)
    return user


def make(client: Client, **fields: Any) -> Any:
    return client.post("/tokens/", {"name": "nightly", "scope": ["upload"], "dataset": "", "days": "30", **fields})


def test_page_is_for_people_with_an_account(db: None, client: Client) -> None:
    assert client.get("/tokens/").status_code == 401
    assert make(client).status_code == 401
    assert not AccessToken.objects.exists()


def test_page_makes_a_token_and_shows_it_once(mia: User, client: Client) -> None:
    answer = make(client, scope=["read", "upload"])
    assert answer.headers["Cache-Control"] == "no-store"
    secrets = set(SECRET.findall(answer.content.decode()))
    assert len(secrets) == 1
    user, grant = use_token(secrets.pop())
    assert (user.pk, [str(scope) for scope in grant.scopes]) == (mia.pk, ["upload", "read"])
    again = client.get("/tokens/").content.decode()
    assert not SECRET.search(again)
    assert "nightly" in again
    assert "last used on" in again


def test_form_that_is_sent_again_makes_no_second_token(mia: User, client: Client) -> None:
    make(client)
    again = make(client)
    assert again.status_code == 400
    assert "There is a token “nightly” already." in again.content.decode()
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scope": []}, "A token needs a scope"),
        ({"scope": ["manage"], "dataset": "prices"}, "There is no scope “manage:prices”"),
        ({"scope": ["read"], "dataset": "nowhere"}, "There is no dataset “nowhere”"),
        ({"days": "0"}, "1 to 3,660 days"),
        ({"days": "ten"}, "cannot be read"),
        ({"name": " "}, "has a name"),
    ],
)
def test_page_says_what_cannot_be_made_and_keeps_what_was_typed(
    mia: User, client: Client, fields: dict[str, Any], words: str
) -> None:
    answer = make(client, **{"name": "nightly", **fields})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert f'value="{fields.get("name", "nightly")}"' in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_person_revokes_own_tokens_and_nobody_elses(mia: User, client: Client) -> None:
    mine, theirs = make_token(user=mia, scopes=["read"]), make_token(user=make_user("ben"), scopes=["read"])
    assert client.post(f"/tokens/{theirs.facts.token_id}/revoke/").status_code == 404
    use_token(theirs.secret)
    page = client.post(f"/tokens/{mine.facts.token_id}/revoke/", follow=True).content.decode()
    assert "Revoked “" in page
    with pytest.raises(WrongToken):
        use_token(mine.secret)


def test_commands_make_and_revoke(mia: User) -> None:
    out = StringIO()
    call_command("make_token", "mia", "--scope", "upload", "read", "--days", "3", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told.keys() == {"id", "token", "name", "user", "scopes", "expires_at"}
    assert (told["user"], told["scopes"]) == ("mia", ["upload", "read"])
    use_token(told["token"])
    call_command("make_token", "mia", "--scope", "upload", "--scope", "read", stdout=StringIO())
    call_command("revoke_token", str(told["id"]), stdout=StringIO())
    with pytest.raises(WrongToken):
        use_token(told["token"])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("make_token", "nobody", "--scope", "upload"), 1),
        (("make_token", "mia", "--scope", "write"), 2),
        (("make_token", "mia", "--scope", "read:nowhere"), 1),
        (("make_token", "mia", "--scope", "read", "--days", "0"), 2),
        (("revoke_token", "999"), 1),
    ],
)
def test_commands_refuse_with_a_status(mia: User, arguments: tuple[str, ...], status: int) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(*arguments, stdout=StringIO())
    assert refused.value.returncode == status


def test_admin_lists_tokens_for_those_who_may_and_revokes_them(mia: User) -> None:
    made = make_token(user=mia, scopes=["read"], name="nightly")
    address = "/admin/uploads/accesstoken/"
    act = {"action": "revoke_tokens", ACTION_CHECKBOX_NAME: [made.facts.token_id]}
    clerk = Client()
    clerk.force_login(make_user("clerk", "view_uploadedfile"))
    assert clerk.get(address).status_code == 403
    looker = Client()
    looker.force_login(make_user("looker", "view_accesstoken"))
    assert "nightly" in looker.get(address).content.decode()
    assert looker.post(address, act).status_code == 403
    use_token(made.secret)
    boss = Client()
    boss.force_login(make_user("boss", "view_accesstoken", "revoke_accesstoken"))
    assert boss.get(f"{address}{made.facts.token_id}/change/").status_code == 200
    assert boss.post(address, act, follow=True).status_code == 200
    with pytest.raises(WrongToken):
        use_token(made.secret)
