"""Waits for what another process or thread does, on a machine that may be busy."""

import time
from collections.abc import Callable

GIVE_UP_SECONDS = 120.0
"""No limit on how long anything may take: only so that a test ends at all where it never happens."""


def wait_until(happened: Callable[[], object]) -> None:
    """Poll until something holds."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
