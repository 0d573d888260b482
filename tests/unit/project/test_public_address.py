"""The site's address, of one setting: what it turns on, and what is none. Settings are read as a server reads them."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from uploader_project.environment.public_address import PublicAddress, public_address

PROJECT = Path(__file__).resolve().parents[3]
DEPLOYED = (
    *("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_ADDRESS", "SILENCED_SYSTEM_CHECKS", "SECURE_PROXY_SSL_HEADER"),
    *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"),
    *("SECURE_REFERRER_POLICY", "SECURE_CSP", "X_FRAME_OPTIONS", "MIDDLEWARE"),
)


def settings_with(monkeypatch: pytest.MonkeyPatch, **said: str) -> dict[str, Any]:
    """What settings.py says under these environment variables."""
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    found = runpy.run_path(str(PROJECT / "uploader_project" / "settings.py"))
    return {name: found[name] for name in DEPLOYED}


def test_deployed_behind_tls_django_finds_nothing_to_warn_of(monkeypatch: pytest.MonkeyPatch) -> None:
    said = settings_with(monkeypatch, SITE_ADDRESS="https://data.example.org/")
    assert said["SITE_ADDRESS"] == "https://data.example.org"
    assert said["ALLOWED_HOSTS"][-1] == "data.example.org"
    with override_settings(**said):
        found = run_checks(tags=["security"], include_deployment_checks=True)
    assert [warning for warning in found if warning.id not in said["SILENCED_SYSTEM_CHECKS"]] == []


def test_without_https_nothing_insists_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ({}, {"SITE_ADDRESS": "http://10.0.0.5:8000"}):
        found = settings_with(monkeypatch, **said)
        assert not found["SECURE_SSL_REDIRECT"]
        assert not found["SESSION_COOKIE_SECURE"]
        assert found["SECURE_HSTS_SECONDS"] == 0


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", PublicAddress()),
        ("https://a.org/", PublicAddress(text="https://a.org", host="a.org", is_https=True)),
        ("http://[::1]:80", PublicAddress(text="http://[::1]:80", host="[::1]")),
        ("https://a.org/tables", PublicAddress(text="https://a.org/tables", host="a.org", is_https=True)),
    ],
)
def test_address_as_people_type_it(said: str, found: PublicAddress) -> None:
    assert public_address(said) == found


@pytest.mark.parametrize(
    "said", ["data.example.org", "ftp://a.org", "https://", "https://a.org:99999", "https://a.org/?x"]
)
def test_what_no_browser_could_go_to_is_refused(said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="as people type it, such as https://"):
        public_address(said)
