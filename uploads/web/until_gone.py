"""Long work for somebody who may go away: it is told so, for nobody waits for its answer then."""

import asyncio
import threading
from collections.abc import Callable

from asgiref.sync import sync_to_async


async def until_gone[T](act: Callable[[Callable[[], bool]], T]) -> T:
    """What ``act`` gives, in the request's thread; it may ask whether whoever asked has gone away.

    Django ends the task of a request whose connection is closed, but not the thread that works for it.
    """
    gone = threading.Event()
    try:
        return await sync_to_async(act)(gone.is_set)
    except asyncio.CancelledError:
        gone.set()
        raise
