"""A line for a few places: who finds none waits, and senders who wait take turns, however much each asks for."""

import asyncio
from collections import OrderedDict, deque


class Line:
    """``places`` that may be held at once, and at most ``most_waiting`` who wait for one. For one event loop."""

    def __init__(self, *, places: int, most_waiting: int) -> None:
        self._free = places
        self._most_waiting = most_waiting
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self.waiting = 0
        """How many wait just now."""

    async def enter(self, sender: str, *, seconds: float | None) -> bool:
        """Wait for a place as long as that; whether one was got, which is then to be left."""
        if self._free:
            self._free -= 1
            return True
        if self.waiting >= self._most_waiting:
            return False
        place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(sender, deque()).append(place)
        self.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await place
        except TimeoutError:
            return self._given(place)  # both may happen in the same moment
        except asyncio.CancelledError:
            if self._given(place):
                self.leave()
            raise
        finally:
            self.waiting -= 1
            self._forget(sender, place)
        return True

    def leave(self) -> None:
        """Hand the place to whoever is next: the first of the sender who has waited longest since being served."""
        while self._waiting:
            sender, places = next(iter(self._waiting.items()))
            place = places.popleft()
            self._waiting.move_to_end(sender)
            self._drop_empty(sender)
            if not place.done():  # else it was given up a moment ago
                place.set_result(None)
                return
        self._free += 1

    @staticmethod
    def _given(place: asyncio.Future[None]) -> bool:
        return place.done() and not place.cancelled()

    def _forget(self, sender: str, place: asyncio.Future[None]) -> None:
        """Take who waits no more out of the line, unless ``leave`` has."""
        if place in self._waiting.get(sender, ()):
            self._waiting[sender].remove(place)
            self._drop_empty(sender)

    def _drop_empty(self, sender: str) -> None:
        if not self._waiting[sender]:
            del self._waiting[sender]
