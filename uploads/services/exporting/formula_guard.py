"""Texts that spreadsheets take for what they are."""

import re

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula; a plain number such as ``-5`` stays what it is."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\x00") and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
