"""One step of what a worker does by itself: whatever happens in it is logged, and the next one has its turn."""

import logging
from collections.abc import Callable

from uploads.tabular.errors import UploaderError

logger = logging.getLogger(__name__)


def attempt_step(step: Callable[[], int | None], *, name: str) -> int | None:
    """What the step gives; ``None``, too, where it failed, which the log tells."""
    try:
        return step()
    except Exception as error:  # the outermost loop: one that always fails must not starve those behind it
        # a store that is away has said so in words; a fault of the program, or of the database, has its trace
        logger.warning("%s failed: %s", name, error, exc_info=not isinstance(error, UploaderError | OSError))
        return None
