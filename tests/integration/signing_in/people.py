"""People of the provider, and their way to it and back."""

import re
from typing import Any

import requests
from django.test import Client

from tests.integration.staff import make_user

VERIFIED: dict[str, Any] = {
    "email": "Mia@example.org",
    "email_verified": True,
    "preferred_username": "mia",
    "given_name": "Mia",
}


def say(subject: str, *, issuer: str, **claims: Any) -> None:
    """What the provider says of this person from now on."""
    requests.put(f"{issuer}/users/{subject}", json=VERIFIED | claims, timeout=5).raise_for_status()


def an_account(name: str, *, is_staff: bool = False) -> None:
    """One that staff made for whoever has the address."""
    user = make_user(name, is_staff=is_staff)
    user.email = "mia@example.org"
    user.save()


def go(client: Client, *, next_page: str = "", subject: str = "mia", action: str = "") -> str:
    """To the provider, and to the address with which it sends the browser back."""
    away = client.get("/sign-in/open-id/", {"next": next_page} if next_page else {})
    assert away.status_code == 302, away.text
    back = requests.post(
        away.headers["Location"], data={"sub": subject, "action": action}, timeout=5, allow_redirects=False
    )
    return back.headers["Location"].removeprefix("http://testserver")


def sign_in(client: Client, **how: Any) -> Any:
    return client.get(go(client, **how))


def name_of(client: Client) -> str:
    """Who is signed in, as each page says; empty for nobody."""
    found = re.search(r'title="Signed in as ([^:]+):', client.get("/").text)
    return found[1] if found else ""
