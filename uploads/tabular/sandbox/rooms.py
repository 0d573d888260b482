"""A folder of its own for each child that reads: what it writes for one file, the child of another cannot reach."""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "uploads-reading-"
_YOUNG_SECONDS = 60.0
"""A folder that is younger may be on its way to its lock."""


@dataclass(frozen=True, slots=True)
class Room:
    """A folder and the lock that says, for as long as a process has it open, that somebody is in."""

    path: Path
    lock: int

    def enter(self) -> None:
        """Have the temporary files of this process go there. A system that clears its temporary folder away by age may
        have taken the room while its child waited for a file (systemd leaves what is locked); then it is made again.

        Raises ``PermissionError`` where another user was faster.
        """
        self.path.mkdir(mode=0o700, exist_ok=True)
        found = self.path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(f"{self.path} is not of this user")
        tempfile.tempdir = str(self.path)


class Rooms:
    """Those of the children of one warm process, which clears each away when its child has ended."""

    def __init__(self) -> None:
        self._of: dict[int, Path] = {}
        self._owner = os.getpid()
        _clear_left()

    def make(self) -> Room:
        """One for the child that is forked next: ``give`` it then."""
        path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Room(path, lock)

    def give(self, pid: int, room: Room) -> None:
        """Leave the lock to the child, which has it by being forked."""
        os.close(room.lock)
        self._of[pid] = room.path

    def clear(self, pid: int) -> None:
        """The child has ended; one that is not known had none."""
        if (path := self._of.pop(pid, None)) is not None:
            shutil.rmtree(path, ignore_errors=True)  # what a file's reader left unreadable may stay: it is alone there

    def clear_all(self) -> None:
        """The warm process ends, and its children with it; of a child that ends this says nothing."""
        for pid in list(self._of) if os.getpid() == self._owner else ():
            self.clear(pid)


def _clear_left() -> None:
    """Those of processes that were killed, which nobody clears away."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            found = path.lstat()
            if found.st_uid != os.geteuid() or time.time() - found.st_mtime < _YOUNG_SECONDS:
                continue
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # another warm process was faster, or it is no folder
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # somebody is in
            continue
        else:
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(lock)
