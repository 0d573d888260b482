"""What ``make faults`` asks of all, ``make test`` asks of some: twenty minutes on two cores are for all tests together.

Some tests ask the same of many: of each mutant, of every person at every address, of a table in each dialect. With
``EXAMPLES`` in the environment (``make faults``, ``make corpus``) they ask it of all of them; without, of those that
stand in their turn, the same at each run. The Makefile finds the files that ask less without it by the words in them.
"""

import os
from collections.abc import Iterable

import pytest

IS_THOROUGH = "EXAMPLES" in os.environ
MARK = "thorough"


def one_of_each[T](items: Iterable[T], *, of: int) -> list[T]:
    """The first of every ``of`` items; when thorough, all."""
    return list(items)[:: 1 if IS_THOROUGH else of]


def leave_out_thorough(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked ``thorough`` are run with ``EXAMPLES`` alone, or where somebody names one by its node."""
    if IS_THOROUGH:
        return
    left_out = [item for item in items if item.get_closest_marker(MARK) and item.nodeid not in config.args]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
