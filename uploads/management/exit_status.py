"""The exit statuses of commands: each chosen here, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.core.management.base import CommandError

from uploads.tabular.errors import UploaderError


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


@contextmanager
def refusing(*, wrong: type[UploaderError] | None = None) -> Iterator[None]:
    """End the command with the words of what is refused; ``wrong``: what says that it was used wrongly."""
    try:
        yield
    except UploaderError as error:
        status = ExitStatus.WRONG_USAGE if wrong is not None and isinstance(error, wrong) else ExitStatus.NOT_DONE
        raise CommandError(f"{error.message} {error.hint}".rstrip(), returncode=status) from error
