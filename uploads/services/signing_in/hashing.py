"""Passwords are hashed beside everything else that the site does: a few at once, and by threads that give way.

A hash takes half a second of a core. OpenSSL computes it outside of Python's lock, so what it takes from others is the
processor: 8 ms of work on the core of a hash took 19 and 25 ms in two turns, and 11 and 22 beside one that gives way.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import PBKDF2PasswordHasher

AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
"""Hashes that are computed at once: the other cores are left for those who ask for pages."""
NICENESS = 5
"""A third of the time of whatever wants the same core, such as a file that is being loaded; at 19 nobody could sign in
meanwhile."""


class PatientHasher(PBKDF2PasswordHasher):
    """Django's own hash, computed by other threads; what is stored is the same."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _threads.submit(super().encode, password, salt, iterations).result()


def _give_way() -> None:
    """Of this thread alone, as Linux has it; elsewhere a priority is that of a whole process, and stays."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="hash", initializer=_give_way)
