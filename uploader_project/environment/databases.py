"""Where the database is, of one setting: ``postgresql://name:password@db.example.org:5432/uploader``."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env


def database_at(url: str) -> dict[str, Any]:
    """Django's settings of it. Raises ``ImproperlyConfigured``, in words without the password."""
    if "://" in url:  # of anything else the parser warns, password and all
        try:
            found: dict[str, Any] = Env.db_url_config(url)
        except ValueError:
            found = {}
        if "postg" in found.get("ENGINE", "") and (found["NAME"] or "service" in found.get("OPTIONS", {})):
            return found
    raise ImproperlyConfigured(
        "DATABASE_URL is no address of a PostgreSQL database; write it as"
        " postgresql://name:password@db.example.org:5432/uploader, and in the password %40 for @, %2F for /."
    )
