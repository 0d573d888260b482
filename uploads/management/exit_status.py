"""The exit statuses of commands: each chosen here, once."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a script can go by; 0 is success."""

    NOT_DONE = 1
    """A file failed or was refused, or somebody said no."""
    WRONG_USAGE = 2
    """The same as argparse's: nothing was done."""
    UNREADY = 3
    """The database cannot be reached or isn't migrated: nothing was done, and the same may succeed later."""
    INTERRUPTED = 130
    """Ctrl-C, as shells have it."""
