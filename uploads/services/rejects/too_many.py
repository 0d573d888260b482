"""How many of a file's rows may be rejected, and still the others are worth having: 5 %, as a setting says.

``loading/acceptance.py`` has the file fail.
"""

from django.conf import settings

FEW_REJECTS = 10
"""Fewer rejected rows than this never make a file fail: one bad row must not block a small file."""


def are_too_many(*, rejected: int, tried: int) -> bool:
    """Whether so many of the rows that were tried are rejected that the file is none that fits."""
    return rejected >= FEW_REJECTS and 100 * rejected > settings.MAX_REJECTED_SHARE * tried
