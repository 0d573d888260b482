"""Who else may say who somebody is: a provider of OpenID Connect, of settings."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

DISCOVERY = "/.well-known/openid-configuration"
LONGEST = 200
"""Of an address: what the column takes in which a person's account with the provider is kept."""
APPS = ["allauth.account", "allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def sound_issuer(said: str, *, client_id: str, takes_passwords: bool) -> str:
    """The provider's address without a slash at its end, or nothing; its address of discovery is as good, and stays as
    it is where it has a question mark: Azure AD B2C says there which of a tenant's policies is meant (``?p=…``).

    Raises ``ImproperlyConfigured`` for what nobody could sign in by, and where the packages for it are missing.
    """
    issuer = said.strip()
    if not is_whole_discovery(issuer):
        issuer = issuer.removesuffix(DISCOVERY).rstrip("/")
    if not issuer:
        if not takes_passwords:
            raise ImproperlyConfigured("PASSWORD_SIGN_IN is false and OIDC_ISSUER is empty; nobody could sign in.")
        return ""
    if not _is_address(issuer):
        raise ImproperlyConfigured(f"OIDC_ISSUER is “{said}”; write it as https://accounts.example.org.")
    if not client_id:
        raise ImproperlyConfigured(
            "OIDC_CLIENT_ID is empty; write there what the provider of OIDC_ISSUER knows this site by."
        )
    if find_spec("allauth") is None or find_spec("jwt") is None:
        raise ImproperlyConfigured(
            f"OIDC_ISSUER is “{said}”, and the packages for it are missing. Install them:"
            " .venv/bin/python -m pip install --requirement requirements-oidc.txt"
        )
    return issuer


def is_whole_discovery(issuer: str) -> bool:
    """Whether it is an address of discovery that tells nothing of the provider's own name, which stands behind it."""
    return f"{DISCOVERY}?" in issuer


def _is_address(issuer: str) -> bool:
    """By https, for what is believed comes from there; a provider on the same machine is for trying it."""
    try:
        parts = urlsplit(issuer)
        host, port_is_good = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in OWN_MACHINE)
    return (
        bool(host)
        and port_is_good
        and is_safe
        and (not parts.query or is_whole_discovery(issuer))
        and len(issuer) <= LONGEST
    )
