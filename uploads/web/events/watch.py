"""One look a second at all files that anybody follows, however many follow them; none while nobody does."""

import asyncio
import contextvars
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import InterfaceError, OperationalError, connection

from uploads.services.files.lookout import Change, Lookout
from uploads.services.visibility import Viewer
from uploads.web.events.state import State

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
WATCHERS = 1
_watchers = ThreadPoolExecutor(max_workers=WATCHERS, thread_name_prefix="events")
"""Apart from those of pages, uploads and whatever may be slow."""


class Follower:
    """Whoever follows files. It remembers that something happened, never what: nothing heaps up while it is slow."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.ended = False
        """Nobody looks for it any more."""
        self.state: State | None = None
        self.viewer: Viewer | None = None
        """Of a list: as whom it is seen."""

    def hear(self, change: Change) -> None:
        if self._is_about(change):
            self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()

    @property
    def in_progress(self) -> frozenset[int]:
        return frozenset() if self.state is None else self.state.in_progress

    def _is_about(self, change: Change) -> bool:
        if self.state is None or change.file_id in self.state.files:  # what is not known yet is asked once more
            return True
        viewer = self.viewer
        if viewer is None or not self.state.is_list:
            return False
        return viewer.sees_all or viewer.is_sender(visitor=change.visitor, user_id=change.user_id)


class Watch:
    """Of one process."""

    def __init__(self) -> None:
        self._followers: set[Follower] = set()
        self._looking: asyncio.Task[None] | None = None
        self._began = asyncio.Event()

    async def join(self, follower: Follower) -> None:
        """From now on ``follower`` hears what happens; to be called before it asks for the state."""
        self._followers.add(follower)
        if self._looking is None or self._looking.done():
            self._began = asyncio.Event()
            # not in the context of this request: its reference would stand in each line of the log
            self._looking = asyncio.create_task(self._look_on(self._began), context=contextvars.Context())
        await self._began.wait()

    def leave(self, follower: Follower) -> None:
        self._followers.discard(follower)

    async def _look_on(self, began: asyncio.Event) -> None:
        lookout = Lookout()
        try:
            while self._followers:
                in_progress = frozenset[int]().union(*(each.in_progress for each in self._followers))
                for change in await _in_thread(lookout, in_progress):
                    for follower in self._followers:
                        follower.hear(change)
                began.set()
                await asyncio.sleep(LOOK_SECONDS)
        except (OperationalError, InterfaceError):
            logger.exception("nobody can be told of files: the database did not answer")
        finally:
            self._looking = None
            for follower in self._followers:  # who comes back learns what is wrong by an answer of its own
                follower.end()
            began.set()


async def _in_thread(lookout: Lookout, in_progress: frozenset[int]) -> list[Change]:
    return await asyncio.get_running_loop().run_in_executor(_watchers, partial(_look, lookout, in_progress))


def _look(lookout: Lookout, in_progress: frozenset[int]) -> list[Change]:
    try:
        return lookout.look(in_progress)
    finally:
        connection.close()
