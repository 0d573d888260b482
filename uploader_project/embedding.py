"""Which sites may show charts of this one in a frame."""

import re
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?")


def embed_origins(said: Iterable[str]) -> list[str]:
    """Origins such as ``https://example.org`` or ``https://*.example.org``, as the header has them.

    Raises ``ImproperlyConfigured`` for anything else: a slip of the pen would open the header to more than was meant.
    """
    origins = [each.strip().rstrip("/") for each in said if each.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ImproperlyConfigured(
                f"EMBED_ORIGINS has “{origin}”, which is no origin. Write it as https://example.org."
            )
    return origins
