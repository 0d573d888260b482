"""By what people sign in here: name and password, a provider of OpenID Connect, or both."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from uploads.web.sign_in.claims import capitalised

NO_PASSWORDS = "Nobody signs in by name and password here."
BY_PROVIDER = "signed_in_by_provider"
"""In a session: it was not a password that opened it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherWay:
    """A button beside the form."""

    words: str
    address: str


def other_way(*, next_url: str) -> OtherWay | None:
    """Where a setting names a provider."""
    if not settings.OIDC_ISSUER:
        return None
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return OtherWay(words=f"Sign in with {settings.OIDC_NAME}", address=f"{reverse('open-id')}{query}")


def signed_out(*, by_provider: bool) -> str:
    """What is said then: the provider still knows the browser, and would let the next one in."""
    if not by_provider:
        return "You are signed out."
    return (
        f"You are signed out here. {capitalised(settings.OIDC_NAME)} may still know this browser:"
        " on a computer that others use, sign out there too."
    )


def without_password() -> str:
    """Of an account that has none to change."""
    by = f": you sign in with {settings.OIDC_NAME}" if settings.OIDC_ISSUER else ""
    return f"Your account has no password{by}."
