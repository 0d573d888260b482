"""A warm process and a small file for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from uploads.tabular.sandbox.client import WarmReader


@pytest.fixture
def reader() -> Iterator[WarmReader]:
    """A warm process of the test's own: it may be killed."""
    warm = WarmReader()
    yield warm
    warm.close()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text("a;b\n1;2\n3;4\n")
    return path
