"""Off the event loop: threads for what waits for a disk, a database or a computation."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

THREADS = 8
FILES = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="tus")
"""Apart from Django's, so that a slow disk under many uploads cannot stall a page."""


async def in_thread[**P, T](act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work with files off the event loop, in the request's context (the log's reference)."""
    return await in_thread_of(FILES, partial(act, *args, **kwargs))


async def in_thread_of[T](executor: ThreadPoolExecutor, act: Callable[[], T]) -> T:
    """The same in other threads."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(executor, lambda: context.run(act))


async def to_its_end[T](written: asyncio.Future[T]) -> T:
    """Wait for it also where the server stops and ends the request: a thread that still wrote to a file that was closed
    would write to whatever was opened next."""
    try:
        return await asyncio.shield(written)
    except asyncio.CancelledError:
        await asyncio.wait([written])
        raise
