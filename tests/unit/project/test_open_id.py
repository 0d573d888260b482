"""A provider of OpenID Connect is named in one form, and what nobody could sign in by is refused."""

from importlib import util

import pytest
from django.core.exceptions import ImproperlyConfigured

from uploader_project.environment.open_id import sound_issuer

B2C = "https://staff.b2clogin.com/staff.onmicrosoft.com/v2.0/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", ""),
        (" https://accounts.google.com ", "https://accounts.google.com"),
        ("https://people.eu.auth0.com/", "https://people.eu.auth0.com"),
        (
            "https://login.example.org/realms/staff/.well-known/openid-configuration",
            "https://login.example.org/realms/staff",
        ),
        ("http://localhost:9000", "http://localhost:9000"),
        (f"{B2C}?p=B2C_1_in", f"{B2C}?p=B2C_1_in"),
    ],
)
def test_provider_is_named_by_its_address_or_that_of_its_discovery(said: str, meant: str) -> None:
    assert sound_issuer(said, client_id="tables", takes_passwords=True) == meant


@pytest.mark.parametrize(
    ("said", "client_id", "words"),
    [
        ("", "tables", "PASSWORD_SIGN_IN is false and OIDC_ISSUER is empty; nobody could sign in."),
        ("https://login.example.org", "", "OIDC_CLIENT_ID is empty;"),
        (f"https://login.example.org/{'x' * 200}", "tables", "write it as"),
        ("https://login.example.org/?p=in", "tables", "write it as"),
    ],
)
def test_settings_by_which_nobody_could_sign_in_are_refused(said: str, client_id: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        sound_issuer(said, client_id=client_id, takes_passwords=False)


def test_provider_without_the_packages_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = util.find_spec
    monkeypatch.setattr(
        "uploader_project.environment.open_id.find_spec", lambda name: None if name == "allauth" else find_spec(name)
    )
    with pytest.raises(ImproperlyConfigured, match=r"pip install --requirement requirements-oidc\.txt"):
        sound_issuer("https://login.example.org", client_id="tables", takes_passwords=True)
