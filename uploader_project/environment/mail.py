"""Where mail goes out, of one setting: ``smtp+tls://name:password@mail.example.org:587``."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env


def mailers(url: str) -> dict[str, dict[str, Any]]:
    """Django's ``MAILERS``; without an address nothing is sent. Raises ``ImproperlyConfigured``, in words without the
    password."""
    if not url:
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    try:
        found = Env.email_url_config(url)
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            "MAIL_URL is no address of a mail server; write it as smtp+tls://name:password@mail.example.org:587."
        ) from None
    options = {
        "host": found.get("EMAIL_HOST"),
        "port": found.get("EMAIL_PORT"),
        "username": found.get("EMAIL_HOST_USER"),
        "password": found.get("EMAIL_HOST_PASSWORD"),
        "use_tls": found.get("EMAIL_USE_TLS"),
        "use_ssl": found.get("EMAIL_USE_SSL"),
        "timeout": 20,
    }
    known = {name: value for name, value in options.items() if value is not None}
    is_smtp = found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    return {"default": {"BACKEND": found["EMAIL_BACKEND"], **({"OPTIONS": known} if is_smtp else {})}}
