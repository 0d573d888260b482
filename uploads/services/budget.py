"""The seconds that whoever looks at a page may wait for figures that help to decide, all of them together.

Of a workbook with fifty sheets each asks for several figures. What does not fit is said on the page, and looked up when
somebody asks for it.
"""

import time

PAGE_SECONDS = 4.0
"""For the page as it comes."""
EACH_SECONDS = 2.0
"""For one figure: one that takes longer is left out, so that there is time for the others."""
ASKED_SECONDS = 60.0
"""For whoever has asked for all figures, and waits."""


class Budget:
    """How long the next look-up may take. Without ``seconds`` any number of look-ups may take ``each`` of them."""

    def __init__(self, seconds: float | None = None, *, each: float = EACH_SECONDS) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds
        self._each = each

    @property
    def left(self) -> float:
        """Seconds; 0 once the budget is spent."""
        if self._until is None:
            return self._each
        return max(0.0, min(self._each, self._until - time.monotonic()))

    @property
    def is_spent(self) -> bool:
        return not self.left


def page_budget(*, asked: bool = False) -> Budget:
    """For one page; ``asked``: somebody wants all figures, whatever it takes within a minute."""
    return Budget(ASKED_SECONDS, each=ASKED_SECONDS) if asked else Budget(PAGE_SECONDS)
