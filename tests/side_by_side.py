"""How ``make test`` shares the tests out among the cores: whole files, the long ones first.

A process that runs tests has folders and a PostgreSQL of its own (``tests/settings.py``): tests in different processes
never meet. Within a process their order is random, as it is without sharing.
"""

from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

LEVELS = ("e2e", "integration", "unit")
"""From the longest files to the shortest, so that no process ends long after the others."""


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """One process takes all tests in a browser: they share a running application, which takes long to start."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/e2e" if nodeid.startswith("tests/e2e/") else str(super()._split_scope(nodeid))


def sort_by_level(items: list[pytest.Item]) -> None:
    """Long levels first; within a level the order stays."""
    items.sort(key=lambda item: _level(item.path))


def _level(path: Path) -> int:
    return next((number for number, level in enumerate(LEVELS) if level in path.parts), len(LEVELS))
