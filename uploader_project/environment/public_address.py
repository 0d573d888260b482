"""How people reach the site, of one setting: ``https://data.example.org``."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicAddress:
    """``text`` has no slash at its end; all are empty where no address is said."""

    text: str = ""
    host: str = ""
    is_https: bool = False


def public_address(said: str) -> PublicAddress:
    """Raises ``ImproperlyConfigured`` for what no browser could go to."""
    text = said.strip().rstrip("/")
    if not text:
        return PublicAddress()
    try:
        parts = urlsplit(text)
        host, port_is_good = parts.hostname, parts.port is None or parts.port > 0
    except ValueError:
        host, port_is_good = None, False
    extra = parts.query or parts.fragment or parts.username if host else ""
    if not host or not port_is_good or parts.scheme not in ("http", "https") or extra:
        raise ImproperlyConfigured(
            f"SITE_ADDRESS is “{said}”; write it as people type it, such as https://data.example.org."
        )
    return PublicAddress(text=text, host=f"[{host}]" if ":" in host else host, is_https=parts.scheme == "https")
