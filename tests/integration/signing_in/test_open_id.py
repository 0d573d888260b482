"""People sign in by a provider of OpenID Connect, a real one in a thread of this process."""

import re
import time
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.urls import NoReverseMatch, reverse

from tests.integration.signing_in.conftest import LINKS, SECRET, without
from tests.integration.signing_in.people import an_account, go, name_of, say, sign_in
from tests.integration.staff import PASSWORD, make_user
from uploader_project.environment.open_id import APPS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provider")]


def test_without_the_setting_there_is_no_such_address() -> None:
    with override_settings(ROOT_URLCONF="uploader_project.urls", OIDC_ISSUER=""):
        assert Client().get("/sign-in/open-id/").status_code == 404
        assert "/open-id/" not in Client().get("/sign-in/").text
        with pytest.raises(NoReverseMatch):
            reverse("open-id")


def test_new_person_gets_an_account_without_rights_and_goes_where_it_was_going(client: Client) -> None:
    page = client.get("/sign-in/?next=/tokens/").text
    assert 'href="/sign-in/open-id/?next=%2Ftokens%2F" rel="nofollow">Sign in with the library</a>' in page
    answer = sign_in(client, next_page="/tokens/")
    assert answer.headers["Location"] == "/tokens/"
    assert name_of(client) == "mia"
    account = User.objects.get()
    assert (account.email, account.first_name) == ("Mia@example.org", "Mia")
    assert not account.is_staff
    assert not account.has_usable_password()
    assert not account.groups.exists()
    assert not account.get_all_permissions()


def test_way_there_carries_state_nonce_and_a_hashed_verifier(client: Client, issuer: str) -> None:
    away = client.get("/sign-in/open-id/").headers["Location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    assert away.startswith(f"{issuer}/oauth2/authorize?")
    assert query.keys() >= {"state", "nonce", "code_challenge"}
    assert (query["code_challenge_method"], query["response_type"]) == ("S256", "code")
    assert query["redirect_uri"] == "http://testserver/sign-in/open-id/callback/"
    assert "openid" in query["scope"].split()


def test_address_of_discovery_may_choose_one_of_several_by_its_query(client: Client, issuer: str) -> None:
    """As Azure AD B2C has it, whose name is another one than the address."""
    with override_settings(OIDC_ISSUER=f"{issuer}/.well-known/openid-configuration?p=B2C_1_in"):
        assert sign_in(client).headers["Location"] == "/"
        assert name_of(client) == "mia"


def test_person_is_known_again_by_number_alone(client: Client, issuer: str) -> None:
    sign_in(client)
    say("mia", issuer=issuer, email="other@example.org", preferred_username="else")
    say("max", issuer=issuer)  # who has the name and address now
    User.objects.update(email="")
    again, other = Client(), Client()
    sign_in(again)
    sign_in(other, subject="max")
    assert (name_of(again), name_of(other)) == ("mia", "mia2")


@pytest.mark.parametrize("said", [False, None, "no", 1.5])
def test_address_that_is_not_verified_opens_no_account(client: Client, issuer: str, said: object) -> None:
    an_account("boss")
    say("mia", issuer=issuer, email_verified=said)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "There is an account with the address Mia@example.org already, and the library did not verify" in answer.text
    assert name_of(client) == ""
    assert User.objects.count() == 1


def test_address_that_is_not_verified_is_not_kept(client: Client, issuer: str) -> None:
    say("mia", issuer=issuer, email_verified=False)
    sign_in(client)
    assert User.objects.get().email == ""


def test_verified_address_opens_the_account_that_was_made_for_it(client: Client) -> None:
    an_account("m.meier")
    sign_in(client)
    assert name_of(client) == "m.meier"
    assert User.objects.get().check_password(PASSWORD)


def test_address_alone_opens_no_account_of_staff_until_its_password_did(client: Client) -> None:
    an_account("boss", is_staff=True)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "it is one of staff, which an address alone does not open." in answer.text
    assert 'href="/sign-in/"' in answer.text
    client.post("/sign-in/", {"username": "boss", "password": PASSWORD})
    assert sign_in(client).status_code == 302
    later = Client()
    sign_in(later)
    assert name_of(later) == "boss"


def test_address_of_several_accounts_opens_none(client: Client) -> None:
    for name in ("one", "two"):
        an_account(name)
    answer = sign_in(client)
    assert (answer.status_code, "Several accounts have the address" in answer.text) == (403, True)


def test_closed_account_stays_closed(client: Client) -> None:
    sign_in(client)
    User.objects.update(is_active=False)
    answer = sign_in(Client())
    assert (answer.status_code, "Your account mia was closed." in answer.text) == (403, True)


@pytest.mark.parametrize(
    "asked", ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)"]
)
def test_way_back_leads_to_this_site_alone(client: Client, asked: str) -> None:
    assert sign_in(client, next_page=asked).headers["Location"] == "/"


def test_other_site_sends_people_to_the_page_with_the_button_first(client: Client) -> None:
    answer = client.get("/sign-in/open-id/?next=/tokens/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["Location"] == "/sign-in/?next=%2Ftokens%2F"


def test_refused_consent_is_said(client: Client) -> None:
    answer = sign_in(client, action="deny")
    assert answer.status_code == 401
    assert "You did not sign in: the library was not allowed to say who you are." in answer.text
    assert 'href="/sign-in/"' in answer.text
    assert "callback" not in answer.text


def test_way_back_works_once_and_in_the_browser_that_began(client: Client) -> None:
    back = go(client)
    for browser, status in ((Client(), 401), (client, 302), (client, 401)):
        answer = browser.get(back)
        assert answer.status_code == status
        assert ("was begun more than 10 minutes ago, in another browser" in answer.text) == (status == 401)
    assert User.objects.count() == 1


def test_code_that_the_provider_never_gave_signs_nobody_in(client: Client) -> None:
    back = re.sub("code=[^&]+", "code=guessed", go(client))
    answer = client.get(back)
    assert (answer.status_code, name_of(client)) == (502, "")
    assert "The library does not say who you are right now." in answer.text


def test_error_of_the_provider_is_said(client: Client) -> None:
    state = parse_qs(urlsplit(go(client)).query)["state"][0]
    answer = client.get("/sign-in/open-id/callback/", {"state": state, "error": "server_error", "iss": "x"})
    assert (answer.status_code, "does not say who you are" in answer.text) == (502, True)


def test_token_of_another_sign_in_is_refused(client: Client) -> None:
    back = go(client)
    session = client.session
    for state in session["socialaccount_states"].values():
        state[0]["nonce"] = "another"
    session.save()
    assert client.get(back).status_code == 502
    assert not User.objects.exists()


FORGED: dict[str, tuple[dict[str, Any], str, str]] = {
    "signed by somebody else": ({}, "HS256", "of nobody that this site knows, 32 bytes or more"),
    "not signed": ({}, "none", ""),
    "for another site": ({"aud": "another"}, "HS256", SECRET),
    "for several sites, and made for another": ({"aud": ["tables", "another"], "azp": "another"}, "HS256", SECRET),
    "of another provider": ({"iss": "https://evil.example"}, "HS256", SECRET),
    "of another sign-in": ({"nonce": "another"}, "HS256", SECRET),
    "without an end": ({"exp": None}, "HS256", SECRET),
}


@pytest.mark.parametrize("forged", [*FORGED, None])
def test_token_is_believed_if_it_is_of_this_provider_for_this_sign_in(
    forged: str | None, issuer: str, rf: RequestFactory
) -> None:
    """By the secret, as some providers sign; by their keys is how all others here are."""
    provider = import_module("uploads.web.sign_in.provider")
    changed, method, key = FORGED[forged] if forged else ({}, "HS256", SECRET)
    now = int(time.time())
    claims = {"iss": issuer, "sub": "mia", "aud": "tables", "iat": now + 60, "exp": now + 90, "nonce": "this"} | changed
    token = jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=method)
    adapter = provider.SiteAdapter(rf.get("/"), issuer)
    if forged is None:
        assert provider._id_claims(adapter, token, nonce="this")["sub"] == "mia"
        return
    with pytest.raises((jwt.PyJWTError, provider.OAuth2Error)):
        provider._id_claims(adapter, token, nonce="this")


def test_many_who_sign_in_at_once_leave_room_for_all_others(client: Client) -> None:
    provider = import_module("uploads.web.sign_in.provider")
    for _ in range(provider.AT_ONCE):
        assert provider._asking.acquire(blocking=False)
    try:
        answer = client.get("/sign-in/open-id/")
    finally:
        provider._asking.release(provider.AT_ONCE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get("/sign-in/open-id/").status_code == 302


def test_clocks_that_differ_are_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uploads.web.sign_in.provider.CLOCKS_APART", -7200)
    answer = sign_in(client)
    assert (answer.status_code, "that the clocks differ" in answer.text) == (502, True)


@pytest.mark.parametrize("told", ["http://localhost:9", "{issuer}/jwks", "{issuer}/.well-known/openid-configuration"])
def test_provider_that_is_away_or_another_is_said(client: Client, issuer: str, told: str) -> None:
    """Port 9 is that of a service that nobody runs."""
    with override_settings(OIDC_ISSUER=told.format(issuer=issuer)):
        answer = client.get("/sign-in/open-id/")
    assert (answer.status_code, "The library does not say who you are" in answer.text) == (502, True)
    assert "sign in by name and password" in answer.text


def test_people_of_other_domains_stay_out(client: Client, issuer: str) -> None:
    with override_settings(OIDC_DOMAINS=["example.com"]):
        answer = sign_in(client)
        assert answer.status_code == 403
        assert (
            "for people with an address at example.com. the library says that yours is Mia@example.org." in answer.text
        )
        say("mia", issuer=issuer, email="mia@example.com", email_verified=False)
        assert "which it did not verify" in sign_in(client).text
        say("mia", issuer=issuer, email="mia@EXAMPLE.com")
        assert sign_in(client).status_code == 302


def test_groups_follow_the_claim_and_none_are_made(client: Client, issuer: str) -> None:
    for name in ("readers", "editors"):
        Group.objects.create(name=name)
    with override_settings(OIDC_GROUPS_CLAIM="roles"):
        for said, groups in ((["readers", "unknown", 3], {"readers"}), ("editors", {"editors"}), (None, set())):
            say("mia", issuer=issuer, roles=said)
            sign_in(Client())
            assert set(User.objects.get().groups.values_list("name", flat=True)) == groups
    assert not Group.objects.filter(name="unknown").exists()


def test_where_nobody_signs_in_by_password_staff_have_the_form_of_the_admin(client: Client) -> None:
    make_user("boss", is_staff=True)
    with override_settings(PASSWORD_SIGN_IN=False, MAIL_URL="smtp://localhost"):
        page = client.get("/sign-in/").text
        assert 'type="password"' not in page
        assert "Sign in with the library" in page
        refused = client.post("/sign-in/", {"username": "boss", "password": PASSWORD})
        assert (refused.status_code, name_of(client)) == (403, "")
        assert client.get("/password/reset/").status_code == 404
        admin = client.get("/admin/login/?next=/admin/auth/user/")
        assert 'href="/sign-in/open-id/?next=%2Fadmin%2Fauth%2Fuser%2F"' in admin.text
        client.post("/admin/login/", {"username": "boss", "password": PASSWORD, "next": "/admin/"})
        assert name_of(client) == "boss"


def test_account_without_password_has_none_to_change_and_is_told_of_the_provider_at_the_end(client: Client) -> None:
    sign_in(client)
    answer = client.get("/password/")
    assert (answer.status_code, "you sign in with the library." in answer.text) == (404, True)
    assert "The library may still know this browser" in client.post("/sign-out/", follow=True).text


def test_person_can_be_deleted_after_the_setting_is_gone(client: Client) -> None:
    sign_in(client)
    links = apps.get_model(LINKS)._default_manager
    assert links.exists()
    configs = [config for config in apps.get_app_configs() if config.name in APPS]
    without(configs)
    try:
        User.objects.get().delete()
        connection.check_constraints()
    finally:
        apps.app_configs.update({config.label: config for config in configs})
        apps.clear_cache()
    assert not links.exists()
