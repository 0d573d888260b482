"""Why an option meant nothing for a table, or a workbook was read by the second of two programs."""

from enum import StrEnum


class SecondReason(StrEnum):
    """Why a workbook was read by the second of two programs; ``refusal`` says it to programmers."""

    LONG_INTEGERS = "long_integers"
    UNUSUAL = "unusual"
    DAMAGED = "damaged"


class UnusedReason(StrEnum):
    """Why an option that was said meant nothing for a table."""

    IS_TEXT = "is_text"
    IS_SHEET = "is_sheet"
    IS_RECORDS = "is_records"
    ALL_TEXT = "all_text"
