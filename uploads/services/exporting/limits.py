"""How many exports run at once in a process: each keeps a session of the database and some of a core busy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from uploads.tabular.errors import UploaderError

AT_ONCE = 4
_slots = threading.BoundedSemaphore(AT_ONCE)


class ExportsBusy(UploaderError):
    """As many exports are running as may run at once."""

    code = "exports_busy"


@contextmanager
def one_of_few() -> Iterator[None]:
    """Hold a place until the context ends. Raises ``ExportsBusy``."""
    if not _slots.acquire(blocking=False):
        raise ExportsBusy(f"{AT_ONCE} other exports are running right now.", hint="Try again in a moment.")
    try:
        yield
    finally:
        _slots.release()
