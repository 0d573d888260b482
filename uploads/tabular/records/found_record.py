"""What stands in one line or element of a text of records."""

from dataclasses import dataclass
from typing import Any

from uploads.tabular.table import Reject


@dataclass(frozen=True, slots=True)
class Found:
    """A line or an element: its number from 1, and the record, or why it is none. Neither: the line is blank."""

    number: int
    record: dict[str, Any] | None = None
    fault: Reject | None = None
