"""How slow a client may be before its connection is closed."""

IDLE_SECONDS = 30.0
"""A connection that sends nothing this long is closed; what it sent is kept."""
RATE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 1_024
"""Over ``RATE_SECONDS`` of waiting for a client; a GPRS phone sends four times as much."""
DRAIN_SECONDS = 1.0
"""An answer before the end of the body is followed by a little reading, or a client in mid-send would see a reset
connection and not the answer."""


class Pace:
    """How quickly a client sends, counted over the time that was spent waiting for it, not over our own work."""

    def __init__(self) -> None:
        self._waited = 0.0
        self._arrived = 0

    def too_slow(self, *, waited: float, arrived: int) -> bool:
        self._waited += waited
        self._arrived += arrived
        if self._waited < RATE_SECONDS:
            return False
        slow = self._arrived < self._waited * LEAST_BYTES_PER_SECOND
        self._waited, self._arrived = 0.0, 0
        return slow
