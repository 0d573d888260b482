"""Whose password is tried next: networks take turns, so that one which tries many keeps nobody else from signing in.

Of some who wait those of one network have their turns one after the other, and between two of them each other network
has its own. Where nobody more may wait, the network that waits most gives up its last.
"""

import itertools
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from uploads.services.errors import SignInsBusy


@dataclass(eq=False, slots=True)
class _Ticket:
    sender: str
    called: threading.Event = field(default_factory=threading.Event)
    """Its turn has come, or somebody else has its place."""
    given_up: bool = False


class Turns:
    """``places`` that may be held at once, and at most ``most_waiting`` threads that wait for one."""

    def __init__(self, *, places: int, most_waiting: int) -> None:
        self._free = places
        self._most_waiting = most_waiting
        self._places = places
        self._waiting: dict[str, deque[_Ticket]] = {}
        """By network, that which came first first."""
        self._turns = itertools.count()
        self._last_turn: dict[str, int] = {}
        """Of networks that had one since all places were free."""
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return sum(map(len, self._waiting.values()))

    @contextmanager
    def turn(self, *, sender: str, seconds: float) -> Iterator[None]:
        """Hold a place; raises ``SignInsBusy`` where none came within ``seconds``, or no more may wait."""
        with self._lock:
            ticket = None if self._free else self._line_up(sender)
            if ticket is None:
                self._free -= 1
                self._last_turn[sender] = next(self._turns)
        if ticket is not None:
            self._wait(ticket, seconds)
        try:
            yield
        finally:
            with self._lock:
                self._pass_on()

    def _line_up(self, sender: str) -> _Ticket:
        own = len(self._waiting.get(sender, ()))
        if self.waiting >= self._most_waiting:
            crowd = max(self._waiting.values(), key=len, default=deque())
            if len(crowd) <= own + 1:
                raise _busy()
            last = crowd.pop()
            last.given_up = True
            last.called.set()
        ticket = _Ticket(sender)
        self._waiting.setdefault(sender, deque()).append(ticket)
        return ticket

    def _wait(self, ticket: _Ticket, seconds: float) -> None:
        ticket.called.wait(seconds)
        with self._lock:
            if not ticket.called.is_set():  # nobody called until its time was over
                self._waiting[ticket.sender].remove(ticket)
                if not self._waiting[ticket.sender]:
                    del self._waiting[ticket.sender]
                raise _busy()
        if ticket.given_up:
            raise _busy()

    def _pass_on(self) -> None:
        """To the network whose last turn is longest ago: whoever tries many holds the place that another waits for."""
        if not self._waiting:
            self._free += 1
            if self._free == self._places:
                self._last_turn.clear()
            return
        sender = min(self._waiting, key=lambda each: self._last_turn.get(each, -1))
        tickets = self._waiting[sender]
        tickets.popleft().called.set()
        if not tickets:
            del self._waiting[sender]
        self._last_turn[sender] = next(self._turns)


def _busy() -> SignInsBusy:
    return SignInsBusy("Many people are signing in right now.", hint="Try again in a moment.")
