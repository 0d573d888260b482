"""Whose password is tried next: networks take turns, so that one which tries many keeps nobody else from signing in.

Of some who wait those of one network have their turns one after the other, and between two of them each other network
has its own. Where nobody more may wait, the network that waits most gives up its last.
"""

import threading
from collections import OrderedDict, deque
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
        self._waiting: OrderedDict[str, deque[_Ticket]] = OrderedDict()
        """By network, that whose turn comes next first."""
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
            self._free -= ticket is None
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
        if not self._waiting:
            self._free += 1
            return
        sender, tickets = self._waiting.popitem(last=False)
        tickets.popleft().called.set()
        if tickets:
            self._waiting[sender] = tickets


def _busy() -> SignInsBusy:
    return SignInsBusy("Many people are signing in right now.", hint="Try again in a moment.")
