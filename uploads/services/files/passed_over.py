"""How much of a text was taken for titles, notes and totals: where that is much, somebody has to look at it first.

Sheets are another matter: a third of many a published table is titles and remarks, each in a row of one cell.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Sum

from uploads.models import Load
from uploads.services.options.catalogue import OPTIONS
from uploads.tabular.table import FileFormat

_SHARE = 0.2
"""Of the lines that are not blank."""
_LEAST = 10
"""Fewer are the title and the remarks of a small table."""


def is_much_passed_over(*, passed: int, lines: int) -> bool:
    """``passed`` of so many lines that are not blank are neither header, loaded nor rejected."""
    return passed >= _LEAST and passed > _SHARE * lines


def much_passed_over(*, file_id: int, arguments: Mapping[str, Any]) -> str:
    """Why the file does not become active by itself; empty where little was passed over, or a person said what.

    ``arguments``: how it was read, of ``ReadOptions``.
    """
    if any(option.places_rows and name in arguments for name, option in OPTIONS.items()):
        return ""
    rows = F("header_rows") + F("rows_loaded") + F("rows_rejected")
    found = Load.objects.filter(file_id=file_id, format=FileFormat.CSV).aggregate(
        passed=Sum(F("preamble") + F("footer")), lines=Sum(F("preamble") + F("footer") + rows)
    )
    passed, lines = found["passed"] or 0, found["lines"] or 0
    if not is_much_passed_over(passed=passed, lines=lines):
        return ""
    return f"loaded, but not activated: {passed:,} of {lines:,} lines were taken for titles or notes"
