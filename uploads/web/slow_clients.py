"""How slow a client may be before its connection is closed: while it sends a head by the project's ``connections``,
while it sends a body by ``body_limit`` beside this and by ``uploads.tus.wire``.
"""

IDLE_SECONDS = 15.0
"""A connection that sends nothing this long is closed; what it sent is kept."""
RATE_SECONDS = 15.0
LEAST_BYTES_PER_SECOND = 1_024
"""Over ``RATE_SECONDS`` by the clock; a GPRS phone sends four times as much."""
DRAIN_SECONDS = 1.0
"""An answer before the end of the body is followed by a little reading, or a client in mid-send would see a reset
connection and not the answer."""


class Pace:
    """How quickly a client sends, by the clock.

    Counted over the time that was spent waiting for it alone, 200 that sent a byte a second were not closed: our own
    work for each of their bytes took most of the time. What a client sends while we are held up waits for us and is
    counted then: we may be held up for a minute before one that sends as it should falls short.
    """

    def __init__(self, *, now: float) -> None:
        self._since = now
        self._arrived = 0

    def too_slow(self, *, now: float, arrived: int) -> bool:
        """Whether too little has come, looked at each time that ``RATE_SECONDS`` have passed."""
        self._arrived += arrived
        passed = now - self._since
        if passed < RATE_SECONDS:
            return False
        slow = self._arrived < passed * LEAST_BYTES_PER_SECOND
        self._since, self._arrived = now, 0
        return slow
