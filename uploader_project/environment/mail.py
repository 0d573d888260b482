"""Where mail goes out, of one setting: ``smtp+tls://name:password@mail.example.org:587``."""

from typing import Any

from environ import Env


def mailers(url: str) -> dict[str, dict[str, Any]]:
    """Django's ``MAILERS``; without an address nothing is sent."""
    if not url:
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    found = Env.email_url_config(url)
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
