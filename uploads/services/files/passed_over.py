"""How much of a file was taken for titles, notes and totals: where that is much, somebody has to look at it first."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, Sum

from uploads.models import Load

_SHARE = 0.2
"""Of the lines that are not blank."""
_LEAST = 10
"""Fewer are the title and the remarks of a small table."""
_SAID: Collection[str] = frozenset({"header_row", "data_row", "skip_rows", "skip_words", "one_table"})
"""Options by which a person said where the rows are."""


def is_much_passed_over(*, passed: int, lines: int) -> bool:
    """``passed`` of so many lines that are not blank are neither header, loaded nor rejected."""
    return passed >= _LEAST and passed > _SHARE * lines


def much_passed_over(*, file_id: int, arguments: Mapping[str, Any]) -> str:
    """Why the file does not become active by itself; empty where little was passed over, or a person said what.

    ``arguments``: how it was read, of ``ReadOptions``.
    """
    if _SAID & arguments.keys():
        return ""
    rows = F("header_rows") + F("rows_loaded") + F("rows_rejected")
    found = Load.objects.filter(file_id=file_id).aggregate(
        passed=Sum(F("preamble") + F("footer")), lines=Sum(F("preamble") + F("footer") + rows)
    )
    passed, lines = found["passed"] or 0, found["lines"] or 0
    if not is_much_passed_over(passed=passed, lines=lines):
        return ""
    return f"loaded, but not activated: {passed:,} of {lines:,} lines were taken for titles or notes"
