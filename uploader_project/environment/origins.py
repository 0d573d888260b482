"""Which other sites may do something with this one: the origins in a setting."""

import re
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?")


def parse_origins(said: Iterable[str], *, setting: str, all_allowed: bool = False) -> list[str]:
    """Origins such as ``https://example.org`` or ``https://*.example.org``, as headers have them; ``*``, all of them,
    where that is allowed.

    Raises ``ImproperlyConfigured`` for anything else: a slip of the pen would open the site to more than was meant.
    """
    origins = [each.strip().rstrip("/") for each in said if each.strip()]
    for origin in origins:
        if not (_ORIGIN.fullmatch(origin) or (all_allowed and origin == "*")):
            raise ImproperlyConfigured(
                f"{setting} has “{origin}”, which is no origin. Write it as https://example.org."
            )
    return origins
